"""A month's billing: 1 000 families, 30 days each, previewed, issued, rendered by two processes, printed."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from multiprocessing import get_context

from django.db import connection

from facturation.actions import lancer
from facturation.enums import ModeTarif
from facturation.models import Facture, Tarif, TrancheTarif
from facturation.tarifs import fin_de_mois
from familles.models import Prestation, Regie, Structure
from tests.bench import ouvriers
from tests.bench.ouvriers import Travail, reunir
from tests.fabriques.ville import peupler, servir

FAMILLES, FOIS = 1000, 3
OUVRIERS = 2
DU = date(2026, 9, 1)
AU = fin_de_mois(DU)
TRANCHES = ((600, "2.50"), (1000, "3.42"), (None, "4.10"))


def mesurer() -> dict[str, Travail]:
    """Each row of the table; every work in a process of its own, which had nothing else in memory."""
    regie = _peupler()
    with _processus() as ouvrier:
        apercu = ouvrier.submit(ouvriers.apercevoir, regie.pk, DU, AU, FOIS).result()
    familles = list(
        regie.prestations.get().inscriptions.order_by("famille").values_list("famille", flat=True)
    )
    campagne = lancer(regie=regie, du=DU, au=AU, familles=sorted(set(familles)), par=None)
    with _processus() as ouvrier:
        emission = ouvrier.submit(ouvriers.emettre, campagne.pk).result()
    factures = list(Facture.objects.filter(regie=regie).order_by("pk").values_list("pk", flat=True))
    with _processus(OUVRIERS) as ensemble:
        parts = [factures[rang::OUVRIERS] for rang in range(OUVRIERS)]
        rendus = list(ensemble.map(ouvriers.rendre, parts))
    with _processus() as ouvrier:
        reimpression = ouvrier.submit(ouvriers.reimprimer, factures, FOIS).result()
    return {
        "apercu_par_facture": apercu,
        "emission_par_facture": emission,
        "pdf_par_facture": reunir(rendus, diviseur=OUVRIERS),
        "pdf_un_rendu": reunir(rendus),
        "reimpression_par_facture": reimpression,
    }


@contextmanager
def _processus(nombre: int = 1) -> Iterator[ProcessPoolExecutor]:
    base = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(nombre, get_context("spawn"), ouvriers.ouvrir, (base,)) as executants:
        yield executants


def _peupler() -> Regie:
    """Two children a family, fifteen meals each: priced by brackets of the quotient."""
    regie = Regie.objects.create(
        nom="Régie de la cantine",
        prefixe="BM",
        ordre_cheques="Régie de la cantine",
        instructions="Par chèque à l’ordre de la Régie de la cantine.",
    )
    structure = Structure.objects.create(nom="École de la mesure")
    cantine = Prestation.objects.create(nom="Cantine", structure=structure, regie=regie, jours_ouverts="1245")
    tarif = Tarif.objects.create(prestation=cantine, du=date(2024, 9, 1), mode=ModeTarif.TRANCHES)
    for jusqu_a, prix in TRANCHES:
        TrancheTarif.objects.create(tarif=tarif, jusqu_a=jusqu_a, prix=Decimal(prix))
    ouverts = (DU + timedelta(days=n) for n in range(30))
    jours = [jour for jour in ouverts if str(jour.isoweekday()) in cantine.jours_ouverts][:15]
    servir(peupler(FAMILLES, enfants=2), cantine, jours)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    return regie
