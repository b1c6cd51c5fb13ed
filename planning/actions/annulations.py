"""Bookings taken back: by a family before their deadline, by the staff when no inscription covers them.

Nothing is owed, and the place serves another child.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from familles.enums import Acceptation, VerbeTrace
from familles.erreurs import DejaTraite
from familles.francais import jour_chiffres, jour_en_lettres
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
SANS_DROIT = "L’inscription ne couvre plus ce jour"
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


@action
def liberer_les_jours_sans_droit(*, attendues: int, par) -> list[Reservation]:
    """Cancel the days to come that no inscription covers any more, so that the other home may book them.

    What waits for an answer is left to its decision. `attendues`: how many the agent was shown; DejaTraite
    when they are no longer so many. Each family is told of its own.
    """
    lignes = list(
        Reservation.objects.a_liberer(aujourdhui())
        .select_related("enfant", "prestation", "inscription__famille")
        .order_by("inscription__famille", "enfant", "prestation", "jour")
    )
    if len(lignes) != attendues:
        raise DejaTraite("Ces jours ont changé depuis l’affichage : relisez la liste, rien n’est annulé.")
    # The day before its bookings, as everywhere.
    Journee.objects.verrouiller((r.prestation_id, r.jour) for r in lignes)
    liberees = changer_etat(reservations=lignes, vers=EtatReservation.ANNULEE, par=par, motif=SANS_DROIT)
    for famille, siennes in groupby(lignes, key=lambda r: r.inscription.famille):
        _prevenir(famille, list(siennes), par)
    donner_les_places(liberees=liberees, par=None)
    return liberees


def _prevenir(famille, siennes: list[Reservation], par) -> None:
    groupes = groupby(siennes, key=lambda r: (r.enfant, r.prestation))
    phrases = [
        f"{enfant.prenom}, {prestation.nom} : {_du_au([r.jour for r in jours])}"
        for (enfant, prestation), jours in groupes
    ]
    informer(
        famille=famille,
        sujet="Réservations annulées",
        corps="L’inscription ne couvre plus ces jours ; ils ne seront pas facturés.\n\n" + "\n".join(phrases),
        avis=True,
        par=personne(par),
    )


def _du_au(jours: list[date]) -> str:
    if len(jours) == 1:
        return f"le {jour_chiffres(jours[0])}"
    return f"{len(jours)} jours, du {jour_chiffres(jours[0])} au {jour_chiffres(jours[-1])}"
