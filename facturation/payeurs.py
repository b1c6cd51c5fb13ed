"""Who pays: kept with each payment, because the tax certificate is the payer's (CGI art. 200 quater B)."""

from typing import TypedDict

from facturation.copies import redevables
from familles.erreurs import Invalide
from familles.models import Famille, Responsable


class Payeurs(TypedDict):
    """As `Reglement` keeps them."""

    payeur: Responsable | None
    avec: Responsable | None


def payeurs_possibles(famille: Famille) -> list[Responsable]:
    """The adults liable for its children, the holder first.

    The holder when nobody is said to be liable; nobody in a file without adults.
    """
    adultes = sorted(famille.responsables.all(), key=lambda adulte: adulte.rang)
    debiteurs = {adulte for adulte, _ in redevables([famille.pk])}
    return [adulte for adulte in adultes if adulte.pk in debiteurs] or adultes[:1]


def payeurs_retenus(famille: Famille, dit: Responsable | None = None) -> Payeurs:
    """The one who is said to have paid, else the couple that lives together, else the first who may have."""
    possibles = payeurs_possibles(famille)
    if dit is not None and dit not in possibles:
        raise Invalide("Ce payeur n’est pas un des responsables redevables de la famille.")
    if dit is not None or not possibles:
        return {"payeur": dit, "avec": None}
    en_couple = famille.vie_commune and len(possibles) > 1
    return {"payeur": possibles[0], "avec": possibles[1] if en_couple else None}
