"""The custody calendars of children, read inside another query: the page of a month pays none for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from familles.enums import ModeGarde
from familles.garde import Garde, payeur_du_jour
from familles.models import Rattachement

SEMAINES_A_VENIR = 4


class ListeJson(Aggregate):
    """Rows as one JSON list: PostgreSQL and SQLite both do it, under two names."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)


def gardes_lues(enfant: str = "enfant") -> Subquery:
    """Annotation: every custody of the row's child, one entry per exception; `gardes_de_json` reads it."""
    entree = JSONObject(
        rattachement="pk",
        famille_id="famille_id",
        du="du",
        au="au",
        mode="mode_garde",
        jour_bascule="jour_bascule",
        moitie_vacances="moitie_vacances",
        exception_du="exceptions__du",
        exception_au="exceptions__au",
    )
    siens = Rattachement.objects.filter(enfant=OuterRef(enfant)).order_by()
    return Subquery(siens.values("enfant").annotate(liste=ListeJson(entree)).values("liste"))


def gardes_de_json(entrees: Iterable[dict[str, Any]]) -> list[Garde]:
    par_rattachement: dict[int, list[dict[str, Any]]] = {}
    for entree in entrees:
        par_rattachement.setdefault(entree["rattachement"], []).append(entree)
    gardes = [
        Garde(
            famille_id=premiere["famille_id"],
            du=date.fromisoformat(premiere["du"]),
            au=premiere["au"] and date.fromisoformat(premiere["au"]),
            mode=ModeGarde(premiere["mode"]),
            jour_bascule=premiere["jour_bascule"],
            moitie_vacances=premiere["moitie_vacances"],
            exceptions=tuple(
                (date.fromisoformat(e["exception_du"]), date.fromisoformat(e["exception_au"]))
                for e in autres
                if e["exception_du"]
            ),
        )
        for autres in par_rattachement.values()
        for premiere in autres[:1]
    ]
    return sorted(gardes, key=lambda garde: (garde.du, garde.famille_id))


@dataclass(frozen=True)
class Sejour:
    """Days in a row that a child spends in the same home."""

    du: date
    au: date
    chez_nous: bool


def sejours(
    gardes: Sequence[Garde], famille_id: int, jour: date, vacances: Sequence[tuple[date, date]] = ()
) -> list[Sejour]:
    """Whose day it is, from that day on for four weeks; empty when the child has one home only. Pure."""
    fin = jour + timedelta(weeks=SEMAINES_A_VENIR) - timedelta(days=1)
    if len({g.famille_id for g in gardes if g.du <= fin and (g.au is None or g.au >= jour)}) < 2:
        return []
    suite: list[Sejour] = []
    for rang in range((fin - jour).days + 1):
        ce_jour = jour + timedelta(days=rang)
        chez_nous = payeur_du_jour(gardes, ce_jour, vacances) == famille_id
        if suite and suite[-1].chez_nous == chez_nous:
            suite[-1] = Sejour(suite[-1].du, ce_jour, chez_nous)
        else:
            suite.append(Sejour(ce_jour, ce_jour, chez_nous))
    return suite
