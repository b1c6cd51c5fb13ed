"""The rules of CONTRIBUTING that a machine can check, so that the page stays true."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, get_resolver

RACINE = Path(settings.BASE_DIR)
APPS = ["portail", "demandes", "facturation", "planning", "messagerie", "familles"]
LIGNES_FICHIER, LIGNES_FONCTION, LIGNES_GABARIT, LIGNES_SCRIPT = 300, 40, 120, 100
# « # budget: why », in the syntax of the file, on the spot that passes its budget.
EXPLICATION = re.compile(r"budget\s*:\s*\S")


def lire(fichier: Path) -> str:
    return fichier.read_text(encoding="utf-8")


def sources(*dossiers: str) -> list[Path]:
    trouves = [f for d in dossiers for f in sorted((RACINE / d).rglob("*.py"))]
    return [f for f in trouves if "migrations" not in f.parts]


CODE = sources(*APPS, "outils")
TOUT = [*CODE, *sources("tests"), RACINE / "manage.py", RACINE / "conftest.py"]
GABARITS = sorted((RACINE / "templates").rglob("*.html")) + sorted((RACINE / "templates").rglob("*.svg"))
TEXTES = sorted((RACINE / "templates").rglob("*.txt"))
SCRIPTS = [f for f in sorted((RACINE / "static").rglob("*.js")) if "vendor" not in f.parts]


def relatif(fichier: Path) -> str:
    return str(fichier.relative_to(RACINE))


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


# --- Templates -----------------------------------------------------------------------------------------

# E-mails and the PDF have their styles with them: no CSP there, and no other way.
SANS_REGLE_DE_STYLE = ("courriels", "pdf")
EN_LIGNE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)


def _sans_commentaires(texte: str) -> str:
    texte = re.sub(r"{% comment %}.*?{% endcomment %}", "", texte, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", texte)


def test_aucun_style_ni_script_en_ligne():
    fautifs = {
        relatif(f): EN_LIGNE.search(_sans_commentaires(lire(f))).group()
        for f in GABARITS
        if not set(f.parts) & set(SANS_REGLE_DE_STYLE) and EN_LIGNE.search(_sans_commentaires(lire(f)))
    }
    assert not fautifs


def test_aucun_contenu_n_est_declare_sur():
    surs = [relatif(f) for f in GABARITS if re.search(r"\|\s*safe\b|autoescape off", lire(f))]
    assert not surs
    python = [relatif(f) for f in sources(*APPS) if re.search(r"\bmark_safe\(|\bSafeString\(", lire(f))]
    assert not python, f"format_html échappe, mark_safe non : {python}"


def test_aucune_page_ne_demande_rien_a_un_autre_site():
    motif = re.compile(
        r"""<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*["'](?:https?:)?//""", re.I
    )
    assert not [relatif(f) for f in GABARITS if motif.search(lire(f))]


@pytest.mark.parametrize("fichier", GABARITS, ids=relatif)
def test_chaque_gabarit_se_compile(fichier):
    get_template(str(fichier.relative_to(RACINE / "templates")))


# Django, its admin and the libraries look for these by name.
CHERCHES_PAR_NOM = re.compile(
    r"^(admin|registration|axes|django|bootstrap5)/|^(400|403|403_csrf|404|500|503)\.html$"
)


def test_chaque_gabarit_sert():
    contenu = "\n".join(lire(f) for f in [*sources(*APPS), *GABARITS, *TEXTES])
    inutiles = []
    for fichier in [*GABARITS, *TEXTES]:
        nom = str(fichier.relative_to(RACINE / "templates"))
        # A mail is found by its family name (« courriels/decision »), its subject and its body beside it.
        racines = {nom, nom.rsplit(".", 1)[0], re.sub(r"_(sujet|corps)?\.\w+$", "", nom)}
        if not CHERCHES_PAR_NOM.search(nom) and not any(r in contenu for r in racines):
            inutiles.append(nom)
    assert not inutiles


# --- Addresses -----------------------------------------------------------------------------------------


def _noms_d_adresses() -> set[str]:
    noms = set()

    def parcourir(resolveur, prefixe=""):
        for motif in resolveur.url_patterns:
            if isinstance(motif, URLPattern):
                if motif.name:
                    noms.add(f"{prefixe}{motif.name}")
            else:
                parcourir(motif, f"{prefixe}{motif.namespace}:" if motif.namespace else prefixe)

    parcourir(get_resolver())
    return noms


def test_chaque_nom_d_adresse_ecrit_quelque_part_existe():
    connus = _noms_d_adresses()
    ecrits = {
        (relatif(f), nom)
        for f in [*GABARITS, *TEXTES]
        for nom in re.findall(r"""{%\s*url\s+["']([\w:-]+)["']""", _sans_commentaires(lire(f)))
    }
    ecrits |= {
        (relatif(f), nom)
        for f in sources(*APPS)
        for nom in re.findall(
            r"""\b(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["']([\w-]+:[\w:-]+)["']""", lire(f)
        )
    }
    assert not {(fichier, nom) for fichier, nom in ecrits if nom not in connus}


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
