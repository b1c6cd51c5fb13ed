"""Which quotient counts on a day: a change may not go back, an expired one may be kept a while. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from facturation.enums import EffetQuotient


@dataclass(frozen=True)
class QuotientConnu:
    valeur: Decimal
    du: date
    recu_le: date
    au: date | None = None


@dataclass(frozen=True)
class QuotientDuJour:
    """`valeur` None: the highest bracket applies. `expire`: the last one known no longer holds."""

    valeur: Decimal | None = None
    prolonge: bool = False
    expire: bool = False


INCONNU = QuotientDuJour()


def quotient_du_jour(
    connus: Sequence[QuotientConnu], jour: date, effet: str = EffetQuotient.SA_DATE, mois_gardes: int = 0
) -> QuotientDuJour:
    """When two hold the same day, the one that begins last wins: a correction needs no rewriting."""
    anciens = sorted(connus, key=lambda q: q.du)
    applicables = [q for n, q in enumerate(anciens) if _effet(q, bool(n), effet) <= jour]
    for quotient in reversed(applicables):
        if quotient.au is None or jour <= quotient.au:
            return QuotientDuJour(quotient.valeur)
    if not applicables:
        return INCONNU
    dernier = applicables[-1]
    # The next one is known and only waits for its month: until then the former holds.
    if any(q.du <= jour and q.du > dernier.du for q in anciens):
        return QuotientDuJour(dernier.valeur)
    # Those that end are applicable here: `au` is given.
    if dernier.au is not None and jour <= plus_mois(dernier.au, mois_gardes):
        return QuotientDuJour(dernier.valeur, prolonge=True, expire=True)
    return QuotientDuJour(expire=True)


def _effet(quotient: QuotientConnu, changement: bool, effet: str) -> date:
    if not changement or effet != EffetQuotient.MOIS_SUIVANT:
        return quotient.du
    debut = quotient.du if quotient.du.day == 1 else mois_suivant(quotient.du)
    return max(debut, mois_suivant(quotient.recu_le))


def mois_suivant(jour: date) -> date:
    return date(jour.year + jour.month // 12, jour.month % 12 + 1, 1)


def fin_de_mois(jour: date) -> date:
    return jour.replace(day=monthrange(jour.year, jour.month)[1])


def plus_mois(jour: date, nombre: int) -> date:
    """The same day n months later; the last of the month when it is shorter, or when it was the last."""
    rang = jour.year * 12 + jour.month - 1 + nombre
    annee, mois = rang // 12, rang % 12 + 1
    dernier = monthrange(annee, mois)[1]
    return date(annee, mois, dernier if jour == fin_de_mois(jour) else min(jour.day, dernier))
