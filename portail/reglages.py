"""Readers of the environment: each returns a checked value or says, in one sentence, what is wrong.

Pure functions of a mapping (`os.environ` by default): settings.py is a list of calls, the tests a table.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

VRAI = {"1", "oui", "vrai", "true", "yes", "on"}
FAUX = {"0", "non", "faux", "false", "no", "off"}
SCHEMAS_POSTGRESQL = {"postgres", "postgresql"}
LONGUEUR_CLE_SECRETE = 50


def texte(nom: str, defaut: str | None = None, env: Mapping[str, str] = os.environ) -> str:
    """Non-empty text; without a default, the variable is required."""
    valeur = env.get(nom, "").strip()
    if valeur:
        return valeur
    if defaut is None:
        raise ImproperlyConfigured(f"La variable d’environnement {nom} est obligatoire.")
    return defaut


def booleen(nom: str, defaut: bool, env: Mapping[str, str] = os.environ) -> bool:
    valeur = env.get(nom, "").strip().lower()
    if not valeur:
        return defaut
    if valeur in VRAI:
        return True
    if valeur in FAUX:
        return False
    raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : écrivez oui ou non.")


def entier(nom: str, defaut: int, mini: int, maxi: int, env: Mapping[str, str] = os.environ) -> int:
    valeur = env.get(nom, "").strip()
    if not valeur:
        return defaut
    if not (valeur.isascii() and valeur.isdigit() and mini <= int(valeur) <= maxi):
        raise ImproperlyConfigured(
            f"{nom} vaut « {valeur} » : écrivez un nombre entier entre {mini} et {maxi}."
        )
    return int(valeur)


def liste(nom: str, defaut: tuple[str, ...] = (), env: Mapping[str, str] = os.environ) -> list[str]:
    """Values separated by commas, spaces around them ignored."""
    valeurs = [morceau.strip() for morceau in env.get(nom, "").split(",")]
    return [valeur for valeur in valeurs if valeur] or list(defaut)


def choix(nom: str, possibles: tuple[str, ...], defaut: str, env: Mapping[str, str] = os.environ) -> str:
    valeur = env.get(nom, "").strip().lower() or defaut
    if valeur not in possibles:
        raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : choisissez parmi {', '.join(possibles)}.")
    return valeur


def instant(nom: str, autorise: bool, env: Mapping[str, str] = os.environ) -> datetime | None:
    """ISO date and time; refused (not ignored) where a frozen clock would falsify real bookings."""
    valeur = env.get(nom, "").strip()
    if not valeur:
        return None
    if not autorise:
        raise ImproperlyConfigured(f"{nom} est interdit en production : l’horloge y est celle du serveur.")
    try:
        return datetime.fromisoformat(valeur)
    except ValueError:
        raise ImproperlyConfigured(
            f"{nom} vaut « {valeur} » : écrivez une date comme 2026-11-24T10:00."
        ) from None


def dossier(nom: str, defaut: Path, env: Mapping[str, str] = os.environ) -> Path:
    """Directory created at need, absolute."""
    chemin = Path(env.get(nom, "").strip() or defaut).expanduser().resolve()
    try:
        chemin.mkdir(parents=True, exist_ok=True)
    except OSError as erreur:
        raise ImproperlyConfigured(
            f"{nom} : le dossier {chemin} ne peut pas être créé ({erreur.strerror})."
        ) from None
    if not os.access(chemin, os.W_OK):
        raise ImproperlyConfigured(f"{nom} : le dossier {chemin} n’est pas accessible en écriture.")
    return chemin


def hotes(nom: str, mode_local: bool, env: Mapping[str, str] = os.environ) -> list[str]:
    """Names under which the portal is served; this machine's by default outside production."""
    noms = liste(nom, ("127.0.0.1", "localhost", "[::1]") if mode_local else (), env)
    if not noms:
        raise ImproperlyConfigured(
            f"{nom} est obligatoire en production : le nom du site, comme familles.exemple.fr."
        )
    for hote in noms:
        if "/" in hote or " " in hote or (hote == "*" and not mode_local):
            raise ImproperlyConfigured(
                f"{nom} contient « {hote} » : écrivez des noms de site séparés par des virgules, sans https://."
            )
    return noms


def base_de_donnees(nom: str, dossier_donnees: Path, env: Mapping[str, str] = os.environ) -> dict:
    """SQLite in the data directory, or the PostgreSQL of a `postgres://` address."""
    adresse = env.get(nom, "").strip()
    if not adresse:
        return _sqlite(dossier_donnees / "portail.sqlite3")
    try:
        morceaux = urlsplit(adresse)
        port = morceaux.port
    except ValueError:
        raise ImproperlyConfigured(f"{nom} est illisible : {_FORME_DATABASE_URL}.") from None
    # The address may hold a password: no message ever repeats it.
    if morceaux.scheme not in SCHEMAS_POSTGRESQL:
        raise ImproperlyConfigured(
            f"{nom} commence par « {morceaux.scheme}: » : seul PostgreSQL est accepté, {_FORME_DATABASE_URL}."
        )
    base = unquote(morceaux.path.lstrip("/"))
    if not base:
        raise ImproperlyConfigured(f"{nom} ne nomme aucune base : {_FORME_DATABASE_URL}.")
    options = dict(parse_qsl(morceaux.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": base,
        "USER": unquote(morceaux.username or ""),
        "PASSWORD": unquote(morceaux.password or ""),
        # A socket directory comes as ?host=/var/run/postgresql, as libpq writes it.
        "HOST": options.pop("host", "") or unquote(morceaux.hostname or ""),
        "PORT": str(port or options.pop("port", "") or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


_FORME_DATABASE_URL = "écrivez postgres://utilisateur:mot_de_passe@serveur:5432/base"


def _sqlite(fichier: Path) -> dict:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": fichier,
        "OPTIONS": {
            # A writer takes its lock when its transaction opens and waits for it: without these two,
            # one request in ten ends on « database is locked » under load.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def secrets_locaux(dossier_donnees: Path) -> dict[str, str]:
    """Keys of a demonstration or of a developer: drawn once, kept in the data directory (0600)."""
    fichier = dossier_donnees / "secrets.json"
    if not fichier.exists():
        valeurs = {
            "CLE_SECRETE": secrets.token_urlsafe(LONGUEUR_CLE_SECRETE),
            "CLES_CHIFFREMENT": Fernet.generate_key().decode(),
        }
        # Written aside, then linked in one gesture: of two processes that start together the second one
        # reads the keys of the first, whole. mkstemp gives the file to its owner alone.
        descripteur, brouillon = tempfile.mkstemp(dir=dossier_donnees)
        with open(descripteur, "w", encoding="utf-8") as sortie:
            json.dump(valeurs, sortie)
        with suppress(FileExistsError):
            os.link(brouillon, fichier)
        os.unlink(brouillon)
    return _lire_secrets(fichier)


def _lire_secrets(fichier: Path) -> dict[str, str]:
    try:
        valeurs = json.loads(fichier.read_text(encoding="utf-8"))
        return {nom: str(valeurs[nom]) for nom in ("CLE_SECRETE", "CLES_CHIFFREMENT")}
    except (ValueError, KeyError, TypeError):
        raise ImproperlyConfigured(
            f"{fichier} est illisible : rétablissez-le d’une sauvegarde (sans lui la base ne s’ouvre pas)."
        ) from None


def cle_secrete(nom: str, env: Mapping[str, str] = os.environ) -> str:
    valeur = texte(nom, env=env)
    if len(valeur) < LONGUEUR_CLE_SECRETE:
        raise ImproperlyConfigured(
            f"{nom} est trop courte : il faut au moins {LONGUEUR_CLE_SECRETE} caractères tirés au hasard."
        )
    return valeur


def cles_chiffrement(nom: str, env: Mapping[str, str] = os.environ) -> list[str]:
    """Fernet keys, the first one writes. A bad key is found at start, not at the first IBAN."""
    cles = liste(nom, env=env)
    if not cles:
        raise ImproperlyConfigured(f"La variable d’environnement {nom} est obligatoire.")
    for rang, cle in enumerate(cles, start=1):
        try:
            Fernet(cle)
        except ValueError:
            raise ImproperlyConfigured(
                f"{nom} : la clé n° {rang} n’est pas une clé Fernet (32 octets en base64)."
            ) from None
    return cles
