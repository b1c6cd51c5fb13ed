"""A first visit stays light: under 150 kB compressed and 20 requests, fonts and drawings included."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

POIDS_MAXIMAL = 150_000
REQUETES_MAXIMALES = 20


def demandes_par(page: str) -> set[str]:
    """Static files that the browser asks for: those of the page, then those of its style sheets."""
    fichiers = {adresse.split("#")[0] for adresse in re.findall(r'(?:href|src)="/static/([^"]+)"', page)}
    for feuille in [f for f in fichiers if f.endswith(".css")]:
        texte = Path(finders.find(feuille)).read_text()
        fichiers |= {f.removeprefix("../") for f in re.findall(r'url\("(\.\./[^"]+)"\)', texte)}
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
