"""What gunicorn answers by itself, before Django: the real server, in French."""

import os
import socket
import subprocess
import sys
import time

import pytest

from tests.sources import RACINE


@pytest.fixture(scope="module")
def serveur(tmp_path_factory):
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    env = {**os.environ, "MODE": "developpement", "DOSSIER_DONNEES": str(tmp_path_factory.mktemp("serveur"))}
    env.pop("DATABASE_URL", None)
    commande = [sys.executable, "-m", "gunicorn", "portail.wsgi", "--bind", f"127.0.0.1:{port}"]
    processus = subprocess.Popen(commande, cwd=RACINE, env=env, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as essai:
                if essai.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        processus.terminate()
        processus.wait(timeout=30)


def demander(port: int, brut: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as prise:
        prise.sendall(brut.encode())
        morceaux = []
        while morceau := prise.recv(65536):
            morceaux.append(morceau)
    return b"".join(morceaux).decode()


@pytest.mark.parametrize(
    ("brut", "statut", "titre"),
    [
        (f"GET /{'a' * 9000} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414, "Adresse trop longue"),
        ("GET / HTTP/1.1\r\nen-tête sans deux-points\r\n\r\n", 400, "Demande incompréhensible"),
        (
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {'a' * 9000}\r\n\r\n",
            431,
            "Demande trop longue",
        ),
    ],
)
def test_le_serveur_refuse_en_francais(serveur, brut, statut, titre):
    reponse = demander(serveur, brut)
    assert reponse.startswith(f"HTTP/1.1 {statut} ")
    assert f"<h1>{titre}</h1>" in reponse
    assert "Rien n’a été enregistré." in reponse


def test_une_adresse_longue_mais_lisible_arrive_au_portail(serveur):
    reponse = demander(
        serveur, f"GET /{'a' * 6000}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    )
    assert "HTTP/1.1 414" not in reponse
