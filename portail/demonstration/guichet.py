"""The requests of the last days, through the forms and the actions of the portal: accepted, refused, waiting.

Each is written at its own hour, before the day the town is seen from. Days that the calendar does not offer
(the end of June, for one) are not asked for.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from demandes import actions
from demandes.models import Demande
from demandes.natures import NATURES
from familles.acces import Acces
from familles.horloge import figer
from familles.models import Enfant, Responsable
from planning.actions import fixer_places
from planning.enums import EtatReservation
from planning.models import MotifAbsence, Reservation
from portail.demonstration.annee import Annee, ouvrable
from portail.demonstration.distribution import Distribution
from portail.demonstration.foyers import Foyer
from portail.demonstration.hasard import a

ANCIEN_COURRIEL = "j.dupont@exemple.fr"
SUR_LISTE, EN_ATTENTE = 3, 6
MARDI, MERCREDI, VENDREDI = "2", "3", "5"


@dataclass
class Guichet:
    annee: Annee
    agenda: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)

    def ouvrir(self) -> None:
        """Play what was planned, in the order of hours: requests are numbered as they come."""
        for quand, geste in sorted(self.agenda, key=lambda rendez_vous: rendez_vous[0]):
            with figer(quand):
                geste()

    def noter(self, quand: datetime, geste: Callable[[], object]) -> None:
        self.agenda.append((quand, geste))

    def le(self, jours_avant: int, heures: int, minutes: int = 0) -> datetime:
        return a(self.annee.le - timedelta(days=jours_avant), heures, minutes)

    def reponse_le(self, jours_avant: int, heures: int, minutes: int = 0) -> datetime:
        """The staff do not answer at week-ends."""
        return a(ouvrable(self.annee.le - timedelta(days=jours_avant)), heures, minutes)

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
        self, adulte: Responsable, enfant: Enfant, cle: str, jours: list[date], raison: str = ""
    ) -> Demande | None:
        """Ask for days, or with a reason declare an absence; None when there is nothing to ask for."""
        prestation = self.annee.ville.prestations[cle]
        donnees: dict = {"cases": [f"{prestation.pk}:{jour.isoformat()}" for jour in jours]}
        if raison:
            donnees["motif"] = MotifAbsence.objects.get(libelle=raison).pk
        nature = "absence" if raison else "reservation"
        form = NATURES[nature].formulaire(acces_de(adulte), donnees, enfant=enfant)
        if not jours or not form.is_valid() or form.refuses:
            return None
        return _deposer(nature, adulte, form)

    def suivre(
        self,
        depot: datetime,
        deposer: Callable[[], Demande | None],
        reponse: datetime | None = None,
        refus: str = "",
    ) -> None:
        """Plan a deposit, and the answer of the staff: yes, or no with its reason."""
        deposees: list[Demande] = []
        agent = self.annee.ville.agent

        def recevoir() -> None:
            demande = deposer()
            deposees.extend([demande] if demande else [])

        def repondre() -> None:
            for demande in deposees:
                if refus:
                    actions.refuser(demande=demande, motif=refus, par=agent)
                else:
                    actions.accepter(demande=demande, par=agent)

        self.noter(depot, recevoir)
        if reponse:
            self.noter(reponse, repondre)


def acces_de(adulte: Responsable) -> Acces:
    return Acces(adulte.utilisateur, adulte.famille, adulte, 1)


def _deposer(nature: str, adulte: Responsable, form) -> Demande:
    return actions.deposer(nature=nature, acces=acces_de(adulte), formulaire=form, par=adulte.utilisateur)


def _changer_la_fiche(adulte: Responsable, **changements: str) -> Demande:
    adulte.refresh_from_db()
    actuelle = NATURES["responsable"].formulaire(acces_de(adulte)).initial
    form = NATURES["responsable"].formulaire(acces_de(adulte), actuelle | changements)
    if not form.is_valid():
        raise RuntimeError(f"Fiche refusée : {form.errors}")
    return _deposer("responsable", adulte, form)


def demander(annee: Annee, d: Distribution, autres: list[Foyer]) -> None:
    guichet = Guichet(annee)
    _fiche_de_jean(guichet, d.jean)
    _jours_de_lea(guichet, d)
    candidats = _sans_reservation(guichet, autres)
    _liste_d_attente(guichet, candidats)
    _du_personnel(guichet, d.martin, candidats)
    guichet.ouvrir()


def _fiche_de_jean(guichet: Guichet, jean: Responsable) -> None:
    """Decided both, so that the file stays the manual's and may be changed by whoever tries the portal."""
    actuel, jean.email = jean.email, ANCIEN_COURRIEL
    jean.save()
    guichet.suivre(
        guichet.le(12, 21, 4), lambda: _changer_la_fiche(jean, email=actuel), guichet.reponse_le(11, 9, 20)
    )
    guichet.suivre(
        guichet.le(7, 20, 31),
        lambda: _changer_la_fiche(jean, adresse="3 allée des Réglisses"),
        guichet.reponse_le(6, 10, 5),
        refus="Joignez un justificatif de domicile de moins de trois mois.",
    )


def _jours_de_lea(guichet: Guichet, d: Distribution) -> None:
    """Of each kind, but never a Thursday lunch: those stay free."""

    def demande(cle: str, jours: list[date], raison: str = "") -> Callable[[], Demande | None]:
        return lambda: guichet.jours(d.jean, d.lea, cle, jours, raison)

    mercredis = guichet.ouverts("mercredi", MERCREDI, 3)[:2]
    guichet.suivre(guichet.le(8, 19), demande("mercredi", mercredis), guichet.reponse_le(7, 9))
    tard = guichet.ouverts("soir2", MARDI, 5)[:1]
    complet = "Le groupe de ce soir-là est complet."
    guichet.suivre(guichet.le(6, 20, 15), demande("soir2", tard), guichet.reponse_le(5, 9, 40), refus=complet)
    sortie = guichet.reserves(d.lea, "matin2", 6)[:1]
    guichet.suivre(
        guichet.le(5, 18), demande("matin2", sortie, "VOYAGE OU SORTIE SCOLAIRE"), guichet.reponse_le(4, 11)
    )
    guichet.suivre(guichet.le(2, 21, 10), demande("soir1", guichet.ouverts("soir1", VENDREDI, 10)[:2]))
    repas = guichet.reserves(d.lea, "repas", 11)[:1]
    guichet.suivre(guichet.le(1, 20, 2), demande("repas", repas, "RAISON MEDICALE"))


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
    for jour in complets:
        guichet.noter(guichet.le(5, 8), partial(_remplir_le_jour, guichet, jour))
    for rang, (foyer, enfant) in zip(range(SUR_LISTE), candidats, strict=False):
        demande = partial(guichet.jours, foyer.titulaire, enfant, "repas", complets)
        guichet.suivre(guichet.le(4, 12, 10 + rang), demande, guichet.reponse_le(3, 9, 10 + rang))


def _remplir_le_jour(guichet: Guichet, jour: date) -> None:
    repas = guichet.annee.ville.prestations["repas"]
    prises = Reservation.objects.prises([(repas.pk, jour)])[repas.pk, jour]
    fixer_places(prestation=repas, jour=jour, capacite=prises, par=guichet.annee.ville.agent)


def _du_personnel(guichet: Guichet, martin: Foyer, candidats: Iterator[tuple[Foyer, Enfant]]) -> None:
    """What the staff find in the morning: recent requests, and one nearly too late to decide."""
    claire = martin.titulaire
    guichet.suivre(guichet.le(11, 18, 45), lambda: _pour_demain(guichet, martin))
    guichet.suivre(guichet.le(3, 13, 25), lambda: _changer_la_fiche(claire, mobile="06.39.98.31.12"))
    mardis = guichet.ouverts("repas", MARDI, 10)[1:2]
    for rang, (foyer, enfant) in zip(range(EN_ATTENTE), candidats, strict=False):
        demande = partial(guichet.jours, foyer.titulaire, enfant, "repas", mardis)
        guichet.suivre(guichet.le(1 + rang % 3, 19, 5 * rang), demande)


def _pour_demain(guichet: Guichet, foyer: Foyer) -> Demande | None:
    """A day of tomorrow (or of the next school day), asked in time and still undecided."""
    for cle in ("matin1", "soir2", "repas"):
        demain = guichet.ouverts(cle, "12345", 1)[:1]
        for enfant in foyer.enfants:
            if demande := guichet.jours(foyer.titulaire, enfant, cle, demain):
                return demande
    return None
