"""The rules of CONTRIBUTING that a machine can check, so that the page stays true."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from tests.sources import APPS, CODE, GABARITS, RACINE, SCRIPTS, TEXTES, TOUT, lire, relatif, sources

LIGNES_FICHIER, LIGNES_FONCTION, LIGNES_GABARIT, LIGNES_SCRIPT = 300, 40, 120, 100
# « # budget: why », in the syntax of the file, on the spot that passes its budget.
EXPLICATION = re.compile(r"budget\s*:\s*\S")


def fonctions(fichier: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for noeud in ast.walk(ast.parse(lire(fichier))):
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef):
            yield noeud


# --- Budgets -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fichiers, budget",
    [(TOUT, LIGNES_FICHIER), ([*GABARITS, *TEXTES], LIGNES_GABARIT), (SCRIPTS, LIGNES_SCRIPT)],
    ids=["python", "gabarits", "scripts"],
)
def test_un_fichier_tient_dans_son_budget_ou_dit_pourquoi(fichiers, budget):
    longs = {relatif(f): lire(f).count("\n") for f in fichiers}
    trop = {nom: n for nom, n in longs.items() if n > budget and not EXPLICATION.search(lire(RACINE / nom))}
    assert not trop, f"plus de {budget} lignes : {trop}"


def test_une_fonction_tient_dans_son_budget_ou_dit_pourquoi():
    trop = []
    for fichier in TOUT:
        lignes = lire(fichier).splitlines()
        for fonction in fonctions(fichier):
            longueur = fonction.end_lineno - fonction.lineno + 1
            corps = "\n".join(lignes[max(fonction.lineno - 3, 0) : fonction.end_lineno])
            if longueur > LIGNES_FONCTION and not EXPLICATION.search(corps):
                trop.append(f"{relatif(fichier)}:{fonction.lineno} {fonction.name} ({longueur} lignes)")
    assert not trop, f"plus de {LIGNES_FONCTION} lignes : {trop}"


def test_aucun_tiroir():
    tiroirs = {"utils.py", "helpers.py", "services.py", "mixins.py", "common.py"}
    assert not [relatif(f) for f in CODE if f.name in tiroirs]


# --- Imports -------------------------------------------------------------------------------------------


def test_les_imports_sont_absolus():
    relatifs = [
        f"{relatif(fichier)}:{noeud.lineno}"
        for fichier in TOUT
        for noeud in ast.walk(ast.parse(lire(fichier)))
        if isinstance(noeud, ast.ImportFrom) and noeud.level
    ]
    assert not relatifs


def test_aucun_import_de_nos_applications_n_est_cache_dans_une_fonction():
    """The circle would still be there. WeasyPrint is lazy for its weight; `ready()` must import late."""
    caches = []
    for fichier in sources(*APPS):
        for fonction in fonctions(fichier):
            if fonction.name == "ready" and fichier.name == "apps.py":
                continue
            for noeud in ast.walk(fonction):
                if isinstance(noeud, ast.ImportFrom) and (noeud.module or "").split(".")[0] in APPS:
                    caches.append(f"{relatif(fichier)}:{noeud.lineno} {noeud.module}")
    assert not caches


# --- Time, money, writes -------------------------------------------------------------------------------

HEURE = re.compile(
    r"timezone\.(now|localdate|localtime)\(|\b(datetime|date)\.(now|today|utcnow)\(|time\.time\("
)


def test_seule_l_horloge_demande_l_heure():
    curieux = [
        f"{relatif(fichier)}:{numero}"
        for fichier in sources(*APPS)
        if relatif(fichier) != "familles/horloge.py"
        for numero, ligne in enumerate(lire(fichier).splitlines(), start=1)
        if HEURE.search(ligne)
    ]
    assert not curieux
    cru = [relatif(f) for f in sources(*APPS) if re.search(r"\b(Now|auto_now|auto_now_add)\s*[=(]", lire(f))]
    assert not cru, f"l’heure de la base ou de Django au lieu de celle de l’horloge : {cru}"


def test_l_argent_n_est_jamais_un_flottant():
    fautifs = [relatif(f) for f in sources(*APPS) if re.search(r"\bFloatField\(|\bfloat\(", lire(f))]
    assert not fautifs


def _modeles_a_historique() -> set[str]:
    return {m.__name__ for m in apps.get_models() if hasattr(m, "history")}


def test_aucun_update_en_masse_sur_un_modele_a_historique():
    """`queryset.update()` and a plain `bulk_create()` leave no trace in the history."""
    suivis = "|".join(sorted(_modeles_a_historique()))
    assert suivis, "aucun modèle à historique : le test ne garde plus rien"
    motif = re.compile(
        rf"\b({suivis})\.(objects|_base_manager|_default_manager)\b[^;]*?\.(update|bulk_create|bulk_update)\("
    )
    fautifs = []
    for fichier in CODE:
        if fichier.is_relative_to(RACINE / "portail" / "demonstration"):
            # Fictional rows of an empty database have no history to lose.
            continue
        for noeud in ast.walk(ast.parse(lire(fichier))):
            if isinstance(noeud, ast.Call) and motif.match(ast.unparse(noeud)):
                fautifs.append(f"{relatif(fichier)}:{noeud.lineno}")
    assert not fautifs


def _nos_modeles() -> list:
    return [
        m for app in APPS for m in apps.get_app_config(app).get_models() if not hasattr(m, "instance_type")
    ]


@pytest.mark.parametrize("modele", _nos_modeles(), ids=lambda m: m._meta.label)
def test_chaque_modele_se_nomme_en_francais(modele):
    """The admin shows these names to the staff: Django's own come from the English of the class."""
    assert "__str__" in modele.__dict__ or modele.__str__ is not Model.__str__
    en_plusieurs_mots = re.search(r"[a-z][A-Z]", modele.__name__)
    assert not en_plusieurs_mots or modele._meta.original_attrs.get("verbose_name"), "verbose_name"


@pytest.mark.parametrize("modele", _nos_modeles(), ids=lambda m: m._meta.label)
def test_chaque_contrainte_de_verification_explique_son_refus(modele):
    muettes = [
        contrainte.name
        for contrainte in modele._meta.constraints
        if contrainte.violation_error_message == contrainte.default_violation_error_message
    ]
    assert not muettes


def test_chaque_action_dit_qui_agit():
    """`par=` is keyword-only: nobody passes another user by rank."""
    anonymes = []
    for fichier in sources(*APPS):
        if "actions" not in {fichier.stem, fichier.parent.name}:
            continue
        for noeud in ast.parse(lire(fichier)).body:
            if isinstance(noeud, ast.FunctionDef) and not noeud.name.startswith("_"):
                nommes = {argument.arg for argument in noeud.args.kwonlyargs}
                if "par" not in nommes:
                    anonymes.append(f"{relatif(fichier)}:{noeud.lineno} {noeud.name}")
    assert not anonymes


# --- The repository ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fichier", ["requirements.txt", "requirements-dev.txt"])
def test_les_listes_de_bibliotheques_sont_figees_et_ne_nomment_aucun_depot(fichier):
    texte = lire(RACINE / fichier)
    paquets = re.findall(r"^[\w.\[\]-]+==", texte, re.MULTILINE)
    assert len(paquets) > 20
    assert texte.count("--hash=sha256:") >= len(paquets)
    assert not re.search(r"://|--index|--find-links|@ ", texte)


def test_le_verrou_ne_connait_que_pypi():
    hotes = set(re.findall(r"https?://([^/\"]+)|file:(//[^\"]*)", lire(RACINE / "uv.lock")))
    assert {hote for hote, _ in hotes} <= {"pypi.org", "files.pythonhosted.org"}
    assert not any(local for _, local in hotes)


@pytest.mark.parametrize("fichier", ["requirements.txt", "requirements-dev.txt"])
def test_les_listes_sont_celles_du_verrou(fichier):
    paquets = tomllib.loads(lire(RACINE / "uv.lock"))["package"]
    verrou = {(paquet["name"], paquet["version"]) for paquet in paquets}
    liste = set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", lire(RACINE / fichier), re.MULTILINE))
    assert liste <= verrou
    voulus = tomllib.loads(lire(RACINE / "pyproject.toml"))
    noms = voulus["project"]["dependencies"]
    if fichier == "requirements-dev.txt":
        noms = noms + voulus["dependency-groups"]["dev"]
    assert {re.match(r"[\w-]+", nom).group() for nom in noms} <= {nom for nom, _ in liste}


def test_aucun_fichier_de_donnees_n_est_suivi():
    suivis = subprocess.run(
        ["git", "ls-files"], cwd=RACINE, capture_output=True, text=True
    ).stdout.splitlines()
    assert not [
        f for f in suivis if re.search(r"\.(sqlite3|db|log|pyc)$|^donnees/|^\.venv/|secrets\.json$", f)
    ]


def test_chaque_page_de_l_administration_vient_de_la_base_qui_refuse_ce_qui_est_forge():
    """familles/admin/base.py: a key, a date or a count that cannot be is refused there, once for all."""
    from django.contrib import admin

    from familles.admin.base import ChampsSurs, PageAdmin

    pages = admin.site._registry.values()
    etrangeres = [str(p) for p in pages if not isinstance(p, PageAdmin)]
    etrangeres += [str(i) for p in pages for i in p.inlines if not issubclass(i, ChampsSurs)]
    assert not etrangeres
