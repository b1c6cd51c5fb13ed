"""What a school year cost a family, prestation by prestation (credit notes deducted): one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from facturation.models import LigneFacture
from familles.francais import arrondir
from familles.models import Famille


@dataclass(frozen=True)
class Part:
    libelle: str
    montant: Decimal
    pourcent: int  # of the whole


def depenses(famille: Famille, du: date, au: date) -> list[Part]:
    """The dearest first; what was wholly credited is left out."""
    sommes = (
        LigneFacture.objects.filter(facture__famille=famille, facture__date__range=(du, au))
        .values("prestation__nom", "libelle")
        .annotate(somme=Sum("montant"))
        .order_by()
    )
    montants: dict[str, Decimal] = {}
    for ligne in sommes:
        nom = ligne["prestation__nom"] or ligne["libelle"]
        montants[nom] = montants.get(nom, Decimal("0.00")) + arrondir(ligne["somme"])
    positives = sorted(((m, nom) for nom, m in montants.items() if m > 0), key=lambda p: (-p[0], p[1]))
    pourcents = _pourcents([m for m, _ in positives])
    return [Part(nom, m, p) for (m, nom), p in zip(positives, pourcents, strict=True)]


def _pourcents(montants: Sequence[Decimal]) -> list[int]:
    """Whole numbers that add up to a hundred: what the rounding leaves goes to the largest remainders."""
    total = sum(montants)
    exacts = [100 * montant / total for montant in montants]
    entiers = [int(exact) for exact in exacts]
    manque = 100 - sum(entiers) if montants else 0
    restes = sorted(range(len(exacts)), key=lambda rang: entiers[rang] - exacts[rang])
    for rang in restes[:manque]:
        entiers[rang] += 1
    return entiers
