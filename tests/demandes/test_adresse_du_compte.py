"""The login's e-mail follows the file, wherever the file changes; the former address is told."""

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from demandes import actions
from familles.models import Responsable, Utilisateur
from messagerie.models import Courriel
from messagerie.taches import vider_la_boite
from portail.authentification import compte_nomme
from portail.taches import adresse_de
from tests.demandes.conftest import fiche

ANCIENNE, NOUVELLE = "jean.dupont@exemple.fr", "nouveau.jean@exemple.fr"
TOUT_DE_SUITE = override_settings(
    TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
)


@pytest.fixture
def jean(dupont):
    """His login bears the address of his file."""
    compte = dupont.titulaire.utilisateur
    compte.email = ANCIENNE
    compte.save()
    return dupont.titulaire


def relu(responsable) -> Utilisateur:
    return Utilisateur.objects.get(pk=responsable.utilisateur_id)


def demander(deposer, responsable, email):
    return deposer(responsable, "responsable", fiche(responsable, email=email))


@TOUT_DE_SUITE
def test_une_adresse_acceptee_ouvre_le_compte_et_l_ancienne_ne_l_ouvre_plus(jean, deposer, agent):
    actions.accepter(demande=demander(deposer, jean, NOUVELLE), par=agent)
    assert relu(jean).email == NOUVELLE
    assert adresse_de(relu(jean)) == NOUVELLE
    assert compte_nomme(NOUVELLE) == relu(jean)
    assert compte_nomme(ANCIENNE) is None


@TOUT_DE_SUITE
def test_l_ancienne_adresse_apprend_qu_elle_ne_sert_plus_sans_rien_lire_du_dossier(jean, deposer, agent):
    actions.accepter(demande=demander(deposer, jean, NOUVELLE), par=agent)
    (avis,) = [m for m in mail.outbox if "a changé" in m.subject]
    assert avis.to == [ANCIENNE]
    assert "vient d’être changée" in avis.body
    assert not [mot for mot in ("Jean", "Dupont", NOUVELLE) if mot in avis.body]


def test_une_adresse_refusee_ne_change_rien(jean, deposer, agent):
    actions.refuser(demande=demander(deposer, jean, NOUVELLE), motif="Illisible", par=agent)
    assert relu(jean).email == ANCIENNE
    assert not [m for m in mail.outbox if "changé" in m.subject]


def test_la_reponse_part_a_la_nouvelle_adresse(jean, deposer, agent):
    demande = demander(deposer, jean, NOUVELLE)
    actions.accepter(demande=demande, par=agent)
    vider_la_boite()
    partis = Courriel.objects.filter(sujet=f"Votre demande n° {demande.pk} a reçu une réponse")
    assert [c.destinataire for c in partis.exclude(envoye_le=None)] == [NOUVELLE]


def test_l_accuse_qui_attendait_part_aussi_a_la_nouvelle_adresse(jean, deposer, agent):
    """The server was down from the deposit to the decision: nothing is dropped with the former address."""
    demande = demander(deposer, jean, NOUVELLE)
    actions.accepter(demande=demande, par=agent)
    vider_la_boite()
    accuse = Courriel.objects.get(sujet=f"Votre demande n° {demande.pk} : accusé de réception")
    assert (accuse.destinataire, accuse.envoye_le is None) == (NOUVELLE, False)


def test_un_agent_garde_l_adresse_de_son_travail(jean, deposer, agent):
    compte = jean.utilisateur
    compte.is_staff, compte.email = True, "jean@mairie.fr"
    compte.save()
    actions.accepter(demande=demander(deposer, jean, NOUVELLE), par=agent)
    assert relu(jean).email == "jean@mairie.fr"


def test_une_adresse_d_avant_ne_reste_pas_sur_le_compte(jean, deposer, agent):
    """As changes accepted before this rule left some: the login bears neither the old nor the new one."""
    Utilisateur.objects.filter(pk=jean.utilisateur_id).update(email="plus.ancienne@exemple.fr")
    actions.accepter(demande=demander(deposer, jean, NOUVELLE), par=agent)
    assert relu(jean).email == NOUVELLE


def test_une_adresse_commune_a_deux_comptes_n_en_ouvre_aucun(dupont, jean, deposer, agent):
    actions.accepter(demande=demander(deposer, jean, dupont.conjoint.email), par=agent)
    assert relu(jean).email == dupont.conjoint.email
    assert compte_nomme(dupont.conjoint.email) is None
    assert compte_nomme("jean.dupont") == relu(jean)


@TOUT_DE_SUITE
@pytest.mark.parametrize("page", ["responsable", "famille"])
def test_le_compte_suit_aussi_l_administration(jean, admin, connecter, page):
    client = connecter(admin)
    ligne = jean if page == "responsable" else jean.famille
    adresse = reverse(f"admin:familles_{page}_change", args=[ligne.pk])
    affichee = client.get(adresse).context_data
    formulaires = [affichee["adminform"].form]
    for lot in affichee["inline_admin_formsets"]:
        formulaires += [lot.formset.management_form, *lot.formset.initial_forms]
    saisie = {
        form.add_prefix(nom): form[nom].value()
        for form in formulaires
        for nom in form.fields
        if form[nom].value() is not None and form[nom].value() is not False
    }
    champ = "email" if page == "responsable" else "responsables-0-email"
    assert saisie[champ] == ANCIENNE
    assert client.post(adresse, saisie | {champ: NOUVELLE}).status_code == 302
    assert Responsable.objects.get(pk=jean.pk).email == NOUVELLE
    assert relu(jean).email == NOUVELLE
    assert [m.to for m in mail.outbox if "changé" in m.subject] == [[ANCIENNE]]
