"""The rules in force and the instant at which they judge: what a cell, a form and a deadline ask. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from planning.calendrier import SOUVENIRS, Calendrier, Offre
from planning.creneaux import Creneau, fin_du_creneau, refus_du_creneau
from planning.delais import Echeance, Regle, echeance, echeance_annulation, limite_justificatif
from planning.enums import Consequence, Operation


@dataclass(frozen=True)
class Reglement:
    """The rules that judge a cell, and the instant at which they do: the deposit, in the town's zone."""

    calendrier: Calendrier
    regles: tuple[Regle, ...]
    instant: datetime
    creneaux: tuple[Creneau, ...] = ()
    justificatif_heures: int | None = None
    # Deadlines already found under these rules, by what they depend on.
    connues: dict[tuple, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def fuseau(self) -> tzinfo:
        return self.instant.tzinfo or UTC

    def echeance(self, operation: str, offre: Offre, jour: date) -> Echeance:
        return self._connue(
            (operation, offre, jour, self.fuseau),
            lambda: echeance(self.regles, operation, jour, offre, self.calendrier, self.fuseau),
        )

    def limite_pour_reserver(self, offre: Offre, jour: date, resident: bool) -> Echeance:
        """The nearest of the day's deadline and the end of the window that lets one book it."""
        limite = self.echeance(Operation.RESERVER, offre, jour)
        return limite.bornee(fin_du_creneau(self.creneaux, offre, jour, self.instant, resident))

    def annulation(self, offre: Offre, jour: date) -> Echeance | None:
        return self._connue(
            ("ferme", offre, jour, self.fuseau),
            lambda: echeance_annulation(self.regles, jour, offre, self.calendrier, self.fuseau),
        )

    def _connue(self, cle: tuple, chercher: Callable[[], Any]) -> Any:
        try:
            return self.connues[cle]
        except KeyError:
            trouvee = chercher()
        self.retenir(cle, trouvee)
        return trouvee

    def retenir(self, cle: tuple, trouvee: Any) -> None:
        """Remember, within bounds."""
        if len(self.connues) >= SOUVENIRS:
            self.connues.clear()
        self.connues[cle] = trouvee

    @property
    def distingue_les_residents(self) -> bool:
        """Whether it matters that a family lives in the town: a window opens to residents first."""
        return any(creneau.ouverture_residents for creneau in self.creneaux)

    def refus_du_creneau(self, offre: Offre, jour: date, resident: bool) -> str:
        return refus_du_creneau(self.creneaux, offre, jour, self.instant, resident)

    def justifiable(self, jour: date, heures: int | None = None) -> datetime | None:
        """Until when a document excuses that day; None: no longer, or never."""
        heures = self.justificatif_heures if heures is None else heures
        if heures is None:
            return None
        limite = limite_justificatif(jour, heures, self.fuseau)
        return limite if self.instant.astimezone(UTC) <= limite.astimezone(UTC) else None


def consequence_absence(consequence: str, a_temps: bool, justifiee: bool = False) -> bool:
    """Whether an absence told now for such a reason is excused (True) or billed (False).

    `justifiee`: its document comes with it, in time.
    """
    if consequence == Consequence.JUSTIFICATIF:
        return justifiee
    if consequence == Consequence.SELON_DELAI:
        return a_temps
    return consequence == Consequence.EXCUSEE
