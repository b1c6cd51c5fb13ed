"""Unread messages and pending requests, read with the family in one query."""

from dataclasses import dataclass

from django.db.models import F, Func, IntegerField, QuerySet, Subquery

from demandes.models import Demande
from familles.acces import Acces
from familles.models import Responsable
from familles.requetes import RequetePreparee
from messagerie.models import Message


@dataclass(frozen=True)
class Compteurs:
    messages_non_lus: int = 0
    demandes_en_attente: int = 0

    @classmethod
    def de(cls, acces: Acces) -> "Compteurs":
        """Those that the frame's query has read; none without a family."""
        responsable = acces.responsable
        if responsable is None:
            return cls()
        return cls(responsable.messages_non_lus, responsable.demandes_en_attente)


def _nombre(lignes: QuerySet) -> Subquery:
    # COUNT as a plain function: Django adds no GROUP BY, so that no row still gives 0.
    compte = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(lignes.order_by().annotate(nombre=compte).values("nombre"))


def _avec_compteurs(utilisateur: int) -> QuerySet:
    return Responsable.objects.de(utilisateur).annotate(
        messages_non_lus=_nombre(Message.objects.non_lus().vus_par_le_responsable()),
        demandes_en_attente=_nombre(Demande.objects.en_attente().vues_par_le_responsable()),
    )


_preparee = RequetePreparee(_avec_compteurs)


def responsables_avec_compteurs(utilisateur) -> list[Responsable]:
    """The families that a login opens, each with its two counters, as `pour(acces)` would count them."""
    return _preparee(utilisateur.pk)
