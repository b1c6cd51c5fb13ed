"""A month of a child at a prestation, once its days are priced: the flat that caps them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from facturation.tarifs.grille import ZERO, Grille, Prix
from familles.francais import CENTIME, arrondir, euros


@dataclass(frozen=True)
class Forfait:
    """What a month costs instead of the sum of its days, and each day's share of it."""

    montant: Decimal
    explication: str
    parts: tuple[Decimal, ...]


def forfait(grille: Grille, jours: Sequence[Prix], presences: int) -> Forfait | None:
    """The flat that replaces the ordinary days of a month, None when each is due at its own price.

    Above n presences, or as soon as the days would cost more. Surcharges stay beside it.
    """
    if grille.forfait_mensuel is None or not jours:
        return None
    montant = arrondir(grille.forfait_mensuel)
    somme = sum((j.montant for j in jours), ZERO)
    if grille.forfait_au_dela is None:
        if somme <= montant:
            return None
        explication = f"Plafond mensuel : {euros(montant)} au lieu de {euros(somme)}."
    elif presences <= grille.forfait_au_dela:
        return None
    else:
        explication = (
            f"Forfait mensuel : {presences} présences dans le mois, au-delà de {grille.forfait_au_dela}."
        )
    return Forfait(montant, explication, partager(montant, len(jours)))


def partager(montant: Decimal, nombre: int) -> tuple[Decimal, ...]:
    """Equal shares to the cent, whose sum is the amount: the first ones take the cents left over."""
    centimes = int(montant / CENTIME)
    part, reste = divmod(centimes, nombre)
    return tuple((part + (rang < reste)) * CENTIME for rang in range(nombre))
