"""Queries asked on every page, whose SQL is written once: Django takes longer to write it than the database
to answer.
"""

from collections.abc import Callable, Hashable
from copy import copy
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Valeur = int | date
# Stand for the values while the SQL is written; nothing in a query is one of these by chance.
ENTIER, JOUR = 1_999_000_000, date(1, 1, 1).toordinal()


class RequetePreparee:
    """A QuerySet that only differs by the values (ids, days) given to `construire`.

        rattachements = RequetePreparee(lambda enfant, jour: ….filter(enfant=enfant, du__lte=jour))
        rattachements(12, date(2026, 12, 1))

    gives the list of `construire(12, date(2026, 12, 1))`. Each value must reach the SQL as a parameter, at
    least once: what Python makes of it otherwise would be frozen by the first call. Raise ValueError when one
    does not.
    """

    def __init__(self, construire: Callable[..., QuerySet]) -> None:
        self.construire = construire
        self._ecrites: dict[tuple, tuple[QuerySet, SQLCompiler, str, list]] = {}

    def __call__(self, *valeurs: Valeur) -> list[Any]:
        # A list: a filter put on this QuerySet would be ignored.
        try:
            return list(self._complete(valeurs))
        except EmptyResultSet:  # none of no ids, as a QuerySet answers too
            return []

    def _complete(self, valeurs: tuple[Valeur, ...]) -> QuerySet:
        cle = (connection.vendor, *map(type, valeurs))
        if cle not in self._ecrites:
            self._ecrites[cle] = self._ecrire(valeurs)
        lignes, ecrit, sql, parametres = self._ecrites[cle]
        donnees = [_adaptee(valeur) for valeur in valeurs]
        compilateur = copy(ecrit)
        compilateur.connection = connection
        complets = tuple(donnees[p.rang] if isinstance(p, _Place) else p for p in parametres)
        compilateur.as_sql = lambda *_, **__: (sql, complets)
        copie = lignes.all()
        copie.query.get_compiler = lambda *_, **__: compilateur
        return copie

    def _ecrire(self, valeurs: tuple[Valeur, ...]) -> tuple[QuerySet, SQLCompiler, str, list]:
        jetons = [_jeton(rang, valeur) for rang, valeur in enumerate(valeurs)]
        lignes = self.construire(*jetons)
        compilateur = lignes.query.get_compiler(connection=connection)
        sql, parametres = compilateur.as_sql()
        places = {_adaptee(jeton): _Place(rang) for rang, jeton in enumerate(jetons)}
        ranges = [places.get(p, p) if isinstance(p, Hashable) else p for p in parametres]
        if {p.rang for p in ranges if isinstance(p, _Place)} != set(range(len(valeurs))):
            raise ValueError("Une valeur de la requête n’en est pas un paramètre.")
        return lignes, compilateur, sql, ranges


class _Place:
    """Where a value goes among the parameters."""

    def __init__(self, rang: int) -> None:
        self.rang = rang


def _jeton(rang: int, valeur: Valeur) -> Valeur:
    return date.fromordinal(JOUR + rang) if isinstance(valeur, date) else ENTIER + rang


def _adaptee(valeur: Valeur) -> Any:
    return connection.ops.adapt_datefield_value(valeur) if isinstance(valeur, date) else valeur
