"""Cash: what the law lets a régie take (décret n° 2012-1246, art. 25, and CGI art. 1680).

The ceiling is the debt's, not the entry's: neither splitting a payment nor paying in advance raises it. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from familles.francais import euros

PLAFOND_ESPECES = Decimal("300.00")
REGLE = f"Une dette ne se paie pas en espèces au-delà de {euros(PLAFOND_ESPECES)}, même en plusieurs fois"


@dataclass(frozen=True)
class Creance:
    """An invoice, what cash has paid of it, and what this payment would."""

    numero: str
    deja: Decimal
    part: Decimal


def especes_refusees(montant: Decimal, recu_ce_jour: Decimal, creances: Iterable[Creance]) -> str:
    """Why this amount of cash is refused, "" when it is not. `recu_ce_jour`: of this family, before."""
    if montant > PLAFOND_ESPECES:
        return f"{REGLE} : {euros(montant)} se règlent par un autre moyen."
    if recu_ce_jour + montant > PLAFOND_ESPECES:
        return (
            f"{REGLE} : cette famille a déjà payé {euros(recu_ce_jour)} en espèces ce jour-là, "
            f"{_encore(PLAFOND_ESPECES - recu_ce_jour)}."
        )
    for creance in creances:
        if creance.part > 0 and creance.deja + creance.part > PLAFOND_ESPECES:
            return (
                f"{REGLE} : la facture {creance.numero} a déjà reçu {euros(creance.deja)} en espèces, "
                f"{_encore(PLAFOND_ESPECES - creance.deja)}."
            )
    return ""


def payable_en_especes(reste: Decimal, deja: Decimal) -> Decimal:
    """What cash may pay of an invoice that owes `reste` and has taken `deja` of it: the rest stays credit."""
    return max(min(reste, PLAFOND_ESPECES - deja), Decimal("0.00"))


def _encore(reste: Decimal) -> str:
    if reste <= 0:
        return "rien ne peut plus l’être"
    return f"{euros(reste)} au plus {'peuvent' if reste >= 2 else 'peut'} l’être encore"
