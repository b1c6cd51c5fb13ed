"""`make test`: both databases, both browsers, side by side; the first failure is told and stops the rest."""

import signal
import sys

import pytest

from tests.infra.test_preparer import preparer

__all__ = ["preparer"]


@pytest.mark.parametrize("ouvriers, options", [(1, []), (3, ["-n", "3"])])
def test_la_preuve_n_oublie_ni_une_base_ni_un_navigateur(preparer, ouvriers, options):
    pytest_, avec = ["python", "-m", "pytest", "-q", *options], {"AVEC_POSTGRESQL": "oui"}
    postgresql = ["python", "-m", "tests.base_postgresql"]
    parcours = [*pytest_, "--reruns", "1", "tests/e2e"]
    preuves = {nom: (reglages, commande) for nom, reglages, commande in preparer.preuves(ouvriers)}
    assert preuves == {
        "tests sur SQLite": ({}, [*pytest_, "--ignore=tests/e2e"]),
        "tests sur PostgreSQL": (avec, [*postgresql, *pytest_, "--ignore=tests/e2e", "--base"]),
        "parcours, Chromium et SQLite": ({"NAVIGATEUR": "chromium"}, parcours),
        "parcours, Firefox ESR et PostgreSQL": (
            {"NAVIGATEUR": "firefox", **avec},
            [*postgresql, *parcours],
        ),
    }


def etape(nom: str, programme: str):
    return nom, {}, [sys.executable, "-c", programme]


def test_les_etapes_menees_de_front_se_lisent_sous_leur_nom(preparer, capsys):
    etapes = [etape(nom, f"print('bonjour de {nom}')") for nom in ("Une", "Deux", "Trois")]
    durees = preparer.Voies(2).mener(etapes)
    assert {nom for nom, _ in durees} == {"Une", "Deux", "Trois"}
    assert "Trois │ bonjour de Trois\n" in capsys.readouterr().out


def test_une_etape_qui_echoue_arrete_les_autres_et_rien_ne_commence_plus(preparer, tmp_path):
    pret, jamais = tmp_path / "pret", tmp_path / "jamais"
    longue = etape("Longue", f"import time; open({str(pret)!r}, 'w'); time.sleep(300)")
    attente = (
        f"import os, time\nwhile not os.path.exists({str(pret)!r}): time.sleep(0.05)\nraise SystemExit(3)"
    )
    voies = preparer.Voies(2)
    with pytest.raises(preparer.Empechement, match="Échec : Ratée"):
        voies.mener([longue, etape("Ratée", attente), etape("Après", f"open({str(jamais)!r}, 'w')")])
    assert [processus.returncode for processus in voies.menees] == [-signal.SIGINT, 3]
    assert not jamais.exists()
