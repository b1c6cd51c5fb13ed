"""Booking windows: whether the days of a period may be booked now, and the sentence that says when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from familles.francais import moment
from planning.calendrier import Offre


@dataclass(frozen=True)
class Creneau:
    """A window, out of the database (`planning.models.Creneau`); its instants are aware."""

    nom: str
    du: date
    au: date
    ouverture: datetime
    ouverture_residents: datetime | None = None
    fermeture: datetime | None = None
    prestations: frozenset[int] = frozenset()  # none: all

    def vise(self, offre: Offre, jour: date) -> bool:
        return self.du <= jour <= self.au and (
            not self.prestations or offre.prestation_id in self.prestations
        )

    def ouvre(self, resident: bool) -> datetime:
        return (self.ouverture_residents if resident else None) or self.ouverture

    def est_a_venir(self, instant: datetime, resident: bool) -> bool:
        return _seconde(instant) < self.ouvre(resident).astimezone(UTC)

    def est_ferme(self, instant: datetime) -> bool:
        """« Jusqu’à 12 h 00 » holds that second, as deadlines do."""
        return self.fermeture is not None and _seconde(instant) > self.fermeture.astimezone(UTC)

    def est_ouvert(self, instant: datetime, resident: bool) -> bool:
        return not self.est_a_venir(instant, resident) and not self.est_ferme(instant)

    def annonce(self, resident: bool, fuseau: tzinfo) -> str:
        """« ouvrent le lundi 15 juin 2026 à 9 h 00 (dès le … pour les habitants de la commune) »."""
        ouverture = moment(self.ouvre(resident).astimezone(fuseau))
        if self.ouverture_residents is None:
            return f"ouvrent le {ouverture}"
        if resident:
            return f"ouvrent le {ouverture} pour les habitants de la commune"
        habitants = moment(self.ouverture_residents.astimezone(fuseau))
        return f"ouvrent le {ouverture} (dès le {habitants} pour les habitants de la commune)"


def _seconde(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)


def refus_du_creneau(
    creneaux: Iterable[Creneau], offre: Offre, jour: date, instant: datetime, resident: bool
) -> str:
    """Why no window lets one book that day now; empty when one does, or when none covers that day.

    Of several windows for one day, the first to open is told, else the last that closed.
    """
    siens = [creneau for creneau in creneaux if creneau.vise(offre, jour)]
    if not siens or any(creneau.est_ouvert(instant, resident) for creneau in siens):
        return ""
    fuseau = instant.tzinfo or UTC
    a_venir = [creneau for creneau in siens if creneau.est_a_venir(instant, resident)]
    if a_venir:
        premier = min(a_venir, key=lambda c: c.ouvre(resident))
        return f"Les réservations de ce jour ({premier.nom}) {premier.annonce(resident, fuseau)}."
    dernier = max(siens, key=lambda c: c.fermeture or c.ouverture)
    ferme = moment((dernier.fermeture or dernier.ouverture).astimezone(fuseau))
    return f"Les réservations de ce jour ({dernier.nom}) sont closes depuis le {ferme}."


def fin_du_creneau(
    creneaux: Iterable[Creneau], offre: Offre, jour: date, instant: datetime, resident: bool
) -> datetime | None:
    """When the last window that now lets one book that day shuts, in the town's zone; None: none does."""
    ouverts = [c for c in creneaux if c.vise(offre, jour) and c.est_ouvert(instant, resident)]
    fins = [c.fermeture for c in ouverts if c.fermeture is not None]
    if not fins or len(fins) < len(ouverts):
        return None
    return max(fins).astimezone(instant.tzinfo or UTC)


def prochain_creneau(
    creneaux: Iterable[Creneau], offres: Iterable[Offre], instant: datetime, resident: bool
) -> str:
    """« Les réservations (Année 2026-2027) ouvrent le … . », of the next window for these prestations."""
    offres = list(offres)
    a_venir = [
        creneau
        for creneau in creneaux
        if creneau.est_a_venir(instant, resident)
        and creneau.au >= instant.date()
        and (not creneau.prestations or any(o.prestation_id in creneau.prestations for o in offres))
    ]
    if not a_venir or not offres:
        return ""
    premier = min(a_venir, key=lambda c: c.ouvre(resident))
    return f"Les réservations ({premier.nom}) {premier.annonce(resident, instant.tzinfo or UTC)}."
