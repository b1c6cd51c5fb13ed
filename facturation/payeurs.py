"""Who pays: kept with each payment, because the tax certificate is the payer's (CGI art. 200 quater B)."""

from facturation.copies import redevables
from familles.erreurs import Invalide
from familles.models import Famille, Responsable


def payeurs_possibles(famille: Famille) -> list[Responsable]:
    """The adults liable for its children, the holder first; who lives together pays as one.

    The holder when nobody is said to be liable; nobody in a file without adults.
    """
    adultes = sorted(famille.responsables.all(), key=lambda adulte: adulte.rang)
    debiteurs = {adulte for adulte, _ in redevables([famille.pk])}
    lies = [adulte for adulte in adultes if adulte.pk in debiteurs] or adultes[:1]
    return lies[:1] if famille.vie_commune else lies


def payeur_retenu(famille: Famille, dit: Responsable | None) -> Responsable | None:
    """The one who is said to have paid, else the first who may have."""
    possibles = payeurs_possibles(famille)
    if dit is None:
        return possibles[0] if possibles else None
    if dit not in possibles:
        raise Invalide("Ce payeur n’est pas un des responsables redevables de la famille.")
    return dit
