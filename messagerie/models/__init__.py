from messagerie.models.conversations import (
    A_TRAITER_D_ABORD,
    Conversation,
    Message,
    Note,
    Piece,
    lisibles_par,
)
from messagerie.models.courriels import Courriel
from messagerie.models.diffusions import Diffusion, ReponseType

__all__ = [
    "A_TRAITER_D_ABORD",
    "Conversation",
    "Courriel",
    "Diffusion",
    "Message",
    "Note",
    "Piece",
    "ReponseType",
    "lisibles_par",
]
