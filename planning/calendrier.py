"""Which days a prestation opens. Pure: rows come from the database through `planning.reglement_interieur`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from planning.enums import NatureVacances

FERIE, FERMETURE, VACANCES, HORS_SEMAINE = "FERIE", "FERMETURE", "VACANCES", "HORS_SEMAINE"
# The years that a family may look at or ask for: an address typed by hand opens no page of the year 9999.
ANNEES = range(2000, 2100)
# A prestation that opens on no day would make « the previous opening day » an endless search.
HORIZON = timedelta(days=400)
# One calendar serves a process until a setting changes: what it remembers is bounded.
SOUVENIRS = 20_000


@dataclass(frozen=True)
class Offre:
    """A prestation as the rules need it."""

    prestation_id: int
    structure_id: int
    jours_ouverts: str  # ISO digits, « 1245 »
    ouverte_vacances: bool = False
    active: bool = True  # still offered

    def __hash__(self) -> int:
        # What is remembered by day is found by it, thousands of times a page.
        return hash(self.prestation_id)


@dataclass(frozen=True)
class PeriodeVacances:
    nom: str
    nature: str
    du: date
    au: date

    def contient(self, jour: date) -> bool:
        return self.du <= jour <= self.au


@dataclass(frozen=True)
class PeriodeFermee:
    """A closure of one prestation, of one structure, or of all (both None)."""

    motif: str
    du: date
    au: date
    structure_id: int | None = None
    prestation_id: int | None = None
    cle: int | None = None  # of its row: two closures may be alike

    def concerne(self, offre: Offre, jour: date) -> bool:
        return (
            self.du <= jour <= self.au
            and self.structure_id in (None, offre.structure_id)
            and self.prestation_id in (None, offre.prestation_id)
        )


@dataclass(frozen=True)
class JourFerme:
    """Why a prestation does not open that day; `lettre` is the manual's (F, P, G), empty otherwise."""

    cause: str
    nom: str
    lettre: str = ""

    @cached_property
    def phrase(self) -> str:
        return {
            FERIE: f"Jour férié ({self.nom}) : pas de service.",
            FERMETURE: f"Fermeture ({self.nom}) : pas de service.",
            VACANCES: f"{self.nom} : pas de service pendant les vacances.",
            HORS_SEMAINE: "Ce service n’ouvre pas ce jour de la semaine.",
        }[self.cause]


@dataclass(frozen=True)
class Calendrier:
    """Public holidays, school holidays and closures of the town."""

    feries: Mapping[date, str] = field(default_factory=dict)
    vacances: tuple[PeriodeVacances, ...] = ()
    fermetures: tuple[PeriodeFermee, ...] = ()
    # Answers already found: the lines of a month ask the same days, and « the previous opening day » again.
    _vacances: dict[date, PeriodeVacances | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _fermes: dict[tuple[Offre, date], JourFerme | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def vacances_du(self, jour: date) -> PeriodeVacances | None:
        try:
            return self._vacances[jour]
        except KeyError:
            trouvees = next((v for v in self.vacances if v.contient(jour)), None)
        self._vacances[jour] = trouvees
        return trouvees

    def ferme(self, offre: Offre, jour: date) -> JourFerme | None:
        """The reason why it is closed, None when it opens; the most telling one first."""
        cle = (offre, jour)
        try:
            return self._fermes[cle]
        except KeyError:
            ferme = self._chercher(offre, jour)
        if len(self._fermes) >= SOUVENIRS:
            self._fermes.clear()
        self._fermes[cle] = ferme
        return ferme

    def _chercher(self, offre: Offre, jour: date) -> JourFerme | None:
        if jour in self.feries:
            return JourFerme(FERIE, self.feries[jour], "F")
        fermeture = next((f for f in self.fermetures if f.concerne(offre, jour)), None)
        if fermeture is not None:
            return JourFerme(FERMETURE, fermeture.motif)
        vacances = self.vacances_du(jour)
        if vacances is not None and not offre.ouverte_vacances and jour.isoweekday() <= 5:
            return JourFerme(VACANCES, vacances.nom, NatureVacances(vacances.nature).value)
        if str(jour.isoweekday()) not in offre.jours_ouverts:
            return JourFerme(HORS_SEMAINE, "")
        return None

    def ouvre(self, offre: Offre, jour: date) -> bool:
        return self.ferme(offre, jour) is None

    def ouvre_avant(self, offre: Offre, jour: date) -> date | None:
        """The last opening day before, None when there is none within a year."""
        candidat = jour - timedelta(days=1)
        while candidat > jour - HORIZON:
            if self.ouvre(offre, candidat):
                return candidat
            candidat -= timedelta(days=1)
        return None

    def ouvre_en_semaine(self, jour: date) -> bool:
        """A working day: Monday to Friday, no public holiday."""
        return jour.isoweekday() <= 5 and jour not in self.feries
