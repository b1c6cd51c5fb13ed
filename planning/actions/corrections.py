"""The accountant's correction of a day already closed: what was granted, what happened, and why.

The only writing that a closing lets through; what it changes on the invoices is facturation's affair, in the
same transaction (`facturation.actions.rectifier`).
"""

from datetime import date

from familles.enums import VerbeTrace
from familles.erreurs import AConfirmer, Invalide, Refus
from familles.horloge import aujourdhui, maintenant
from familles.models import Enfant, Prestation, Trace
from familles.transactions import action
from planning.actions.pointages import _noter
from planning.actions.reservations import _ecrire_etats
from planning.cases import NON_INSCRIT, est_une_erreur
from planning.ecritures import personne
from planning.enums import Correction, EtatPointage, EtatReservation
from planning.models import Pointage, Rectification, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur

E = EtatReservation
# Asked and not answered yet: their decision says what was granted, a correction would say it in its place.
INDECISES = {
    E.DEMANDEE: "Une demande de réservation",
    E.ABSENCE_DEMANDEE: "Une déclaration d’absence",
}
# What says that the child did not use the service: good on any day.
SANS_SERVICE = (Correction.ABSENT_EXCUSE, Correction.RIEN)
# What the day becomes: state of the booking, when there is one, and of the register.
VERITES = {
    Correction.PRESENT: (E.RESERVEE, EtatPointage.PRESENT),
    Correction.ABSENT_EXCUSE: (E.ABSENT_EXCUSE, EtatPointage.ABSENT),
    Correction.ABSENT_FACTURE: (E.ABSENT_FACTURE, EtatPointage.ABSENT),
    Correction.ABSENT_NON_SIGNALE: (E.RESERVEE, EtatPointage.ABSENT),
    Correction.RIEN: (E.ANNULEE, None),
}


@action
def corriger(
    *,
    enfant: Enfant,
    prestation: Prestation,
    jour: date,
    vers: str,
    motif: str,
    par,
    quand_meme: bool = False,
) -> None:
    """Say what a past day really was. Locks: the prestation, then the booking, as for any change of state.

    Places are not counted again: the day is over. Raise AConfirmer, unless `quand_meme`, for a child who is
    not enrolled: the register takes such a child too, but a date typed wrong would be billed.
    """
    motif = _juger(motif.strip(), vers, jour)
    etat, pointage = VERITES[Correction(vers)]
    Prestation.objects.select_for_update(no_key=True).get(pk=prestation.pk)
    reservation = _reservation(enfant, prestation, jour)
    connu = Pointage.objects.filter(enfant=enfant, prestation=prestation, jour=jour).first()
    if reservation is None and pointage == EtatPointage.ABSENT:
        raise Refus("Rien n’était réservé ce jour-là : une absence ne s’y déclare pas.")
    if _deja(reservation, connu, etat, pointage):
        raise Refus("La journée est déjà ainsi : il n’y a rien à rectifier.")
    malgre = "" if vers in SANS_SERVICE else _objection(enfant, prestation, jour, reservation)
    if malgre and not quand_meme:
        raise AConfirmer(malgre)
    if reservation is not None and reservation.etat != etat:
        _ecrire_etats([(reservation, etat)], par, motif)
    _pointer(enfant, prestation, jour, connu, pointage, par)
    Rectification.objects.create(
        enfant=enfant,
        prestation=prestation,
        jour=jour,
        vers=vers,
        motif=motif,
        malgre=malgre,
        par=personne(par),
    )
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.CORRIGER, objet=enfant)


def _juger(motif: str, vers: str, jour: date) -> str:
    if not motif:
        raise Invalide("Indiquez le motif de la correction.")
    if vers not in Correction.values:
        raise Invalide("Dites ce que la journée a vraiment été.")
    if jour > aujourdhui():
        raise Invalide("On ne rectifie qu’une journée passée.")
    return motif


def _reservation(enfant: Enfant, prestation: Prestation, jour: date) -> Reservation | None:
    """That of the day, locked. Raise Refus while it waits for an answer."""
    reservations = Reservation.objects.actives().filter(enfant=enfant, prestation=prestation, jour=jour)
    reservation = reservations.select_for_update(of=("self",), no_key=True).first()
    if reservation is not None and reservation.etat in INDECISES:
        quoi = INDECISES[EtatReservation(reservation.etat)]
        raise Refus(f"{quoi} attend encore une réponse pour ce jour : décidez-la d’abord.")
    # On the waiting list no place was ever given: a presence stays unbooked, at its own price.
    return None if reservation is not None and reservation.etat == E.LISTE_ATTENTE else reservation


def _objection(enfant: Enfant, prestation: Prestation, jour: date, reservation: Reservation | None) -> str:
    """Why that day is unlikely. Raise Refus where the planning would show « Erreur », never to be closed."""
    ferme = reglement_interieur().calendrier.ferme(offre_de(prestation), jour)
    if ferme is not None and est_une_erreur(E.RESERVEE if reservation else None, ferme):
        raise Refus(f"{ferme.phrase} Vérifiez la date, ou rouvrez d’abord ce jour-là au calendrier.")
    if reservation is None and not prestation.inscriptions.filter(enfant=enfant).au_jour(jour).exists():
        return NON_INSCRIT
    return ""


def _deja(reservation: Reservation | None, connu: Pointage | None, etat: str, pointage: str | None) -> bool:
    meme_etat = reservation is None or reservation.etat == etat
    return meme_etat and (connu.etat if connu else None) == pointage


def _pointer(
    enfant: Enfant, prestation: Prestation, jour: date, connu: Pointage | None, etat: str | None, par
) -> None:
    qui = personne(par)
    if connu is None and etat is not None:
        _noter(prestation, jour, {enfant.pk: etat}, qui)
    elif connu is not None and etat is None:
        connu.delete()
    elif connu is not None and etat is not None:
        connu.etat, connu.par, connu.le = EtatPointage(etat), qui, maintenant()
        connu.save(update_fields=["etat", "par", "le"])
