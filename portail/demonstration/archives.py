"""The days of 2014-2015 behind the manual's bills: who was booked, who came, which months were closed."""

from datetime import date, timedelta

from familles.horloge import figer
from familles.models import Inscription
from planning.actions import cloturer
from planning.enums import EtatPointage, EtatReservation
from planning.models import Mouvement, Pointage, Reservation
from portail.demonstration.hasard import a
from portail.demonstration.histoire import RENTREE, Journee, Passe
from portail.demonstration.ville import Ville

# April was billed in advance on the 8th: its days were asked before.
DEMANDE_D_AVRIL = date(2015, 3, 24)
MOIS_CLOS = [(date(2015, 2, 1), date(2015, 2, 28)), (date(2015, 3, 1), date(2015, 3, 31))]
CLOTURE = date(2015, 4, 3)

E = EtatReservation


def inscrire_et_pointer(ville: Ville, passes: list[Passe]) -> None:
    """Inscriptions, bookings with their movements, registers, closing of what is billed in arrears."""
    inscriptions = _inscrire(ville, passes)
    couples = [(passe, journee) for passe in passes for journee in passe.journees]
    reservations = Reservation.objects.bulk_create(
        Reservation(
            enfant=journee.enfant,
            prestation=ville.prestations[journee.prestation],
            jour=journee.jour,
            inscription=inscriptions[journee.enfant.pk, journee.prestation],
            etat=E.RESERVEE if journee.reservee else E.DEMANDEE,
            demandee_le=a(_demandee(journee.jour), 18),
        )
        for _, journee in couples
    )
    lignes = [(*couple, r) for couple, r in zip(couples, reservations, strict=True)]
    Mouvement.objects.bulk_create(m for ligne in lignes for m in _mouvements(ville, *ligne))
    Pointage.objects.bulk_create(_pointage(ville, *ligne) for ligne in lignes if ligne[1].present)
    with figer(a(CLOTURE, 9)):
        for prestation in ville.prestations.values():
            for du, au in MOIS_CLOS:
                cloturer(prestation=prestation, du=du, au=au, par=ville.comptable)


def _demandee(jour: date) -> date:
    """The Tuesday of the week before: two days ahead of the deadline."""
    mardi = jour - timedelta(days=jour.isoweekday() + 5)
    return min(mardi, DEMANDE_D_AVRIL)


def _inscrire(ville: Ville, passes: list[Passe]) -> dict[tuple[int, str], Inscription]:
    """Each child of that year may book the six services."""
    annee = ville.annee(RENTREE)
    inscriptions = {}
    for passe in passes:
        enfants = {journee.enfant.pk: journee.enfant for journee in passe.journees}
        for enfant in enfants.values():
            for cle, prestation in ville.prestations.items():
                inscriptions[enfant.pk, cle] = Inscription(
                    enfant=enfant,
                    prestation=prestation,
                    annee=annee,
                    famille=passe.foyer.famille,
                    du=annee.debut,
                    au=annee.fin,
                )
    Inscription.objects.bulk_create(inscriptions.values())
    return inscriptions


def _mouvements(ville: Ville, passe: Passe, journee: Journee, reservation: Reservation) -> list[Mouvement]:
    demande = Mouvement(
        reservation=reservation,
        vers=E.DEMANDEE,
        par=passe.foyer.titulaire.utilisateur,
        le=reservation.demandee_le,
    )
    if not journee.reservee:
        return [demande]
    lendemain = a(_demandee(journee.jour) + timedelta(days=1), 9)
    accord = Mouvement(reservation=reservation, de=E.DEMANDEE, vers=E.RESERVEE, par=ville.agent, le=lendemain)
    return [demande, accord]


def _pointage(ville: Ville, passe: Passe, journee: Journee, reservation: Reservation) -> Pointage:
    return Pointage(
        enfant=journee.enfant,
        prestation=ville.prestations[journee.prestation],
        jour=journee.jour,
        etat=EtatPointage.PRESENT,
        reservation=reservation,
        inscription=reservation.inscription,
        famille=passe.foyer.famille,
        par=ville.agent,
        le=a(journee.jour, 18),
    )
