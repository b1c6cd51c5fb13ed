"""The official calendar of a period: public holidays and school holidays of a zone. Pure: no database.

Only a seed for the rows that the town then edits (`planning.actions.importer_calendrier`): the planning reads
those rows, never the library.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from planning.enums import NatureVacances, SourceCalendrier

# End of the last school year that an arrêté known to the library fixes: past it, the library goes on by its
# own rules without a word, so that the rows are marked provisional.
ARRETES_JUSQU_AU = date(2028, 8, 31)
ETE = "Vacances d’été"

# INSEE code of the commune → part of the country that has public holidays of its own.
TERRITOIRES = {
    "57": "Moselle",
    "6AE": "Alsace",
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "976": "Mayotte",
    "BL": "Saint-Barthélemy",
    "MF": "Saint-Martin",
    "NC": "Nouvelle-Calédonie",
    "PF": "Polynésie française",
    "PM": "Saint-Pierre-et-Miquelon",
    "WF": "Wallis-et-Futuna",
}
_PREFIXES = {"67": "6AE", "68": "6AE", "975": "PM", "977": "BL", "978": "MF"} | {
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
# These follow the school zones of mainland France; overseas, the recteur sets the school calendar.
DES_ZONES = frozenset({"", "57", "6AE"})


@dataclass(frozen=True)
class VacancesOfficielles:
    """First and last day without school included."""

    nom: str
    nature: str
    du: date
    au: date
    source: str = SourceCalendrier.OFFICIELLE

    def croise(self, du: date, au: date) -> bool:
        return self.du <= au and du <= self.au


# Before 2017 the library says nothing of schools. Zone A of 2014-2015 (Toulouse was then in it) is the
# manual's own year: arrêté of 21 January 2014 (MENE1401504A), whose return of September 2014 was later moved.
_HORS_BIBLIOTHEQUE = {
    "A": [
        ("Vacances de la Toussaint", date(2014, 10, 18), date(2014, 11, 2)),
        ("Vacances de Noël", date(2014, 12, 20), date(2015, 1, 4)),
        ("Vacances d’hiver", date(2015, 2, 7), date(2015, 2, 22)),
        ("Vacances de printemps", date(2015, 4, 11), date(2015, 4, 26)),
        (ETE, date(2015, 7, 4), date(2015, 8, 31)),
    ]
}


def territoire_de(code_insee: str) -> str:
    """Key of TERRITOIRES for a commune; empty for the rest of mainland France."""
    for prefixe in (code_insee[:3], code_insee[:2]):
        if prefixe in _PREFIXES or prefixe in TERRITOIRES:
            return _PREFIXES.get(prefixe, prefixe)
    return ""


def feries(du: date, au: date, territoire: str = "") -> dict[date, str]:
    """Public holidays from `du` to `au` included; `territoire`: a key of TERRITOIRES, or empty."""
    connus = _lire(du, au, territoire or None, holidays.PUBLIC)
    return {jour: " et ".join(noms) for jour, noms in connus if du <= jour <= au}


def vacances(du: date, au: date, zone: str) -> list[VacancesOfficielles]:
    """School holidays of which at least a day lies between `du` and `au`, whole, in their order."""
    periodes = [*_suites(_lire(du, au, f"Zone {zone}", holidays.SCHOOL)), *_HORS_BIBLIOTHEQUE.get(zone, [])]
    officielles = [
        VacancesOfficielles(
            nom=nom,
            nature=NatureVacances.GRANDES if nom == ETE else NatureVacances.PETITES,
            du=debut,
            au=fin,
            source=SourceCalendrier.OFFICIELLE if fin <= ARRETES_JUSQU_AU else SourceCalendrier.EXTRAPOLEE,
        )
        for nom, debut, fin in periodes
    ]
    # A late Easter puts the Ascension inside the spring holidays: then it is no period of its own.
    distinctes = [
        v for v in officielles if not any(a is not v and a.du <= v.du and v.au <= a.au for a in officielles)
    ]
    return sorted((v for v in distinctes if v.croise(du, au)), key=lambda v: v.du)


def _lire(du: date, au: date, subdivision: str | None, categorie: str) -> list[tuple[date, list[str]]]:
    """Days and their names, in order; a year more on each side, for holidays that span two."""
    connus = holidays.country_holidays(
        "FR",
        subdiv=subdivision,
        years=range(du.year - 1, au.year + 2),
        categories=categorie,
        language="fr",
    )
    return [(jour, noms.replace("'", "’").split("; ")) for jour, noms in sorted(connus.items())]


def _suites(jours: list[tuple[date, list[str]]]) -> Iterator[tuple[str, date, date]]:
    """Days of a name that follow each other make a period."""
    ouvertes: dict[str, tuple[date, date]] = {}
    for jour, noms in jours:
        for nom in noms:
            debut, fin = ouvertes.get(nom, (jour, jour))
            if jour - fin > timedelta(days=1):
                yield nom, debut, fin
                debut = jour
            ouvertes[nom] = (debut, jour)
    for nom, (debut, fin) in ouvertes.items():
        yield nom, debut, fin
