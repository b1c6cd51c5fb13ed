"""Rows by `INSERT … SELECT` on PostgreSQL, for the tables of the models, in the transaction of the caller."""

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model


def verser(modele: type[Model], source: str, **expressions: str) -> None:
    """Insert these expressions, read from `source`, and the model's defaults for the other columns."""
    colonnes, valeurs, parametres = [], [], []
    for champ in modele._meta.concrete_fields:
        if champ.attname in expressions:
            valeurs.append(expressions[champ.attname])
        elif champ.primary_key:
            continue
        else:
            valeurs.append("%s")
            parametres.append(champ.get_db_prep_save(champ.get_default(), connection))
        colonnes.append(champ.column)
    debut = f"INSERT INTO {modele._meta.db_table} ({', '.join(colonnes)}) "
    with connection.cursor() as curseur:
        curseur.execute(debut + _choisir(valeurs, source), parametres)


def _choisir(valeurs: list[str], source: str) -> str:
    # Every word comes from the models and from portail.demonstration.masse.
    return f"SELECT {', '.join(valeurs)} FROM {source}"  # noqa: S608  # nosec B608


def creer(definition: str, lignes: list[tuple]) -> None:
    """A temporary table and its rows."""
    table, places = definition.split()[0], ", ".join(["%s"] * len(lignes[0]))
    with connection.cursor() as curseur:
        curseur.execute(f"CREATE TEMP TABLE {definition} ON COMMIT DROP")
        curseur.executemany(f"INSERT INTO {table} VALUES ({places})", lignes)  # noqa: S608  # nosec B608


def deduire(table: str, source: str, **expressions: str) -> None:
    """A temporary table out of others."""
    valeurs = [f"{expression} AS {nom}" for nom, expression in expressions.items()]
    with connection.cursor() as curseur:
        curseur.execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS {_choisir(valeurs, source)}")


def texte(valeur: object) -> str:
    """A literal."""
    return "'{}'".format(str(valeur).replace("'", "''"))


def tableau(mots: list[str]) -> str:
    return f"(ARRAY[{', '.join(map(texte, mots))}])"


def alleger(modeles: list[type[Model]]) -> list[str]:
    """Drop the indexes and the constraints of these tables; returns what makes them again."""
    # No table changes while checks are pending on it.
    connection.check_constraints()
    refaire = []
    curseur = connection.cursor()
    for table in (modele._meta.db_table for modele in modeles):
        curseur.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype DESC, conname",
            [table],
        )
        for nom, definition in curseur.fetchall():
            curseur.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{nom}"')
            refaire.append(f'ALTER TABLE {table} ADD CONSTRAINT "{nom}" {definition}')
        curseur.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass) ORDER BY indexname",
            [table, table],
        )
        for nom, definition in curseur.fetchall():
            curseur.execute(f'DROP INDEX "{nom}"')
            refaire.append(definition)
    curseur.close()
    return refaire


def retablir(ordres: list[str], cles_donnees: list[type[Model]]) -> None:
    """Make again what was dropped, move the sequences past the keys that were given, and ANALYZE."""
    ordres = ordres + connection.ops.sequence_reset_sql(no_style(), cles_donnees)
    with connection.cursor() as curseur:
        for ordre in [*ordres, "ANALYZE"]:
            curseur.execute(ordre)
