"""The grid of a month: columns, lines, cells. Pure; what a cell says is in planning.cases."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planning.calendrier import Offre
from planning.cases import Case, Fait, examiner_case
from planning.reglement import Reglement

LETTRES = ("Lu", "Ma", "Me", "Je", "Ve", "Sa", "Di")


@dataclass(frozen=True)
class JourDuMois:
    """A column. `lettre`: P, G, F or empty."""

    jour: date
    aujourdhui: bool
    lettre: str
    nom: str

    @property
    def court(self) -> str:
        return LETTRES[self.jour.weekday()]

    @property
    def fin_de_semaine(self) -> bool:
        return self.jour.weekday() >= 5


@dataclass(frozen=True)
class Ligne:
    """A prestation, for the family that pays."""

    offre: Offre
    prestation: str
    structure: str
    responsable: str
    cases: tuple[Case, ...]
    rang: int = 0  # of the line on its sheet


@dataclass(frozen=True)
class Grille:
    premier: date
    jours: tuple[JourDuMois, ...]
    lignes: tuple[Ligne, ...]

    @property
    def dernier(self) -> date:
        return self.jours[-1].jour

    @property
    def semaines(self) -> list[tuple[JourDuMois, ...]]:
        """The columns by week, Monday first, for the phone."""
        groupes: list[list[JourDuMois]] = []
        for jour in self.jours:
            if not groupes or jour.jour.weekday() == 0:
                groupes.append([])
            groupes[-1].append(jour)
        return [tuple(g) for g in groupes]


@dataclass(frozen=True)
class Rangee:
    """What makes a line: the prestation's own, and how to find the facts of a day."""

    offre: Offre
    prestation: str
    structure: str
    responsable: str
    fait: Callable[[date], Fait]


def jours_du_mois(premier: date) -> list[date]:
    return [premier + timedelta(days=n) for n in range(monthrange(premier.year, premier.month)[1])]


def dessiner(premier: date, rangees: Iterable[Rangee], reglement: Reglement) -> Grille:
    """The grid of a month (`premier`: its first day), line by line in the order given."""
    jours = jours_du_mois(premier)
    return Grille(
        premier=premier,
        jours=tuple(_colonnes(jours, reglement)),
        lignes=tuple(
            Ligne(
                offre=r.offre,
                prestation=r.prestation,
                structure=r.structure,
                responsable=r.responsable,
                cases=tuple(examiner_case(r.fait(jour), r.offre, jour, reglement) for jour in jours),
                rang=rang,
            )
            for rang, r in enumerate(rangees)
        ),
    )


def _colonnes(jours: Sequence[date], reglement: Reglement) -> Iterable[JourDuMois]:
    calendrier, aujourdhui = reglement.calendrier, reglement.instant.date()
    for jour in jours:
        vacances = calendrier.vacances_du(jour)
        ferie = calendrier.feries.get(jour)
        yield JourDuMois(
            jour=jour,
            aujourdhui=jour == aujourdhui,
            lettre="F" if ferie else (vacances.nature if vacances else ""),
            nom=ferie or (vacances.nom if vacances else ""),
        )
