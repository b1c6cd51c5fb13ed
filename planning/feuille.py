"""The sheet of a month as it is drawn: lines by place, weeks for a phone, sentences told once. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from familles.francais import enumerer, jour_sans_annee
from planning.calendrier import HORS_SEMAINE
from planning.cases import PASSE, Case
from planning.grille import Grille, JourDuMois, Ligne
from planning.legende import LIBRE

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
    """A day on a phone: what can be read or done there, what no longer can, or why nothing opens."""

    jour: JourDuMois
    cases: tuple[tuple[Ligne, Case], ...] = ()
    # Free but locked: the services that one sentence keeps shut are named together.
    closes: tuple[tuple[str, str], ...] = ()
    phrase: str = ""


@dataclass(frozen=True)
class Semaine:
    journees: tuple[Journee, ...]
    depliee: bool

    @property
    def titre(self) -> str:
        """« Du lundi 7 au dimanche 13 décembre »."""
        premier, dernier = self.journees[0].jour.jour, self.journees[-1].jour.jour
        fin = jour_sans_annee(dernier)
        return fin.capitalize() if premier == dernier else f"Du {_sans_mois(premier)} au {fin}"

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
    def ouverte(self) -> bool:
        """Whether anything may still be asked that month."""
        return any(case.ouverte for ligne in self.grille.lignes for case in ligne.cases)

    @cached_property
    def annulable(self) -> bool:
        """Whether a booking of that month may be taken back: the request for it is then offered."""
        return any(case.annuler.possible for ligne in self.grille.lignes for case in ligne.cases)

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
            for verdict in (case.reserver, case.absence, *([case.annuler] if case.annulation_dite else []))
        )
        return {phrase: rang for rang, phrase in enumerate(dict.fromkeys(phrases))}

    @property
    def phrases(self) -> list[str]:
        return list(self.rangs)


def _sans_mois(jour: date) -> str:
    return jour_sans_annee(jour).rpartition(" ")[0]


def _journee(grille: Grille, jour: JourDuMois) -> Journee:
    rang = jour.jour.day - 1
    cases = [(ligne, ligne.cases[rang]) for ligne in grille.lignes]
    if all(case.affichage.cle in SANS_SERVICE for _, case in cases):
        return Journee(jour, phrase=_fermeture(case for _, case in cases))
    a_dire = [(ligne, case) for ligne, case in cases if not _muette(case)]
    if not a_dire:
        return Journee(jour, phrase=RIEN)
    closes: dict[str, list[str]] = {}
    for ligne, case in a_dire:
        if _close(case):
            closes.setdefault(case.phrase, []).append(ligne.prestation)
    return Journee(
        jour,
        cases=tuple((ligne, case) for ligne, case in a_dire if not _close(case)),
        closes=tuple((enumerer(noms), phrase) for phrase, noms in closes.items()),
    )


def _muette(case: Case) -> bool:
    """Another day's service, or a day gone by on which nothing was booked."""
    return case.affichage.cle == "hors" or (case.affichage == LIBRE and case.reserver.phrase == PASSE)


def _close(case: Case) -> bool:
    return case.affichage == LIBRE and not case.ouverte


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
