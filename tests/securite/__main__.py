"""`make securite`: wapiti against a running demonstration, as a parent and as the staff, on loopback only.

Bounded in time (a few minutes for each account). Whatever it finds fails, save what `FAUX` names with its
reason. bandit, `check --deploy` and the headers are checked before, by outils/preparer.py.
"""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
MOT_DE_PASSE = "portail-demo-31"
COMPTES = {"jean.dupont": "/", "admin": "/admin/"}
MODULES = "csp,http_headers,cookieflags,csrf,exec,file,sql,xss,permanentxss,redirect,crlf,methods,backup"
# What would end the scan itself: its own session, its own password.
EXCLUS = (
    "/deconnexion/",
    "/appareils/",
    "/mot-de-passe/*",
    "/admin/logout/",
    "/admin/*/delete/",
    "/admin/*/password/",
)
PARCOURS_S, ATTAQUE_S = 60, 20
# What wapiti says and is not true of the portal, and why.
FAUX = {
    "X-XSS-Protection is not set": "obsolète, retiré des navigateurs ; la politique de contenu le remplace",
    "Strict-Transport-Security is not set": "la démonstration est en http ; en production : check --deploy",
    "Secure flag is not set in the cookie : csrftoken": "même raison",
    "Secure flag is not set in the cookie : sessionid": "même raison",
}


def port_libre() -> int:
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        return essai.getsockname()[1]


def ouvrir(dossier: str) -> tuple[subprocess.Popen, str]:
    """The demonstration as `make demo` serves it, on a port and data of its own."""
    port = port_libre()
    env = {**os.environ, "PORT": str(port), "DOSSIER_DONNEES": f"{dossier}/donnees"}
    env["NIVEAU_JOURNAL"] = "ERROR"  # refusals are what the scan is for
    env.pop("MODE", None)
    serveur = subprocess.Popen(
        [sys.executable, "outils/preparer.py", "demo"], cwd=RACINE, env=env, stdout=subprocess.DEVNULL
    )
    adresse = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{adresse}/etat/")
            return serveur, adresse
        except (urllib.error.URLError, ConnectionError):
            if serveur.poll() is not None:
                sys.exit("La démonstration ne s’est pas ouverte.")
            time.sleep(1)
    serveur.send_signal(signal.SIGTERM)
    sys.exit("La démonstration tarde trop à s’ouvrir.")


def se_connecter(adresse: str, identifiant: str, fichier: Path) -> None:
    """The cookies of a login, in the form that wapiti reads."""
    pot = http.cookiejar.CookieJar()
    navigateur = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(pot))
    page = navigateur.open(f"{adresse}/connexion/").read().decode()
    jeton = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
    champs = {"username": identifiant, "password": MOT_DE_PASSE, "csrfmiddlewaretoken": jeton}
    navigateur.open(f"{adresse}/connexion/", urllib.parse.urlencode(champs).encode())
    cookies = {c.name: c.value for c in pot}
    if "sessionid" not in cookies:
        sys.exit(f"{identifiant} n’a pas pu se connecter.")
    communs = {"expires": None, "secure": False, "version": 0, "port": None}
    contenu = {"127.0.0.1": {"/": {nom: {**communs, "value": valeur} for nom, valeur in cookies.items()}}}
    fichier.write_text(json.dumps(contenu))


def encore_connecte(adresse: str, depart: str, cookies: Path) -> bool:
    """A scan that lost its session would find nothing."""
    lus = json.loads(cookies.read_text())["127.0.0.1"]["/"]
    en_tete = "; ".join(f"{nom}={cookie['value']}" for nom, cookie in lus.items())
    page = urllib.request.urlopen(urllib.request.Request(adresse + depart, headers={"Cookie": en_tete}))
    return urllib.parse.urlsplit(page.url).path == depart


def attaquer(adresse: str, depart: str, cookies: Path, dossier: str) -> dict:
    rapport = Path(dossier, "rapport.json")
    options = ["-u", f"{adresse}{depart}", "-c", str(cookies), "--scope", "folder", "-m", MODULES]
    options += [mot for exclu in EXCLUS for mot in ("-x", adresse + exclu)]
    options += ["-d", "4", "--max-links-per-page", "40", "--max-scan-time", str(PARCOURS_S)]
    options += ["--max-attack-time", str(ATTAQUE_S), "--flush-session", "--no-bugreport", "-v", "0"]
    options += ["--store-session", f"{dossier}/session", "-f", "json", "-o", str(rapport)]
    lanceur = str(Path(__file__).with_name("wapiti_debian.py"))
    subprocess.run(
        ["/usr/bin/python3", lanceur, *options], check=True, stdout=subprocess.DEVNULL, timeout=1_200
    )
    return json.loads(rapport.read_text())


def trier(rapport: dict) -> tuple[list[str], set[str]]:
    """What must be mended, and the false positives that were met."""
    trouves, faux = [], set()
    for genre in ("vulnerabilities", "anomalies"):
        for nom, lignes in rapport[genre].items():
            for ligne in lignes:
                if ligne["info"] in FAUX:
                    faux.add(ligne["info"])
                else:
                    parametre = f" ({ligne['parameter']})" if ligne.get("parameter") else ""
                    trouves.append(f"{nom} : {ligne['method']} {ligne['path']}{parametre} : {ligne['info']}")
    return trouves, faux


def main() -> None:
    a_reparer = []
    with tempfile.TemporaryDirectory(prefix="portail-securite-") as dossier:
        serveur, adresse = ouvrir(dossier)
        try:
            for identifiant, depart in COMPTES.items():
                cookies = Path(dossier, "cookies.json")
                se_connecter(adresse, identifiant, cookies)
                trouves, faux = trier(attaquer(adresse, depart, cookies, dossier))
                if not encore_connecte(adresse, depart, cookies):
                    a_reparer.append(f"{identifiant} a été déconnecté : l’examen n’a pas tout vu")
                print(f"wapiti, {identifiant} : {len(trouves)} alertes, {len(faux)} fausses connues")
                for info in sorted(faux):
                    print(f"  fausse alerte : {info} ({FAUX[info]})")
                a_reparer += trouves
        finally:
            serveur.send_signal(signal.SIGTERM)
            serveur.wait(timeout=30)
    for alerte in a_reparer:
        print(f"  à réparer : {alerte}", file=sys.stderr)
    sys.exit(1 if a_reparer else 0)


if __name__ == "__main__":
    main()
