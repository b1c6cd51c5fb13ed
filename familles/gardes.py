"""The custody calendars of children, out of the database.

Halves of holidays are shared by the town's own dates, which the planning keeps: an app above says here how
they are read, from its `ready()` (`lire_les_vacances`).
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import QuerySet

from familles.garde import Garde
from familles.models import Enfant, Rattachement
from familles.requetes import RequetePreparee

# In the order of `Garde`.
CHAMPS = ("famille", "du", "au", "mode_garde", "jour_bascule", "moitie_vacances")
EXCEPTION = ("exceptions__du", "exceptions__au")
# Beyond, the children are those of a school: each number of them would keep a query of its own.
FRATRIE = 12

Vacances = list[tuple[date, date]]
_lectures: list[Callable[[date, date], Vacances]] = []


def lire_les_vacances(lecture: Callable[[date, date], Vacances]) -> None:
    """`lecture(du, au)`: the holidays, whole, that have a day in these."""
    _lectures[:] = [lecture]


def vacances_entre(du: date, au: date) -> Vacances:
    return [periode for lecture in _lectures for periode in lecture(du, au)]


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
