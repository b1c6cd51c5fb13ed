"""What a worker does, in a process of its own, as in service: timed there, with the memory it took.

Imports are inside: the process is born without Django.
"""

import resource
import statistics
import time
from dataclasses import dataclass, field


@dataclass
class Travail:
    """Milliseconds of each piece (as one waits, and of this process's own work: it holds on a busy machine),
    queries of the last one, bytes of the median one, megabytes at the peak.
    """

    durees_ms: list[float] = field(default_factory=list)
    processeur_ms: list[float] = field(default_factory=list)
    requetes_sql: int = 0
    octets: int = 0
    memoire_mo: float = 0.0

    def finir(self) -> "Travail":
        self.memoire_mo = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return self


def ouvrir(base: str) -> None:
    """The process, once: Django, on the database of the measure."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = base
    from portail import memoire

    memoire.accorder()


def chronometrer(travail: Travail, geste, diviseur: int = 1):
    depart, travaille = time.perf_counter(), time.process_time()
    resultat = geste()
    travail.durees_ms.append((time.perf_counter() - depart) * 1000 / diviseur)
    travail.processeur_ms.append((time.process_time() - travaille) * 1000 / diviseur)
    return resultat


def reunir(travaux: list[Travail], diviseur: int = 1) -> Travail:
    """Of processes that worked side by side; divided by their number, a piece leaves every so often."""
    return Travail(
        [duree / diviseur for t in travaux for duree in t.durees_ms],
        [duree for t in travaux for duree in t.processeur_ms],
        octets=travaux[0].octets,
        memoire_mo=max(t.memoire_mo for t in travaux),
    )


def compter(geste) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as requetes:
        geste()
    return len(requetes)


def apercevoir(regie_id: int, du, au, fois: int) -> Travail:
    """The preview of a month, per invoice."""
    from facturation.apercu import apercevoir
    from familles.models import Regie

    regie, travail = Regie.objects.get(pk=regie_id), Travail()
    for _ in range(fois):
        apercu = chronometrer(travail, lambda: apercevoir(regie=regie, du=du, au=au))
    travail.durees_ms = [duree / apercu.emissibles for duree in travail.durees_ms]
    travail.processeur_ms = [duree / apercu.emissibles for duree in travail.processeur_ms]
    travail.requetes_sql = compter(lambda: apercevoir(regie=regie, du=du, au=au))
    return travail.finir()


def emettre(campagne_id: int) -> Travail:
    """The batches of a campaign, per invoice; the queries are those of a batch of a hundred."""
    from facturation.actions import avancer
    from facturation.actions.factures import LOT

    travail, suite = Travail(), True
    while suite:
        campagne = chronometrer(travail, lambda: avancer(campagne_id=campagne_id), LOT)
        # The last batch has its queries counted, which takes time: it is not among those timed.
        if campagne.nombre - campagne.rang <= LOT:
            suite = False
    travail.requetes_sql = compter(lambda: avancer(campagne_id=campagne_id))
    return travail.finir()


def rendre(factures: list[int]) -> Travail:
    """First rendering of these invoices."""
    from facturation.models import Facture
    from facturation.pdf import pdf_de
    from familles.papier import moteur

    # Loading the library is not an invoice's time.
    moteur()
    travail, tailles = Travail(), []
    for facture in Facture.objects.filter(pk__in=factures).select_related("avoir_de").order_by("pk"):
        tailles.append(len(chronometrer(travail, lambda facture=facture: pdf_de(facture))))
    travail.octets = round(statistics.median(tailles))
    return travail.finir()


def reimprimer(factures: list[int], fois: int) -> Travail:
    """Stored invoices as one file in the order of the post, per invoice."""
    from facturation.impression import en_un_seul_pdf
    from facturation.models import Facture

    travail = Travail()
    for _ in range(fois):
        contenu = chronometrer(
            travail,
            lambda: en_un_seul_pdf(Facture.objects.filter(pk__in=factures), recto_verso=True),
            len(factures),
        )
    travail.octets = round(len(contenu) / len(factures))
    travail.requetes_sql = compter(lambda: en_un_seul_pdf(Facture.objects.filter(pk__in=factures[:100])))
    return travail.finir()
