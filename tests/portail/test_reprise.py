"""A form sent after the session had ended: kept for the same person, or said to be lost."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from familles.horloge import instant_reel
from portail.models import Seance
from tests.portail.test_acces_compte import entrer

MESSAGE = {
    "sujet": "Cantine",
    "corps": "Faut-il un pique-nique ?",
    "jeton": "7b4f6a52-6c0e-4d8a-9a57-0f6f1b1a2c3d",
}


@pytest.fixture
def client_expire(client, jean):
    entrer(client, "jean.dupont")
    Seance.objects.update(expire_date=instant_reel() - timedelta(minutes=1))
    return client


def test_un_formulaire_envoye_trop_tard_se_retrouve_apres_la_connexion(client_expire):
    reponse = client_expire.post("/messages/nouveau/", MESSAGE)
    assert reponse.url.startswith(reverse("portail:connexion"))
    assert "Ce que vous avez rempli est gardé" in client_expire.get(reponse.url).content.decode()
    assert entrer(client_expire, "jean.dupont").url == reverse("portail:reprise")
    page = client_expire.get(reverse("portail:reprise")).content.decode()
    assert 'action="/messages/nouveau/"' in page
    assert 'name="corps" value="Faut-il un pique-nique ?"' in page
    assert 'value="Faut-il un pique-nique ?" readonly>' in page
    # Read again as often as one likes, until it is sent.
    assert client_expire.get(reverse("portail:reprise")).status_code == 200
    assert client_expire.post("/messages/nouveau/", MESSAGE | {"reprise": "oui"}).status_code == 302
    assert client_expire.get(reverse("portail:reprise")).status_code == 302


def test_on_renonce_a_ce_qui_etait_garde(client_expire):
    client_expire.post("/messages/nouveau/", MESSAGE)
    entrer(client_expire, "jean.dupont")
    assert client_expire.post(reverse("portail:reprise")).status_code == 302
    assert client_expire.get(reverse("portail:reprise")).status_code == 302


def test_les_fichiers_joints_se_choisissent_de_nouveau_et_le_texte_reste(client_expire):
    joint = SimpleUploadedFile("mot.pdf", b"%PDF-1.7")
    client_expire.post("/messages/nouveau/", MESSAGE | {"fichiers": joint})
    entrer(client_expire, "jean.dupont")
    page = client_expire.get(reverse("portail:reprise")).content.decode()
    assert 'name="corps" value="Faut-il un pique-nique ?"' in page
    assert (
        'enctype="multipart/form-data"' in page
        and 'type="file" multiple id="fichiers-1" name="fichiers"' in page
    )


def test_sur_un_ordinateur_partage_personne_ne_lit_le_formulaire_d_un_autre(client_expire, martin):
    client_expire.post("/messages/nouveau/", MESSAGE)
    assert entrer(client_expire, "martin").url == reverse("portail:accueil")
    assert client_expire.get(reverse("portail:reprise")).url == reverse("portail:accueil")


def test_ce_qui_est_garde_n_est_pas_lisible_dans_la_base(client_expire):
    client_expire.post("/messages/nouveau/", MESSAGE)
    assert "pique-nique" not in str(client_expire.session.items())


def test_un_inconnu_ne_fait_rien_garder(client, db):
    muet = MESSAGE | {"corps": ""}
    reponse = client.post("/messages/nouveau/", muet, follow=True)
    assert "reprise" not in client.session and "n’a pas pu être gardé" in reponse.content.decode()
    client.cookies[settings.SESSION_COOKIE_NAME] = "cle-inventee"
    client.post("/messages/nouveau/", MESSAGE)
    assert "reprise" not in client.session


def test_ce_qui_ne_peut_etre_garde_est_rendu_a_qui_vient_de_l_ecrire(client_expire, db):
    """A telephone that closes its browser forgets the session, not the page."""
    del client_expire.cookies[settings.SESSION_COOKIE_NAME]
    reponse = client_expire.post("/messages/nouveau/", MESSAGE)
    assert reponse.status_code == 403
    assert 'value="Faut-il un pique-nique ?" readonly>' in reponse.content.decode()
    assert 'value="Cantine" readonly' not in reponse.content.decode()
    secrets_ = {"old_password": "mon vieux secret", "new_password1": "un autre", "new_password2": "un autre"}
    assert client_expire.post(reverse("portail:mot_de_passe"), secrets_).status_code == 302


def test_un_envoi_trop_gros_n_est_pas_garde(client_expire):
    reponse = client_expire.post("/messages/nouveau/", MESSAGE | {"corps": "x y " * 15_000})
    assert "reprise" not in client_expire.session
    assert "x y x y" in reponse.content.decode()
