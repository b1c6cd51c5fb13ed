"""What the rows say of children over a period, for one family: read once, whatever the number of days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from familles.garde import Garde, payeur_du_jour
from familles.gardes import gardes_des
from familles.models import Famille, Residence
from familles.requetes import RequetePreparee
from planning.cases import Fait
from planning.enums import ACTIFS, EtatPointage, EtatReservation
from planning.models import Pointage, Reservation

Cellule = tuple[int, date]  # (prestation id, day)
CELLULE = ("enfant", "prestation", "jour")
# By prestation, the first and last days of the inscriptions.
Periodes = Mapping[int, list[tuple[date, date]]]


class Reservee(NamedTuple):
    """What a grid needs of a booking: a month holds a hundred."""

    cle: int
    etat: str
    origine: str
    famille_id: int
    excusee: bool | None = None  # `Reservation.absence_excusee`


class Pointee(NamedTuple):
    """And of an attendance."""

    present: bool
    famille_id: int


@dataclass
class Journal:
    """What the rows say of a child over a period, for one family."""

    famille: Famille
    periodes: Periodes
    reservations: dict[Cellule, Reservee] = field(default_factory=dict)
    pointages: dict[Cellule, Pointee] = field(default_factory=dict)
    gardes: list[Garde] = field(default_factory=list)
    vacances: list[tuple[date, date]] = field(default_factory=list)
    resident: bool = False  # the family lives in the town today; not known: no
    _chez_nous: dict[date, bool] = field(default_factory=dict)

    def retenir(self, cellule: Cellule, reservee: Reservee) -> None:
        """Of a cell: its active booking, whoever’s, else the last that this family was refused."""
        if reservee.etat not in ACTIFS and reservee.famille_id != self.famille.pk:
            return
        connue = self.reservations.get(cellule)
        if connue is None or connue.etat not in ACTIFS:
            self.reservations[cellule] = reservee

    def inscrit(self, prestation_id: int, jour: date) -> bool:
        return any(du <= jour <= au for du, au in self.periodes.get(prestation_id, ()))

    def chez_nous(self, jour: date) -> bool:
        """Whether the custody calendar leaves us that day; asked once a day, for all prestations."""
        if jour not in self._chez_nous:
            payeur = payeur_du_jour(self.gardes, jour, self.vacances) if self.gardes else None
            self._chez_nous[jour] = payeur in (None, self.famille.pk)
        return self._chez_nous[jour]

    def fait(self, prestation_id: int, jour: date) -> Fait:
        reservee = self.reservations.get((prestation_id, jour))
        pointee = self.pointages.get((prestation_id, jour))
        a_nous = reservee is None or reservee.famille_id == self.famille.pk
        return Fait(
            etat=None if reservee is None else reservee.etat,
            origine="" if reservee is None else reservee.origine,
            present=None if pointee is None else pointee.present,
            autre_foyer=not a_nous and reservee is not None and reservee.etat in ACTIFS,
            inscrit=self.inscrit(prestation_id, jour),
            chez_nous=self.chez_nous(jour),
            resident=self.resident,
            excusee=None if reservee is None else reservee.excusee,
        )


def habite_la_commune(famille: Famille, jour: date) -> bool:
    """Where it lives that day; not known: no."""
    residence = Residence.objects.connus_sur(jour, jour).filter(famille=famille)
    return bool(residence.values_list("dans_la_commune", flat=True).first())


def lire(
    enfants: Mapping[int, Periodes], famille: Famille, du: date, au: date, *, vacances=(), resident=False
) -> dict[int, Journal]:
    """The journals of children (id → when they may book what), each over the same days: three queries."""
    gardes = gardes_des(enfants)
    journaux = {
        enfant: Journal(
            famille=famille,
            periodes=periodes,
            gardes=_partagees(gardes.get(enfant, []), famille, du, au),
            vacances=[(v.du, v.au) for v in vacances],
            resident=resident,
        )
        for enfant, periodes in enfants.items()
    }
    for enfant, prestation, jour, *reservee in _reservations(du, au, *enfants):
        journaux[enfant].retenir((prestation, jour), Reservee(*reservee))
    for enfant, *cellule, etat, payeur in _pointages(du, au, *enfants):
        journaux[enfant].pointages[tuple(cellule)] = Pointee(etat == EtatPointage.PRESENT, payeur)
    return journaux


def _partagees(gardes: list[Garde], famille: Famille, du: date, au: date) -> list[Garde]:
    """Nothing to share out when nobody else holds the child on these days."""
    ailleurs = any(g.famille_id != famille.pk and g.du <= au and (g.au is None or g.au >= du) for g in gardes)
    return gardes if ailleurs else []


def _lire_reservations(du: date, au: date, *enfants: int) -> QuerySet:
    lignes = Reservation.objects.filter(enfant__in=enfants).sur(du, au).exclude(etat=EtatReservation.ANNULEE)
    return lignes.order_by("pk").values_list(
        *CELLULE, "pk", "etat", "origine", "inscription__famille", "absence_excusee"
    )


def _lire_pointages(du: date, au: date, *enfants: int) -> QuerySet:
    lignes = Pointage.objects.filter(enfant__in=enfants, jour__range=(du, au))
    return lignes.order_by().values_list(*CELLULE, "etat", "famille")


# The children of a family: a few.
_reservations = RequetePreparee(_lire_reservations)
_pointages = RequetePreparee(_lire_pointages)
