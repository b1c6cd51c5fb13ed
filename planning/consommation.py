"""What is due, out of what was booked and what happened. Two axes in, one list out; prices come elsewhere."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from familles.enums import TermeFacturation
from familles.horloge import aujourdhui
from familles.models import Famille, Prestation
from planning.enums import EtatPointage, EtatReservation
from planning.models import Pointage, Reservation


class NatureConsommation(TextChoices):
    PRESENT = "PRESENT", "Présent"
    NON_POINTE = "NON_POINTE", "Réservé, appel non fait"
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
    *, prestations: list[Prestation], du: date, au: date, famille: Famille | None = None
) -> list[Consommation]:
    """What families owe over a period, before prices: two queries, for one family or for all."""
    par_pk = {p.pk: p for p in prestations}
    jour_j = aujourdhui()
    pointages = _pointages(par_pk, du, au, famille)
    lues = []
    for ligne in _reservations(par_pk, du, au, famille):
        famille_id, enfant, prestation, jour, inscription, etat, excusee, tardive, origine = ligne
        pointage = pointages.pop((enfant, prestation, jour), None)
        nature = nature_due(
            etat,
            pointage[0] if pointage else None,
            absence_excusee=excusee,
            due=jour < jour_j or par_pk[prestation].terme == TermeFacturation.A_ECHOIR,
        )
        if nature is not None:
            occasionnelle = origine == "OCCASIONNELLE"
            lues.append(
                Consommation(
                    famille_id, enfant, prestation, jour, inscription, nature, tardive, occasionnelle
                )
            )
    for (enfant, prestation, jour), (etat, famille_id, inscription) in pointages.items():
        if etat == EtatPointage.PRESENT:
            nature = NatureConsommation.HORS_CONTRAT
            lues.append(
                Consommation(famille_id, enfant, prestation, jour, inscription, nature, occasionnelle=True)
            )
    return lues


def _reservations(prestations, du: date, au: date, famille: Famille | None):
    lignes = Reservation.objects.actives().filter(prestation__in=list(prestations), jour__range=(du, au))
    if famille is not None:
        lignes = lignes.filter(inscription__famille=famille)
    return lignes.order_by("jour", "pk").values_list(
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


def _pointages(prestations, du: date, au: date, famille: Famille | None) -> dict[tuple, tuple]:
    lignes = Pointage.objects.filter(prestation__in=list(prestations), jour__range=(du, au))
    if famille is not None:
        lignes = lignes.filter(famille=famille)
    champs = lignes.values_list("enfant", "prestation", "jour", "etat", "famille", "inscription")
    return {(e, p, j): (etat, famille_id, inscription) for e, p, j, etat, famille_id, inscription in champs}
