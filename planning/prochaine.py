"""The nearest deadline to come, and the days that it closes. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from planning.calendrier import Calendrier, Offre
from planning.delais import Echeance

HORIZON = 60  # days, as far as the next deadline is looked for


@dataclass(frozen=True)
class ProchaineEcheance:
    """The next deadline for booking, the days (in order) and the prestations (by id) that close with it."""

    limite: datetime
    jours: tuple[date, ...]
    prestations: frozenset[int] = frozenset()

    def noms(self, connues: Mapping[int, str]) -> list[str]:
        """Their names, out of those of the family (by id); empty when all of these close: nothing to name."""
        siennes = [nom for pk, nom in connues.items() if pk in self.prestations]
        return [] if len(siennes) == len(connues) else siennes


def prochaine_echeance(
    echeance_de: Callable[[Offre, date], Echeance],
    offres: Iterable[Offre],
    calendrier: Calendrier,
    maintenant: datetime,
    horizon_jours: int = HORIZON,
    inscrit: Callable[[Offre, date], bool] | None = None,
) -> ProchaineEcheance | None:
    """The nearest deadline to come, for any of these prestations; None: no limit within the horizon.

    `echeance_de`: until when a day of a prestation is booked. `inscrit`: whether the family may book it that
    day, when not all of its days are.
    """
    if maintenant.tzinfo is None:
        raise ValueError("« maintenant » doit porter un fuseau.")
    par_limite: dict[datetime, set[tuple[date, int]]] = {}
    for offre in offres:
        for n in range(horizon_jours):
            jour = maintenant.date() + timedelta(days=n)
            if not calendrier.ouvre(offre, jour) or not (inscrit is None or inscrit(offre, jour)):
                continue
            trouvee = echeance_de(offre, jour)
            if trouvee.limite is None or not trouvee.est_a_venir(maintenant):
                continue
            par_limite.setdefault(trouvee.limite, set()).add((jour, offre.prestation_id))
    if not par_limite:
        return None
    premiere = min(par_limite)
    jours, prestations = map(frozenset, zip(*par_limite[premiere], strict=True))
    return ProchaineEcheance(premiere, tuple(sorted(jours)), prestations)
