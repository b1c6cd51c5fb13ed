"""What a section must hold to be read: a field missing from the POST was not emptied, no row adds twice."""

import pytest

from demandes.models import Demande
from demandes.natures import NATURES
from familles.models import FicheSanitaire, InformationsFiscales, PersonneAutorisee
from tests.demandes.conftest import MAMIE, SAISIES, adresse, personnes, saisie, texte

INCOMPLET = "Le formulaire reçu est incomplet : rien n’a été demandé"


def page_de(nature, lea):
    if NATURES[nature].de_l_enfant:
        return adresse("modifier_enfant", nature, lea.pk)
    return adresse("modifier", nature)


@pytest.fixture
def client_de_jean(dupont, lea, voit_sante, connecter):
    InformationsFiscales.objects.create(famille=dupont, annee_revenus=2025, nombre_parts="2,5")
    FicheSanitaire.objects.create(enfant=lea, allergies="arachides", medecin="Dr Roux")
    return connecter(dupont.titulaire)


@pytest.mark.parametrize("nature", [*SAISIES, "responsable"])
@pytest.mark.parametrize("envoye", [{}, {"csrfmiddlewaretoken": "x"}, {"vues": ""}])
def test_un_envoi_vide_n_efface_rien(client_de_jean, lea, nature, envoye):
    reponse = client_de_jean.post(page_de(nature, lea), envoye)
    assert reponse.status_code == 422
    assert INCOMPLET in texte(reponse)
    assert not Demande.objects.exists()


def test_une_moitie_de_formulaire_est_refusee_et_le_reste_revient_du_dossier(client_de_jean, lea):
    reponse = client_de_jean.post(page_de("sanitaire", lea), {"medecin": "Dr Blanc"})
    assert reponse.status_code == 422
    contenu = reponse.content.decode()
    assert INCOMPLET in texte(reponse)
    assert 'value="Dr Blanc"' in contenu
    assert "arachides" in contenu
    assert not Demande.objects.exists()


def test_une_moitie_obligatoire_ne_se_dit_pas_vide(client_de_jean, dupont, lea):
    reponse = client_de_jean.post(page_de("responsable", lea), {"ville": "Toulouse"})
    assert reponse.status_code == 422
    assert "obligatoire." not in texte(reponse).replace("sont obligatoires.", "")
    assert 'value="Toulouse"' in reponse.content.decode()
    assert 'value="12 rue des Bonbons"' in reponse.content.decode()


def test_un_champ_vide_s_efface_toujours(client_de_jean, dupont, lea):
    donnees = saisie(dupont.titulaire, "sanitaire", lea, allergies="")
    assert client_de_jean.post(page_de("sanitaire", lea), donnees).status_code == 302
    assert Demande.objects.get().apres == {"allergies": ""}


# --- Persons of a child -----------------------------------------------------------------------------------


@pytest.fixture
def mamie(lea):
    return PersonneAutorisee.objects.create(
        enfant=lea, nom="Durand", prenom="Odette", telephone="06.11.22.33.44", peut_recuperer=True
    )


@pytest.mark.parametrize("connues", [-1, 0, 2])
@pytest.mark.parametrize("avec_la_cle", [True, False])
def test_une_personne_deja_la_ne_s_ajoute_pas(client_de_jean, lea, mamie, connues, avec_la_cle):
    donnees = personnes(MAMIE | ({"id": mamie.pk} if avec_la_cle else {}), connues=connues)
    assert client_de_jean.post(page_de("autorisations", lea), donnees).status_code == 422
    assert not Demande.objects.exists()
    assert PersonneAutorisee.objects.count() == 1


def test_la_meme_personne_retapee_est_refusee(client_de_jean, lea, mamie):
    connue = MAMIE | {"id": mamie.pk, "lien": ""}
    retapee = MAMIE | {"nom": "DURAND"}
    reponse = client_de_jean.post(page_de("autorisations", lea), personnes(connue, retapee, connues=1))
    assert reponse.status_code == 422
    assert "déjà sur la liste" in texte(reponse)
    retiree = personnes(connue | {"DELETE": "on"}, retapee, connues=1)
    assert client_de_jean.post(page_de("autorisations", lea), retiree).status_code == 302


def test_le_telephone_manquant_d_une_personne_n_est_pas_efface(client_de_jean, lea, mamie):
    donnees = personnes(MAMIE | {"id": mamie.pk}, connues=1)
    del donnees["p-0-telephone"]
    reponse = client_de_jean.post(page_de("autorisations", lea), donnees)
    assert reponse.status_code == 422
    assert INCOMPLET in texte(reponse)
    assert 'value="06.11.22.33.44"' in reponse.content.decode()
    assert not Demande.objects.exists()
