"""How a payment is spread over invoices: never more than what is due, nor than it holds. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")


def repartir(montant: Decimal, restes: Sequence[tuple[T, Decimal]]) -> list[tuple[T, Decimal]]:
    """(invoice, part) in the order given; what is left over stays the family's credit."""
    parts = []
    for facture, reste in restes:
        part = min(montant, reste)
        if part > 0:
            parts.append((facture, part))
            montant -= part
    return parts
