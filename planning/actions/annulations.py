"""A family takes bookings back before their deadline: nothing is owed, and the place serves another child."""

from collections.abc import Iterable

from familles.enums import Acceptation, VerbeTrace
from familles.francais import jour_en_lettres
from familles.horloge import aujourdhui
from familles.models import Trace
from familles.transactions import action
from messagerie.actions import informer
from planning.actions.reservations import _places_libres, changer_etat, promouvoir
from planning.ecritures import personne
from planning.enums import OCCUPANTS, EtatReservation
from planning.examen import Examen
from planning.models import Journee, Reservation

MOTIF = "Annulée par la famille"
SANS_ATTENDRE = frozenset({Acceptation.AUTOMATIQUE, Acceptation.AUTOMATIQUE_PLACES})


@action
def annuler(*, acces, examens: Iterable[Examen], par) -> list[Reservation]:
    """Cells already judged possible. Raise DejaTraite when one of them changed meanwhile: none moves."""
    examens = list(examens)
    reservations = [e.reservation for e in examens if e.reservation is not None]
    # The day before its bookings, as everywhere: a place may be given again below.
    Journee.objects.verrouiller((e.prestation_id, e.jour) for e in examens)
    annulees = changer_etat(reservations=reservations, vers=EtatReservation.ANNULEE, par=par, motif=MOTIF)
    enfants = {e.inscription.enfant for e in examens if e.inscription is not None}
    for enfant in sorted(enfants, key=lambda e: e.pk):
        Trace.objects.inscrire(par=par, verbe=VerbeTrace.RETIRER, objet=enfant, famille=acces.famille)
    prenoms = {enfant.pk: enfant.prenom for enfant in enfants}
    jours = "\n".join(f"{prenoms[e.enfant_id]}, {e.prestation} : {jour_en_lettres(e.jour)}" for e in examens)
    informer(
        famille=acces.famille,
        responsable=acces.responsable,
        sujet="Réservations annulées",
        corps=f"À votre demande, ces réservations sont annulées ; elles ne seront pas facturées.\n\n{jours}",
        lien=min(enfants, key=lambda e: e.pk).url_planning(min(e.jour for e in examens)),
        par=personne(par),
        deja_lu=True,
    )
    donner_les_places(liberees=annulees, par=None)
    return annulees


def donner_les_places(*, liberees: Iterable[Reservation], par) -> None:
    """Give places that have just come free to the first who wait, where no agent is waited for.

    The days were locked by the caller, before their bookings.
    """
    couples = {(r.prestation_id, r.jour) for r in liberees if r.jour >= aujourdhui()}
    attente = Reservation.objects.en_attente().filter(
        prestation__in={p for p, _ in couples},
        jour__in={j for _, j in couples},
        prestation__acceptation__in=SANS_ATTENDRE,
    )
    lignes = [r for r in attente.select_related("prestation") if (r.prestation_id, r.jour) in couples]
    journees = Journee.objects.verrouiller((r.prestation_id, r.jour) for r in lignes)
    libres = _places_libres(journees, {r.prestation_id: r.prestation for r in lignes}, OCCUPANTS)
    for reservation in lignes:
        cle = (reservation.prestation_id, reservation.jour)
        if libres[cle] is None or libres[cle] > 0:
            libres[cle] = None if libres[cle] is None else libres[cle] - 1
            promouvoir(prestation=reservation.prestation, jour=reservation.jour, par=par)
