"""`make bench`: how long the parents' pages take, on PostgreSQL, in process, on a town of 300 families.

    python -m tests.base_postgresql python -m tests.bench

Writes bench.json. The town stands in a database of its own (test_…), made and thrown away here.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import django

RACINE = Path(__file__).resolve().parents[2]
JOUR = "2026-11-24"
MESURES, ECHAUFFEMENT = 60, 5


@dataclass
class Mesure:
    """One page: what it cost each time it was asked for."""

    nom: str
    durees_ms: list[float]
    requetes_sql: int
    octets: int

    def resume(self) -> dict[str, float | int]:
        rangees = sorted(self.durees_ms)
        return {
            "mediane_ms": round(statistics.median(rangees), 1),
            "p95_ms": round(rangees[min(len(rangees) - 1, int(len(rangees) * 0.95))], 1),
            "requetes_sql": self.requetes_sql,
            "octets": self.octets,
        }


def mesurer(nom: str, gestes: Iterable[Callable], nombre: int = MESURES) -> Mesure:
    """Time each gesture (a call that returns a response); the last one has its queries counted, untimed."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    gestes = list(gestes)
    if not gestes:
        sys.exit(f"Rien à mesurer pour {nom} : la ville de démonstration n’en a pas.")
    for rang in range(min(ECHAUFFEMENT, len(gestes) - 1)):
        gestes[rang]()
    utiles = gestes[ECHAUFFEMENT:] or gestes
    durees = []
    for rang in range(min(nombre, len(utiles) - 1) or 1):
        depart = time.perf_counter()
        _octets(utiles[rang]())
        durees.append((time.perf_counter() - depart) * 1000)
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        octets = _octets(utiles[-1]())
    return Mesure(nom, durees, len(requetes), octets)


def _octets(reponse) -> int:
    if reponse.status_code not in (200, 302):
        sys.exit(f"{reponse.request['PATH_INFO']} répond {reponse.status_code}.")
    return len(b"".join(reponse.streaming_content)) if reponse.streaming else len(reponse.content)


def preparer(familles: int) -> None:
    """A database of its own, static files, the town."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor != "postgresql":
        sys.exit("La mesure se fait sur PostgreSQL : python -m tests.base_postgresql python -m tests.bench")
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("collectstatic", interactive=False, verbosity=0)
    depart = time.monotonic()
    call_command("demo", "--le", JOUR, "--familles", str(familles), verbosity=0)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    print(f"Ville de {familles} familles créée en {time.monotonic() - depart:.0f} s")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--familles", type=int, default=300)
    arguments.add_argument("--sortie", type=Path, default=RACINE / "bench.json")
    choix = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="portail-mesure-") as dossier:
        os.environ.update(
            MODE="demonstration",
            DOSSIER_DONNEES=dossier,
            HORLOGE_FIGEE=f"{JOUR}T10:00:00+01:00",
            DJANGO_SETTINGS_MODULE="portail.settings",
        )
        django.setup()
        from django.db import connection

        from tests.bench.pages import PAGES

        base = connection.settings_dict["NAME"]
        preparer(choix.familles)
        try:
            resumes = {nom: mesurer(nom, page()).resume() for nom, page in PAGES.items()}
        finally:
            connection.creation.destroy_test_db(base, verbosity=0)
    choix.sortie.write_text(json.dumps(resumes, indent=2) + "\n")
    imprimer(resumes)


def imprimer(resumes: dict[str, dict]) -> None:
    print(f"\n{'page':<22}{'médiane':>10}{'p95':>10}{'SQL':>6}{'octets':>10}")
    for nom, r in resumes.items():
        print(f"{nom:<22}{r['mediane_ms']:>7} ms{r['p95_ms']:>7} ms{r['requetes_sql']:>6}{r['octets']:>10}")


if __name__ == "__main__":
    main()
