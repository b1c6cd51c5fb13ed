"""`make bench`: the time of parents' pages and of a month's billing, on PostgreSQL, with 300 families.

    make bench FAMILLES=50000
    python -m tests.base_postgresql python -m tests.bench --sans-facturation

Writes bench.json. A page: milliseconds in process, queries, bytes. The rows `charge_…`: a minute of parents
at work against gunicorn (charge.py), milliseconds as they wait for them. The rows `…_par_facture`:
milliseconds and bytes of one invoice, queries of a hundred; `pdf_par_facture`: two processes render, an
invoice leaves every so often; `pdf_un_rendu`: what each rendering took. Beside, the processor's time of the
process alone (`cpu_ms`, without the database's); then the memory of the hungriest of the processes that did
it. The town stands in a database of its own (test_…), made and thrown away here.
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
from datetime import date
from pathlib import Path

import django

RACINE = Path(__file__).resolve().parents[2]
JOUR = "2026-11-24"
MESURES, ECHAUFFEMENT = 60, 5
# Beyond, families alike are added in bulk: the demonstration town takes its time.
VILLE = 300
LOT = 1000
PREMIER = 5001001000000


@dataclass
class Mesure:
    """One page: what it cost each time it was asked for."""

    nom: str
    durees_ms: list[float]
    requetes_sql: int
    octets: int

    def resume(self, decimales: int = 1) -> dict[str, float | int]:
        rangees = sorted(self.durees_ms)
        return {
            "mediane_ms": round(statistics.median(rangees), decimales),
            "p95_ms": round(rangees[min(len(rangees) - 1, int(len(rangees) * 0.95))], decimales),
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
    call_command("demo", "--le", JOUR, "--familles", str(min(familles, VILLE)), verbosity=0)
    if familles > VILLE:
        agrandir(familles - VILLE)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    print(f"Ville de {familles} familles créée en {time.monotonic() - depart:.0f} s")


def agrandir(nombre: int) -> None:
    """So many more families, whose two children eat every school day of the month that is measured."""
    from familles.models import Prestation
    from tests.bench import remplissage
    from tests.fabriques.ville import inscrire, peupler

    repas = Prestation.objects.filter(nom="Repas").first()
    jours = [date(2026, 11, n) for n in range(1, 31) if date(2026, 11, n).isoweekday() in (1, 2, 4, 5)]
    for debut in range(0, nombre, LOT):
        familles = peupler(min(LOT, nombre - debut), enfants=2, premier=PREMIER + debut)
        inscrire(familles, repas, jours[0])
    remplissage.servir(repas, jours, numero=str(PREMIER))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--familles", type=int, default=int(os.environ.get("FAMILLES") or VILLE))
    arguments.add_argument("--sans-pages", action="store_true", help="Ne mesurer que la facturation.")
    arguments.add_argument("--sans-facturation", action="store_true", help="Ne mesurer que les pages.")
    arguments.add_argument("--sans-charge", action="store_true", help="Ne pas mesurer la charge.")
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

        from portail import memoire
        from tests.bench import charge, facturation
        from tests.bench.pages import PAGES

        base = connection.settings_dict["NAME"]
        preparer(choix.familles)
        memoire.accorder()
        try:
            resumes: dict[str, dict] = {}
            if not choix.sans_pages:
                resumes |= {nom: mesurer(nom, page()).resume() for nom, page in PAGES.items()}
            if not choix.sans_charge:
                resumes |= supporter(charge.mesurer())
            if not choix.sans_facturation:
                resumes |= resumer(facturation.mesurer())
        finally:
            connection.creation.destroy_test_db(base, verbosity=0)
    choix.sortie.write_text(json.dumps(resumes, indent=2) + "\n")
    imprimer(resumes)


def resumer(travaux: dict) -> dict[str, dict]:
    """Rows of the billing, per invoice but for the queries (per hundred); the peak of the hungriest."""
    lignes = {
        nom: Mesure(nom, t.durees_ms, t.requetes_sql, t.octets).resume(decimales=2)
        | {"cpu_ms": round(statistics.median(t.processeur_ms), 2)}
        for nom, t in travaux.items()
    }
    return lignes | {"pic_memoire_mo": {"mo": round(max(t.memoire_mo for t in travaux.values()))}}


def supporter(releve) -> dict[str, dict]:
    """Rows of the load; an error or a leak stops the measure, with what it saw."""
    lignes = releve.lignes()
    if refus := releve.refus():
        imprimer(lignes)
        sys.exit(f"La charge n’a pas été tenue : {refus}.")
    return lignes


def imprimer(resumes: dict[str, dict]) -> None:
    print(f"\n{'page':<26}{'médiane':>10}{'p95':>10}{'SQL':>6}{'octets':>10}")
    for nom, r in resumes.items():
        if "mo" in r:
            print(f"{nom:<26}{r['mo']:>7} Mo")
            continue
        if "pages_par_s" in r:
            print(
                f"{nom:<26}{r['pages_par_s']:>7} pages/s, {r['erreurs']} erreur, {r['parents']} parents, "
                f"{r['duree_s']} s, mémoire {r['memoire_debut_mo']} puis {r['memoire_fin_mo']} Mo"
            )
            continue
        if "pages" in r:
            print(f"{nom:<26}{r['mediane_ms']:>7} ms{r['p95_ms']:>7} ms{r['pages']:>10} pages")
            continue
        cpu = f"   processeur {r['cpu_ms']} ms" if "cpu_ms" in r else ""
        print(
            f"{nom:<26}{r['mediane_ms']:>7} ms{r['p95_ms']:>7} ms{r['requetes_sql']:>6}{r['octets']:>10}{cpu}"
        )


if __name__ == "__main__":
    main()
