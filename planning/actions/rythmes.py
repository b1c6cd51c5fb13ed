"""The weekly pattern of an inscription, made bookings."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from familles.horloge import aujourdhui, maintenant
from familles.models import Inscription
from familles.transactions import action
from planning.actions.reservations import attribuer, demander
from planning.cases import AUTRE_FOYER
from planning.enums import Operation
from planning.examen import Examen, examiner_enfants
from planning.models import Reservation


class RythmeApplique(NamedTuple):
    reservations: list[Reservation]
    # What a window or a deadline kept out, to be asked in its time; what the other home holds.
    ecartes: list[Examen]


@action
def appliquer_rythme(
    *, inscription: Inscription, du: date, au: date, par, instant: datetime | None = None
) -> RythmeApplique:
    """Book the weekly pattern of an inscription over a period: what is booked, what is left out.

    By the rules of « Réserver pour l’année », at `instant` (the deposit): outside of a window or late,
    a day is left out. From today on: a past day was noted by the register, or it was not used.
    """
    du, au = max(du, inscription.du, aujourdhui()), min(au, inscription.au)
    jours = [du + timedelta(days=n) for n in range((au - du).days + 1)]
    cellules = [(inscription.prestation_id, jour) for jour in jours if inscription.rythme_du(jour)]
    instant = instant or maintenant()
    examens = examiner_enfants(
        famille=inscription.famille,
        cellules={inscription.enfant_id: cellules} if cellules else {},
        operation=Operation.RESERVER,
        instant=instant,
    )
    voulus = [e for e in examens if e.possible and not e.hors_delai]
    ecartes = [e for e in examens if e.hors_delai or e.verdict.levable or e.phrase == AUTRE_FOYER]
    if not voulus:
        return RythmeApplique([], ecartes)
    regulieres = {(inscription.enfant_id, inscription.prestation_id)}
    creees = demander(examens=voulus, par=par, instant=instant, regulieres=regulieres)
    return RythmeApplique(attribuer(reservations=creees, par=par), ecartes)
