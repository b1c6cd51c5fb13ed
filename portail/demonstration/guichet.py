"""The requests of the last days, through the forms and the actions of the portal: accepted, refused, waiting.

Each is written at its own hour, before the day the town is seen from. Days that the calendar does not offer
(the end of June, for one) are not asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from demandes import actions
from demandes.models import Demande
from demandes.natures import NATURES
from familles.acces import Acces
from familles.horloge import figer
from familles.models import Enfant, Responsable
from planning.actions import fixer_places
from planning.enums import EtatReservation
from planning.models import MotifAbsence, Reservation
from portail.demonstration.annee import Annee
from portail.demonstration.distribution import Distribution
from portail.demonstration.foyers import Foyer
from portail.demonstration.hasard import a

ANCIEN_COURRIEL = "j.dupont@exemple.fr"
SUR_LISTE, EN_ATTENTE = 3, 6
MARDI, MERCREDI, VENDREDI = "2", "3", "5"


@dataclass(frozen=True)
class Guichet:
    annee: Annee

    def le(self, jours_avant: int, heures: int, minutes: int = 0) -> datetime:
        return a(self.annee.le - timedelta(days=jours_avant), heures, minutes)

    def ouverts(self, cle: str, semaine: str, dans: int) -> list[date]:
        """Open days of a service, on these weekdays, in `dans` days at the earliest."""
        prestation = self.annee.ville.prestations[cle].pk
        apres = self.annee.le + timedelta(days=dans)
        return [j for j in self.annee.ouverts[prestation] if j >= apres and str(j.isoweekday()) in semaine]

    def reserves(self, enfant: Enfant, cle: str, dans: int) -> list[date]:
        """Days on which the child is booked there."""
        reservations = Reservation.objects.filter(
            enfant=enfant,
            prestation=self.annee.ville.prestations[cle],
            etat=EtatReservation.RESERVEE,
            jour__gte=self.annee.le + timedelta(days=dans),
        )
        return list(reservations.order_by("jour").values_list("jour", flat=True)[:10])

    def jours(
        self,
        quand: datetime,
        adulte: Responsable,
        enfant: Enfant,
        cle: str,
        jours: list[date],
        raison: str = "",
    ) -> Demande | None:
        """Ask for days, or with a reason declare an absence; None when there is nothing to ask for."""
        prestation = self.annee.ville.prestations[cle]
        donnees: dict = {"cases": [f"{prestation.pk}:{jour.isoformat()}" for jour in jours]}
        if raison:
            donnees["motif"] = MotifAbsence.objects.get(libelle=raison).pk
        with figer(quand):
            nature = "absence" if raison else "reservation"
            form = NATURES[nature].formulaire(acces_de(adulte), donnees, enfant=enfant)
            if not jours or not form.is_valid() or form.refuses:
                return None
            return _deposer(nature, adulte, form)

    def fiche(self, quand: datetime, adulte: Responsable, **changements: str) -> Demande:
        """Ask for a change of one's own file."""
        with figer(quand):
            actuelle = NATURES["responsable"].formulaire(acces_de(adulte)).initial
            form = NATURES["responsable"].formulaire(acces_de(adulte), actuelle | changements)
            if not form.is_valid():
                raise RuntimeError(f"Fiche refusée : {form.errors}")
            return _deposer("responsable", adulte, form)

    def accepter(self, quand: datetime, demande: Demande | None) -> None:
        if demande is not None:
            with figer(quand):
                actions.accepter(demande=demande, par=self.annee.ville.agent)

    def refuser(self, quand: datetime, demande: Demande | None, motif: str) -> None:
        if demande is not None:
            with figer(quand):
                actions.refuser(demande=demande, motif=motif, par=self.annee.ville.agent)


def acces_de(adulte: Responsable) -> Acces:
    return Acces(adulte.utilisateur, adulte.famille, adulte, 1)


def _deposer(nature: str, adulte: Responsable, form) -> Demande:
    return actions.deposer(nature=nature, acces=acces_de(adulte), formulaire=form, par=adulte.utilisateur)


def demander(annee: Annee, d: Distribution, autres: list[Foyer]) -> None:
    guichet = Guichet(annee)
    _fiche_de_jean(guichet, d.jean)
    _jours_de_lea(guichet, d)
    candidats = _sans_reservation(guichet, autres)
    _liste_d_attente(guichet, candidats)
    _du_personnel(guichet, d, candidats)


def _fiche_de_jean(guichet: Guichet, jean: Responsable) -> None:
    """Decided both, so that the file stays the manual's and may be changed by whoever tries the portal."""
    actuel, jean.email = jean.email, ANCIEN_COURRIEL
    jean.save()
    courriel = guichet.fiche(guichet.le(12, 21, 4), jean, email=actuel)
    guichet.accepter(guichet.le(11, 9, 20), courriel)
    jean.refresh_from_db()
    adresse = guichet.fiche(guichet.le(7, 20, 31), jean, adresse="3 allée des Réglisses")
    guichet.refuser(
        guichet.le(6, 10, 5), adresse, "Joignez un justificatif de domicile de moins de trois mois."
    )


def _jours_de_lea(guichet: Guichet, d: Distribution) -> None:
    """Of each kind, but never a Thursday lunch: those stay free."""
    jean, lea = d.jean, d.lea
    mercredis = guichet.jours(
        guichet.le(8, 19), jean, lea, "mercredi", guichet.ouverts("mercredi", MERCREDI, 3)[:2]
    )
    guichet.accepter(guichet.le(7, 9), mercredis)
    tard = guichet.jours(guichet.le(6, 20, 15), jean, lea, "soir2", guichet.ouverts("soir2", MARDI, 5)[:1])
    guichet.refuser(guichet.le(5, 9, 40), tard, "Le groupe de ce soir-là est complet.")
    sortie = guichet.reserves(lea, "matin2", 6)[:1]
    absence = guichet.jours(
        guichet.le(5, 18), jean, lea, "matin2", sortie, raison="VOYAGE OU SORTIE SCOLAIRE"
    )
    guichet.accepter(guichet.le(4, 11), absence)
    guichet.jours(guichet.le(2, 21, 10), jean, lea, "soir1", guichet.ouverts("soir1", VENDREDI, 10)[:2])
    repas = guichet.reserves(lea, "repas", 11)[:1]
    guichet.jours(guichet.le(1, 20, 2), jean, lea, "repas", repas, raison="RAISON MEDICALE")


def _sans_reservation(guichet: Guichet, autres: Iterable[Foyer]) -> Iterator[tuple[Foyer, Enfant]]:
    """Children whose parent has an account, and who have no lunch booked on Tuesdays."""
    mardis = guichet.ouverts("repas", MARDI, 10)[:2]
    pris = set(
        Reservation.objects.actives()
        .filter(prestation=guichet.annee.ville.prestations["repas"], jour__in=mardis)
        .values_list("enfant", flat=True)
    )
    return ((f, e) for f in autres if f.titulaire.utilisateur for e in f.enfants if e.pk not in pris)


def _liste_d_attente(guichet: Guichet, candidats: Iterator[tuple[Foyer, Enfant]]) -> None:
    """A Tuesday whose meals are all taken: the next ones to ask are put on the list, and told so."""
    complets = guichet.ouverts("repas", MARDI, 10)[:1]
    repas = guichet.annee.ville.prestations["repas"]
    for jour in complets:
        prises = Reservation.objects.prises([(repas.pk, jour)])[repas.pk, jour]
        with figer(guichet.le(5, 8)):
            fixer_places(prestation=repas, jour=jour, capacite=prises, par=guichet.annee.ville.agent)
    for rang, (foyer, enfant) in zip(range(SUR_LISTE), candidats, strict=False):
        demande = guichet.jours(guichet.le(4, 12, 10 + rang), foyer.titulaire, enfant, "repas", complets)
        guichet.accepter(guichet.le(3, 9, 10 + rang), demande)


def _du_personnel(guichet: Guichet, d: Distribution, candidats: Iterator[tuple[Foyer, Enfant]]) -> None:
    """What the staff find in the morning: recent requests, and one nearly too late to decide."""
    guichet.fiche(guichet.le(3, 13, 25), d.martin.titulaire, mobile="06.39.98.31.12")
    _la_veille(guichet, d.martin)
    mardis = guichet.ouverts("repas", MARDI, 10)[1:2]
    for rang, (foyer, enfant) in zip(range(EN_ATTENTE), candidats, strict=False):
        quand = guichet.le(1 + rang % 3, 19, 5 * rang)
        guichet.jours(quand, foyer.titulaire, enfant, "repas", mardis)


def _la_veille(guichet: Guichet, foyer: Foyer) -> None:
    """A day of tomorrow (or of the next school day), asked in time and still undecided."""
    for cle in ("matin1", "soir2", "repas"):
        demain = guichet.ouverts(cle, "12345", 1)[:1]
        for enfant in foyer.enfants:
            if guichet.jours(guichet.le(11, 18, 45), foyer.titulaire, enfant, cle, demain):
                return
