"""The whole settings file, read by a process of its own in each environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

RACINE = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "MODE": "production",
    "CLE_SECRETE": "une clé secrète bien assez longue pour signer des sessions",
    "CLES_CHIFFREMENT": Fernet.generate_key().decode(),
    "HOTES": "familles.exemple.fr",
}
NOMS = [
    "DEBUG",
    "MODE",
    "ALLOWED_HOSTS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "EMAIL_BACKEND",
    "EMAIL_PORT",
    "EMAIL_USE_TLS",
    "SECRET_KEY",
]
LIRE = f"""
import json
from portail import settings
print(json.dumps({{nom: getattr(settings, nom) for nom in {NOMS}}}))
"""


def executer(tmp_path, *commande, **env):
    hors_sujet = {"DATABASE_URL", "MODE", "HORLOGE_FIGEE", "DOSSIER_DONNEES", "DJANGO_SETTINGS_MODULE"}
    base = {nom: valeur for nom, valeur in os.environ.items() if nom not in hors_sujet}
    return subprocess.run(
        [sys.executable, *commande],
        cwd=RACINE,
        env={**base, "DOSSIER_DONNEES": str(tmp_path), **env},
        capture_output=True,
        text=True,
    )


def lire(tmp_path, **env) -> dict:
    fini = executer(tmp_path, "-c", LIRE, **env)
    assert fini.returncode == 0, fini.stderr
    return json.loads(fini.stdout)


def test_la_production_est_sure_sans_rien_demander(tmp_path):
    lu = lire(tmp_path, **PRODUCTION)
    assert lu["DEBUG"] is False
    assert lu["SESSION_COOKIE_SECURE"] is lu["CSRF_COOKIE_SECURE"] is lu["SECURE_SSL_REDIRECT"] is True
    assert lu["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert lu["ALLOWED_HOSTS"] == ["familles.exemple.fr"]
    assert not (tmp_path / "secrets.json").exists()


def test_la_demonstration_marche_en_http_sans_rien_demander(tmp_path):
    lu = lire(tmp_path, MODE="demonstration")
    assert lu["DEBUG"] is False
    assert lu["SESSION_COOKIE_SECURE"] is lu["SECURE_SSL_REDIRECT"] is False
    assert lu["SECURE_HSTS_SECONDS"] == 0
    assert "console" in lu["EMAIL_BACKEND"]
    assert lire(tmp_path, MODE="demonstration")["SECRET_KEY"] == lu["SECRET_KEY"]


def test_le_courriel_suit_la_securite_choisie(tmp_path):
    lu = lire(tmp_path, **PRODUCTION, COURRIEL_HOTE="smtp.exemple.fr", COURRIEL_SECURITE="starttls")
    assert (lu["EMAIL_PORT"], lu["EMAIL_USE_TLS"]) == (587, True)
    assert "smtp" in lu["EMAIL_BACKEND"]


@pytest.mark.parametrize(
    "env, phrase",
    [
        ({}, "CLE_SECRETE est obligatoire"),
        ({**PRODUCTION, "CLE_SECRETE": ""}, "CLE_SECRETE est obligatoire"),
        ({**PRODUCTION, "CLES_CHIFFREMENT": "x"}, "clé n° 1"),
        ({**PRODUCTION, "HOTES": ""}, "HOTES est obligatoire"),
        ({**PRODUCTION, "HORLOGE_FIGEE": "2026-11-24"}, "interdit en production"),
        ({"MODE": "prod"}, "MODE vaut « prod »"),
        ({"MODE": "demonstration", "DEBUG": "peut-être"}, "DEBUG vaut « peut-être »"),
        ({"MODE": "demonstration", "DATABASE_URL": "oracle://x/y"}, "seul PostgreSQL"),
        ({"MODE": "demonstration", "COURRIEL_PORT": "smtp"}, "COURRIEL_PORT vaut « smtp »"),
        ({"MODE": "demonstration", "RELAIS_DE_CONFIANCE": "oui"}, "RELAIS_DE_CONFIANCE vaut « oui »"),
    ],
)
def test_un_environnement_insense_donne_une_phrase_et_pas_une_trace(env, phrase, tmp_path):
    fini = executer(tmp_path, "manage.py", "check", **{"HOTES": "a.fr", **env})
    assert fini.returncode == 1
    assert phrase in fini.stderr
    assert "Traceback" not in fini.stderr


def test_une_base_qui_ne_repond_pas_donne_une_phrase_et_pas_une_trace(tmp_path):
    adresse = f"postgres://u:secret@/b?host={tmp_path}"
    fini = executer(tmp_path, "manage.py", "migrate", MODE="demonstration", DATABASE_URL=adresse)
    assert fini.returncode == 1
    assert "La base de données ne répond pas" in fini.stderr
    assert "Traceback" not in fini.stderr
    assert "secret" not in fini.stderr
