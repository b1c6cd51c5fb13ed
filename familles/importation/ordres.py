"""The statements that write a plan and its history, made before any lock is taken.

Django takes ten times longer to write the SQL of fifty thousand rows than a database to run it, and SQLite
has one writer at a time: who waits for an import then waits for the database's own work alone. New rows get
their keys beforehand, so that those below may name them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import AutoField, BigAutoField, Count, Max, Model
from django.db.models.sql import InsertQuery, UpdateQuery

from familles.horloge import instant_reel
from familles.importation.plan import MODELES, Plan
from familles.lots import par_lots
from familles.models import Ecole

LOT = 500
Ligne = Model | Any


def releve() -> list[tuple[int, int | None]]:
    """What changes as soon as anything that the judgment reads does: each change leaves a row of history.

    The count too: on PostgreSQL a number is given before its row is seen, and a later one may be seen first.
    """
    comptes = (m.history.aggregate(nombre=Count("pk"), dernier=Max("pk")) for m in (Ecole, *MODELES))
    return [(compte["nombre"], compte["dernier"]) for compte in comptes]


@dataclass
class Ordres:
    """Statements in the order in which they run, each with the values of all the rows that it is for."""

    par: Any
    motif: str
    suites: list[tuple[str, list[Sequence]]] = field(default_factory=list)

    def executer(self) -> None:
        with connection.cursor() as curseur:
            for sql, valeurs in self.suites:
                if len(valeurs) == 1:
                    curseur.execute(sql, valeurs[0])
                else:
                    curseur.executemany(sql, valeurs)

    def preparer(self, plan: Plan, suivre: Callable[[int], None]) -> None:
        """`suivre` is told how many rows of the plan are ready."""
        for modele in MODELES:
            _donner_des_cles(modele, plan.neufs[modele])
        pretes = 0
        for modele in MODELES:
            for lot in par_lots(list(plan.changes[modele].values()), LOT):
                self._changer(modele, lot)
                pretes += len(lot)
                suivre(pretes)
            for neuves in par_lots(plan.neufs[modele], LOT):
                self._inserer(modele, neuves)
                self._raconter(modele, neuves, "+")
                pretes += len(neuves)
                suivre(pretes)

    def _inserer(self, modele: type[Model], lignes: Sequence[Ligne], sauf: type | tuple = ()) -> None:
        champs = [c for c in modele._meta.concrete_fields if not isinstance(c, sauf)]
        for lot in par_lots(lignes, max(connection.ops.bulk_batch_size(champs, lignes), 1)):
            requete = InsertQuery(modele)
            requete.insert_values(champs, list(lot))
            for sql, valeurs in requete.get_compiler(connection=connection).as_sql():
                self.suites.append((sql, [valeurs]))

    def _changer(self, modele: type[Model], lot: Sequence[tuple[Ligne, set[str]]]) -> None:
        par_sql: dict[str, list[Sequence]] = {}
        for ligne, noms in lot:
            requete = modele._base_manager.filter(pk=ligne.pk).query.chain(UpdateQuery)
            requete.add_update_values({nom: getattr(ligne, nom) for nom in sorted(noms)})
            sql, valeurs = requete.get_compiler(connection=connection).as_sql()
            par_sql.setdefault(sql, []).append(valeurs)
        self.suites += par_sql.items()
        self._raconter(modele, [ligne for ligne, _ in lot], "~")

    def _raconter(self, modele: type[Model], lignes: Sequence[Ligne], geste: str) -> None:
        """Their history, as simple_history writes it."""
        version, le = modele.history.model, instant_reel()
        versions = [
            version(
                history_date=le,
                history_user=self.par,
                history_change_reason=self.motif,
                history_type=geste,
                **{champ.attname: getattr(ligne, champ.attname) for champ in version.tracked_fields},
            )
            for ligne in lignes
        ]
        self._inserer(version, versions, sauf=(AutoField, BigAutoField))


def _donner_des_cles(modele: type[Model], neuves: Sequence[Ligne]) -> None:
    """Their own, and those of the rows that they name, which have theirs by now."""
    liens = [c for c in modele._meta.concrete_fields if c.remote_field]
    for ligne, cle in zip(neuves, _cles(modele, len(neuves)), strict=True):
        ligne.pk = cle
        for lien in liens:
            if lien.is_cached(ligne):
                setattr(ligne, lien.attname, lien.get_cached_value(ligne).pk)


def _cles(modele: type[Model], nombre: int) -> Iterator[int]:
    """Keys that no row has, nor had. PostgreSQL gives them for good; on SQLite the ones after the last, which
    stay free as long as `releve` does not change: its lock is for all the tables.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [modele._meta.db_table, modele._meta.pk.column, nombre],
            )
            yield from [cle for (cle,) in curseur.fetchall()]
        return
    # The history remembers the rows that were deleted.
    dernieres = (lignes.aggregate(n=Max("id"))["n"] or 0 for lignes in (modele._base_manager, modele.history))
    premiere = max(dernieres) + 1
    yield from range(premiere, premiere + nombre)
