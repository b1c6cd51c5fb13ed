"""The help: a page for every screen, a picture for every name, no word that the screens do not show."""

import html
import re

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from portail import aide
from tests.sources import APPS, GABARITS, RACINE, lire, sources
from tests.table_acces import ADMIN, MODELES, PORTAIL

DOSSIER = RACINE / "static" / "aide"
PAGES_AIDE = [f for f in GABARITS if f.parent.name in ("aide", "agents") and "portail" in f.parts]
NOMMEES = {nom for f in PAGES_AIDE for nom in re.findall(r'{% capture "([\w-]+)"', lire(f))}
# Answers that are no screen to read: files, forms alone, the help itself.
SANS_ECRAN = {
    "portail:aide",
    "portail:aide_page",
    "portail:document",
    "portail:etat",
    "portail:identite",
    "portail:logo",
    "portail:legale",
    "portail:page_de_la_ville",
    "familles:photo",
    "facturation:facture_pdf",
    "facturation:releve_pdf",
    "facturation:quittance_pdf",
    "facturation:relance_pdf",
    "facturation:attestation_pdf",
    "messagerie:desinscription",
    "messagerie:piece",
    "messagerie:supprimer",
    "messagerie:restaurer",
    "demandes:piece",
    "demandes:planche",
    "portail:fiche_inscription_pdf",
    "planning:flux",
    "demandes:retirer",
}
CADRE_ADMIN = {"login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n"}
CADRE_ADMIN |= {"view_on_site", "app_list", "aide", "aide_page"}


def test_chaque_ecran_des_familles_a_sa_page_d_aide():
    expliques = [vue for page in aide.FAMILLES for vue in page.ecrans]
    assert len(expliques) == len(set(expliques)), "un écran expliqué deux fois"
    # « demandes:detail#sante »: the same screen, of a health request.
    assert {nom.partition("#")[0] for nom in PORTAIL} - SANS_ECRAN == set(expliques)


def test_chaque_ecran_du_personnel_a_sa_page_d_aide():
    noms = {nom.removeprefix("admin:") for nom in ADMIN} | {f"{modele}_changelist" for modele in MODELES}
    assert {nom for nom in noms - CADRE_ADMIN if aide.page_de_l_admin(nom) is None} == set()
    assert aide.page_de_l_admin("facturation_facture_avoir_partiel").cle == "corriger"
    assert aide.page_de_l_admin("facturation_facture_changelist").cle == "facturer"


def test_chaque_capture_nommee_existe_et_chacune_sert():
    assert {f.stem for f in DOSSIER.iterdir()} == NOMMEES == set(aide.prises())


def test_une_capture_a_la_taille_annoncee_et_reste_legere():
    """The announced size keeps its place on the page: nothing moves when it comes."""
    for nom in NOMMEES:
        fichier = DOSSIER / f"{nom}.webp"
        with Image.open(fichier) as image:
            prise = aide.prises()[nom]
            assert (image.format, image.size) == ("WEBP", (prise["largeur"], prise["hauteur"])), nom
        assert fichier.stat().st_size <= 100_000, nom


def _a_plat(texte: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(texte).replace("’", "'").replace("\u00a0", " ")).lower()


def test_l_aide_ne_cite_que_des_mots_des_ecrans():
    """What the help writes in bold is a button, a link or a title: it must be written somewhere else."""
    autres = [f for f in GABARITS if f not in PAGES_AIDE]
    ecrits = _a_plat(" ".join(lire(f) for f in [*autres, *sources(*APPS)]))
    cites = {(f.name, mot) for f in PAGES_AIDE for mot in re.findall(r"<b>(.+?)</b>", lire(f))}
    assert len(cites) > 60
    assert {(nom, mot) for nom, mot in cites if _a_plat(mot) not in ecrits} == set()


@pytest.mark.parametrize("page", aide.FAMILLES, ids=lambda page: page.cle)
def test_une_page_d_aide_s_ouvre_sans_compte(client, collectivite, page):
    reponse = client.get(reverse("portail:aide_page", args=[page.cle]))
    assert reponse.status_code == 200
    texte = reponse.content.decode()
    assert f"<h1>{page.titre}</h1>" in html.unescape(texte)
    images = re.findall(r"<img [^>]+>", texte)
    assert all('loading="lazy"' in i and "width=" in i and 'alt=""' not in i for i in images)
    assert len(images) == lire(settings.BASE_DIR / "templates" / page.gabarit).count("{% capture")


@pytest.mark.parametrize("page", aide.PERSONNEL, ids=lambda page: page.cle)
def test_une_page_d_aide_du_personnel_s_ouvre(client_comptable, page):
    assert client_comptable.get(reverse("admin:aide_page", args=[page.cle])).status_code == 200


def test_une_page_d_aide_inconnue_est_introuvable(client_agent):
    assert client_agent.get("/aide/rien-de-tel/").status_code == 404
    assert client_agent.get("/admin/aide/rien-de-tel/").status_code == 404


@pytest.mark.parametrize(
    "adresse, cle",
    [
        ("/", "accueil"),
        ("/documents/", "accueil"),
        ("/compte/", "mon-compte"),
        ("/enfants/", "mes-enfants"),
        ("/releve/", "releve-de-compte"),
        ("/messages/nouveau/", "boite-de-reception"),
        ("/demandes/", "liste-des-demandes"),
    ],
)
def test_le_lien_aide_de_chaque_onglet_mene_a_sa_page(client_jean, adresse, cle):
    assert f'href="/aide/{cle}/">Aide</a>' in client_jean.get(adresse).content.decode()


def test_le_planning_a_sa_page():
    assert aide.page_de_la_vue("planning:mois").cle == "planning"


def test_le_lien_aide_d_une_page_introuvable_mene_au_sommaire(client_jean):
    assert 'href="/aide/">Aide</a>' in client_jean.get("/rien-de-tel/").content.decode()


def test_le_lien_aide_de_l_administration_mene_a_sa_page(client_agent, client_comptable):
    assert '"/admin/aide/demandes/"' in client_agent.get("/admin/demandes/demande/").content.decode()
    facturer = client_comptable.get("/admin/facturation/facture/add/").content.decode()
    assert '"/admin/aide/facturer/"' in facturer
