"""Closing the days of a prestation, and the refusal of whatever would still move them."""

from datetime import date

from familles.enums import VerbeTrace
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.francais import jour_chiffres
from familles.horloge import aujourdhui, maintenant
from familles.models import Prestation, Trace
from familles.transactions import action
from planning.enums import ACTIFS, OCCUPANTS, EtatPointage, EtatReservation
from planning.models import Cloture, Reservation

E = EtatReservation


def personne(compte):
    """The account to write down as who acts; None for the portal itself."""
    return compte if compte is not None and compte.pk else None


@action
def cloturer(*, prestation: Prestation, du: date, au: date, par) -> Cloture:
    """Close the days of a prestation, the step before billing in arrears.

    Refused while a request, an absence or an error of these days is undecided.
    """
    if au >= aujourdhui():
        raise Invalide("On ne clôture que des journées passées.")
    Prestation.objects.select_for_update(no_key=True).get(pk=prestation.pk)
    lignes = Reservation.objects.filter(prestation=prestation).sur(du, au)
    indecises = lignes.filter(etat__in=(E.DEMANDEE, E.ABSENCE_DEMANDEE)).order_by("jour")
    if indecises.exists():
        raise Refus(
            _combien(indecises, "demande ou absence attend", "demandes ou absences attendent")
            + " une réponse."
        )
    erreurs = lignes.filter(
        etat__in=ACTIFS - OCCUPANTS - {E.DEMANDEE, E.LISTE_ATTENTE},
        pointages__etat=EtatPointage.PRESENT,
        pointages__jour__range=(du, au),
    ).order_by("jour")
    if erreurs.exists():
        raise Refus(
            _combien(erreurs, "enfant absent est pointé présent", "enfants absents sont pointés présents")
            + "."
        )
    if Cloture.objects.filter(prestation=prestation, du__lte=du, au__gte=au).exists():
        raise DejaTraite("Ces journées sont déjà closes.")
    cloture = Cloture.objects.create(prestation=prestation, du=du, au=au, par=personne(par), le=maintenant())
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.CLOTURER, objet=cloture)
    return cloture


def _combien(lignes, une: str, plusieurs: str) -> str:
    jours = list(lignes.values_list("jour", flat=True)[:50])
    return f"{len(jours)} {une if len(jours) == 1 else plusieurs}, à partir du {jour_chiffres(jours[0])},"


def refuser_les_jours_clos(reservations: list[Reservation]) -> None:
    """Only past days can be closed, so only they are worth the lock."""
    passees = [r for r in reservations if r.jour < aujourdhui()]
    if passees:
        prestations = sorted({r.prestation_id for r in passees})
        list(Prestation.objects.select_for_update(no_key=True).filter(pk__in=prestations).order_by("pk"))
        for prestation in prestations:
            jours = [r.jour for r in passees if r.prestation_id == prestation]
            for cloture in Cloture.objects.couvrant([prestation], min(jours), max(jours)):
                if any(cloture.du <= jour <= cloture.au for jour in jours):
                    raise Refus("Ces journées sont closes : le comptable seul peut encore les rectifier.")


def refuser_la_cloture(prestations: list[int], du: date, au: date) -> None:
    if Cloture.objects.couvrant(prestations, du, au).exists():
        raise Refus("Cette journée est close : le comptable seul peut encore la rectifier.")
