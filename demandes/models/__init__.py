from demandes.models.demandes import (
    DEJA_EN_ATTENTE,
    FACTUREE,
    HORS_DELAI,
    NON_FACTUREE,
    TARDIVE,
    Demande,
    LigneDemande,
)
from demandes.models.pieces import PieceJointe

__all__ = [
    "DEJA_EN_ATTENTE",
    "FACTUREE",
    "HORS_DELAI",
    "NON_FACTUREE",
    "TARDIVE",
    "Demande",
    "LigneDemande",
    "PieceJointe",
]
