"""The photo of a child."""

from functools import partial

from django.db import transaction

from familles import coffre
from familles.models import Enfant
from familles.pieces import Piece
from familles.transactions import action


@action
def changer_la_photo(*, enfant: Enfant, photo: Piece | None, motif: str, par) -> None:
    """The photo, or none any more; the former one leaves the disk at the commit."""
    if enfant.photo_cle:
        transaction.on_commit(partial(coffre.jeter, enfant.photo_cle))
    enfant.photo_cle = coffre.ranger(photo.contenu) if photo else ""
    enfant._change_reason = motif
    enfant.save()
