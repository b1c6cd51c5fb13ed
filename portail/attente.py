"""What waits for the staff: the cards of the admin's first page, each only for those who may act on it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attente:
    """A card: how many, of what, and where to deal with them."""

    libelle: str
    nombre: int
    adresse: str
    urgent: bool = False


def ce_qui_attend(utilisateur) -> list[Attente]:
    return []
