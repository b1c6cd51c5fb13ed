"""What is due, out of what was booked and what happened. Two axes in, one list out; prices come elsewhere."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices

from familles.enums import TermeFacturation
from familles.horloge import aujourdhui
from familles.models import Inscription, Prestation
from planning.calendrier import HORS_SEMAINE
from planning.enums import EtatPointage, EtatReservation, Origine
from planning.models import Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur


class NatureConsommation(TextChoices):
    PRESENT = "PRESENT", "Présent"
    NON_POINTE = "NON_POINTE", "Réservé, appel non fait"
    ABSENT_EXCUSE = "ABSENT_EXCUSE", "Absent excusé"
    ABSENT_FACTURE = "ABSENT_FACTURE", "Absent facturé"
    ABSENT_NON_SIGNALE = "ABSENT_NON_SIGNALE", "Absence non signalée"
    HORS_CONTRAT = "HORS_CONTRAT", "Présence sans réservation"


@dataclass(frozen=True, slots=True)
class Consommation:
    """A day of a child at a prestation that a family owes, and why."""

    famille_id: int
    enfant_id: int
    prestation_id: int
    jour: date
    inscription_id: int | None
    nature: str
    tardive: bool = False
    occasionnelle: bool = False


_E = EtatReservation
_SANS_RESERVATION = frozenset({None, _E.ANNULEE, _E.REFUSEE, _E.DEMANDEE, _E.LISTE_ATTENTE})


def nature_due(
    etat: str | None, pointage: str | None, *, absence_excusee: bool | None, due: bool
) -> NatureConsommation | None:
    """The kind of a day, None when nothing is owed. Pure.

    `etat`: of the booking, None without one; `pointage`: of the register, None when it was not taken;
    `absence_excusee`: what the règlement said of an absence still undecided; `due`: the day is past, or its
    prestation is billed in advance.
    """
    if etat in _SANS_RESERVATION:
        return NatureConsommation.HORS_CONTRAT if pointage == EtatPointage.PRESENT else None
    if pointage == EtatPointage.PRESENT:
        # Present though an absence was agreed: an error to settle before closing, never a free meal.
        return NatureConsommation.PRESENT
    if etat == _E.RESERVEE and pointage == EtatPointage.ABSENT:
        return NatureConsommation.ABSENT_NON_SIGNALE
    if etat == _E.RESERVEE:
        return NatureConsommation.NON_POINTE if due else None
    facturee = etat == _E.ABSENT_FACTURE or (etat == _E.ABSENCE_DEMANDEE and absence_excusee is False)
    return NatureConsommation.ABSENT_FACTURE if facturee and due else None


def consommations(
    *,
    prestations: list[Prestation],
    du: date,
    au: date,
    familles: Collection[int] | None = None,
    excusees: bool = False,
) -> list[Consommation]:
    """What families owe over a period, before prices: three queries, for some families (ids) or for all.

    For some, their children's days are read whole before what they owe is kept: a booking of one home and a
    presence noted for the other are one day of one child, never two. `excusees`: excused absences too, which
    are not owed (a règlement may bill the first days of an illness). A day that closed after it was booked is
    owed only by those who were served all the same.
    """
    par_pk = {p.pk: p for p in prestations}
    aujourd_hui = aujourdhui()
    sans_service = _jours_sans_service(prestations)
    pointages = _pointages(par_pk, du, au, familles)
    lues = []
    for ligne in _reservations(par_pk, du, au, familles):
        _, enfant, prestation, jour, *_ = ligne
        due = jour < aujourd_hui or par_pk[prestation].terme == TermeFacturation.A_ECHOIR
        etat, _, _ = pointages.pop((enfant, prestation, jour), (None, None, None))
        if etat != EtatPointage.PRESENT and sans_service(prestation, jour):
            continue
        lues.append(_consommation(ligne, etat, due, excusees))
    for (enfant, prestation, jour), (etat, famille_id, inscription) in pointages.items():
        if etat == EtatPointage.PRESENT:
            nature = NatureConsommation.HORS_CONTRAT
            lues.append(
                Consommation(famille_id, enfant, prestation, jour, inscription, nature, occasionnelle=True)
            )
    return [c for c in lues if c is not None and (familles is None or c.famille_id in familles)]


def _jours_sans_service(prestations: Iterable[Prestation]) -> Callable[[int, date], bool]:
    """Holidays and closures; a weekday given up since leaves what was booked as it is."""
    calendrier, offres = reglement_interieur().calendrier, {p.pk: offre_de(p) for p in prestations}

    def ferme(prestation_id: int, jour: date) -> bool:
        motif = calendrier.ferme(offres[prestation_id], jour)
        return motif is not None and motif.cause != HORS_SEMAINE

    return ferme


def _consommation(reservation: tuple, pointage: str | None, due: bool, excusees: bool) -> Consommation | None:
    famille_id, enfant, prestation, jour, inscription, etat, excusee, tardive, origine = reservation
    nature = nature_due(etat, pointage, absence_excusee=excusee, due=due)
    if nature is None and excusees and etat == _E.ABSENT_EXCUSE:
        nature = NatureConsommation.ABSENT_EXCUSE
    if nature is None:
        return None
    # Nothing was granted: an unbooked presence has its own price, without that of a late booking.
    hors_contrat = nature == NatureConsommation.HORS_CONTRAT
    return Consommation(
        famille_id,
        enfant,
        prestation,
        jour,
        inscription,
        nature,
        tardive=tardive and not hors_contrat,
        occasionnelle=hors_contrat or origine == Origine.OCCASIONNELLE,
    )


def _lignes(
    lignes: QuerySet, prestations: Iterable[int], du: date, au: date, familles: Collection[int] | None
):
    lignes = lignes.filter(prestation__in=list(prestations), jour__range=(du, au))
    if familles is None:
        return lignes
    inscrits = Inscription.objects.filter(famille__in=familles).order_by().values("enfant")
    pointes = Pointage.objects.filter(famille__in=familles, jour__range=(du, au)).order_by().values("enfant")
    # One list of children rather than two: the index (enfant, jour) then serves.
    return lignes.filter(enfant__in=inscrits.union(pointes))


def _reservations(prestations, du: date, au: date, familles: Collection[int] | None):
    return (
        _lignes(Reservation.objects.actives(), prestations, du, au, familles)
        .order_by("jour", "pk")
        .values_list(
            "inscription__famille",
            "enfant",
            "prestation",
            "jour",
            "inscription",
            "etat",
            "absence_excusee",
            "tardive",
            "origine",
        )
    )


def _pointages(prestations, du: date, au: date, familles: Collection[int] | None) -> dict[tuple, tuple]:
    champs = _lignes(Pointage.objects.order_by(), prestations, du, au, familles).values_list(
        "enfant", "prestation", "jour", "etat", "famille", "inscription"
    )
    return {(e, p, j): (etat, famille_id, inscription) for e, p, j, etat, famille_id, inscription in champs}


def ecarts(
    *, prestations: list[Prestation], du: date, au: date, familles: Collection[int] | None = None
) -> list[Consommation]:
    """Late bookings, no-shows and unbooked presences only, which are few: a whole year is cheap to count."""
    pks = [p.pk for p in prestations]
    meme_jour = {champ: OuterRef(champ) for champ in ("enfant", "prestation", "jour")}
    absents = Pointage.objects.filter(**meme_jour, etat=EtatPointage.ABSENT)
    reserves = Reservation.objects.actives().exclude(etat__in=_SANS_RESERVATION - {None})
    manques = Q(etat=_E.RESERVEE) & Exists(absents)
    lignes = _de(reserves, pks, du, au, "inscription__famille", familles).filter(Q(tardive=True) | manques)
    lus = [
        Consommation(
            famille_id,
            enfant,
            prestation,
            jour,
            None,
            NatureConsommation.NON_POINTE if tardive else NatureConsommation.ABSENT_NON_SIGNALE,
            tardive,
        )
        for famille_id, enfant, prestation, jour, tardive in lignes.values_list(
            "inscription__famille", "enfant", "prestation", "jour", "tardive"
        )
    ]
    presents = Pointage.objects.filter(etat=EtatPointage.PRESENT).exclude(
        Exists(reserves.filter(**meme_jour))
    )
    return lus + [
        Consommation(*ligne, None, NatureConsommation.HORS_CONTRAT)
        for ligne in _de(presents, pks, du, au, "famille", familles).values_list(
            "famille", "enfant", "prestation", "jour"
        )
    ]


def _de(lignes, prestations, du: date, au: date, famille: str, familles: Collection[int] | None):
    lignes = lignes.filter(prestation__in=list(prestations), jour__range=(du, au))
    return lignes if familles is None else lignes.filter(**{f"{famille}__in": familles})
