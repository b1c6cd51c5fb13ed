"""What an agent writes for a family that came or called: deadlines are passed over, the reason is kept."""

from collections.abc import Iterable
from datetime import date

from familles.enums import VerbeTrace
from familles.erreurs import Invalide, Refus
from familles.francais import jour_en_lettres
from familles.horloge import aujourdhui, maintenant
from familles.models import Enfant, Prestation, Trace
from familles.transactions import action
from messagerie.actions import Lettre, informer_en_nombre
from planning.actions.annulations import donner_les_places
from planning.actions.reservations import _creer, attribuer, changer_etat
from planning.ecritures import personne
from planning.enums import EtatReservation
from planning.guichet import VERS, Geste, Jour, examiner_jours
from planning.models import Journee, Reservation

E = EtatReservation
RIEN = "Aucun de ces jours ne peut l’être : {}"
# How a family reads what was written for it.
DITS = {
    E.RESERVEE: "réservé",
    E.LISTE_ATTENTE: "sur la liste d’attente, le jour est complet",
    E.ABSENT_EXCUSE: "absence excusée, non facturée",
    E.ABSENT_FACTURE: "absence facturée",
    E.ANNULEE: "réservation annulée",
}


@action
def saisir(
    *,
    enfant: Enfant,
    prestation: Prestation,
    jours: Iterable[date],
    geste: str,
    motif: str,
    tardive: bool = False,
    par,
) -> tuple[list[Reservation], list[Jour]]:
    """Write the days that may be, and return them with those that may not, each with its reason.

    `tardive`: at the price of a late booking, which is the agent's to decide. Places are counted as for a
    family: a full day puts the child on the waiting list, behind those who wait. An absence is booked again,
    at the price that it had. Raise Refus when no day is possible, or when the place of an absent child was
    given.
    """
    motif = motif.strip()
    if not motif:
        raise Invalide("Indiquez pourquoi la structure saisit à la place de la famille.")
    jours = sorted(set(jours))
    _verrouiller(prestation, jours)
    examines = examiner_jours(enfant=enfant, prestation=prestation, jours=jours, geste=geste)
    possibles = [jour for jour in examines if jour.possible]
    refuses = [jour for jour in examines if not jour.possible]
    if not possibles:
        raise Refus(RIEN.format(" ".join(dict.fromkeys(jour.phrase for jour in refuses))))
    connues = [jour.reservation for jour in possibles if jour.reservation]
    if geste == Geste.RESERVER:
        nouveaux = [jour for jour in possibles if jour.reservation is None]
        ecrites = [
            *_reserver(enfant, prestation, nouveaux, motif, tardive, par),
            *changer_etat(reservations=connues, vers=E.RESERVEE, par=par, motif=motif),
        ]
    else:
        ecrites = changer_etat(reservations=connues, vers=VERS[Geste(geste)], par=par, motif=motif)
        donner_les_places(liberees=ecrites, par=None)
    _prevenir(enfant, prestation, ecrites, {j.jour: j for j in possibles}, par)
    return ecrites, refuses


def _verrouiller(prestation: Prestation, jours: list[date]) -> None:
    """Past days by their prestation first, as everywhere: `changer_etat` asks whether they are closed."""
    if jours and jours[0] < aujourdhui():
        Prestation.objects.select_for_update(no_key=True).get(pk=prestation.pk)
    Journee.objects.verrouiller((prestation.pk, jour) for jour in jours)


def _reserver(enfant, prestation, jours: list[Jour], motif: str, tardive: bool, par) -> list[Reservation]:
    instant = maintenant()
    nouvelles = [
        Reservation(
            enfant=enfant,
            prestation=prestation,
            jour=jour.jour,
            inscription=jour.inscription,
            demandee_le=instant,
            tardive=tardive,
        )
        for jour in jours
    ]
    return attribuer(reservations=_creer(nouvelles, par, motif), par=par, motif=motif)


def _prevenir(enfant, prestation, ecrites: list[Reservation], jours: dict[date, Jour], par) -> None:
    """Each family reads its own days, the trace says who wrote them."""
    par_famille: dict[int, list[Reservation]] = {}
    familles = {}
    for reservation in sorted(ecrites, key=lambda r: r.jour):
        famille = jours[reservation.jour].inscription.famille
        familles[famille.pk] = famille
        par_famille.setdefault(famille.pk, []).append(reservation)
    for famille in familles.values():
        Trace.objects.inscrire(par=par, verbe=VerbeTrace.MODIFIER, objet=enfant, famille=famille)
    lettres = [
        Lettre(
            famille=familles[cle],
            sujet=f"{enfant.prenom} : {prestation.nom}",
            corps="La structure a enregistré, à votre demande :\n\n" + "\n".join(map(_dire, siennes)),
            lien=enfant.url_planning(min(r.jour for r in siennes)),
        )
        for cle, siennes in par_famille.items()
    ]
    informer_en_nombre(lettres=lettres, annonce="Le planning de votre enfant a changé", par=personne(par))


def _dire(reservation: Reservation) -> str:
    return f"{jour_en_lettres(reservation.jour).capitalize()} : {DITS[E(reservation.etat)]}"
