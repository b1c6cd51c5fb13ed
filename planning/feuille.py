"""The sheet of a month as it is drawn: lines by place, weeks for a phone, sentences told once. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import groupby, takewhile

from familles.francais import jour_sans_annee
from planning.calendrier import HORS_SEMAINE
from planning.cases import PASSE, Case
from planning.grille import Grille, JourDuMois, Ligne
from planning.legende import LIBRE, Affichage

SANS_SERVICE = frozenset({"hors", "fermeture", "ferie", "petites", "grandes"})
RIEN = "Rien n’était réservé ce jour-là."


@dataclass(frozen=True)
class Groupe:
    """The lines of one structure and one payer."""

    structure: str
    responsable: str
    lignes: tuple[Ligne, ...]


@dataclass(frozen=True, eq=False)
class Sorte:
    """What cells alike share: state, sentences, what may be asked. Two hundred cells make twenty sorts."""

    rang: int
    case: Case

    @property
    def affichage(self) -> Affichage:
        return self.case.affichage

    @cached_property
    def peut(self) -> str:
        """r to book, a to declare an absence, n to cancel."""
        case = self.case
        return "".join(
            lettre
            for lettre, verdict in (("r", case.reserver), ("a", case.absence), ("n", case.annuler))
            if verdict.possible
        )

    @property
    def plus_possible(self) -> bool:
        """Free, and no longer to be booked."""
        return self.affichage == LIBRE and not self.case.reserver.possible


@dataclass(frozen=True)
class Paquet:
    """The services of a day that one state and one sentence cover, on a phone."""

    sorte: Sorte
    lignes: tuple[Ligne, ...]


@dataclass(frozen=True)
class Journee:
    """A day on a phone: what can be read or done there, or why nothing opens."""

    jour: JourDuMois
    paquets: tuple[Paquet, ...] = ()
    phrase: str = ""

    @property
    def reservable(self) -> bool:
        return any(paquet.sorte.case.reserver.possible for paquet in self.paquets)

    @property
    def demandable(self) -> bool:
        """Whether anything may be asked there: a day gone by may still be excused by a document."""
        return any(paquet.sorte.peut for paquet in self.paquets)


@dataclass(frozen=True)
class Semaine:
    """Days of a week, or those gone by, together."""

    journees: tuple[Journee, ...]
    depliee: bool = False
    passee: bool = False

    @property
    def titre(self) -> str:
        """« Du lundi 7 au dimanche 13 décembre »."""
        return _du_au(self.journees[0].jour.jour, self.journees[-1].jour.jour)

    @property
    def courante(self) -> bool:
        return any(journee.jour.aujourdhui for journee in self.journees)


@dataclass(frozen=True)
class Feuille:
    grille: Grille
    touche: date | None = None  # a day that was just asked for: a phone opens its week

    @cached_property
    def groupes(self) -> list[Groupe]:
        paquets = groupby(self.grille.lignes, key=lambda ligne: (ligne.structure, ligne.responsable))
        return [Groupe(structure, responsable, tuple(lignes)) for (structure, responsable), lignes in paquets]

    @cached_property
    def ouverte(self) -> bool:
        """Whether anything may still be asked that month."""
        return any(case.ouverte for ligne in self.grille.lignes for case in ligne.cases)

    @cached_property
    def annulable(self) -> bool:
        """Whether a booking of that month may be taken back: the request for it is then offered."""
        return any(case.annuler.possible for ligne in self.grille.lignes for case in ligne.cases)

    @cached_property
    def semaines(self) -> list[Semaine]:
        """Open at first: the current week and the first where something may be booked, else the first.

        A phone shows a day or two at once: in the current month the days gone by are folded away together.
        """
        journees = [self._journee(jour) for jour in self.grille.jours]
        passees = _passees(journees) if any(map(_courante, journees)) else []
        restantes = (
            tuple(journees[jour.jour.day - 1] for jour in semaine if jour.jour.day > len(passees))
            for semaine in self.grille.semaines
        )
        semaines = list(filter(None, restantes))
        touchee = _premiere(semaines, lambda journee: journee.jour.jour == self.touche)
        rangs = {_premiere(semaines, _courante), _premiere(semaines, _reservable)} - {None} or {0}
        rangs = rangs if touchee is None else {touchee}
        suites = [Semaine(journees, depliee=rang in rangs) for rang, journees in enumerate(semaines)]
        return [Semaine(tuple(passees), passee=True), *suites] if passees else suites

    @cached_property
    def _sortes(self) -> tuple[list[Sorte], list[tuple[Sorte, ...]]]:
        """Those of the month, then those of the cells, line by line."""
        sortes: dict[tuple, Sorte] = {}
        lignes = [
            tuple(sortes.setdefault(_cle(case), Sorte(len(sortes), case)) for case in ligne.cases)
            for ligne in self.grille.lignes
        ]
        return list(sortes.values()), lignes

    @property
    def sortes(self) -> list[Sorte]:
        return self._sortes[0]

    def sortes_de(self, ligne: Ligne) -> tuple[Sorte, ...]:
        """Of its cells, day after day."""
        return self._sortes[1][ligne.rang]

    @cached_property
    def rangs(self) -> dict[str, int]:
        """Number of each sentence of the month: a hundred cells share a dozen of them."""
        phrases = (
            verdict.phrase
            for case in (sorte.case for sorte in self.sortes)
            for verdict in (case.reserver, case.absence, *([case.annuler] if case.annulation_dite else []))
        )
        return {phrase: rang for rang, phrase in enumerate(dict.fromkeys(phrases))}

    @property
    def phrases(self) -> list[str]:
        return list(self.rangs)

    def _journee(self, jour: JourDuMois) -> Journee:
        rang = jour.jour.day - 1
        cases = [(ligne, self.sortes_de(ligne)[rang]) for ligne in self.grille.lignes]
        if all(sorte.affichage.cle in SANS_SERVICE for _, sorte in cases):
            return Journee(jour, phrase=_fermeture(ligne.cases[rang] for ligne, _ in cases))
        paquets: dict[tuple, tuple[Sorte, list[Ligne]]] = {}
        for ligne, sorte in cases:
            case = sorte.case
            if not _muette(case):
                cle = (case.affichage.cle, case.present, case.phrase, bool(sorte.peut))
                paquets.setdefault(cle, (sorte, []))[1].append(ligne)
        if not paquets:
            return Journee(jour, phrase=RIEN)
        return Journee(jour, tuple(Paquet(sorte, tuple(lignes)) for sorte, lignes in paquets.values()))


def _cle(case: Case) -> tuple:
    """Cells that have it in common show and say the same."""
    verdicts = (case.reserver, case.absence, case.annuler)
    return (case.affichage.cle, case.present, *((v.possible, v.phrase) for v in verdicts))


@lru_cache(maxsize=256)  # the weeks of a year
def _du_au(premier: date, dernier: date) -> str:
    fin = jour_sans_annee(dernier)
    if premier == dernier:
        return fin.capitalize()
    return f"Du {jour_sans_annee(premier).rpartition(' ')[0]} au {fin}"


def _muette(case: Case) -> bool:
    """Another day's service, or a day gone by on which nothing was booked."""
    return case.affichage.cle == "hors" or (case.affichage == LIBRE and case.reserver.phrase == PASSE)


def _fermeture(cases: Iterable[Case]) -> str:
    """Why nothing opens: a holiday rather than the day of the week."""
    causes = (case.ferme.phrase for case in cases if case.ferme and case.ferme.cause != HORS_SEMAINE)
    return next(causes, "Pas de service ce jour-là.")


def _premiere(semaines: list[tuple[Journee, ...]], test: Callable[[Journee], bool]) -> int | None:
    return next((rang for rang, journees in enumerate(semaines) if any(map(test, journees))), None)


def _passees(journees: Iterable[Journee]) -> list[Journee]:
    """The days before today, up to the first where something may still be asked."""
    return list(takewhile(lambda j: not j.jour.aujourdhui and not j.demandable, journees))


def _courante(journee: Journee) -> bool:
    return journee.jour.aujourdhui


def _reservable(journee: Journee) -> bool:
    return journee.reservable
