"""Unread messages and pending requests, read with the family in one query."""

from dataclasses import dataclass

from familles.acces import Acces
from familles.models import Responsable


@dataclass(frozen=True)
class Compteurs:
    messages_non_lus: int = 0
    demandes_en_attente: int = 0

    @classmethod
    def de(cls, acces: Acces) -> "Compteurs":
        if acces.responsable is None:
            return cls()
        return cls(
            getattr(acces.responsable, "messages_non_lus", 0),
            getattr(acces.responsable, "demandes_en_attente", 0),
        )


def responsables_avec_compteurs(utilisateur):
    return Responsable.objects.de(utilisateur)
