"""The town's look: chosen in the admin, served as a stylesheet and a picture, worn by every page."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from familles import coffre
from familles.models import Collectivite
from portail.attente import ce_qui_attend
from tests.fabriques import familles as f

PAGE = "/admin/familles/collectivite/identite/"
CHOIX = {"nom": "Ville de Test", "couleur": "#8a1c5b", "assorti": "on", "bandeau": "#000000"}


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def chef(client, collectivite):
    client.force_login(f.UtilisateurFactory(username="chef", is_staff=True, is_superuser=True))
    return client


def image(taille=(600, 300), format_="PNG") -> SimpleUploadedFile:
    sortie = io.BytesIO()
    Image.new("RGB", taille, "teal").save(sortie, format_)
    return SimpleUploadedFile("logo.png", sortie.getvalue())


def enregistrer(client, **champs):
    return client.post(PAGE, {**CHOIX, **champs, "enregistrer": "oui"})


def test_sans_choix_le_portail_garde_ses_couleurs_et_ne_demande_rien_de_plus(client, collectivite):
    page = client.get("/connexion/").content.decode()
    assert "/identite/" not in page


def test_la_ville_choisit_son_nom_ses_couleurs_et_son_logo(chef):
    client = Client()
    assert enregistrer(chef, logo=image()).status_code == 302
    ville = Collectivite.objects.courante()
    assert (ville.nom, ville.couleur, ville.couleur_bandeau) == ("Ville de Test", "#8a1c5b", "")
    page = client.get("/connexion/").content.decode()
    feuille = client.get(re.search(r'href="(/identite/\w+\.css)"', page)[1])
    assert feuille.headers["Content-Type"].startswith("text/css")
    assert "immutable" in feuille.headers["Cache-Control"] and "Cookie" not in feuille.get("Vary", "")
    assert "--ville: #8a1c5b;" in feuille.content.decode()
    logo = re.search(r'<img class="logo" src="(/identite/\w+\.png)" alt="" width="(\d+)" height="40">', page)
    montre = client.get(logo[1])
    assert Image.open(io.BytesIO(montre.content)).size == (240, 120) and logo[2] == "80"
    assert "immutable" in montre.headers["Cache-Control"]
    # The admin wears the same.
    assert f'href="/identite/{ville.identite}.css"' in chef.get("/admin/").content.decode()


def test_une_adresse_d_hier_donne_les_couleurs_du_jour_sans_etre_gardee(client, collectivite):
    feuille = client.get(reverse("portail:identite", args=["hier"]))
    assert feuille.headers["Cache-Control"] == "no-store"
    assert "--ville: #0f5c63;" in feuille.content.decode()


def test_l_apercu_montre_sans_rien_ecrire_et_garde_le_logo_pour_l_enregistrement(chef):
    page = chef.post(PAGE, {**CHOIX, "couleur": "#ffcc00", "logo": image(), "apercu": "oui"}).content.decode()
    assert "son contraste est de 1,3:1" in page
    assert page.count("<svg") >= 2 and "data:image/png;base64," in page
    assert Collectivite.objects.courante().identite == ""
    propose = re.search(r'name="logo_propose" value="([^"]+)"', page)[1]
    enregistrer(chef, logo_propose=propose)
    assert coffre.lire(Collectivite.objects.courante().logo_cle).startswith(b"\x89PNG")


def test_changer_ou_retirer_le_logo_jette_l_ancien(chef, django_capture_on_commit_callbacks):
    enregistrer(chef, logo=image())
    ancienne = Collectivite.objects.courante().logo_cle
    with django_capture_on_commit_callbacks(execute=True):
        enregistrer(chef, logo=image((100, 100)))
    with pytest.raises(FileNotFoundError):
        coffre.lire(ancienne)
    with django_capture_on_commit_callbacks(execute=True):
        enregistrer(chef, sans_logo="on")
    ville = Collectivite.objects.courante()
    assert (ville.logo_cle, ville.logo_largeur) == ("", 0)
    assert ville.couleur == "#8a1c5b"


def test_revenir_aux_couleurs_du_portail(chef):
    enregistrer(chef, assorti="", bandeau="#333333")
    assert Collectivite.objects.courante().couleur_bandeau == "#333333"
    enregistrer(chef, couleur="#0f5c63")
    assert Collectivite.objects.courante().identite == ""


@pytest.mark.parametrize(
    "champs",
    [
        {"couleur": "rouge"},
        {"couleur": "#0f5c63;}body{display:none"},
        {"logo": SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")},
        {"logo": SimpleUploadedFile("logo.pdf", b"%PDF-1.7")},
        {"logo": image((4000, 20))},
        {"logo_propose": "pas du base 64"},
        {"nom": ""},
    ],
)
def test_ce_qui_ne_convient_pas_est_refuse_et_rien_n_est_ecrit(chef, champs):
    assert enregistrer(chef, **champs).status_code == 422
    assert Collectivite.objects.courante().identite == ""


def test_les_mentions_legales_qui_manquent_se_comptent(collectivite):
    def manquantes():
        cartes_ = ce_qui_attend(f.UtilisateurFactory(groupe="Administrateurs"))
        return next(c.nombre for c in cartes_ if "légales" in c.libelle)

    avant = manquantes()
    assert avant
    for champ in Collectivite.MENTIONS:
        setattr(collectivite, champ, getattr(collectivite, champ) or "x")
    collectivite.save()
    assert manquantes() == 0
