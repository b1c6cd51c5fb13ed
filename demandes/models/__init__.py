from demandes.models.demandes import (
    DEJA_EN_ATTENTE,
    FACTUREE,
    HORS_DELAI,
    NON_FACTUREE,
    TARDIVE,
    Demande,
    LigneDemande,
)

__all__ = [
    "DEJA_EN_ATTENTE",
    "FACTUREE",
    "HORS_DELAI",
    "NON_FACTUREE",
    "TARDIVE",
    "Demande",
    "LigneDemande",
]
