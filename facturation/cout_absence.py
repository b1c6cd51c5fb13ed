"""What an absence would cost: told before it is declared, by the prices and the facts of today."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from facturation.faits import Donnees, Tarifs, lire_donnees, lire_tarifs
from facturation.tarification import avec_carence
from facturation.tarifs import SansPrix, prix
from familles.models import Prestation
from planning.consommation import Consommation, NatureConsommation, consommations

Jour = tuple[int, int, date]  # (child id, prestation id, day)
# An illness that began before: as far back as an invoice looks for its first day.
RECUL = timedelta(days=31)


@dataclass(frozen=True)
class CoutDuJour:
    """`carence`: billed even when excused, as one of the first days; `montant`: None without a price."""

    carence: bool
    montant: Decimal | None


def couter_absences(*, famille_id: int, jours: dict[Jour, bool]) -> dict[Jour, CoutDuJour]:
    """By day of absence (True: booked occasionally)."""
    prestations = Prestation.objects.select_related("regie").in_bulk({p for _, p, _ in jours})
    par_regie: dict[int, dict[Jour, bool]] = defaultdict(dict)
    for cle, occasionnelle in jours.items():
        par_regie[prestations[cle[1]].regie_id][cle] = occasionnelle
    couts: dict[Jour, CoutDuJour] = {}
    for siens in par_regie.values():
        couts |= _couter(famille_id, siens, {p: prestations[p] for _, p, _ in siens})
    return couts


def _couter(
    famille_id: int, jours: dict[Jour, bool], prestations: dict[int, Prestation]
) -> dict[Jour, CoutDuJour]:
    du, au = min(j for *_, j in jours), max(j for *_, j in jours)
    tarifs = lire_tarifs(next(iter(prestations.values())).regie, prestations, au)
    absences = [
        Consommation(
            famille_id, enfant, p, jour, None, NatureConsommation.ABSENT_EXCUSE, occasionnelle=occasionnelle
        )
        for (enfant, p, jour), occasionnelle in jours.items()
    ]
    autres = _autres(famille_id, jours, tarifs, du, au) if tarifs.carence else []
    donnees = lire_donnees(tarifs, [*absences, *autres], du, au)
    retenus = {(c.enfant_id, c.prestation_id, c.jour): c for c in avec_carence([*absences, *autres], donnees)}
    return {
        (a.enfant_id, a.prestation_id, a.jour): CoutDuJour(
            (a.enfant_id, a.prestation_id, a.jour) in retenus,
            _montant(donnees, replace(a, nature=NatureConsommation.ABSENT_FACTURE)),
        )
        for a in absences
    }


def _autres(famille_id: int, jours: Iterable[Jour], tarifs: Tarifs, du: date, au: date) -> list[Consommation]:
    """The days around: an absence that goes on is no new one."""
    lues = consommations(
        prestations=list(tarifs.prestations.values()),
        du=du - RECUL,
        au=au,
        familles=[famille_id],
        excusees=True,
    )
    cles = set(jours)
    return [c for c in lues if (c.enfant_id, c.prestation_id, c.jour) not in cles]


def _montant(donnees: Donnees, lue: Consommation) -> Decimal | None:
    tarif = donnees.tarif(lue.prestation_id, lue.enfant_id, lue.jour)
    if tarif is None:
        return None
    try:
        return prix(donnees.tarifs.grilles[tarif.pk], donnees.faits(lue, presences=0)).total
    except SansPrix:
        return None
