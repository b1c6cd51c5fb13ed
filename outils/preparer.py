#!/usr/bin/env python3
"""Check the machine, prepare what is missing, run: make demo, serve, test, fmt, bench, captures, securite.

Standard library only, since it runs before anything is installed. What is done is stamped (.venv/.installe-*,
statiques/.empreinte): a second run skips it. Whatever is wrong ends on one sentence, never on a stack trace.
"""

# budget: one file over 300 lines, because it is all there is before the installation.

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
APPS = ["portail", "demandes", "facturation", "planning", "messagerie", "familles"]
PYTHON_MINIMAL = (3, 11)

# Library looked for → Debian package that brings it.
BIBLIOTHEQUES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# Package → names of the program it brings, on Debian and elsewhere.
NAVIGATEURS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox-esr": ("firefox-esr", "firefox"),
}
EXAMINATEURS = {"wapiti": ("wapiti",)}


class Empechement(Exception):
    """What prevents us from going on, in a sentence for the person at the keyboard."""


def dire(phrase: str) -> None:
    print(phrase, flush=True)


def lancer(*commande: str | Path, echec: str, env: dict[str, str] | None = None, muet: bool = False) -> None:
    sortie = subprocess.DEVNULL if muet else None
    fini = subprocess.run([str(mot) for mot in commande], cwd=RACINE, env=env, stdout=sortie)
    if fini.returncode:
        raise Empechement(echec)


# --- The machine ---------------------------------------------------------------------------------------


def verifier_python() -> None:
    if sys.version_info < PYTHON_MINIMAL:
        voulu, ici = (".".join(map(str, version)) for version in (PYTHON_MINIMAL, sys.version_info[:2]))
        raise Empechement(
            f"Il faut Python {voulu} ou plus récent ; {sys.executable} est en version {ici}. "
            f"Si vous en avez un autre : make demo PYTHON=python{voulu}"
        )


def paquets_manquants(programmes: dict[str, tuple[str, ...]]) -> list[str]:
    manquants = []
    if (
        not PYTHON.exists()
        and subprocess.run(
            [sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL
        ).returncode
    ):
        manquants.append("python3-venv")
    for bibliotheque, paquet in BIBLIOTHEQUES.items():
        try:
            ctypes.CDLL(bibliotheque)
        except OSError:
            manquants.append(paquet)
    return manquants + [
        paquet for paquet, noms in programmes.items() if not any(shutil.which(nom) for nom in noms)
    ]


def installer_paquets(programmes: dict[str, tuple[str, ...]] | None = None) -> None:
    """System packages by apt when we may; otherwise the command to type."""
    programmes = programmes or {}
    manquants = paquets_manquants(programmes)
    if not manquants:
        return
    commande = ["apt-get", "install", "-y", "--no-install-recommends", *manquants]
    phrase = f"Il manque des paquets du système. Tapez : sudo {' '.join(commande)}  puis recommencez."
    if not shutil.which("apt-get"):
        raise Empechement(
            f"Il manque, sous leur nom Debian : {', '.join(manquants)}. Installez-les, puis recommencez."
        )
    if os.geteuid() == 0:
        prefixe = []
    elif (
        shutil.which("sudo")
        and not subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL).returncode
    ):
        prefixe = ["sudo", "-n"]
    else:
        raise Empechement(phrase)
    dire(f"Installation des paquets du système : {', '.join(manquants)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for tentative in (commande, ["apt-get", "update"], commande):
        fini = subprocess.run([*prefixe, *tentative], env=env, stdout=subprocess.DEVNULL)
        if tentative is commande and not fini.returncode:
            break
    # What counts is what is there now, whatever apt said.
    if paquets_manquants(programmes):
        raise Empechement(phrase)


def installer_python(fichier: str) -> None:
    """Virtual environment and the locked libraries, unless a stamp says that these very ones are there."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], stderr=subprocess.DEVNULL).returncode:
        # Made by a Python that has left the machine.
        shutil.rmtree(VENV)
    if not PYTHON.exists():
        dire("Création de l’environnement Python (.venv)")
        lancer(
            sys.executable, "-m", "venv", VENV, echec="L’environnement Python (.venv) n’a pas pu être créé."
        )
    version = subprocess.run([PYTHON, "--version"], capture_output=True).stdout
    contenus = {nom: (RACINE / nom).read_bytes() for nom in ("requirements.txt", "requirements-dev.txt")}
    tampons = {
        n: VENV / f".installe-{hashlib.sha256(c + version).hexdigest()[:20]}" for n, c in contenus.items()
    }
    if tampons[fichier].exists():
        return
    dire(f"Installation des bibliothèques de {fichier} (une à deux minutes la première fois)")
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r"]
    lancer(
        *pip, fichier, echec=f"Les bibliothèques de {fichier} n’ont pas pu être installées (voir ci-dessus)."
    )
    for nom, tampon in tampons.items():
        if nom == fichier or fichier == "requirements-dev.txt":
            # The development list holds the other one.
            tampon.touch()


def dossier_donnees() -> Path:
    return Path(os.environ.get("DOSSIER_DONNEES") or RACINE / "donnees").expanduser().resolve()


def environnement(**reglages: str) -> dict[str, str]:
    chemin = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": chemin, "PYTHONUNBUFFERED": "1", **reglages}


# --- make demo, make serve -----------------------------------------------------------------------------


def port_choisi() -> int:
    valeur = os.environ.get("PORT") or "8000"
    if not (valeur.isascii() and valeur.isdigit() and 0 < int(valeur) < 65536):
        raise Empechement(f"PORT vaut « {valeur} » : écrivez un nombre entre 1 et 65535.")
    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind(("127.0.0.1", int(valeur)))
        except PermissionError:
            raise Empechement(f"Le port {valeur} est réservé au système : make demo PORT=8123") from None
        except OSError:
            raise Empechement(
                f"Le port {valeur} est déjà pris par un autre programme. Essayez : make demo PORT=8123"
            ) from None
    return int(valeur)


def rassembler_statiques(env: dict[str, str]) -> None:
    sources = sorted(
        f for nom in ["static", *(f"{app}/static" for app in APPS)] for f in (RACINE / nom).rglob("*")
    )
    etats = [f"{f} {f.stat().st_mtime_ns} {f.stat().st_size}" for f in sources if f.is_file()]
    etats.append((RACINE / "requirements.txt").read_text())
    tampon = dossier_donnees() / "statiques" / ".empreinte"
    empreinte = hashlib.sha256("\n".join(etats).encode()).hexdigest()
    if tampon.exists() and tampon.read_text() == empreinte:
        return
    dire("Préparation des feuilles de style, scripts et images")
    rate = "Les fichiers statiques n’ont pas pu être rassemblés."
    lancer(PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "-v0", env=env, echec=rate)
    tampon.write_text(empreinte)


def servir(mode: str, donnees_de_demonstration: bool) -> None:
    port = port_choisi()
    installer_paquets()
    installer_python("requirements.txt")
    env = environnement(
        MODE=os.environ.get("MODE") or mode,
        DOSSIER_DONNEES=str(dossier_donnees()),
        ADRESSE_PORTAIL=os.environ.get("ADRESSE_PORTAIL") or f"http://127.0.0.1:{port}",
    )
    dire("Préparation de la base de données")
    rate = "La base de données n’a pas pu être préparée (voir ci-dessus)."
    lancer(PYTHON, "manage.py", "migrate", "--noinput", "-v0", env=env, echec=rate)
    rassembler_statiques(env)
    if donnees_de_demonstration:
        rate = "La ville de démonstration n’a pas pu être créée (voir ci-dessus)."
        lancer(PYTHON, "manage.py", "demo", "--si-vide", env=env, echec=rate)
    else:
        dire(f"Pour créer un premier compte : MODE={env['MODE']} .venv/bin/python manage.py createsuperuser")
    gunicorn = [PYTHON, "-m", "gunicorn", "portail.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    gunicorn += [
        "--worker-class",
        "sync",
        "--timeout",
        "60",
        "--graceful-timeout",
        "10",
        "--log-level",
        "warning",
    ]
    ouvrier = [PYTHON, "manage.py", "ouvrier"]
    veiller({"Le serveur": gunicorn, "L’ouvrier des tâches de fond": ouvrier}, env, port)


def veiller(commandes: dict[str, list], env: dict[str, str], port: int) -> None:
    """Run both until Ctrl-C, or until one of them stops: then the other one stops too."""

    def arreter(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, arreter)
    enfants: dict[str, subprocess.Popen] = {}
    try:
        for nom, commande in commandes.items():
            # Own session: the terminal's Ctrl-C comes to us alone, and each child is told once.
            enfants[nom] = subprocess.Popen(
                [str(mot) for mot in commande], cwd=RACINE, env=env, start_new_session=True
            )
        annoncer(port, enfants)
        while True:
            for nom, enfant in enfants.items():
                if enfant.poll() is not None:
                    raise Empechement(f"{nom} s’est arrêté (code {enfant.returncode}, voir ci-dessus).")
            time.sleep(0.3)
    except KeyboardInterrupt:
        dire("\nArrêt du portail.")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        congedier(list(enfants.values()))


def annoncer(port: int, enfants: dict[str, subprocess.Popen]) -> None:
    while all(enfant.poll() is None for enfant in enfants.values()):
        with socket.socket() as essai:
            if essai.connect_ex(("127.0.0.1", port)) == 0:
                adresse = f"http://127.0.0.1:{port}/"
                dire(f"\nLe portail est ouvert : {adresse}   (agents : {adresse}admin/)")
                dire("Ctrl-C pour l’arrêter.")
                return
        time.sleep(0.1)


def congedier(enfants: list[subprocess.Popen]) -> None:
    for enfant in enfants:
        if enfant.poll() is None:
            enfant.terminate()
    for enfant in enfants:
        try:
            enfant.wait(timeout=20)
        except subprocess.TimeoutExpired:
            enfant.kill()


# --- make test, make bench, make fmt -------------------------------------------------------------------


Etape = tuple[str, dict[str, str], list[str]]  # its name, its environment, its command


def etapes(dossier: str) -> list[Etape]:
    """What is checked without running the portal, in a few seconds: one after the other."""
    essai = {"MODE": "developpement", "DOSSIER_DONNEES": dossier}
    production = {
        "MODE": "production",
        "DOSSIER_DONNEES": dossier,
        "CLE_SECRETE": hashlib.sha256(os.urandom(32)).hexdigest(),
        "CLES_CHIFFREMENT": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "HOTES": "familles.exemple.fr",
    }
    return [
        ("ruff", {}, ["ruff", "check", "."]),
        ("mise en forme", {}, ["ruff", "format", "--check", "--quiet", "."]),
        ("gabarits", {}, ["djlint", "templates", "--lint", "--quiet"]),
        ("imports entre applications", {}, ["lint-imports", "--no-logo"]),
        ("types des modules purs", {}, ["mypy"]),
        ("bandit", {}, ["bandit", "-q", "-c", "pyproject.toml", "-r", *APPS]),
        ("migrations", essai, ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
        (
            "réglages de production",
            production,
            ["python", "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        ),
    ]


def preuves(ouvriers: int) -> list[Etape]:
    """What runs the portal, each with so many workers; the longest first, so that the lanes end together.

    What reads no database runs once, on SQLite. A journey that fails is played once more, and both are told:
    a browser on a busy machine may lose a key or a click, which a person would press again.
    """
    pytest = ["python", "-m", "pytest", "-q", *(["-n", str(ouvriers)] if ouvriers > 1 else [])]
    unites = [*pytest, "--ignore=tests/e2e"]
    parcours = [*pytest, "--reruns", "1", "tests/e2e"]
    postgresql = ["python", "-m", "tests.base_postgresql"]
    return [
        ("tests sur PostgreSQL", {"AVEC_POSTGRESQL": "oui"}, [*postgresql, *unites, "--base"]),
        ("parcours, Chromium et SQLite", {"NAVIGATEUR": "chromium"}, parcours),
        ("tests sur SQLite", {}, unites),
        (
            "parcours, Firefox ESR et PostgreSQL",
            {"NAVIGATEUR": "firefox", "AVEC_POSTGRESQL": "oui"},
            [*postgresql, *parcours],
        ),
    ]


def eprouver() -> None:
    """Two lanes of one process rather than one of two: each makes its database and its town but once, and
    no core waits at the end of each step for the last test of the other.
    """
    installer_paquets(NAVIGATEURS)
    installer_python("requirements-dev.txt")
    coeurs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    voies = min(2, coeurs)
    debut = time.monotonic()
    durees = []
    with tempfile.TemporaryDirectory(prefix="portail-verification-") as dossier:
        for nom, reglages, commande in etapes(dossier):
            dire(f"\n=== {nom}")
            depart = time.monotonic()
            lancer(*commande, env=_environnement_de(reglages), echec=f"Échec : {nom}.")
            durees.append((nom, time.monotonic() - depart))
    dire("")
    durees += Voies(voies).mener(preuves(coeurs // voies))
    dire("\nTout est bon.")
    for nom, duree in durees:
        dire(f"  {duree:7.1f} s  {nom}")
    dire(f"  {time.monotonic() - debut:7.1f} s  en tout")


def _environnement_de(reglages: dict[str, str]) -> dict[str, str]:
    env = environnement(**reglages)
    if not env.pop("AVEC_POSTGRESQL", ""):
        env.pop("DATABASE_URL", None)
    return env


class Voies:
    """Steps led side by side, told line by line under their names; the first that fails stops the others."""

    def __init__(self, nombre: int) -> None:
        self.nombre = nombre
        self.menees: list[subprocess.Popen] = []
        self.verrou, self.refus = threading.Lock(), ""  # why nothing more may start

    def mener(self, etapes: list[Etape]) -> list[tuple[str, float]]:
        """Names and durations, in the order of their ends."""
        with ThreadPoolExecutor(self.nombre) as fils:
            try:
                return [
                    menee.result() for menee in as_completed([fils.submit(self._suivre, e) for e in etapes])
                ]
            except KeyboardInterrupt:
                self._arreter("Interrompu.")
                raise

    def _suivre(self, etape: Etape) -> tuple[str, float]:
        nom, reglages, commande = etape
        depart = time.monotonic()
        with self._demarrer(commande, _environnement_de(reglages)) as processus:
            for ligne in processus.stdout:
                dire(f"{nom} │ {ligne.rstrip()}")
        if processus.returncode:
            self._arreter(f"Échec : {nom}.")
            raise Empechement(self.refus)
        return nom, time.monotonic() - depart

    def _demarrer(self, commande: list[str], env: dict[str, str]) -> subprocess.Popen:
        with self.verrou:
            if self.refus:
                raise Empechement(self.refus)
            # Own session: it is stopped with all that it has started.
            processus = subprocess.Popen(
                commande,
                cwd=RACINE,
                env=env,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
            self.menees.append(processus)
        return processus

    def _arreter(self, refus: str) -> None:
        with self.verrou:
            self.refus = self.refus or refus
            for processus in self.menees:
                if processus.poll() is None:
                    # As Ctrl-C in a terminal of its own: browsers and servers are closed.
                    os.killpg(processus.pid, signal.SIGINT)


def mettre_en_forme() -> None:
    installer_python("requirements-dev.txt")
    env = environnement()
    lancer("ruff", "check", "--fix", "--quiet", ".", env=env, echec="ruff demande des corrections à la main.")
    lancer("ruff", "format", ".", env=env, echec="ruff n’a pas pu mettre le code en forme.")


def mesurer() -> None:
    installer_paquets()
    installer_python("requirements-dev.txt")
    commande = ["python", "-m", "tests.base_postgresql", "python", "-m", "tests.bench"]
    lancer(*commande, env=environnement(), echec="La mesure n’a pas abouti (voir ci-dessus).")


def capturer() -> None:
    """The pictures of the help, taken anew by the journey that compares them in make test."""
    installer_paquets(NAVIGATEURS)
    installer_python("requirements-dev.txt")
    env = environnement(CAPTURES="oui", NAVIGATEUR="chromium")
    env.pop("DATABASE_URL", None)
    commande = ["python", "-m", "pytest", "-q", "tests/e2e/test_captures.py"]
    lancer(*commande, env=env, echec="Les captures n’ont pas abouti (voir ci-dessus).")


def securiser() -> None:
    """What an attacker would try first. The last step, wapiti, takes about ten minutes."""
    installer_paquets(EXAMINATEURS)
    installer_python("requirements-dev.txt")
    with tempfile.TemporaryDirectory(prefix="portail-securite-") as dossier:
        utiles = [e for e in etapes(dossier) if e[0] in ("bandit", "réglages de production")]
        en_tetes = "tests/test_acces.py tests/portail/test_meme_travail.py tests/portail/test_cadre.py"
        utiles.append(
            ("en-têtes, accès, même travail", {}, ["python", "-m", "pytest", "-q", *en_tetes.split()])
        )
        utiles.append(("wapiti", {}, ["python", "-m", "tests.securite"]))
        for nom, reglages, commande in utiles:
            dire(f"\n=== {nom}")
            lancer(*commande, env=environnement(**reglages), echec=f"Échec : {nom}.")
    dire("\nRien à réparer.")


COMMANDES = {
    "demo": lambda: servir("demonstration", donnees_de_demonstration=True),
    "serve": lambda: servir("developpement", donnees_de_demonstration=False),
    "test": eprouver,
    "fmt": mettre_en_forme,
    "bench": mesurer,
    "captures": capturer,
    "securite": securiser,
}


def main() -> int:
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("commande", choices=COMMANDES)
    commande = lecteur.parse_args().commande
    try:
        verifier_python()
        COMMANDES[commande]()
    except Empechement as phrase:
        print(f"\n{phrase}", file=sys.stderr)
        return 1
    except OSError as erreur:
        print(f"\nLe système refuse : {erreur}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        dire("\nInterrompu.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
