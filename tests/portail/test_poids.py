"""A first visit stays light: under 150 kB compressed and 20 requests, fonts and drawings included."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.fabriques import familles as f

POIDS_MAXIMAL = 150_000
REQUETES_MAXIMALES = 20


def demandes_par(page: str) -> set[str]:
    """Static files that the browser asks for: those of the page, then those of its style sheets."""
    fichiers = {adresse.split("#")[0] for adresse in re.findall(r'(?:href|src)="/static/([^"]+)"', page)}
    for feuille in [nom for nom in fichiers if nom.endswith(".css")]:
        texte = Path(finders.find(feuille)).read_text()
        fichiers |= {nom.removeprefix("../") for nom in re.findall(r'url\("(\.\./[^"]+)"\)', texte)}
    return fichiers


def poids(fichier: str) -> int:
    contenu = Path(finders.find(fichier)).read_bytes()
    return len(contenu if fichier.endswith(".woff2") else gzip.compress(contenu))


@pytest.mark.parametrize("adresse", ["/connexion/", "/", "/documents/", "/fiche-inscription/", "/aide/"])
def test_une_premiere_visite_reste_legere(client, jean, adresse):
    if adresse != "/connexion/":
        client.force_login(jean.utilisateur)
    page = client.get(adresse).content
    fichiers = demandes_par(page.decode())
    assert {"vendor/bootstrap/bootstrap.min.css", "vendor/atkinson-hyperlegible-next/400.woff2"} <= fichiers
    assert len(fichiers) + 1 <= REQUETES_MAXIMALES
    assert len(gzip.compress(page)) + sum(map(poids, fichiers)) <= POIDS_MAXIMAL


# --- Served alone, with nothing in front -----------------------------------------------------------------


@pytest.mark.parametrize("ecran", ["accueil", "planning"])
def test_sans_serveur_devant_une_premiere_visite_reste_legere(client_martin, hugo, prestations, annee, ecran):
    """As the portal itself sends it: what test_statiques shows to be served compressed, and the page."""
    for prestation in prestations.values():
        f.InscriptionFactory(enfant=hugo, prestation=prestation, annee=annee)
    adresse = "/" if ecran == "accueil" else hugo.url_planning()
    reponse = client_martin.get(adresse, headers={"accept-encoding": "gzip, deflate, br"})
    assert reponse.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in reponse.headers["Vary"]
    assert int(reponse.headers["Content-Length"]) == len(reponse.content)
    fichiers = demandes_par(gzip.decompress(reponse.content).decode())
    assert len(reponse.content) + sum(map(poids, fichiers)) <= POIDS_MAXIMAL


def test_qui_ne_lit_pas_le_gzip_recoit_la_page_telle_quelle(client, jean):
    client.force_login(jean.utilisateur)
    assert "Content-Encoding" not in client.get("/").headers


def test_un_document_n_est_pas_compresse_deux_fois(client, collectivite):
    reponse = client.get("/etat/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in reponse.headers
