"""What the portal itself writes: a document is published, a forgotten password is answered."""

from functools import partial

from django.db import transaction

from familles import coffre
from familles.models import Utilisateur
from familles.transactions import action
from portail.models import Document


@action
def publier(*, document: Document, contenu: bytes | None, par: Utilisateur) -> Document:
    """Save a document; a new file replaces the former one, which leaves the disk once the change is sure."""
    if contenu is not None:
        if document.fichier_cle:
            transaction.on_commit(partial(coffre.jeter, document.fichier_cle))
        document.fichier_cle = coffre.ranger(contenu)
        document.taille = len(contenu)
    document.save()
    return document
