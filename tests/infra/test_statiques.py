"""What the server really serves: hashed, compressed, every reference of ours resolved."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

REEL = {"staticfiles": {"BACKEND": "portail.statiques.StatiquesCompresses"}}


@pytest.fixture(scope="module")
def rassembles(tmp_path_factory):
    """collectstatic fails by itself on a reference to a file that is not there."""
    from django.test import override_settings

    dossier = tmp_path_factory.mktemp("statiques")
    with override_settings(STATIC_ROOT=dossier, STORAGES={**settings.STORAGES, **REEL}):
        call_command("collectstatic", interactive=False, verbosity=0)
    return dossier


def test_chaque_fichier_a_un_nom_qui_change_avec_lui(rassembles):
    chemins = json.loads((rassembles / "staticfiles.json").read_text())["paths"]
    assert all(re.search(r"\.[0-9a-f]{12}(\.|$)", nom) for nom in chemins.values())
    assert all((rassembles / nom).exists() for nom in chemins.values())


def test_les_textes_sont_compresses_d_avance(rassembles):
    for nom in json.loads((rassembles / "staticfiles.json").read_text())["paths"].values():
        fichier = rassembles / nom
        if fichier.suffix in {".css", ".js"} and fichier.stat().st_size > 2000:
            assert Path(f"{fichier}.gz").exists()
            assert Path(f"{fichier}.br").exists()


def test_nos_modules_importent_des_noms_qui_existent(rassembles):
    for script in (rassembles / "js").glob("*.js") if (rassembles / "js").exists() else ():
        for nom in re.findall(r"""(?:from|import)\s*["'](\.[^"']+)["']""", script.read_text()):
            assert (script.parent / nom).exists(), f"{script.name} importe {nom}"


def test_rien_ne_demande_un_autre_site(rassembles):
    for fichier in Path(settings.BASE_DIR / "static").rglob("*"):
        if fichier.suffix in {".css", ".js"}:
            texte = fichier.read_text()
            assert not re.search(r"url\(\s*['\"]?(https?:)?//", texte), fichier
            assert not re.search(r"(import|fetch)\s*\(?\s*['\"](https?:)?//", texte), fichier
            assert "sourceMappingURL" not in texte, fichier
