"""The sheet of a month as it is drawn: lines by place, weeks for a phone, sentences told once. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from planning.calendrier import HORS_SEMAINE
from planning.cases import LIBRE, PASSE, Case
from planning.grille import Grille, JourDuMois, Ligne

SANS_SERVICE = frozenset({"hors", "fermeture", "ferie", "petites", "grandes"})
RIEN = "Rien n’était réservé ce jour-là."


@dataclass(frozen=True)
class Groupe:
    """The lines of one structure and one payer."""

    structure: str
    responsable: str
    lignes: tuple[Ligne, ...]


@dataclass(frozen=True)
class Journee:
    """A day on a phone: what can be read or done there, else the one sentence that closes it."""

    jour: JourDuMois
    cases: tuple[tuple[Ligne, Case], ...]
    phrase: str = ""


@dataclass(frozen=True)
class Semaine:
    journees: tuple[Journee, ...]
    depliee: bool

    @property
    def premier(self) -> JourDuMois:
        return self.journees[0].jour

    @property
    def dernier(self) -> JourDuMois:
        return self.journees[-1].jour

    @property
    def courante(self) -> bool:
        return any(journee.jour.aujourdhui for journee in self.journees)


@dataclass(frozen=True)
class Feuille:
    grille: Grille

    @cached_property
    def groupes(self) -> list[Groupe]:
        paquets = groupby(self.grille.lignes, key=lambda ligne: (ligne.structure, ligne.responsable))
        return [Groupe(structure, responsable, tuple(lignes)) for (structure, responsable), lignes in paquets]

    @cached_property
    def semaines(self) -> list[Semaine]:
        """Open at first: the current week and the first where something may be booked, else the first."""
        semaines = [tuple(_journee(self.grille, jour) for jour in jours) for jours in self.grille.semaines]
        rangs = {_premiere(semaines, _courante), _premiere(semaines, _reservable)} - {None} or {0}
        return [Semaine(journees, depliee=rang in rangs) for rang, journees in enumerate(semaines)]

    @cached_property
    def rangs(self) -> dict[str, int]:
        """Number of each sentence of the month: a hundred cells share a dozen of them."""
        phrases = (
            verdict.phrase
            for ligne in self.grille.lignes
            for case in ligne.cases
            for verdict in (case.reserver, case.absence)
        )
        return {phrase: rang for rang, phrase in enumerate(dict.fromkeys(phrases))}

    @property
    def phrases(self) -> list[str]:
        return list(self.rangs)


def _journee(grille: Grille, jour: JourDuMois) -> Journee:
    rang = jour.jour.day - 1
    cases = [(ligne, ligne.cases[rang]) for ligne in grille.lignes]
    if all(case.affichage.cle in SANS_SERVICE for _, case in cases):
        return Journee(jour, (), _fermeture(case for _, case in cases))
    a_dire = tuple((ligne, case) for ligne, case in cases if not _muette(case))
    return Journee(jour, a_dire, "" if a_dire else RIEN)


def _muette(case: Case) -> bool:
    """Another day's service, or a day gone by on which nothing was booked."""
    return case.affichage.cle == "hors" or (case.affichage == LIBRE and case.reserver.phrase == PASSE)


def _fermeture(cases: Iterable[Case]) -> str:
    """Why nothing opens: a holiday rather than the day of the week."""
    causes = (case.ferme.phrase for case in cases if case.ferme and case.ferme.cause != HORS_SEMAINE)
    return next(causes, "Pas de service ce jour-là.")


def _premiere(semaines: list[tuple[Journee, ...]], test: Callable[[Journee], bool]) -> int | None:
    return next((rang for rang, journees in enumerate(semaines) if any(map(test, journees))), None)


def _courante(journee: Journee) -> bool:
    return journee.jour.aujourdhui


def _reservable(journee: Journee) -> bool:
    return any(case.reserver.possible for _, case in journee.cases)
