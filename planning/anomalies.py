"""What is wrong, or left undone, in the registers: the agents' list, and the cards that lead to it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Subquery

from familles.models import Prestation
from planning.calendrier import Calendrier
from planning.cases import est_une_erreur
from planning.enums import ATTENDUS, EtatPointage
from planning.models import Cloture, Journee, Pointage, Reservation
from planning.reglement_interieur import offre_de

# What is older is the accountant's: those days are closed, or about to be.
JOURS_REGARDES = 14


@dataclass(frozen=True)
class Nature:
    """A kind of anomaly, and what settles it."""

    cle: str
    libelle: str
    remede: str
    urgente: bool = False


ERREUR = Nature(
    "erreur",
    "Appels en erreur : présents malgré une absence ou une fermeture",
    "Corrigez l’appel si l’enfant n’est pas venu ; s’il est venu, voyez avec la famille et le service : la "
    "journée ne se clôture pas ainsi.",
    urgente=True,
)
PLACE = Nature(
    "place",
    "Listes d’attente avec une place libre",
    "Donnez la place au premier de la liste, au bas de l’appel.",
    urgente=True,
)
OUBLI = Nature(
    "oubli",
    "Appels oubliés ou incomplets, sur deux semaines",
    "Notez chaque enfant attendu, présent ou absent : sans appel, un jour réservé est facturé.",
)
SANS_RESERVATION = Nature(
    "sans-reservation",
    "Appels avec un enfant venu sans réservation",
    "Rien à faire si l’enfant est bien venu : c’est une heure hors contrat, facturée comme telle. Sinon, "
    "corrigez l’appel.",
)
INDECISE = Nature(
    "indecise",
    "Demandes sans réponse pour demain au plus tard",
    "Décidez-les : la cuisine compte encore l’enfant dont l’absence attend une réponse, et ne compte pas "
    "celui dont la réservation l’attend.",
    urgente=True,
)
SANS_DROIT = Nature(
    "sans-inscription",
    "Jours réservés que l’inscription ne couvre plus",
    "Le foyer qui les a réservés ne tient plus l’enfant, ou son inscription a été raccourcie : annulez ces "
    "jours, ici tous ensemble ou un à un au guichet, ou rétablissez les dates de l’inscription ; refusez "
    "ceux dont la demande attend.",
    urgente=True,
)
NATURES = {nature.cle: nature for nature in (ERREUR, INDECISE, SANS_DROIT, PLACE, OUBLI, SANS_RESERVATION)}


@dataclass(frozen=True)
class Anomalie:
    """A day of a prestation; `nombre`: of children whom it concerns."""

    nature: Nature
    prestation: Prestation
    jour: date
    nombre: int


@dataclass(frozen=True)
class Regard:
    """What every reading starts from: the prestations by id, the calendar, today."""

    prestations: Mapping[int, Prestation]
    calendrier: Calendrier
    jour: date

    @property
    def depuis(self) -> date:
        return self.jour - timedelta(days=JOURS_REGARDES)

    def ouvre(self, prestation_id: int, jour: date) -> bool:
        return self.calendrier.ouvre(offre_de(self.prestations[prestation_id]), jour)

    def ranger(self, nature: Nature, nombres: Mapping[tuple[int, date], int]) -> list[Anomalie]:
        """(prestation id, day) → how many, day after day."""
        anomalies = [
            Anomalie(nature, self.prestations[pk], jour, nombre) for (pk, jour), nombre in nombres.items()
        ]
        return sorted(anomalies, key=lambda a: (a.jour, a.prestation.ordre, a.prestation.pk))


def appels_a_faire(regard: Regard) -> list[Anomalie]:
    """Children expected and not noted, today included; one query.

    A booking left on a day that closed since waits for nobody.
    """
    lignes = (
        Reservation.objects.filter(etat__in=ATTENDUS)
        .sur(regard.depuis, regard.jour)
        .filter(~Exists(Pointage.objects.de_la_ligne()), ~Exists(Cloture.objects.de_la_ligne()))
        .order_by()
        .values_list("prestation", "jour")
        .annotate(n=Count("pk"))
    )
    return regard.ranger(OUBLI, {(p, jour): n for p, jour, n in lignes if regard.ouvre(p, jour)})


def oublis(regard: Regard) -> list[Anomalie]:
    return [anomalie for anomalie in appels_a_faire(regard) if anomalie.jour < regard.jour]


def presences(regard: Regard) -> list[Anomalie]:
    """Children noted present though absent or on a closed day (« Erreur »), or not booked; one query.

    Days closed for billing are the accountant's to correct.
    """
    ce_jour = {champ: OuterRef(champ) for champ in ("enfant", "prestation", "jour")}
    active = Reservation.objects.actives().filter(**ce_jour)
    presents = (
        Pointage.objects.filter(etat=EtatPointage.PRESENT)
        .filter(~Exists(Cloture.objects.de_la_ligne()), jour__range=(regard.depuis, regard.jour))
        .annotate(etat_reserve=Subquery(active.values("etat")[:1]))
        .order_by()
        .values_list("prestation", "jour", "etat_reserve")
        .annotate(n=Count("pk"))
    )
    trouvees: dict[Nature, Counter] = {ERREUR: Counter(), SANS_RESERVATION: Counter()}
    for pk, jour, etat, nombre in presents:
        ferme = regard.calendrier.ferme(offre_de(regard.prestations[pk]), jour)
        if est_une_erreur(etat, ferme):
            trouvees[ERREUR][pk, jour] += nombre
        elif etat not in ATTENDUS:
            trouvees[SANS_RESERVATION][pk, jour] += nombre
    return [a for nature, nombres in trouvees.items() for a in regard.ranger(nature, nombres)]


def places_libres(regard: Regard) -> list[Anomalie]:
    """Days to come with a waiting list and a free place; two queries."""
    propre = Journee.objects.filter(prestation=OuterRef("prestation"), jour=OuterRef("jour"))
    lignes = (
        Reservation.objects.en_attente()
        .filter(jour__gte=regard.jour)
        .order_by()
        .values_list("prestation", "jour")
        .annotate(n=Count("pk"), propre=Subquery(propre.values("capacite")))
    )
    lues = {(prestation, jour): (n, propre) for prestation, jour, n, propre in lignes}
    prises = Reservation.objects.prises(list(lues))

    def libre(pk: int, jour: date, propre: int | None) -> bool:
        capacite = regard.prestations[pk].capacite if propre is None else propre
        return regard.ouvre(pk, jour) and (capacite is None or prises[pk, jour] < capacite)

    return regard.ranger(PLACE, {cle: n for cle, (n, propre) in lues.items() if libre(*cle, propre)})


def indecises(regard: Regard) -> list[Anomalie]:
    """Bookings and absences that wait for an answer though their day is tomorrow, or is over; one query."""
    lignes = (
        Reservation.objects.indecises()
        .sur(regard.depuis, regard.jour + timedelta(days=1))
        .order_by()
        .values_list("prestation", "jour")
        .annotate(n=Count("pk"))
    )
    return regard.ranger(INDECISE, {(p, jour): n for p, jour, n in lignes})


def sans_inscription(regard: Regard) -> list[Anomalie]:
    """Days to come, booked or asked, outside of the dates of their own inscription; one query."""
    lignes = (
        Reservation.objects.sans_droit(regard.jour)
        .order_by()
        .values_list("prestation", "jour")
        .annotate(n=Count("pk"))
    )
    return regard.ranger(SANS_DROIT, {(p, jour): n for p, jour, n in lignes})


# What each permission opens: the requests, the registers, the places.
LECTURES: dict[str, Callable[[Regard], list[Anomalie]]] = {
    "demandes.change_demande": indecises,
    "planning.change_pointage": lambda regard: [*presences(regard), *oublis(regard)],
    "planning.change_journee": lambda regard: [*sans_inscription(regard), *places_libres(regard)],
}
