"""Where our files are, for the tests that read them."""

from pathlib import Path

from django.conf import settings

RACINE = Path(settings.BASE_DIR)
APPS = ["portail", "demandes", "facturation", "planning", "messagerie", "familles"]


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
