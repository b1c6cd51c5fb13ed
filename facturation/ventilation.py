"""How what is paid of an invoice is spread over its lines: in proportion, to the cent, year by year. Pure.

The tax certificate reads it: « amounts paid in the calendar year », line by line and payer by payer.
"""

from collections.abc import Hashable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

ZERO = Decimal("0.00")
C = TypeVar("C", bound=Hashable)
A = TypeVar("A", int, tuple[int, tuple[int, int]])


def ventiler(montant: Decimal, bases: Sequence[Decimal]) -> list[Decimal]:
    """Parts of `montant` (at most the sum of `bases`, none negative), in proportion and summing exactly.

    Each part is the difference of two rounded running totals: never negative, never above its base.
    """
    total = sum(bases, ZERO)
    if total <= 0:
        return [ZERO] * len(bases)
    montant = min(max(montant, ZERO), total)
    parts, cumul, deja = [], ZERO, ZERO
    for base in bases:
        cumul += base
        jusqu_ici = (montant * cumul / total).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        parts.append(jusqu_ici - deja)
        deja = jusqu_ici
    return parts


def bases_nettes(lignes: Sequence[tuple[C, Decimal]]) -> dict[C, Decimal]:
    """What each key is worth in the end, credit notes deducted: none negative, the sum kept (or zero)."""
    nettes: dict[C, Decimal] = {}
    for cle, montant in lignes:
        nettes[cle] = nettes.get(cle, ZERO) + montant
    a_deduire = -sum((m for m in nettes.values() if m < 0), ZERO)
    positives = {cle: m for cle, m in nettes.items() if m > 0}
    deductions = ventiler(a_deduire, list(positives.values()))
    return {cle: m - d for (cle, m), d in zip(positives.items(), deductions, strict=True)}


def par_annee(bases: Mapping[C, Decimal], paye: Mapping[A, Decimal]) -> dict[A, dict[C, Decimal]]:
    """What was paid of each key, year after year (or year and payer); never more than its base in all."""
    restes = dict(bases)
    annees: dict[A, dict[C, Decimal]] = {}
    for annee in sorted(paye):
        parts = dict(zip(restes, ventiler(paye[annee], list(restes.values())), strict=True))
        annees[annee] = parts
        restes = {cle: reste - parts[cle] for cle, reste in restes.items()}
    return annees
