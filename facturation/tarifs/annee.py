"""What is counted over a school year: the right to error, unbooked presences, yearly fees. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from facturation.enums import Assiette
from facturation.tarifs.unite import nieme


@dataclass(frozen=True, order=True)
class Ecart:
    """A late booking, a no-show or an unbooked presence."""

    jour: date
    enfant_id: int
    prestation_id: int
    famille_id: int
    hors_contrat: bool = False

    @property
    def cle(self) -> tuple[int, int, date]:
        return (self.enfant_id, self.prestation_id, self.jour)


def debut_annee(jour: date) -> date:
    """1 September of the school year that holds the day."""
    return date(jour.year - (jour.month < 9), 9, 1)


def pardons(ecarts: Iterable[Ecart], droit: int) -> dict[tuple[int, int, date], str]:
    """Those that the right to error forgives, with their count: the first n of the family's school year."""
    comptes: dict[tuple[int, date], int] = defaultdict(int)
    pardonnes = {}
    for ecart in sorted(ecarts):
        compte = (ecart.famille_id, debut_annee(ecart.jour))
        comptes[compte] += 1
        if comptes[compte] <= droit:
            pardonnes[ecart.cle] = (
                f"{nieme(comptes[compte])} erreur de l’année, {droit} pardonnée{'s' if droit > 1 else ''}"
            )
    return pardonnes


def rangs_hors_contrat(ecarts: Iterable[Ecart]) -> dict[tuple[int, int, date], int]:
    """Which unbooked presence of the school year each one is, for that child and that prestation."""
    comptes: dict[tuple[int, int, date], int] = defaultdict(int)
    rangs = {}
    for ecart in sorted(e for e in ecarts if e.hors_contrat):
        compte = (ecart.enfant_id, ecart.prestation_id, debut_annee(ecart.jour))
        comptes[compte] += 1
        rangs[ecart.cle] = comptes[compte]
    return rangs


@dataclass(frozen=True)
class ReglesFrais:
    """A yearly fee: of all, or of those who registered after a date."""

    assiette: str
    du: date
    au: date | None = None
    inscrits_apres: date | None = None


def frais_dus(
    regles: ReglesFrais, premiers_jours: dict[int, date], inscriptions: dict[int, date]
) -> dict[int | None, date]:
    """Of one family in one school year: the children who owe the fee (None: the family), and from which day.

    `premiers_jours`: first day used of the year, by child; `inscriptions`: when each was registered.
    """
    jours = {
        e: j for e, j in premiers_jours.items() if regles.du <= j and (regles.au is None or j <= regles.au)
    }
    if regles.assiette == Assiette.FAMILLE:
        # The family is late when its first registration of the year is.
        connues = [inscriptions[e] for e in premiers_jours if e in inscriptions]
        tardive = _tardive(regles, min(connues, default=None))
        return {None: min(jours.values())} if jours and tardive else {}
    return {e: j for e, j in jours.items() if _tardive(regles, inscriptions.get(e))}


def _tardive(regles: ReglesFrais, inscrite_le: date | None) -> bool:
    """Unknown: not late. A fee without a date is owed by all."""
    if regles.inscrits_apres is None:
        return True
    return inscrite_le is not None and inscrite_le > regles.inscrits_apres
