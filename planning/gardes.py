"""Where a child stays, for the weeks to come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from familles.garde import Garde, payeur_du_jour

SEMAINES_A_VENIR = 4


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
