"""What is unpaid: what is not due yet, then by age after the due date; the columns add up to what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from facturation.models import Facture
from familles.models import Famille, Regie

ZERO = Decimal("0.00")
# Last day of each age; what is older goes to the last column. Until its due date, nothing is late.
TRANCHES = (
    (0, "Non échues"),
    (30, "1 – 30 jours"),
    (60, "31 – 60 jours"),
    (90, "61 – 90 jours"),
    (None, "Plus de 90 jours"),
)
INTITULES = tuple(intitule for _, intitule in TRANCHES)


@dataclass
class Debiteur:
    """What a family owes, invoice by invoice."""

    famille: Famille
    nom: str
    factures: list[Facture] = field(default_factory=list)
    montants: list[Decimal] = field(default_factory=lambda: [ZERO] * len(TRANCHES))
    suivi: str = ""  # what was sent, and from when a reminder may follow

    @property
    def total(self) -> Decimal:
        return sum(self.montants, ZERO)


@dataclass(frozen=True)
class Balance:
    """Debtors, those who owe most first, and the total of each age."""

    debiteurs: tuple[Debiteur, ...]

    @property
    def montants(self) -> list[Decimal]:
        return [sum((d.montants[rang] for d in self.debiteurs), ZERO) for rang in range(len(TRANCHES))]

    @property
    def total(self) -> Decimal:
        return sum(self.montants, ZERO)

    @property
    def echu(self) -> Decimal:
        """What is late."""
        return sum(self.montants[1:], ZERO)

    @property
    def nombre(self) -> int:
        return sum(len(d.factures) for d in self.debiteurs)


def retard(facture: Facture, jour: date) -> int:
    """Days since the due date; zero before it."""
    return max((jour - (facture.echeance or facture.date)).days, 0)


def tranche(jours: int) -> int:
    return next(rang for rang, (limite, _) in enumerate(TRANCHES) if limite is None or jours <= limite)


def classer(factures: Sequence[Facture], jour: date) -> Balance:
    """Of invoices read `avec_reste` with their family."""
    debiteurs: dict[int, Debiteur] = {}
    for facture in factures:
        debiteur = debiteurs.setdefault(
            facture.famille_id, Debiteur(facture.famille, facture.destinataire or str(facture.famille))
        )
        debiteur.factures.append(facture)
        debiteur.montants[tranche(retard(facture, jour))] += facture.reste
    return Balance(tuple(sorted(debiteurs.values(), key=lambda d: (-d.total, d.nom))))


def impayes(regie: Regie, jour: date) -> Balance:
    """One query, and one for the adults."""
    factures = (
        Facture.objects.filter(regie=regie)
        .impayees()
        .select_related("famille", "regie")
        .prefetch_related("famille__responsables")
    )
    return classer(list(factures), jour)
