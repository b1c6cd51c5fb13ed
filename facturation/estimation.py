"""What days not yet booked would cost, with the prices and the facts known today: shown before a request."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from facturation.faits import lire_donnees, lire_tarifs
from facturation.tarification import Periode, Tarification
from facturation.tarifs import ZERO
from familles.models import Prestation
from planning.consommation import Consommation, NatureConsommation

Cle = tuple[int, int]  # (child id, prestation id)


@dataclass(frozen=True)
class JourVoulu:
    enfant_id: int
    prestation_id: int
    jour: date
    occasionnelle: bool = True


@dataclass
class Estimation:
    """By child and prestation; `sans_prix`: those for which some day has no price yet."""

    montants: dict[Cle, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    sans_prix: set[Cle] = field(default_factory=set)

    @property
    def total(self) -> Decimal:
        return sum(self.montants.values(), ZERO)


def estimer(*, famille_id: int, jours: Iterable[JourVoulu]) -> Estimation:
    """As the invoice would: same grids, same caps by month. Days already booked are left out of the count."""
    estimation = Estimation()
    jours = list(jours)
    prestations = Prestation.objects.select_related("regie").in_bulk({j.prestation_id for j in jours})
    par_regie: dict[int, list[JourVoulu]] = defaultdict(list)
    for voulu in jours:
        par_regie[prestations[voulu.prestation_id].regie_id].append(voulu)
    for voulus in par_regie.values():
        _estimer(estimation, famille_id, voulus, prestations)
    return estimation


def _estimer(
    estimation: Estimation, famille_id: int, voulus: list[JourVoulu], prestations: dict[int, Prestation]
) -> None:
    siennes = {v.prestation_id: prestations[v.prestation_id] for v in voulus}
    du, au = min(v.jour for v in voulus), max(v.jour for v in voulus)
    tarifs = lire_tarifs(next(iter(siennes.values())).regie, siennes, au)
    lues = [
        Consommation(
            famille_id,
            v.enfant_id,
            v.prestation_id,
            v.jour,
            None,
            NatureConsommation.PRESENT,
            occasionnelle=v.occasionnelle,
        )
        for v in sorted(voulus, key=lambda v: v.jour)
    ]
    donnees = lire_donnees(tarifs, lues, du, au)
    compte = Tarification(lues, {}, (), donnees, Periode(du, au), {}).calculer()
    for unite in compte.unites:
        estimation.montants[unite.enfant.pk, unite.prestation.pk] += unite.prix.total
    for lue in lues:
        if donnees.tarif(lue.prestation_id, lue.enfant_id, lue.jour) is None:
            estimation.sans_prix.add((lue.enfant_id, lue.prestation_id))
