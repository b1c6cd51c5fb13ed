from demandes.models.demandes import DEJA_EN_ATTENTE, Demande
from demandes.models.lignes import CARENCE, FACTUREE, HORS_DELAI, NON_FACTUREE, TARDIVE, LigneDemande
from demandes.models.pieces import PieceJointe
from demandes.models.reglages import MotifRefus, SignatureReglement, SuiteDuSilence, VersionReglement

__all__ = [
    "CARENCE",
    "DEJA_EN_ATTENTE",
    "FACTUREE",
    "HORS_DELAI",
    "NON_FACTUREE",
    "TARDIVE",
    "Demande",
    "LigneDemande",
    "MotifRefus",
    "PieceJointe",
    "SignatureReglement",
    "SuiteDuSilence",
    "VersionReglement",
]
