"""What families and staff do in the inbox; e-mails are written in the same transaction, and sent later."""

from messagerie.actions.avis import ANNONCE, Lettre, informer, informer_en_nombre
from messagerie.actions.consentements import cesser_le_recapitulatif, desinscrire
from messagerie.actions.conversations import (
    annoter,
    classer,
    ecrire,
    lire,
    prendre,
    repondre,
    restaurer,
    supprimer,
)
from messagerie.actions.envois import diffuser, ecrire_a_la_famille

__all__ = [
    "ANNONCE",
    "Lettre",
    "annoter",
    "cesser_le_recapitulatif",
    "classer",
    "desinscrire",
    "diffuser",
    "ecrire",
    "ecrire_a_la_famille",
    "informer",
    "informer_en_nombre",
    "lire",
    "prendre",
    "repondre",
    "restaurer",
    "supprimer",
]
