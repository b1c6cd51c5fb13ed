"""A minute of mixed load: parents who log in, look, book and write, against gunicorn as `make demo` runs it.

Bounded (`PARENTS` at a time, `DUREE_S` seconds), on loopback only, without a pause between two pages: the
rate is what this machine can do, its clients included. An answer that is not the one expected is an error; an
error, or memory that grows, stops the measure.
"""

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from tests.bench.pages import MOT_DE_PASSE

RACINE = Path(__file__).resolve().parents[2]
PARENTS, DUREE_S = 8, 60
# The workers have loaded what they need after so many seconds; what grows by more later is a leak.
CHAUFFE_S, CROISSANCE_ADMISE = 15, 0.10
MOIS = [f"2027-{mois:02}" for mois in range(1, 7)]
JETON = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
JETON_MESSAGE = re.compile(r'name="jeton" value="([^"]+)"')
# What a page says when it refuses.
ALERTE = re.compile(r'role="alert"[^>]*>(.*?)</(?:div|ul|p)>', re.DOTALL)
LIBRE = re.compile(r'class="libre"[^>]*><input type=checkbox name=cases value=(\d+:[\d-]+)')


@dataclass
class Releve:
    """What the parents met, together."""

    durees_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    erreurs: list[str] = field(default_factory=list)
    memoire_mo: list[float] = field(default_factory=list)
    duree_s: float = 0.0
    # Workers that were replaced: one that died would look like memory given back.
    ouvriers: set[int] = field(default_factory=set)

    def lignes(self) -> dict[str, dict]:
        """Rows of the table."""
        tries = {nom: sorted(durees) for nom, durees in self.durees_ms.items()}
        lignes = {
            f"charge_{nom}": {
                "mediane_ms": round(durees[len(durees) // 2], 1),
                "p95_ms": round(durees[min(len(durees) - 1, int(len(durees) * 0.95))], 1),
                "pages": len(durees),
            }
            for nom, durees in tries.items()
        }
        debut, fin = self.memoire()
        lignes["charge_totale"] = {
            "pages_par_s": round(sum(map(len, tries.values())) / self.duree_s, 1),
            "erreurs": len(self.erreurs),
            "parents": PARENTS,
            "duree_s": round(self.duree_s),
            "memoire_debut_mo": round(debut),
            "memoire_fin_mo": round(fin),
        }
        return lignes

    def memoire(self) -> tuple[float, float]:
        """Of all the workers: once warm, and at the end; the means of a few seconds."""
        chauds = self.memoire_mo[CHAUFFE_S:] or self.memoire_mo
        n = max(1, min(5, len(chauds) // 2))
        return sum(chauds[:n]) / n, sum(chauds[-n:]) / n

    def refus(self) -> str:
        """Why the measure does not count; empty: it does."""
        debut, fin = self.memoire()
        if self.erreurs:
            return f"{len(self.erreurs)} erreurs sous la charge : {self.erreurs[:3]}"
        if fin > debut * (1 + CROISSANCE_ADMISE):
            return f"la mémoire du serveur croît sous la charge : {debut:.0f} Mo, puis {fin:.0f} Mo"
        if len(self.ouvriers) > 2:
            return "un processus du serveur a été remplacé sous la charge"
        return ""


class SansRedirection(urllib.request.HTTPRedirectHandler):
    """One page, one duration."""

    def redirect_request(self, *_):
        return None


class Parent:
    """A browser with its cookies, at one of its family's children."""

    def __init__(self, adresse: str, identifiant: str, enfant: int, releve: Releve):
        self.adresse, self.identifiant, self.enfant, self.releve = adresse, identifiant, enfant, releve
        self.demandes: set[str] = set()
        self._vider()

    def _vider(self) -> None:
        pot = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.navigateur = urllib.request.build_opener(SansRedirection, pot)

    def demander(self, nom: str, chemin: str, champs: dict | None = None, attendu: int = 200) -> str:
        donnees = urllib.parse.urlencode(champs).encode() if champs is not None else None
        depart = time.perf_counter()
        try:
            with self.navigateur.open(self.adresse + chemin, donnees, timeout=30) as reponse:
                statut, corps = reponse.status, reponse.read().decode()
        except urllib.error.HTTPError as erreur:
            statut, corps = erreur.code, erreur.read().decode(errors="replace")
        self.releve.durees_ms[nom].append((time.perf_counter() - depart) * 1000)
        if statut != attendu:
            dit = re.sub(r"<[^>]+>|\s+", " ", " ".join(ALERTE.findall(corps))).strip()
            self.releve.erreurs.append(f"{nom} {chemin} : {statut} au lieu de {attendu}. {dit[:200]}")
            raise InterruptedError
        return corps

    def visite(self) -> None:
        """From login to logout: six pages read for two things written."""
        self._vider()
        jeton = JETON.search(self.demander("page_de_connexion", "/connexion/"))[1]
        identite = {"username": self.identifiant, "password": MOT_DE_PASSE, "csrfmiddlewaretoken": jeton}
        self.demander("connexion", "/connexion/", identite, 302)
        self.demander("accueil", "/")
        mois = MOIS[len(self.demandes) // 8 % len(MOIS)]
        planning = self.demander("planning", f"/enfants/{self.enfant}/planning/?mois={mois}")
        jeton = JETON.search(planning)[1]
        libres = [case for case in LIBRE.findall(planning) if case not in self.demandes]
        if libres:
            self.demandes.add(libres[0])
            saisie = {"cases": libres[0], "mois": mois, "csrfmiddlewaretoken": jeton}
            self.demander("reserver", f"/demandes/reserver/{self.enfant}/", saisie, 302)
        self.demander("demandes", "/demandes/")
        self.demander("releve", "/releve/")
        self.demander("messages", "/messages/")
        page = self.demander("nouveau_message", "/messages/nouveau/")
        message = {
            "sujet": "Sortie",
            "corps": "Bonjour,\nsa grand-mère viendra ce soir.",
            "jeton": JETON_MESSAGE.search(page)[1],
            "csrfmiddlewaretoken": JETON.search(page)[1],
        }
        self.demander("ecrire", "/messages/nouveau/", message, 302)

    def vivre(self, fin: float) -> None:
        while time.monotonic() < fin:
            try:
                self.visite()
            except InterruptedError:
                continue  # counted already
            except Exception as erreur:
                self.releve.erreurs.append(f"{type(erreur).__name__} : {erreur}")


@contextmanager
def serveur() -> Iterator[tuple[str, subprocess.Popen]]:
    """gunicorn on the database of the measure, on a free port of this machine."""
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        port = essai.getsockname()[1]
    reglages = connection.settings_dict
    adresse = urllib.parse.urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{reglages['NAME']}")
    env = {**os.environ, "DATABASE_URL": urllib.parse.urlunsplit(adresse), "NIVEAU_JOURNAL": "ERROR"}
    commande = [sys.executable, "-m", "gunicorn", "portail.wsgi", "--bind", f"127.0.0.1:{port}"]
    processus = subprocess.Popen([*commande, "--workers", "2", "--log-level", "warning"], cwd=RACINE, env=env)
    try:
        for _ in range(100):
            with socket.socket() as essai:
                if essai.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            sys.exit("Le serveur de la mesure ne s’est pas ouvert.")
        yield f"http://127.0.0.1:{port}", processus
    finally:
        processus.terminate()
        processus.wait(timeout=20)


def _ouvriers(processus: subprocess.Popen) -> list[int]:
    enfants = Path(f"/proc/{processus.pid}/task/{processus.pid}/children").read_text()
    return [int(pid) for pid in enfants.split()]


def _memoire_mo(pid: int) -> float:
    statut = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", statut)[1]) / 1024


def parents(nombre: int) -> list[tuple[str, int]]:
    """Login and a child of titulaires who book, each with the password of the measure."""
    from django.contrib.auth import get_user_model

    from familles.models import Rattachement, Responsable
    from planning.models import Reservation

    familles = Reservation.objects.values_list("inscription__famille", flat=True).distinct()
    enfants = dict(
        Reservation.objects.order_by("-pk").values_list("inscription__famille", "enfant").distinct()
    )
    tenus = set(Rattachement.objects.values_list("famille", "enfant"))
    choisis = []
    for responsable in Responsable.objects.filter(rang=1, famille__in=familles).order_by("pk"):
        enfant = enfants[responsable.famille_id]
        # A child of two families would be booked by both at once: that refusal is right.
        if (responsable.famille_id, enfant) not in tenus or enfant in {autre for _, autre in choisis}:
            continue
        compte = responsable.utilisateur or get_user_model()(username=f"charge-{responsable.pk}")
        compte.set_password(MOT_DE_PASSE)
        compte.save()
        responsable.utilisateur = compte
        responsable.save()
        choisis.append((compte.username, enfant))
        if len(choisis) == nombre:
            return choisis
    sys.exit(f"La charge demande {nombre} familles qui réservent.")


def mesurer(duree_s: int = DUREE_S) -> Releve:
    releve = Releve()
    with serveur() as (adresse, processus):
        acteurs = [Parent(adresse, nom, enfant, releve) for nom, enfant in parents(PARENTS)]
        debut = time.monotonic()
        fils = [threading.Thread(target=acteur.vivre, args=(debut + duree_s,)) for acteur in acteurs]
        for fil in fils:
            fil.start()
        while any(fil.is_alive() for fil in fils):
            time.sleep(1)
            pids = _ouvriers(processus)
            releve.ouvriers.update(pids)
            releve.memoire_mo.append(sum(map(_memoire_mo, pids)))
        releve.duree_s = time.monotonic() - debut
    return releve
