"""What makes the same tests cost less, on both databases; nothing here changes what they see."""

import functools
import gc

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from simple_history.manager import HistoryManager


def lit_une_base(item: pytest.Function) -> bool:
    """A rule without a database answers the same beside any: it need not be proved once per database."""
    return bool(
        item.get_closest_marker("django_db") or {"db", "transactional_db"}.intersection(item.fixturenames)
    )


def laisser_le_decor_en_paix() -> None:
    """Applications, libraries and tests stay until the end: the collector need not walk them each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def garder_les_gestionnaires_d_historique() -> None:
    """simple_history writes a class anew each time that a row reads its history, so at each save."""
    ecrire = functools.cache(HistoryManager.from_queryset.__func__)
    HistoryManager.from_queryset = classmethod(lambda cls, queryset: ecrire(cls, queryset))


def n_effacer_que_le_plein() -> None:
    """After a test without a transaction, only the tables that hold rows are emptied: PostgreSQL truncates an
    empty one at the price of a full one. A server whose superuser we are not keeps Django's own way.
    """
    tout_vider = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        with self.connection.cursor() as curseur:
            curseur.execute("SHOW is_superuser")
            if reset_sequences or curseur.fetchone() != ("on",):
                options = {"reset_sequences": reset_sequences, "allow_cascade": allow_cascade}
                return tout_vider(self, style, tables, **options)
            curseur.execute(" UNION ALL ".join(f"(SELECT '{t}' FROM \"{t}\" LIMIT 1)" for t in tables))  # noqa: S608
            pleines = [ligne[0] for ligne in curseur.fetchall()]
        # Whatever refuses to be deleted, and whoever points at it; flush runs all this in one transaction.
        return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{t}"' for t in pleines)]  # noqa: S608

    DatabaseOperations.sql_flush = sql_flush
