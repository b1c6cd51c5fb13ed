"""A form opened before the file moved: it is said, what was typed is kept, nothing is undone in silence."""

import re

import pytest

from demandes import actions
from demandes.models import Demande
from familles.models import CoordonneesBancaires, InformationsFiscales, PersonneAutorisee, Responsable
from tests.demandes.conftest import (
    AUTRE_IBAN,
    IBAN,
    MAMIE,
    SAISIES,
    adresse,
    fiche,
    personnes,
    saisie,
    texte,
)


def ouvrir(client, page) -> str:
    """The marks that the page carries."""
    return re.search(r'name="vues" value="([^"]*)"', client.get(page).content.decode()).group(1)


def valeur(reponse, nom) -> str:
    return re.search(rf'<input[^>]*name="{nom}"[^>]*value="([^"]*)"', reponse.content.decode()).group(1)


@pytest.fixture
def page():
    return adresse("modifier", "responsable")


def test_la_fiche_a_bouge_la_saisie_est_gardee_et_rien_n_est_defait(
    dupont, changer_adresse, agent, connecter, page
):
    client = connecter(dupont.titulaire)
    vues, envoyee = ouvrir(client, page), fiche(dupont.titulaire, mobile="06 12 34 56 78")
    actions.accepter(demande=changer_adresse(dupont.titulaire), par=agent)
    reponse = client.post(page, envoyee | {"vues": vues})
    assert reponse.status_code == 409
    lue = texte(reponse)
    assert "La fiche a changé pendant que vous remplissiez cette page" in lue
    assert "Adresse (3 place du Marché)" in lue
    # Left as the page showed it: it follows the file. Typed: it is kept.
    assert valeur(reponse, "adresse") == "3 place du Marché"
    assert valeur(reponse, "mobile") == "06 12 34 56 78"
    assert not Demande.objects.en_attente().exists()
    envoi = envoyee | {"adresse": "3 place du Marché", "vues": valeur(reponse, "vues")}
    assert client.post(page, envoi).status_code == 302
    assert Demande.objects.en_attente().get().apres == {"mobile": "06.12.34.56.78"}


def test_ce_que_l_on_a_ecrit_au_meme_champ_est_garde(dupont, changer_adresse, agent, connecter, page):
    client = connecter(dupont.titulaire)
    vues, envoyee = ouvrir(client, page), fiche(dupont.titulaire, adresse="8 rue Neuve")
    actions.accepter(demande=changer_adresse(dupont.titulaire), par=agent)
    reponse = client.post(page, envoyee | {"vues": vues})
    assert reponse.status_code == 409
    assert valeur(reponse, "adresse") == "8 rue Neuve"
    assert "Adresse (3 place du Marché)" in texte(reponse)


def test_une_fiche_qui_n_a_pas_bouge_part_du_premier_coup(dupont, connecter, page):
    client = connecter(dupont.titulaire)
    envoyee = fiche(dupont.titulaire, mobile="06 12 34 56 78")
    assert client.post(page, envoyee | {"vues": ouvrir(client, page)}).status_code == 302


@pytest.mark.parametrize("vues", ["", "zzz", "adresse", "=", "autre=0", "adresse=" + "x" * 9000])
def test_des_reperes_forges_ne_donnent_pas_d_erreur(dupont, connecter, page, vues):
    envoyee = fiche(dupont.titulaire, mobile="06 12 34 56 78") | {"vues": vues}
    assert connecter(dupont.titulaire).post(page, envoyee).status_code in (302, 409)


def test_un_numero_de_compte_ne_se_lit_ni_dans_la_page_ni_dans_l_avis(dupont, connecter):
    banque = CoordonneesBancaires.objects.create(famille=dupont, titulaire="Dupont Jean", iban=IBAN)
    client, page = connecter(dupont.titulaire), adresse("modifier", "bancaire")
    donnees = saisie(dupont.titulaire, "bancaire", titulaire="Dupont J.", vues=ouvrir(client, page))
    banque.iban = AUTRE_IBAN
    banque.save()
    reponse = client.post(page, donnees)
    assert reponse.status_code == 409
    lue = reponse.content.decode()
    assert "FR14 •••• 2606" in lue
    assert AUTRE_IBAN not in lue
    assert AUTRE_IBAN.replace(" ", "") not in lue
    assert valeur(reponse, "titulaire") == "Dupont J."


@pytest.mark.parametrize("nature", ["fiscal", "caf", "famille"])
def test_chaque_rubrique_porte_ses_reperes(dupont, connecter, nature):
    client, page = connecter(dupont.titulaire), adresse("modifier", nature)
    donnees = saisie(dupont.titulaire, nature, **SAISIES[nature], vues=ouvrir(client, page))
    assert client.post(page, donnees).status_code == 302


def test_une_rubrique_vide_remplie_entre_temps_ne_dit_que_ce_qui_a_bouge(dupont, connecter):
    client, page = connecter(dupont.titulaire), adresse("modifier", "fiscal")
    donnees = saisie(dupont.titulaire, "fiscal", nombre_parts="2,5", vues=ouvrir(client, page))
    InformationsFiscales.objects.create(famille=dupont, revenu_fiscal_reference="18 000")
    reponse = client.post(page, donnees)
    assert reponse.status_code == 409
    lue = texte(reponse)
    assert "Elle dit aujourd’hui : Revenu fiscal de référence (18 000)." in lue
    assert valeur(reponse, "nombre_parts") == "2,5"
    assert valeur(reponse, "revenu_fiscal_reference") == "18 000"


# --- Persons of a child -----------------------------------------------------------------------------------


@pytest.fixture
def mamie(lea):
    return PersonneAutorisee.objects.create(enfant=lea, nom="Durand", prenom="Odette", lien="grand-mère")


PAPI = MAMIE | {"prenom": "Marcel", "lien": "grand-père"}


def test_une_personne_ajoutee_entre_temps_se_dit_et_la_saisie_reste(dupont, lea, mamie, connecter):
    client, page = connecter(dupont.titulaire), adresse("modifier_enfant", "autorisations", lea.pk)
    vues = ouvrir(client, page)
    PersonneAutorisee.objects.create(enfant=lea, nom="Aubry", prenom="Zoé")
    envoyee = personnes(MAMIE | {"id": mamie.pk}, PAPI, connues=1) | {"vues": vues}
    reponse = client.post(page, envoyee)
    assert reponse.status_code == 409
    lue = texte(reponse)
    assert "La fiche a changé" in lue
    assert "Aubry Zoé" in lue
    contenu = reponse.content.decode()
    assert contenu.index('value="Zoé"') < contenu.index('value="Odette"') < contenu.index('value="Marcel"')
    assert 'name="p-TOTAL_FORMS" value="3"' in contenu
    assert not Demande.objects.exists()


def test_une_personne_retiree_entre_temps_ne_bloque_pas_la_saisie(dupont, lea, mamie, connecter):
    client, page = connecter(dupont.titulaire), adresse("modifier_enfant", "autorisations", lea.pk)
    vues, cle = ouvrir(client, page), mamie.pk
    mamie.delete()
    reponse = client.post(page, personnes(MAMIE | {"id": cle}, PAPI, connues=1) | {"vues": vues})
    assert reponse.status_code == 409
    assert "une personne de moins" in texte(reponse)
    encore = personnes(MAMIE, PAPI) | {"vues": ""}
    assert client.post(page, encore).status_code == 302
    assert len(Demande.objects.get().apres) == 2


# --- Who may not ask ---------------------------------------------------------------------------------------


def test_jean_et_jeanne_lisent_pourquoi_une_rubrique_ne_leur_est_pas_ouverte(dupont, connecter):
    phrase = "Vous vivez séparément : seule la personne"
    vue_par_jean = texte(connecter(dupont.titulaire).get("/compte/"))
    assert f"{phrase} concernée, Jeanne DUPONT" in vue_par_jean
    vue_par_jeanne = texte(connecter(dupont.conjoint).get("/compte/"))
    assert f"{phrase} concernée, Jean DUPONT" in vue_par_jeanne
    assert f"{phrase} titulaire du dossier" in vue_par_jeanne
    assert Responsable.objects.count() == 2
