"""Days that an agent writes for a family, at the counter or on the telephone: judged without the deadlines.

Deadlines bind the families, not the town hall; what the day itself forbids (closed, already booked, no
inscription) binds everyone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from familles.garde import Garde, payeur_du_jour
from familles.gardes import gardes_de
from familles.horloge import aujourdhui
from familles.models import Enfant, Inscription, Prestation
from planning.calendrier import Calendrier
from planning.enums import ABSENTS, TRANSITIONS, EtatPointage, EtatReservation
from planning.models import Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur

E = EtatReservation
INDECISES = {
    E.DEMANDEE: "La famille l’a demandé : décidez sa demande.",
    E.ABSENCE_DEMANDEE: "La famille a déclaré une absence : décidez sa demande.",
    E.LISTE_ATTENTE: "L’enfant est sur la liste d’attente : la place se donne depuis l’appel.",
}


class Geste(TextChoices):
    RESERVER = "RESERVER", "Réserver"
    EXCUSER = "EXCUSER", "Noter une absence, excusée"
    FACTURER = "FACTURER", "Noter une absence, facturée"
    ANNULER = "ANNULER", "Annuler la réservation"


FAITS = {
    Geste.RESERVER: ("jour réservé", "jours réservés"),
    Geste.EXCUSER: ("absence excusée", "absences excusées"),
    Geste.FACTURER: ("absence facturée", "absences facturées"),
    Geste.ANNULER: ("réservation annulée", "réservations annulées"),
}
VERS = {Geste.EXCUSER: E.ABSENT_EXCUSE, Geste.FACTURER: E.ABSENT_FACTURE, Geste.ANNULER: E.ANNULEE}


@dataclass(frozen=True)
class Jour:
    """A day asked for: what may be done, or the sentence that says why not."""

    jour: date
    phrase: str = ""
    inscription: Inscription | None = None
    reservation: Reservation | None = None

    @property
    def possible(self) -> bool:
        return not self.phrase


def examiner_jours(
    *, enfant: Enfant, prestation: Prestation, jours: Iterable[date], geste: str
) -> list[Jour]:
    """Judge each day: a bounded number of queries, whatever their number."""
    jours = sorted(set(jours))
    calendrier = reglement_interieur().calendrier
    actives = Reservation.objects.actives().filter(enfant=enfant, prestation=prestation, jour__in=jours)
    connues = {r.jour: r for r in actives.select_related("inscription__famille", "prestation")}
    presents = set(
        Pointage.objects.filter(
            enfant=enfant, prestation=prestation, jour__in=jours, etat=EtatPointage.PRESENT
        ).values_list("jour", flat=True)
    )
    if geste != Geste.RESERVER:
        return [_a_changer(jour, connues.get(jour), jour in presents, Geste(geste)) for jour in jours]
    inscriptions = list(
        Inscription.objects.filter(enfant=enfant, prestation=prestation)
        .select_related("famille")
        .order_by("pk")
    )
    gardes = gardes_de(enfant)
    return [
        _a_reserver(jour, prestation, connues.get(jour), inscriptions, gardes, calendrier) for jour in jours
    ]


def _a_changer(jour: date, reservation: Reservation | None, present: bool, geste: Geste) -> Jour:
    if reservation is None:
        return Jour(jour, "Rien n’est réservé ce jour-là.")
    if reservation.etat in INDECISES:
        return Jour(jour, INDECISES[E(reservation.etat)])
    if present:
        return Jour(jour, "L’enfant est pointé présent : corrigez d’abord l’appel.")
    if VERS[geste] not in TRANSITIONS[E(reservation.etat)]:
        return Jour(jour, f"Déjà « {reservation.get_etat_display()} ».")
    return Jour(jour, reservation=reservation, inscription=reservation.inscription)


def _a_reserver(
    jour: date,
    prestation: Prestation,
    reservation: Reservation | None,
    inscriptions: list[Inscription],
    gardes: list[Garde],
    calendrier: Calendrier,
) -> Jour:
    ferme = calendrier.ferme(offre_de(prestation), jour)
    if ferme is not None:
        return Jour(jour, ferme.phrase)
    if jour < aujourdhui():
        return Jour(jour, "Ce jour est passé : une présence se note à l’appel.")
    if reservation is not None and reservation.etat in ABSENTS:
        # The child comes after all (the class leaves without it, say): the booking is taken up again.
        return Jour(jour, reservation=reservation, inscription=reservation.inscription)
    if reservation is not None:
        dite = f"Déjà « {reservation.get_etat_display()} »."
        return Jour(jour, INDECISES.get(E(reservation.etat), dite))
    ouvertes = [i for i in inscriptions if i.du <= jour <= i.au]
    if not ouvertes:
        return Jour(jour, "L’enfant n’est pas inscrit à ce service ce jour-là.")
    vacances = [(v.du, v.au) for v in calendrier.vacances]
    foyer = payeur_du_jour(gardes, jour, vacances)
    return Jour(jour, inscription=next((i for i in ouvertes if i.famille_id == foyer), ouvertes[0]))
