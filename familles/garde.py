"""Alternating custody: whose day is it? Pure; the planning, the booking forms and the invoices ask here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from familles.enums import ModeGarde, MoitieVacances


@dataclass(frozen=True)
class Garde:
    """One family's share of a child (a Rattachement and its exceptions, out of the database)."""

    famille_id: int
    du: date
    au: date | None = None
    mode: str = ModeGarde.TOUJOURS
    jour_bascule: int = 1  # ISO weekday on which the child changes home
    moitie_vacances: str = MoitieVacances.ALTERNANCE
    exceptions: tuple[tuple[date, date], ...] = ()

    def couvre(self, jour: date) -> bool:
        return self.du <= jour and (self.au is None or jour <= self.au)


def _exception(garde: Garde, jour: date) -> bool:
    return any(du <= jour <= au for du, au in garde.exceptions)


def _moitie(garde: Garde, jour: date, vacances: Sequence[tuple[date, date]]) -> bool:
    """First or second half of the holidays that hold the day; the odd day goes to the first half."""
    if garde.moitie_vacances == MoitieVacances.ALTERNANCE:
        return False
    periode = next(((du, au) for du, au in vacances if du <= jour <= au), None)
    if periode is None:
        return False
    du, au = periode
    premiere = (jour - du).days < ((au - du).days + 2) // 2
    premiere_si_paire = garde.moitie_vacances == MoitieVacances.PREMIERE_ANNEES_PAIRES
    return premiere == ((du.year % 2 == 0) == premiere_si_paire)


def _semaine(garde: Garde, jour: date) -> bool:
    """The custody week is the one of the last change day: a Friday change carries its week-end along."""
    bascule = jour - timedelta(days=(jour.isoweekday() - garde.jour_bascule) % 7)
    paire = bascule.isocalendar().week % 2 == 0
    return garde.mode == (ModeGarde.SEMAINES_PAIRES if paire else ModeGarde.SEMAINES_IMPAIRES)


def foyers_du_jour(
    gardes: Sequence[Garde], jour: date, vacances: Sequence[tuple[date, date]] = ()
) -> list[int]:
    """Families that have the child that day: one, when their calendars agree.

    Order: exceptions, then halves of holidays, then weeks, then a family that always has the child. The half
    that one home does not have is that of the home whose calendar says nothing of the holidays.
    `vacances` are the school holidays, first and last day included.
    """
    presentes = [g for g in gardes if g.couvre(jour)]
    en_moitie = any(
        g.moitie_vacances != MoitieVacances.ALTERNANCE and any(du <= jour <= au for du, au in vacances)
        for g in presentes
    )
    regles = [
        lambda g: _exception(g, jour),
        lambda g: _moitie(g, jour, vacances),
        lambda g: en_moitie and g.moitie_vacances == MoitieVacances.ALTERNANCE,
        lambda g: not en_moitie and _semaine(g, jour),
        lambda g: g.mode == ModeGarde.TOUJOURS,
    ]
    for regle in regles:
        if foyers := [garde.famille_id for garde in presentes if regle(garde)]:
            return foyers
    return []


def payeur_du_jour(
    gardes: Sequence[Garde], jour: date, vacances: Sequence[tuple[date, date]] = ()
) -> int | None:
    """Family that has the child that day, hence pays; None when no family holds the child.

    Where two calendars claim the day, the attachment that is older.
    """
    return next(iter(foyers_du_jour(gardes, jour, vacances)), None)


def desaccords(
    gardes: Sequence[Garde], du: date, au: date, vacances: Sequence[tuple[date, date]] = ()
) -> tuple[list[date], list[date]]:
    """Of the days on which two families hold the child: those that nobody has, those that several have."""
    personne: list[date] = []
    plusieurs: list[date] = []
    for rang in range((au - du).days + 1):
        jour = du + timedelta(days=rang)
        if len({g.famille_id for g in gardes if g.couvre(jour)}) < 2:
            continue
        foyers = set(foyers_du_jour(gardes, jour, vacances))
        if not foyers:
            personne.append(jour)
        elif len(foyers) > 1:
            plusieurs.append(jour)
    return personne, plusieurs
