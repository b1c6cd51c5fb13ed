"""What a cell of the planning shows, and what may be asked there. Pure.

One function (`examiner_case`) serves the grid, the form of a request and the sentence of the menu.
The words are those of the manual's legend.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from familles.francais import moment
from planning.calendrier import FERMETURE, HORS_SEMAINE, JourFerme, Offre
from planning.enums import ABSENTS, ACTIFS, EtatReservation, Operation, Origine, Retard
from planning.legende import HORS, LEGENDE, LIBRE, Affichage
from planning.reglement import Reglement

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
_DEMANDES = (_E.DEMANDEE, _E.LISTE_ATTENTE)
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
SANS_ANNULATION = "Une réservation acceptée ne s’annule pas : déclarez une absence."
RIEN_A_ANNULER = "Seul un jour réservé, ou en liste d’attente, s’annule."
DEMANDE_A_RETIRER = "Pas encore accepté : retirez votre demande, dans « Liste des demandes »."
LISTE_A_QUITTER = "Vous pouvez quitter la liste d’attente jusqu’au jour même."
A_JUSTIFIER = "Une absence ce jour-là peut être excusée, avec un justificatif, jusqu’au {limite}."
EXCUSE_PAR_LA_STRUCTURE = (
    "La structure a excusé ce jour (une sortie, une fermeture ou une saisie au guichet)."
)
JUSTIFICATIF_RECU = "Le justificatif de cette absence attend une réponse."
NON_FACTURE = "Rien n’est facturé."
PAS_RESERVE = "Une absence se déclare sur un jour réservé, une fois la réservation acceptée."
# What follows « Le délai pour réserver est passé… » when a request may be sent all the same.
MALGRE_LE_RETARD = {
    Retard.MAJORE: " Encore réservable {fin}, au prix d’une réservation tardive.",
    Retard.AGENT: " Une demande reste possible {fin} : la structure appréciera.",
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
    excusee: bool | None = None  # what was judged of its absence; None: the family asked none
    resident: bool = True  # the family lives in the town: its booking windows may open earlier

    @property
    def actif(self) -> bool:
        return self.etat in ACTIFS

    @property
    def justificatif_recu(self) -> bool:
        return self.etat == _E.ABSENT_FACTURE and bool(self.excusee)

    @property
    def deja(self) -> str:
        if self.justificatif_recu:
            return JUSTIFICATIF_RECU
        if self.etat == _E.ABSENT_EXCUSE and self.excusee is None:
            return EXCUSE_PAR_LA_STRUCTURE
        return DEJA[EtatReservation(str(self.etat))]


@dataclass(frozen=True)
class Verdict:
    """Whether an operation is possible, and the sentence that says until when, or why not."""

    possible: bool
    phrase: str
    hors_delai: bool = False  # accepted after the deadline all the same
    tardive: bool = False  # at the price of a late booking
    a_temps: bool = True  # an absence told before its deadline
    a_justifier: bool = False  # an absence that only a document still excuses
    levable: bool = False  # refused by a deadline or a window alone: an agent may lift it


@lru_cache(maxsize=512)
def _non(phrase: str) -> Verdict:
    """A plain refusal: made once, where the cells of a month ask for three hundred of a dozen (0.4 ms)."""
    return Verdict(False, phrase)


@dataclass(frozen=True)
class Case:
    """One prestation, one day, as the family sees it."""

    jour: date
    affichage: Affichage
    present: bool
    reserver: Verdict
    absence: Verdict
    annuler: Verdict
    ferme: JourFerme | None = None

    @property
    def phrase(self) -> str:
        """The sentence of the rule for what can be done here, or why nothing can."""
        possibles = [verdict.phrase for verdict in (self.annuler, self.absence) if verdict.possible]
        if possibles and self.ferme is not None and self.ferme.cause != HORS_SEMAINE:
            possibles.insert(0, self.ferme.phrase)
        return " ".join(possibles) or self.reserver.phrase

    @property
    def ouverte(self) -> bool:
        return self.reserver.possible or self.absence.possible or self.annuler.possible

    @property
    def annulation_dite(self) -> bool:
        """Whether there is something to tell of cancelling: elsewhere it is only « nothing to cancel »."""
        return self.annuler.possible or self.annuler.levable or self.annuler.phrase == DEMANDE_A_RETIRER

    def verdict(self, operation: str) -> Verdict:
        verdicts = {
            Operation.RESERVER: self.reserver,
            Operation.ABSENCE: self.absence,
            Operation.ANNULER: self.annuler,
        }
        return verdicts[Operation(operation)]

    @property
    def dite(self) -> str:
        """End of its accessible name: « libre, réservable jusqu’au … ». The headers say what and when."""
        etat = self.affichage.libelle.lower() + (", présent" if self.present else "")
        suite = self.phrase.rstrip(".")
        suite = f"{suite[0].lower()}{suite[1:]}"
        # « jour férié (Toussaint) » says « jour férié » already.
        return suite if suite.startswith(etat) else f"{etat}, {suite}"


def examiner_case(fait: Fait, offre: Offre, jour: date, reglement: Reglement) -> Case:
    ferme = reglement.calendrier.ferme(offre, jour)
    return Case(
        jour=jour,
        affichage=_afficher(fait, ferme),
        present=fait.present is True,
        reserver=_juger_reservation(fait, offre, jour, ferme, reglement),
        absence=_juger_absence(fait, offre, jour, ferme, reglement),
        annuler=_juger_annulation(fait, offre, jour, reglement),
        ferme=ferme,
    )


def _ferme_apres_coup(fait: Fait, ferme: JourFerme | None) -> str:
    """Of a booked day that the town closed since, excused though the family announced nothing: the reason."""
    if ferme is None or ferme.cause == HORS_SEMAINE or fait.etat != _E.ABSENT_EXCUSE or fait.present:
        return ""
    return f"{ferme.phrase} {NON_FACTURE}"


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
    if fait.etat is not None and (fait.actif or ferme is None) and not _ferme_apres_coup(fait, ferme):
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
        return _non(AUTRE_FOYER)
    if jour < reglement.instant.date():
        return _non(PASSE)
    if fermee := _ferme_apres_coup(fait, ferme):
        return _non(fermee)
    if fait.actif:
        return _non(f"{ferme.phrase} {fait.deja}" if ferme and fait.etat in _DEMANDES else fait.deja)
    if ferme is not None:
        return _non(ferme.phrase)
    if not fait.inscrit:
        return _non(NON_INSCRIT)
    if not offre.active:
        return _non(ARRETEE)
    if refus := reglement.refus_du_creneau(offre, jour, fait.resident):
        return Verdict(False, refus, levable=True)
    limite = reglement.limite_pour_reserver(offre, jour, fait.resident)
    phrase = limite.phrase(reglement.instant)
    avis = "" if fait.chez_nous else f" {HORS_GARDE}"
    if not limite.est_ouverte(reglement.instant):
        return Verdict(False, phrase, levable=True)
    if not limite.est_passee(reglement.instant):
        return Verdict(True, phrase + avis)
    if not limite.accepte_le_retard(reglement.instant):
        return Verdict(False, phrase, a_temps=False, levable=True)
    retard = Retard(limite.retard)
    return Verdict(
        True,
        phrase + MALGRE_LE_RETARD[retard].format(fin=_jusque(limite.fin_du_retard, jour)) + avis,
        hors_delai=True,
        tardive=retard == Retard.MAJORE,
        a_temps=False,
    )


def _jusque(fin: datetime | None, jour: date) -> str:
    """« jusqu’au jeudi 26 novembre 2026 à 9 h 00 »: a day that is over takes nothing more."""
    return "jusqu’au jour même" if fin is None or fin.date() > jour else f"jusqu’au {moment(fin)}"


def _juger_absence(
    fait: Fait, offre: Offre, jour: date, ferme: JourFerme | None, reglement: Reglement
) -> Verdict:
    if fait.autre_foyer:
        return _non(AUTRE_FOYER)
    if fait.justificatif_recu:
        return _non(JUSTIFICATIF_RECU)
    passe = jour < reglement.instant.date()
    if (passe or fait.etat == _E.ABSENT_FACTURE) and (fin := _a_justifier(fait, jour, reglement)):
        return Verdict(True, A_JUSTIFIER.format(limite=moment(fin)), a_temps=False, a_justifier=True)
    if passe:
        return _non(PASSE)
    if fermee := _ferme_apres_coup(fait, ferme):
        return _non(fermee)
    if fait.etat != _E.RESERVEE:
        return _non(fait.deja if fait.actif and fait.etat != _E.DEMANDEE else PAS_RESERVE)
    if fait.present:
        return _non(PRESENT)
    limite = reglement.echeance(Operation.ABSENCE, offre, jour)
    return Verdict(True, limite.phrase(reglement.instant), a_temps=not limite.est_passee(reglement.instant))


def _a_justifier(fait: Fait, jour: date, reglement: Reglement) -> datetime | None:
    """Until when a document may still excuse a day that is billed: a no-show, an absence granted as billed.

    Of a booked day to come, the caller does not ask: its absence is only told.
    """
    if fait.present or fait.etat not in (_E.RESERVEE, _E.ABSENT_FACTURE):
        return None
    return reglement.justifiable(jour)


def _juger_annulation(fait: Fait, offre: Offre, jour: date, reglement: Reglement) -> Verdict:
    if fait.autre_foyer:
        return _non(AUTRE_FOYER)
    if jour < reglement.instant.date():
        return _non(PASSE)
    if fait.etat == _E.LISTE_ATTENTE:
        return Verdict(True, LISTE_A_QUITTER)
    if fait.etat != _E.RESERVEE:
        return _non(DEMANDE_A_RETIRER if fait.etat == _E.DEMANDEE else RIEN_A_ANNULER)
    if fait.present:
        return _non(PRESENT)
    limite = reglement.annulation(offre, jour)
    if limite is None:
        return _non(SANS_ANNULATION)
    passee = limite.est_passee(reglement.instant)
    return Verdict(not passee, limite.phrase(reglement.instant), a_temps=not passee, levable=passee)
