"""What a cell of the planning shows, and what may be asked there. Pure.

One function (`examiner_case`) serves the grid, the form of a request and the sentence of the menu.
The words are those of the manual's legend.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from familles.francais import jour_en_lettres
from planning.calendrier import FERMETURE, HORS_SEMAINE, Calendrier, JourFerme, Offre
from planning.delais import Echeance, Regle, echeance
from planning.enums import ABSENTS, ACTIFS, Consequence, EtatReservation, Operation, Origine, Retard


@dataclass(frozen=True)
class Affichage:
    """A state of the legend. `glyphe`: a character, or « #nom » of the sprite; empty for a free cell."""

    cle: str
    libelle: str
    glyphe: str


# In the order of the legend.
LEGENDE = {
    a.cle: a
    for a in (
        Affichage("reserve", "Réservé", "□"),
        Affichage("regulier", "Régulier", "▣"),
        Affichage("conge", "Congé", "C"),
        Affichage("hors-contrat", "Heure hors contrat", "H"),
        Affichage("fermeture", "Fermeture", "–"),
        Affichage("facture", "Absent facturé", "€"),
        Affichage("excuse", "Absent excusé", "e"),
        Affichage("liste", "Demande en attente", "#clock"),
        Affichage("attente", "Réservation en cours de traitement", "#hourglass-split"),
        Affichage("refus", "Réservation refusée", "#x-lg"),
        Affichage("attente-absence", "Absence en cours de traitement", "#hourglass-split"),
        Affichage("erreur", "Erreur", "!"),
        Affichage("autre", "Réservé par l’autre foyer", "◇"),
        Affichage("petites", "Petites vacances", "P"),
        Affichage("grandes", "Grandes vacances", "G"),
        Affichage("ferie", "Jour férié", "F"),
    )
}
LIBRE = Affichage("libre", "Libre", "")
HORS = Affichage("hors", "Pas de service", "")

_E = EtatReservation
_AFFICHES = {
    _E.DEMANDEE: "attente",
    _E.LISTE_ATTENTE: "liste",
    _E.RESERVEE: "reserve",
    _E.REFUSEE: "refus",
    _E.ABSENCE_DEMANDEE: "attente-absence",
    _E.ABSENT_EXCUSE: "excuse",
    _E.ABSENT_FACTURE: "facture",
    _E.CONGE: "conge",
}
_FERMES = {"F": "ferie", "P": "petites", "G": "grandes"}
DEJA = {
    _E.DEMANDEE: "Une demande est déjà en cours de traitement pour ce jour.",
    _E.LISTE_ATTENTE: "Ce jour est déjà sur la liste d’attente.",
    _E.RESERVEE: "Ce jour est déjà réservé.",
    _E.ABSENCE_DEMANDEE: "Une absence est déjà en cours de traitement pour ce jour.",
    _E.ABSENT_EXCUSE: "Une absence est déjà acceptée pour ce jour.",
    _E.ABSENT_FACTURE: "Une absence est déjà enregistrée pour ce jour.",
    _E.CONGE: "Un congé est enregistré pour ce jour.",
}
PASSE = "Ce jour est passé."
NON_INSCRIT = "L’enfant n’est pas inscrit à ce service à cette date."
ARRETEE = "Ce service n’est plus proposé."
PRESENT = "L’enfant est déjà pointé présent ce jour-là."
AUTRE_FOYER = "Ce jour est réservé par l’autre foyer."
PAS_RESERVE = "Une absence se déclare sur un jour réservé, une fois la réservation acceptée."
# What follows « Le délai pour réserver est passé… » when a request may be sent all the same.
MALGRE_LE_RETARD = {
    Retard.MAJORE: " Encore réservable, au prix d’une réservation tardive.",
    Retard.AGENT: " Une demande reste possible : la structure appréciera.",
}
HORS_GARDE = "D’après le calendrier de garde, l’enfant est ce jour-là dans l’autre foyer."


@dataclass(frozen=True)
class Fait:
    """What the rows say of a cell. `etat`: of the active booking, else of the last refused one."""

    etat: str | None = None
    origine: str = Origine.OCCASIONNELLE
    present: bool | None = None  # None: the register was not taken
    autre_foyer: bool = False  # the active booking is the other household's
    inscrit: bool = True
    chez_nous: bool = True  # the custody calendar gives us that day

    @property
    def actif(self) -> bool:
        return self.etat in ACTIFS


@dataclass(frozen=True)
class Verdict:
    """Whether an operation is possible, and the sentence that says until when, or why not."""

    possible: bool
    phrase: str
    hors_delai: bool = False  # accepted after the deadline all the same
    tardive: bool = False  # at the price of a late booking
    a_temps: bool = True  # an absence told before its deadline


@dataclass(frozen=True)
class Case:
    """One prestation, one day, as the family sees it."""

    jour: date
    affichage: Affichage
    present: bool
    reserver: Verdict
    absence: Verdict
    ferme: JourFerme | None = None

    @property
    def phrase(self) -> str:
        """The sentence of the rule for what can be done here, or why nothing can."""
        if self.absence.possible:
            return self.absence.phrase
        return self.reserver.phrase

    @property
    def ouverte(self) -> bool:
        return self.reserver.possible or self.absence.possible

    def nom(self, prestation: str) -> str:
        """Accessible name: « Repas, jeudi 10 décembre 2026 : libre, réservable jusqu’au … »."""
        etat = self.affichage.libelle.lower() + (", présent" if self.present else "")
        suite = self.phrase.rstrip(".")
        suite = f"{suite[0].lower()}{suite[1:]}"
        # « jour férié (Toussaint) » says « jour férié » already.
        dit = suite if suite.startswith(etat) else f"{etat}, {suite}"
        return f"{prestation}, {jour_en_lettres(self.jour)} : {dit}"


def consequence_absence(consequence: str, a_temps: bool) -> bool:
    """Whether an absence told now for such a reason is excused (True) or billed (False)."""
    if consequence == Consequence.SELON_DELAI:
        return a_temps
    return consequence == Consequence.EXCUSEE


@dataclass(frozen=True)
class Reglement:
    """The rules that judge a cell, and the instant at which they do: the deposit, in the town's zone."""

    calendrier: Calendrier
    regles: tuple[Regle, ...]
    instant: datetime

    def echeance(self, operation: str, offre: Offre, jour: date) -> Echeance:
        fuseau = self.instant.tzinfo or UTC
        return echeance(self.regles, operation, jour, offre, self.calendrier, fuseau)


def examiner_case(fait: Fait, offre: Offre, jour: date, reglement: Reglement) -> Case:
    ferme = reglement.calendrier.ferme(offre, jour)
    return Case(
        jour=jour,
        affichage=_afficher(fait, ferme),
        present=fait.present is True,
        reserver=_juger_reservation(fait, offre, jour, ferme, reglement),
        absence=_juger_absence(fait, offre, jour, reglement),
        ferme=ferme,
    )


def est_une_erreur(etat: str | None, ferme: JourFerme | None) -> bool:
    """Of a child noted present: announced absent, or on a day without service; to settle before closing.

    A booking made while the service opened on that weekday stays good when it no longer does.
    """
    if etat in ABSENTS:
        return True
    return ferme is not None and (ferme.cause != HORS_SEMAINE or etat not in ACTIFS)


def _afficher(fait: Fait, ferme: JourFerme | None) -> Affichage:
    """The table of conception § planning: booking × register → word of the legend."""
    if fait.autre_foyer:
        return LEGENDE["autre"]
    if fait.present and est_une_erreur(fait.etat, ferme):
        return LEGENDE["erreur"]
    if fait.present and fait.etat not in (_E.RESERVEE, _E.ABSENCE_DEMANDEE):
        return LEGENDE["hors-contrat"]
    if fait.etat == _E.RESERVEE and fait.present is False:
        return LEGENDE["facture"]
    if fait.etat == _E.RESERVEE and fait.origine == Origine.REGULIERE:
        return LEGENDE["regulier"]
    if fait.etat is not None and (fait.actif or ferme is None):
        return LEGENDE[_AFFICHES[EtatReservation(fait.etat)]]
    if ferme is None:
        return LIBRE if fait.inscrit else HORS
    if ferme.cause == FERMETURE:
        return LEGENDE["fermeture"]
    return LEGENDE[_FERMES[ferme.lettre]] if ferme.lettre else HORS


def _juger_reservation(
    fait: Fait, offre: Offre, jour: date, ferme: JourFerme | None, reglement: Reglement
) -> Verdict:
    if fait.autre_foyer:
        return Verdict(False, AUTRE_FOYER)
    if jour < reglement.instant.date():
        return Verdict(False, PASSE)
    if fait.actif:
        return Verdict(False, DEJA[EtatReservation(str(fait.etat))])
    if ferme is not None:
        return Verdict(False, ferme.phrase)
    if not fait.inscrit:
        return Verdict(False, NON_INSCRIT)
    if not offre.active:
        return Verdict(False, ARRETEE)
    limite = reglement.echeance(Operation.RESERVER, offre, jour)
    phrase = limite.phrase(reglement.instant)
    avis = "" if fait.chez_nous else f" {HORS_GARDE}"
    if not limite.est_ouverte(reglement.instant):
        return Verdict(False, phrase)
    if not limite.est_passee(reglement.instant):
        return Verdict(True, phrase + avis)
    if not limite.accepte_le_retard(reglement.instant):
        return Verdict(False, phrase, a_temps=False)
    retard = Retard(limite.retard)
    return Verdict(
        True,
        phrase + MALGRE_LE_RETARD[retard] + avis,
        hors_delai=True,
        tardive=retard == Retard.MAJORE,
        a_temps=False,
    )


def _juger_absence(fait: Fait, offre: Offre, jour: date, reglement: Reglement) -> Verdict:
    if fait.autre_foyer:
        return Verdict(False, AUTRE_FOYER)
    if jour < reglement.instant.date():
        return Verdict(False, PASSE)
    if fait.etat != _E.RESERVEE:
        deja = DEJA.get(EtatReservation(str(fait.etat))) if fait.actif and fait.etat != _E.DEMANDEE else None
        return Verdict(False, deja or PAS_RESERVE)
    if fait.present:
        return Verdict(False, PRESENT)
    limite = reglement.echeance(Operation.ABSENCE, offre, jour)
    return Verdict(True, limite.phrase(reglement.instant), a_temps=not limite.est_passee(reglement.instant))
