"""What families ask and staff grant: bookings, their states, the waiting list.

Locks in one order (CONTRIBUTING): the prestation when closed days are at stake, Journee by (day, prestation),
Reservation by key. One function changes states: `changer_etat`.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime

from familles.erreurs import DejaTraite, Refus
from familles.francais import jour_en_lettres
from familles.horloge import aujourdhui, maintenant
from familles.models import Prestation
from familles.transactions import action, sauf_doublon
from messagerie.actions import informer
from planning.ecritures import personne, refuser_les_jours_clos
from planning.enums import OCCUPANTS, TRANSITIONS, EtatReservation, Origine
from planning.examen import Examen
from planning.models import Journee, Mouvement, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur

E = EtatReservation
DEJA_RESERVE = "Un de ces jours vient d’être demandé ou réservé par ailleurs : rien n’a été envoyé."


@action
def demander(
    *, examens: list[Examen], par, instant: datetime, regulieres: Collection[tuple[int, int]] = ()
) -> list[Reservation]:
    """Write what a family asks (cells already judged possible at `instant`), in the order given.

    `regulieres`: the (child, prestation) ids asked by a weekly pattern. Raise DejaTraite when another request
    took one of these days meanwhile: nothing is then written.
    """
    origines = {True: Origine.REGULIERE, False: Origine.OCCASIONNELLE}
    reservations = [
        Reservation(
            enfant_id=examen.inscription.enfant_id,
            prestation_id=examen.prestation_id,
            jour=examen.jour,
            inscription=examen.inscription,
            demandee_le=instant,
            hors_delai=examen.hors_delai,
            tardive=examen.tardive,
            origine=origines[(examen.enfant_id, examen.prestation_id) in regulieres],
        )
        for examen in examens
    ]
    return _creer(reservations, par)


def _creer(reservations: list[Reservation], par, motif: str = "") -> list[Reservation]:
    with sauf_doublon(lambda: DEJA_RESERVE):
        creees = Reservation.objects.bulk_create(reservations)
    Mouvement.objects.bulk_create(
        Mouvement(reservation=r, vers=r.etat, par=personne(par), le=r.demandee_le, motif=motif)
        for r in creees
    )
    return creees


@action
def changer_etat(
    *,
    reservations: Iterable[Reservation],
    vers: str,
    par,
    motif: str = "",
    absence_excusee: bool | None = None,
) -> list[Reservation]:
    """Move bookings to a state, in bulk, under locks, each with its Mouvement; returns them, read anew.

    Raise DejaTraite when one of them is no longer where it could move from, Refus when a place that it had
    left is no longer free: then none moves.
    """
    reservations = list(reservations)
    refuser_les_jours_clos(reservations)
    # A place taken again, or a rank given: the day is locked first, as `attribuer` does.
    cles = [(r.prestation_id, r.jour) for r in reservations if vers in (E.RESERVEE, E.LISTE_ATTENTE)]
    journees = Journee.objects.verrouiller(cles)
    verrouillees = _verrouiller(reservations)
    for reservation in verrouillees:
        if vers not in TRANSITIONS[EtatReservation(reservation.etat)]:
            raise DejaTraite(
                f"{jour_en_lettres(reservation.jour).capitalize()} : l’état est devenu "
                f"« {reservation.get_etat_display()} », ce changement n’est plus possible."
            )
    if vers == E.RESERVEE:
        _refuser_sans_place([r for r in verrouillees if r.etat not in OCCUPANTS], journees)
    elif vers == E.LISTE_ATTENTE:
        _donner_un_rang(verrouillees, journees)
    return _ecrire_etats([(r, vers) for r in verrouillees], par, motif, absence_excusee)


def _refuser_sans_place(revenues: list[Reservation], journees: dict) -> None:
    """Bookings that had left their place and come back to it."""
    _refuser_les_jours_sans_service(revenues)
    cles = [(r.prestation_id, r.jour) for r in revenues]
    libres = _places_libres({c: journees[c] for c in cles}, {r.prestation_id: r.prestation for r in revenues})
    for cle, nombre in Counter(cles).items():
        places = libres[cle]
        if places is not None and places < nombre:
            raise Refus(_complet(next(r.prestation for r in revenues if r.prestation_id == cle[0]), cle[1]))


def _complet(prestation: Prestation, jour: date) -> str:
    return f"{prestation.nom}, {jour_en_lettres(jour)} : il n’y a plus de place."


def _donner_un_rang(reservations: list[Reservation], journees: dict) -> None:
    allongees = {}
    for reservation in reservations:
        journee = journees[reservation.prestation_id, reservation.jour]
        journee.dernier_rang += 1
        reservation.rang_attente = journee.dernier_rang
        allongees[journee.pk] = journee
    Journee.objects.bulk_update(allongees.values(), ["dernier_rang"])


def _verrouiller(reservations: Iterable[Reservation]) -> list[Reservation]:
    pks = {r.pk for r in reservations}
    lignes = list(
        Reservation.objects.filter(pk__in=pks)
        # Their key stays: a row that points at one (a register, a line of a request) need not wait.
        .select_for_update(of=("self",), no_key=True)
        .select_related("prestation", "inscription")
        .order_by("pk")
    )
    if len(lignes) != len(pks):
        raise DejaTraite("Une de ces réservations n’existe plus.")
    return lignes


def _ecrire_etats(changements, par, motif: str, absence_excusee: bool | None = None) -> list[Reservation]:
    """Write (booking, new state) pairs already judged, and their movements."""
    instant, qui = maintenant(), personne(par)
    mouvements = []
    for reservation, vers in changements:
        mouvements.append(
            Mouvement(
                reservation=reservation,
                de=reservation.etat,
                vers=vers,
                par=qui,
                le=instant,
                motif=motif[:200],
            )
        )
        reservation.etat = vers
        if vers != E.LISTE_ATTENTE:
            reservation.rang_attente = None
        if vers == E.ABSENCE_DEMANDEE:
            reservation.absence_excusee = absence_excusee
        elif vers == E.RESERVEE:
            reservation.absence_excusee = None
    lignes = [r for r, _ in changements]
    Reservation.objects.bulk_update(lignes, ["etat", "rang_attente", "absence_excusee"])
    Mouvement.objects.bulk_create(mouvements)
    return lignes


@action
def attribuer(*, reservations: Iterable[Reservation], par, motif: str = "") -> list[Reservation]:
    """Grant bookings that were asked: a place, or the waiting list, by order of deposit.

    Nobody overtakes: while others wait for that day, a free place is theirs. Raise DejaTraite when one of
    them was answered meanwhile, Refus when a day closed since it was asked.
    """
    reservations = list(reservations)
    refuser_les_jours_clos(reservations)
    journees = Journee.objects.verrouiller((r.prestation_id, r.jour) for r in reservations)
    verrouillees = sorted(_verrouiller(reservations), key=lambda r: (r.demandee_le, r.pk))
    for reservation in verrouillees:
        if reservation.etat != E.DEMANDEE:
            jour = jour_en_lettres(reservation.jour).capitalize()
            raise DejaTraite(f"{jour} : déjà « {reservation.get_etat_display()} ».")
    _refuser_les_jours_sans_service(verrouillees)
    libres = _places_libres(journees, {r.prestation_id: r.prestation for r in verrouillees})
    placees, en_attente = [], []
    for reservation in verrouillees:
        cle = (reservation.prestation_id, reservation.jour)
        places = libres[cle]
        if places is None or places > 0:
            libres[cle] = None if places is None else places - 1
            placees.append((reservation, E.RESERVEE))
        else:
            en_attente.append((reservation, E.LISTE_ATTENTE))
    _donner_un_rang([r for r, _ in en_attente], journees)
    return _ecrire_etats(placees + en_attente, par, motif)


def _places_libres(
    journees: dict,
    prestations: dict[int, Prestation],
    etats: Collection[str] = (*OCCUPANTS, E.LISTE_ATTENTE),
) -> dict[tuple, int | None]:
    """Places that nobody holds nor waits for, by (prestation, day); None: without limit."""
    pris = Reservation.objects.prises(journees, etats)
    libres = {}
    for (prestation_id, jour), journee in journees.items():
        capacite = prestations[prestation_id].capacite if journee.capacite is None else journee.capacite
        libres[prestation_id, jour] = None if capacite is None else capacite - pris[prestation_id, jour]
    return libres


def _refuser_les_jours_sans_service(reservations: list[Reservation]) -> None:
    """Closed since it was asked, or after the end of the inscription: of the right itself, or of the hold on
    the child by the household that asked.
    """
    calendrier = reglement_interieur().calendrier
    for reservation in reservations:
        if not reservation.inscription.du <= reservation.jour <= reservation.inscription.au:
            raise Refus(
                f"{reservation.prestation.nom}, {jour_en_lettres(reservation.jour)} : l’inscription de ce "
                "foyer ne couvre plus ce jour. Refusez-le, ou changez les dates de l’inscription."
            )
        ferme = calendrier.ferme(offre_de(reservation.prestation), reservation.jour)
        if ferme is not None:
            raise Refus(
                f"{reservation.prestation.nom}, {jour_en_lettres(reservation.jour)} : {ferme.phrase} "
                "Refusez ce jour-là, ou rouvrez-le."
            )


@action
def promouvoir(
    *, prestation: Prestation, jour: date, par, attendue: Reservation | None = None
) -> Reservation:
    """Give a free place to the first of the waiting list, and tell the family.

    `attendue`: whom the agent saw first; a double click never serves the next one too.
    Raise Refus when nobody waits or when the day is full.
    """
    if jour < aujourdhui():
        raise Refus("Ce jour est passé : une place n’y servirait plus à personne.")
    (journee,) = Journee.objects.verrouiller([(prestation.pk, jour)]).values()
    attente = Reservation.objects.en_attente().filter(prestation=prestation, jour=jour)
    verrou = attente.select_for_update(of=("self",), no_key=True)
    premiere = verrou.select_related("enfant", "inscription__famille").first()
    if premiere is None:
        raise Refus("Personne n’attend plus pour ce jour.")
    if attendue is not None and premiere.pk != attendue.pk:
        raise DejaTraite("La liste d’attente a changé : relisez-la avant de donner une place.")
    capacite = prestation.capacite if journee.capacite is None else journee.capacite
    if (
        capacite is not None
        and Reservation.objects.prises([(prestation.pk, jour)])[prestation.pk, jour] >= capacite
    ):
        raise Refus(_complet(prestation, jour))
    premiere.prestation = prestation
    _refuser_les_jours_sans_service([premiere])
    _ecrire_etats([(premiere, E.RESERVEE)], par, "Place donnée depuis la liste d’attente")
    informer(
        famille=premiere.inscription.famille,
        sujet="Une place s’est libérée",
        corps=f"{premiere.enfant.prenom}, {prestation.nom}, {jour_en_lettres(jour)} : la place est à vous.",
        lien=premiere.enfant.url_planning(jour),
        avis=True,
        par=personne(par),
    )
    return premiere
