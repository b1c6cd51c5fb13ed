"""Sections of the account and of a child: what is checked as typed, who may ask, who may read."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from demandes import actions
from demandes.models import Demande
from demandes.natures import NATURES
from familles.enums import Situation, VerbeTrace
from familles.erreurs import Invalide
from familles.models import (
    CoordonneesBancaires,
    FicheSanitaire,
    LienParental,
    Rattachement,
    Trace,
)
from messagerie.models import Message
from tests.demandes.conftest import (
    AUTRE_IBAN,
    IBAN,
    MAMIE,
    SAISIES,
    acces_de,
    adresse,
    personnes,
    saisie,
    texte,
)

CHAMPS = [
    ("fiscal", "numero_fiscal", "31 41 592 653 589", "3141592653589"),
    ("fiscal", "numero_fiscal", "9141592653589", None),
    ("fiscal", "numero_fiscal", "12345", None),
    ("fiscal", "revenu_fiscal_reference", "32 450,5 €", "32 450,50"),
    ("fiscal", "revenu_fiscal_reference", "-3", None),
    ("fiscal", "revenu_fiscal_reference", "beaucoup", None),
    ("fiscal", "nombre_parts", "2.5", "2,5"),
    ("fiscal", "nombre_parts", "2,3", None),
    ("fiscal", "nombre_parts", "0", None),
    ("fiscal", "annee_revenus", "2025", 2025),
    ("fiscal", "annee_revenus", "2027", None),
    ("fiscal", "annee_revenus", "-1", None),
    ("caf", "numero_allocataire", "765 43 21", "7654321"),
    ("caf", "numero_allocataire", "76543", None),
    ("bancaire", "iban", "fr7630006000011234567890189", IBAN),
    ("bancaire", "iban", "FR76 3000 6000 0112 3456 7890 188", None),
    ("bancaire", "iban", "bonjour", None),
    ("bancaire", "iban", "IBAN : FR76-3000-6000-0112-3456-7890-189", IBAN),
    ("bancaire", "bic", "agrifrpp", "AGRIFRPP"),
    ("bancaire", "bic", "AGRI", None),
    ("famille", "situation", "COMPLIQUE", None),
    ("identite", "date_naissance", "2027-01-01", None),
    ("identite", "date_naissance", "hier", None),
    ("identite", "date_naissance", "1900-01-01", None),
    ("identite", "nom", "Dupont\tMartin", None),
    ("sanitaire", "medecin", "Dr Martin\nDr Dupont", None),
    ("identite", "sexe", "F", "F"),
    ("sanitaire", "telephone_medecin", "0561000000", "05.61.00.00.00"),
    ("sanitaire", "telephone_medecin", "05", None),
    ("sanitaire", "pai_consignes", "Trousse dans le bureau", None),
    ("sanitaire", "allergies", "x" * 501, None),
]
JUSTES = [ligne for ligne in CHAMPS if ligne[3] is not None]
FAUSSES = [ligne for ligne in CHAMPS if ligne[3] is None]


@pytest.fixture
def formulaire(dupont, lea, voit_sante):
    def _formulaire(nature, **changes):
        enfant = lea if NATURES[nature].de_l_enfant else None
        base = {"titulaire": "Dupont Jean", "iban": IBAN} if nature == "bancaire" else {}
        donnees = saisie(dupont.titulaire, nature, enfant, **base | changes)
        return NATURES[nature].formulaire(acces_de(dupont.titulaire), donnees, enfant=enfant)

    return _formulaire


@pytest.mark.parametrize(("nature", "champ", "tape", "garde"), JUSTES)
def test_une_saisie_juste_est_gardee_sous_sa_forme_usuelle(formulaire, nature, champ, tape, garde):
    form = formulaire(nature, **{champ: tape})
    assert form.is_valid(), form.errors
    assert NATURES[nature].depot(form).apres[champ] == garde


@pytest.mark.parametrize(("nature", "champ", "tape", "_"), FAUSSES)
def test_une_saisie_fausse_le_dit(formulaire, nature, champ, tape, _):
    form = formulaire(nature, **{champ: tape})
    assert not form.is_valid()
    assert champ in form.errors or "pai" in form.errors


@pytest.mark.parametrize("nature", ["fiscal", "caf", "famille", "identite", "sanitaire"])
def test_rien_de_change_ne_se_demande_pas(formulaire, nature):
    form = formulaire(nature)
    assert form.is_valid(), form.errors
    with pytest.raises(Invalide):
        NATURES[nature].depot(form)


def test_un_pai_garde_sa_date_de_fin(dupont, lea, voit_sante, deposer, agent):
    donnees = saisie(
        dupont.titulaire, "sanitaire", lea, pai="true", pai_fin="2027-07-03", pai_consignes="Trousse"
    )
    demande = deposer(dupont.titulaire, "sanitaire", donnees, enfant=lea)
    relue = Demande.objects.get(pk=demande.pk)
    lus = {c.libelle: c for c in NATURES["sanitaire"].resume(relue)}
    assert lus["Fin du PAI"].apres == "03/07/2027"
    assert not any(c.conflit for c in lus.values())
    actions.accepter(demande=demande, par=agent, vu=NATURES["sanitaire"].empreinte(relue))
    fiche = FicheSanitaire.objects.get(enfant=lea)
    assert fiche.pai is True
    assert fiche.pai_fin == date(2027, 7, 3)


@pytest.mark.parametrize("fin", ["0001-01-01", "2126-01-01", "2025-08-31"])
def test_un_pai_deja_fini_ou_sans_fin_plausible_se_redemande(formulaire, fin):
    form = formulaire("sanitaire", pai="true", pai_fin=fin)
    assert "pai_fin" in form.errors


# --- Who may ask -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("nature", ["fiscal", "caf", "bancaire", "famille"])
def test_le_compte_ne_s_ouvre_pas_au_conjoint_separe(dupont, connecter, nature):
    assert connecter(dupont.titulaire).get(adresse("modifier", nature)).status_code == 200
    client = connecter(dupont.conjoint)
    assert client.get(adresse("modifier", nature)).status_code == 404
    assert client.post(adresse("modifier", nature), SAISIES[nature]).status_code == 404
    dupont.situation = Situation.MARIE
    dupont.save()
    assert client.get(adresse("modifier", nature)).status_code == 200


@pytest.mark.parametrize("nature", ["identite", "autorisations", "sanitaire"])
def test_la_fiche_d_un_enfant_se_demande_par_qui_en_decide(
    dupont, martin, lea, voit_sante, connecter, nature
):
    page = adresse("modifier_enfant", nature, lea.pk)
    assert connecter(dupont.titulaire).get(page).status_code == 200
    assert connecter(dupont.conjoint).get(page).status_code == 200
    assert connecter(martin.titulaire).get(page).status_code == 404
    LienParental.objects.filter(responsable=dupont.conjoint).update(autorite_parentale=False)
    assert connecter(dupont.conjoint).get(page).status_code == 404


def test_la_fiche_d_un_enfant_parti_ne_se_demande_plus(dupont, lea, connecter):
    lien = Rattachement.objects.get(enfant=lea)
    lien.au = "2026-11-01"
    lien.save()
    client = connecter(dupont.titulaire)
    assert client.get(lea.get_absolute_url()).status_code == 200
    assert client.get(adresse("modifier_enfant", "identite", lea.pk)).status_code == 404


@pytest.mark.parametrize("nature", ["reservation", "absence", "responsable", "fiscal", "inconnue"])
def test_une_rubrique_du_compte_n_a_pas_d_enfant(dupont, lea, connecter, nature):
    reponse = connecter(dupont.titulaire).get(adresse("modifier_enfant", nature, lea.pk))
    assert reponse.status_code == 404


def test_la_sante_ne_se_lit_ni_ne_se_demande_sans_le_droit(dupont, lea, voit_sante, deposer, connecter):
    donnees = saisie(dupont.titulaire, "sanitaire", lea, allergies="arachides")
    demande = deposer(dupont.titulaire, "sanitaire", donnees, enfant=lea)
    client = connecter(dupont.conjoint)
    assert "arachides" in texte(client.get(demande.get_absolute_url()))
    LienParental.objects.filter(responsable=dupont.conjoint).update(voit_sante=False)
    page = texte(client.get(demande.get_absolute_url()))
    assert "arachides" not in page
    assert "arachides" not in texte(client.get(adresse("liste"), {"volet": "enfants", "nature": "sanitaire"}))
    assert client.get(adresse("modifier_enfant", "sanitaire", lea.pk)).status_code == 404


# --- The bank --------------------------------------------------------------------------------------------


def test_l_iban_ne_revient_jamais_a_l_ecran_de_la_famille(dupont, deposer, connecter):
    CoordonneesBancaires.objects.create(famille=dupont, titulaire="Dupont Jean", iban=IBAN, bic="AGRIFRPP")
    client = connecter(dupont.titulaire)
    contenu = client.get(adresse("modifier", "bancaire")).content.decode()
    assert IBAN not in contenu
    assert "0189" in contenu
    demande = deposer(dupont.titulaire, "bancaire", {"titulaire": "Dupont Jean", "iban": AUTRE_IBAN})
    assert demande.champs == ["iban"]
    page = texte(client.get(demande.get_absolute_url()))
    assert AUTRE_IBAN not in page
    assert "2606" in page


def test_un_iban_laisse_vide_reste_celui_d_aujourd_hui(dupont, deposer, agent):
    infos = CoordonneesBancaires.objects.create(famille=dupont, titulaire="Dupont Jean", iban=IBAN)
    demande = deposer(dupont.titulaire, "bancaire", {"titulaire": "Dupont Jean et Jeanne", "iban": ""})
    actions.accepter(demande=demande, par=agent)
    infos.refresh_from_db()
    assert (infos.titulaire, infos.iban) == ("Dupont Jean et Jeanne", IBAN)


# --- The staff -------------------------------------------------------------------------------------------


def page_agent(demande):
    return reverse("admin:demandes_demande_decider", args=[demande.pk])


def lectures(demande):
    return Trace.objects.filter(
        verbe=VerbeTrace.CONSULTER, objet="demandes.Demande", objet_id=demande.pk
    ).count()


@pytest.mark.parametrize(
    ("nature", "droit", "secret"),
    [
        ("sanitaire", "voir_sante", "arachides"),
        ("bancaire", "voir_banque", IBAN),
        ("fiscal", "voir_banque", "32 450"),
        ("caf", "voir_banque", "7654321"),
    ],
)
def test_un_agent_lit_avec_le_droit_et_sa_lecture_est_tracee(
    dupont, lea, voit_sante, deposer, agent, connecter, nature, droit, secret
):
    enfant = lea if nature == "sanitaire" else None
    donnees = saisie(dupont.titulaire, nature, enfant, **SAISIES[nature])
    demande = deposer(dupont.titulaire, nature, donnees, enfant=enfant)
    permission = Permission.objects.get(codename=droit)
    agent.groups.get().permissions.remove(permission)
    client = connecter(agent)
    contenu = client.get(page_agent(demande)).content.decode()
    assert secret not in contenu
    assert 'name="accepter"' not in contenu
    for bouton in ("accepter", "refuser"):
        assert client.post(page_agent(demande), {bouton: "1", "motif": "Non"}).status_code == 403
    assert lectures(demande) == 0
    agent.user_permissions.add(permission)
    assert secret in client.get(page_agent(demande)).content.decode()
    assert lectures(demande) == 1


def test_une_lecture_ordinaire_ne_laisse_pas_de_trace(dupont, changer_adresse, agent, connecter):
    demande = changer_adresse(dupont.titulaire)
    connecter(agent).get(page_agent(demande))
    assert lectures(demande) == 0


# --- The screens -----------------------------------------------------------------------------------------


def test_chaque_rubrique_a_son_lien_ou_dit_ce_qui_attend(dupont, lea, voit_sante, deposer, connecter):
    client = connecter(dupont.titulaire)
    compte = client.get(reverse("familles:compte")).content.decode()
    for nature in ("responsable", "fiscal", "caf", "bancaire", "famille"):
        assert f'href="{adresse("modifier", nature)}"' in compte
    enfant = client.get(lea.get_absolute_url()).content.decode()
    sante = client.get(reverse("familles:sante", args=[lea.pk])).content.decode()
    for nature, page in (("identite", enfant), ("autorisations", enfant), ("sanitaire", sante)):
        assert f'href="{adresse("modifier_enfant", nature, lea.pk)}"' in page
    donnees = saisie(dupont.titulaire, "identite", lea, prenom="Léana")
    demande = deposer(dupont.titulaire, "identite", donnees, enfant=lea)
    assert f"Demande n° {demande.pk} en attente" in texte(client.get(lea.get_absolute_url()))
    assert f"Voir la demande n° {demande.pk}" in texte(
        client.get(adresse("modifier_enfant", "identite", lea.pk))
    )


@pytest.mark.parametrize(
    "nature", ["identite", "autorisations", "sanitaire", "fiscal", "bancaire", "famille"]
)
def test_la_liste_montre_les_colonnes_de_chaque_nature(dupont, lea, voit_sante, deposer, connecter, nature):
    enfant = lea if NATURES[nature].de_l_enfant else None
    donnees = (
        personnes(MAMIE)
        if nature == "autorisations"
        else saisie(dupont.titulaire, nature, enfant, **SAISIES[nature])
    )
    deposer(dupont.titulaire, nature, donnees, enfant=enfant)
    volet = "enfants" if enfant else "compte"
    reponse = connecter(dupont.titulaire).get(adresse("liste"), {"volet": volet, "nature": nature})
    page = texte(reponse)
    for colonne in NATURES[nature].colonnes:
        assert colonne in page
    assert IBAN not in page


def test_l_autre_adulte_apprend_que_la_situation_change_qui_lit_quoi(dupont, deposer, agent):
    actions.accepter(demande=deposer(dupont.titulaire, "famille", {"situation": "DIVORCE"}), par=agent)
    avis = Message.objects.filter(conversation__sujet="La situation de votre famille a changé")
    assert not avis.exists()
    actions.accepter(demande=deposer(dupont.titulaire, "famille", {"situation": "MARIE"}), par=agent)
    assert avis.get().conversation.responsable == dupont.conjoint
