"""Letters of first login: for whom, what they carry, and that they are kept nowhere."""

import io
import re

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from familles.models import Responsable, Utilisateur
from portail import actions
from portail.models import Activation
from tests.fabriques import familles as f

AJOUTER = "admin:portail_activation_add"


@pytest.fixture
def agent(collectivite):
    return f.UtilisateurFactory(username="agent", groupe="Agents")


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def sans_acces(famille_martin):
    """Claire has no login yet; Paul has already chosen his password."""
    claire = famille_martin.responsables.get(rang=1)
    Responsable.objects.filter(pk=claire.pk).update(utilisateur=None)
    return famille_martin


def poster(client, famille, **plus):
    return client.post(reverse(AJOUTER), {"groupe": "", "famille": famille.pk, **plus})


def test_on_compte_puis_on_imprime_une_lettre_par_adulte_sans_mot_de_passe(client_agent, sans_acces):
    assert "1 lettre à imprimer" in poster(client_agent, sans_acces, compter="1").content.decode()
    assert not Activation.objects.exists()
    reponse = poster(client_agent, sans_acces, imprimer="1")
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert "no-store" in reponse.headers["Cache-Control"]
    assert len(pikepdf.open(io.BytesIO(reponse.content)).pages) == 1
    compte = Responsable.objects.get(famille=sans_acces, rang=1).utilisateur
    assert (compte.username, compte.has_usable_password()) == ("claire.martin", False)
    assert Activation.objects.get().utilisateur == compte
    assert Utilisateur.objects.get(username="paul.martin").has_usable_password()


def test_la_lettre_ouvre_le_compte(sans_acces, agent):
    adultes = list(sans_acces.responsables.all())
    ((responsable, invitation),) = actions.ouvrir_les_comptes(responsables=adultes, par=agent)
    client = Client()
    saisie = {"identifiant": "claire.martin", "code": invitation.code}
    assert client.post(reverse("portail:premiere_connexion"), saisie).status_code == 302
    nouveau = {"new_password1": "une phrase qui se retient", "new_password2": "une phrase qui se retient"}
    client.post(reverse("portail:premier_mot_de_passe"), nouveau)
    responsable.utilisateur.refresh_from_db()
    assert responsable.utilisateur.check_password("une phrase qui se retient")


def test_un_identifiant_deja_pris_prend_un_rang(sans_acces, agent):
    f.UtilisateurFactory(username="Claire.Martin")
    f.UtilisateurFactory(username="claire.martin2")
    actions.ouvrir_les_comptes(responsables=list(sans_acces.responsables.all()), par=agent)
    assert Responsable.objects.get(famille=sans_acces, rang=1).utilisateur.username == "claire.martin3"


def test_une_seconde_lettre_remplace_la_premiere(sans_acces, agent):
    adultes = list(sans_acces.responsables.all())
    ((_, premiere),) = actions.ouvrir_les_comptes(responsables=adultes, par=agent)
    ((_, seconde),) = actions.ouvrir_les_comptes(responsables=adultes, par=agent)
    assert Activation.objects.du_lien(premiere.lien) is None
    assert Activation.objects.du_lien(seconde.lien) is not None
    assert Utilisateur.objects.filter(username__startswith="claire.martin").count() == 1


@pytest.mark.parametrize("saisie", [{}, {"groupe": "zzz|1"}, {"groupe": "toutes|oui", "famille": "1"}])
def test_un_choix_absent_double_ou_invente_est_refuse(client_agent, sans_acces, saisie):
    saisie = saisie | ({"famille": sans_acces.pk} if "famille" in saisie else {})
    assert client_agent.post(reverse(AJOUTER), {**saisie, "imprimer": "1"}).status_code == 422
    assert not Activation.objects.exists()


def test_quand_tous_ont_leur_mot_de_passe_aucune_lettre_ne_part(client_agent, famille_dupont):
    page = poster(client_agent, famille_dupont, imprimer="1").content.decode()
    assert "aucune lettre à imprimer" in page
    assert not re.search(r'name="imprimer"', page)
