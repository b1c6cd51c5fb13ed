"""The custody calendars of children, out of the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from familles.garde import Garde, payeur_du_jour
from familles.models import Enfant, Rattachement
from familles.requetes import RequetePreparee

# In the order of `Garde`.
CHAMPS = ("famille", "du", "au", "mode_garde", "jour_bascule", "moitie_vacances")
EXCEPTION = ("exceptions__du", "exceptions__au")
SEMAINES_A_VENIR = 4
# Beyond, the children are those of a school: each number of them would keep a query of its own.
FRATRIE = 12


def gardes_de(enfant: Enfant) -> list[Garde]:
    """The custody calendar of a child, out of the database: one query."""
    return gardes_des([enfant.pk]).get(enfant.pk, [])


def gardes_des(enfants: Iterable[int]) -> dict[int, list[Garde]]:
    """The custody calendars of several children (by id): one query, a row per exception."""
    enfants = list(enfants)
    lus: dict[tuple[int, int], list[tuple]] = {}
    for enfant, rattachement, *valeurs in (_fratrie if len(enfants) <= FRATRIE else _lignes)(*enfants):
        lus.setdefault((enfant, rattachement), []).append(tuple(valeurs))
    gardes: dict[int, list[Garde]] = {}
    for (enfant, _), semblables in lus.items():
        exceptions = sorted((du, au) for *_, du, au in semblables if du is not None)
        gardes.setdefault(enfant, []).append(Garde(*semblables[0][:-2], exceptions=tuple(exceptions)))
    return gardes


def _lignes(*enfants: int) -> QuerySet:
    lignes = Rattachement.objects.filter(enfant__in=enfants).order_by("du", "famille", "pk")
    return lignes.values_list("enfant", "pk", *CHAMPS, *EXCEPTION)


_fratrie = RequetePreparee(_lignes)


@dataclass(frozen=True)
class Sejour:
    """Days in a row that a child spends in the same home."""

    du: date
    au: date
    chez_nous: bool


def sejours(
    gardes: Sequence[Garde], famille_id: int, jour: date, vacances: Sequence[tuple[date, date]] = ()
) -> list[Sejour]:
    """Whose day it is, from that day on for four weeks; empty when the child has one home only. Pure."""
    fin = jour + timedelta(weeks=SEMAINES_A_VENIR) - timedelta(days=1)
    if len({g.famille_id for g in gardes if g.du <= fin and (g.au is None or g.au >= jour)}) < 2:
        return []
    suite: list[Sejour] = []
    for rang in range((fin - jour).days + 1):
        ce_jour = jour + timedelta(days=rang)
        chez_nous = payeur_du_jour(gardes, ce_jour, vacances) == famille_id
        if suite and suite[-1].chez_nous == chez_nous:
            suite[-1] = Sejour(suite[-1].du, ce_jour, chez_nous)
        else:
            suite.append(Sejour(ce_jour, ce_jour, chez_nous))
    return suite
