"""Closing days that were already booked, and opening them again.

A closure takes its days from everyone in one transaction: nobody books them any more, what was booked is
excused (so nothing of it is billed), the waiting lists end, and the families are told.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery

from familles.enums import VerbeTrace
from familles.erreurs import DejaTraite, Invalide
from familles.francais import jour_chiffres, jour_en_lettres
from familles.horloge import aujourdhui
from familles.models import Collectivite, Prestation, Trace
from familles.transactions import action
from messagerie.actions import Lettre, informer_en_nombre
from planning.actions.annulations import donner_les_places
from planning.actions.reservations import _places_libres, changer_etat
from planning.ecritures import personne
from planning.enums import OCCUPANTS, EtatReservation
from planning.fermetures import Touchees, touchees
from planning.models import Fermeture, Journee, Mouvement, Reservation

E = EtatReservation
# A closure longer than a school year is a service that stops: the prestation is then made inactive.
DUREE_MAXIMALE = timedelta(days=366)
UN_AN = "Un an au plus : pour arrêter un service, désactivez la prestation."
DEJA = "Cette fermeture existe déjà : rien n’a été fait une seconde fois."
ANNULEES = "Ces réservations sont annulées par la structure ; elles ne seront pas facturées."
INDECISES = (
    "Ces demandes attendent encore une réponse, mais il n’y aura pas de service pour votre enfant ces "
    "jours-là : rien n’en sera facturé."
)
RETABLIES = "La fermeture est annulée : ces réservations sont de nouveau les vôtres."
A_CHANGE = (
    "Les réservations de ces jours ont changé depuis que vous les avez lues : relisez-les, puis confirmez."
)


@action
def fermer(*, fermeture: Fermeture, attendue: str, par) -> Touchees:
    """Save a closure and apply it. `attendue`: `Touchees.empreinte` of what the agent was shown.

    Raise DejaTraite when the same closure exists, or when the bookings are no longer those that were shown.
    """
    if fermeture.au - fermeture.du > DUREE_MAXIMALE:
        raise Invalide(UN_AN)
    # The only row of the town: two closures at once wait for each other, before the days.
    Collectivite.objects.select_for_update().first()
    portee = {champ: getattr(fermeture, champ) for champ in ("du", "au", *PORTEE)}
    if Fermeture.objects.filter(**portee).exists():
        raise DejaTraite(DEJA)
    _verrouiller_les_jours(fermeture)
    lues = touchees(fermeture)
    if lues.empreinte != attendue:
        raise DejaTraite(A_CHANGE)
    fermeture.save()
    motif = f"{_marque(fermeture)} {fermeture.motif}"
    excusees = changer_etat(reservations=lues.a_excuser, vers=E.ABSENT_EXCUSE, par=par, motif=motif)
    changer_etat(reservations=lues.en_attente, vers=E.REFUSEE, par=par, motif=motif)
    if fermeture.ecole_id:
        donner_les_places(liberees=excusees, par=None)
    # Their requests keep an answer of their own; whatever it is, a day without service is not billed.
    absences = [r.pk for r in lues.indecises if r.etat == E.ABSENCE_DEMANDEE]
    Reservation.objects.filter(pk__in=absences).update(absence_excusee=True)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.MODIFIER, objet=fermeture)
    _prevenir(
        {ANNULEES: (*lues.a_excuser, *lues.en_attente), INDECISES: lues.indecises},
        sujet=f"Pas de service : {fermeture.motif}",
        annonce="Une fermeture concerne vos réservations",
        par=par,
    )
    return lues


PORTEE = ("structure", "prestation", "ecole", "classe")


def _marque(fermeture: Fermeture) -> str:
    """How its movements begin, whatever becomes of its words."""
    return f"Fermeture n° {fermeture.pk} :"


def _verrouiller_les_jours(fermeture: Fermeture) -> None:
    """Past days by their prestation, days to come by their Journee (CONTRIBUTING): a booking that is being
    granted is either read below, or refused because the day is closed.
    """
    prestations = Prestation.objects.filter(active=True).order_by("pk")
    if fermeture.prestation_id:
        prestations = prestations.filter(pk=fermeture.prestation_id)
    if fermeture.structure_id:
        prestations = prestations.filter(structure=fermeture.structure_id)
    if fermeture.du < aujourdhui():
        prestations = prestations.select_for_update(no_key=True, of=("self",))
    premier = max(fermeture.du, aujourdhui())
    jours = [premier + timedelta(days=n) for n in range((fermeture.au - premier).days + 1)]
    Journee.objects.verrouiller((p.pk, j) for p in prestations for j in jours if p.ouvre_le(j))


@action
def rouvrir(*, fermeture: Fermeture, par) -> tuple[list[Reservation], list[Reservation]]:
    """Delete a closure: what it had excused from today on is booked again, where a place is left.

    Returns the bookings given back, and those whose place was taken meanwhile, which stay excused.
    """
    Collectivite.objects.select_for_update().first()
    premier = max(fermeture.du, aujourdhui())
    dernier = Mouvement.objects.filter(reservation=OuterRef("pk")).order_by("-le", "-pk")
    siennes = (
        Reservation.objects.filter(etat=E.ABSENT_EXCUSE)
        .sur(premier, fermeture.au)
        .annotate(motif=Subquery(dernier.values("motif")[:1]), avant=Subquery(dernier.values("de")[:1]))
        .filter(motif__startswith=_marque(fermeture))
        .select_related("enfant", "prestation__structure", "inscription__famille")
        .order_by("jour", "prestation__ordre", "demandee_le", "pk")
    )
    journees = Journee.objects.verrouiller((r.prestation_id, r.jour) for r in siennes)
    fermeture.delete()
    reprises, perdues, facturees = _departager(list(siennes), journees)
    motif = f"Réouverture : {fermeture.motif}"
    changer_etat(reservations=reprises, vers=E.RESERVEE, par=par, motif=motif)
    changer_etat(reservations=facturees, vers=E.ABSENT_FACTURE, par=par, motif=motif)
    _prevenir(
        {RETABLIES: reprises},
        sujet=f"Service rétabli : {fermeture.motif}",
        annonce="Une fermeture est annulée",
        par=par,
    )
    return reprises, perdues


def _departager(reservations: list[Reservation], journees: dict):
    """(given back, place lost, absences that were billed before): the first to have asked come first."""
    libres = _places_libres(journees, {r.prestation_id: r.prestation for r in reservations}, OCCUPANTS)
    reprises, perdues, facturees = [], [], []
    for reservation in reservations:
        cle = (reservation.prestation_id, reservation.jour)
        if reservation.avant == E.ABSENT_FACTURE:
            facturees.append(reservation)
        elif libres[cle] is None or libres[cle] > 0:
            libres[cle] = None if libres[cle] is None else libres[cle] - 1
            reprises.append(reservation)
        else:
            perdues.append(reservation)
    return reprises, perdues, facturees


def _prevenir(reservations: Mapping[str, Iterable[Reservation]], *, sujet: str, annonce: str, par) -> None:
    """One message for each family, with its own days, under what becomes of them."""
    par_famille: dict[int, dict[str, list[Reservation]]] = {}
    for sort, lignes in reservations.items():
        for reservation in lignes:
            siennes = par_famille.setdefault(reservation.inscription.famille_id, {})
            siennes.setdefault(sort, []).append(reservation)
    lettres = []
    for siennes in par_famille.values():
        premiere = next(iter(siennes.values()))[0]
        lettres.append(
            Lettre(
                famille=premiere.inscription.famille,
                sujet=sujet,
                corps="\n\n".join(f"{sort}\n\n{_jours(lignes)}" for sort, lignes in siennes.items()),
                lien=premiere.enfant.url_planning(premiere.jour),
            )
        )
    if lettres:
        informer_en_nombre(lettres=lettres, annonce=annonce, par=personne(par))


def _jours(reservations: list[Reservation]) -> str:
    """« Léa, Repas : jeudi 3 décembre 2026 », or « du 01/12/2026 au 31/12/2026 (18 jours) »."""
    groupes: dict[tuple[str, str], list[date]] = {}
    for r in reservations:
        groupes.setdefault((r.enfant.prenom, r.prestation.nom), []).append(r.jour)
    return "\n".join(f"{prenom}, {nom} : {_dire(jours)}" for (prenom, nom), jours in groupes.items())


def _dire(jours: list[date]) -> str:
    if len(jours) <= 5:
        return ", ".join(jour_en_lettres(jour) for jour in jours)
    return f"{len(jours)} jours, du {jour_chiffres(min(jours))} au {jour_chiffres(max(jours))}"
