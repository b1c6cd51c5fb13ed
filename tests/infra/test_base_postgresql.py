"""The throw-away server: there while the command runs, gone after it; yours is used when you give one."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.base_postgresql import OPTIONS, postgresql

RACINE = Path(__file__).resolve().parents[2]


def executer(programme: str, **env) -> subprocess.CompletedProcess:
    commande = [sys.executable, "-m", "tests.base_postgresql", sys.executable, "-c", programme]
    propre = {nom: valeur for nom, valeur in os.environ.items() if nom != "DATABASE_URL"}
    return subprocess.run(commande, cwd=RACINE, env={**propre, **env}, capture_output=True, text=True)


def test_le_serveur_repond_sans_rien_installer_puis_disparait(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with postgresql() as adresse, psycopg.connect(adresse) as connexion:
        for nom, valeur in OPTIONS.items():
            assert connexion.execute(f"SHOW {nom}").fetchone() == (valeur,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(adresse, connect_timeout=2)


def test_un_serveur_donne_est_employe_tel_quel(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://moi@chez-moi/essai")
    with postgresql() as adresse:
        assert adresse == "postgres://moi@chez-moi/essai"


@pytest.mark.parametrize("code", [0, 3])
def test_le_code_de_la_commande_est_rendu(code):
    fini = executer(f"raise SystemExit({code})", DATABASE_URL="postgres://moi@chez-moi/essai")
    assert fini.returncode == code


def test_la_commande_recoit_l_adresse():
    fini = executer("import os; print(os.environ['DATABASE_URL'])")
    assert fini.stdout.startswith("postgresql://")
