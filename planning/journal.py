"""What the rows say of children over a period, for one family: read once, whatever the number of days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, Subquery

from familles.enums import ModeGarde, Rang
from familles.garde import Garde, payeur_du_jour
from familles.horloge import aujourdhui
from familles.models import Enfant, Famille, Inscription, Rattachement, Residence, Responsable
from planning.cases import Fait
from planning.enums import ACTIFS, EtatPointage, EtatReservation
from planning.gardes import gardes_de_json, gardes_lues
from planning.models import Pointage, Reservation

Cellule = tuple[int, date]  # (prestation id, day)


@dataclass
class Journal:
    """What the rows say of a child over a period, for one family."""

    famille: Famille
    inscriptions: list[Inscription]
    reservations: dict[Cellule, Reservation] = field(default_factory=dict)
    pointages: dict[Cellule, Pointage] = field(default_factory=dict)
    gardes: list[Garde] = field(default_factory=list)
    vacances: list[tuple[date, date]] = field(default_factory=list)
    _chez_nous: dict[date, bool] = field(default_factory=dict)

    def retenir(self, reservation: Reservation) -> None:
        """Of a cell: its active booking, whoever’s, else the last that this family was refused."""
        if reservation.etat not in ACTIFS and reservation.inscription.famille_id != self.famille.pk:
            return
        cle = (reservation.prestation_id, reservation.jour)
        connue = self.reservations.get(cle)
        if connue is None or connue.etat not in ACTIFS:
            self.reservations[cle] = reservation

    def inscription(self, prestation_id: int, jour: date) -> Inscription | None:
        return next(
            (i for i in self.inscriptions if i.prestation_id == prestation_id and i.du <= jour <= i.au), None
        )

    @cached_property
    def resident(self) -> bool:
        """Whether the family lives in the town today; not known: no."""
        return any(i.habite_la_commune for i in self.inscriptions)

    def chez_nous(self, jour: date) -> bool:
        """Whether the custody calendar leaves us that day; asked once a day, for all prestations."""
        if jour not in self._chez_nous:
            payeur = payeur_du_jour(self.gardes, jour, self.vacances) if self.gardes else None
            self._chez_nous[jour] = payeur in (None, self.famille.pk)
        return self._chez_nous[jour]

    def fait(self, prestation_id: int, jour: date) -> Fait:
        reservation = self.reservations.get((prestation_id, jour))
        pointage = self.pointages.get((prestation_id, jour))
        a_nous = reservation is None or reservation.inscription.famille_id == self.famille.pk
        return Fait(
            etat=None if reservation is None else reservation.etat,
            origine="" if reservation is None else reservation.origine,
            present=None if pointage is None else pointage.etat == EtatPointage.PRESENT,
            autre_foyer=not a_nous and reservation is not None and reservation.etat in ACTIFS,
            inscrit=self.inscription(prestation_id, jour) is not None,
            chez_nous=self.chez_nous(jour),
            resident=self.resident,
        )


def habite_la_commune(famille: Famille, jour: date) -> bool:
    """Where it lives that day; not known: no."""
    residence = Residence.objects.connus_sur(jour, jour).filter(famille=famille)
    return bool(residence.values_list("dans_la_commune", flat=True).first())


def lire(enfant: Enfant, famille: Famille, du: date, au: date, vacances=()) -> Journal:
    """Three queries, whoever holds the child."""
    return lire_enfants([enfant.pk], famille, du, au, vacances)[enfant.pk]


def lire_enfants(
    enfants: Iterable[int], famille: Famille, du: date, au: date, vacances=()
) -> dict[int, Journal]:
    """The same for several children (by id), in as many queries."""
    titulaire = Responsable.objects.filter(famille=OuterRef("famille"), rang=Rang.TITULAIRE)
    ailleurs = Rattachement.objects.filter(
        Q(au=None) | Q(au__gte=du), enfant=OuterRef("enfant"), du__lte=au
    ).exclude(famille=famille)
    residence = Residence.objects.connus_sur(jour := aujourdhui(), jour).filter(famille=OuterRef("famille"))
    enfants = list(enfants)
    inscriptions = list(
        Inscription.objects.filter(enfant__in=enfants)
        .sur(du, au)
        .select_related("prestation__structure")
        .annotate(
            payeur_nom=Subquery(titulaire.values("nom")[:1]),
            payeur_prenom=Subquery(titulaire.values("prenom")[:1]),
            garde_partagee=Exists(ailleurs),
            gardes=gardes_lues(),
            habite_la_commune=Subquery(residence.values("dans_la_commune")[:1]),
        )
        .order_by("prestation__structure__nom", "prestation__ordre", "prestation__nom", "du")
    )
    gardes = {i.enfant_id: gardes_de_json(i.gardes) for i in inscriptions if i.garde_partagee}
    journaux = {
        enfant: Journal(
            famille=famille,
            inscriptions=[i for i in inscriptions if (i.enfant_id, i.famille_id) == (enfant, famille.pk)],
            gardes=gardes.get(enfant, []),
            vacances=[(v.du, v.au) for v in vacances],
        )
        for enfant in enfants
    }
    for reservation in _reservations(enfants, du, au):
        journaux[reservation.enfant_id].retenir(reservation)
    for pointage in Pointage.objects.filter(enfant__in=enfants, jour__range=(du, au)):
        journaux[pointage.enfant_id].pointages[pointage.prestation_id, pointage.jour] = pointage
    return journaux


def _reservations(enfants: list[int], du: date, au: date) -> Iterable[Reservation]:
    return (
        Reservation.objects.filter(enfant__in=enfants)
        .sur(du, au)
        .exclude(etat=EtatReservation.ANNULEE)
        .select_related("inscription")
        .order_by("pk")
    )


def gardes_de(enfant: Enfant) -> list[Garde]:
    """The custody calendar of a child, out of the database: two queries."""
    return gardes_des([enfant.pk]).get(enfant.pk, [])


def gardes_des(enfants: Iterable[int]) -> dict[int, list[Garde]]:
    """The custody calendars of several children (by id): two queries, none for nobody."""
    enfants = list(enfants)
    gardes: dict[int, list[Garde]] = {}
    if not enfants:
        return gardes
    for r in Rattachement.objects.filter(enfant__in=enfants).prefetch_related("exceptions"):
        garde = Garde(
            famille_id=r.famille_id,
            du=r.du,
            au=r.au,
            mode=ModeGarde(r.mode_garde),
            jour_bascule=r.jour_bascule,
            moitie_vacances=r.moitie_vacances,
            exceptions=tuple((e.du, e.au) for e in r.exceptions.all()),
        )
        gardes.setdefault(r.enfant_id, []).append(garde)
    return gardes
