"""Snapshot of the test database, given back in a fraction of a second: filling the town takes far longer."""

import sqlite3
from pathlib import Path

from django.db import connections


class Instantane:
    def __init__(self, connexion) -> None:
        self.connexion = connexion
        self.nom = str(connexion.settings_dict["NAME"])
        if "test" not in self.nom:
            raise RuntimeError(f"{self.nom} n’est pas une base de test : elle serait remplacée.")
        self.copie = f"{self.nom}.modele" if connexion.vendor == "sqlite" else f"{self.nom}_modele"

    def prendre(self) -> None:
        self._copier(self.nom, self.copie)

    def rendre(self) -> None:
        self._copier(self.copie, self.nom)

    def jeter(self) -> None:
        if self.connexion.vendor == "sqlite":
            Path(self.copie).unlink(missing_ok=True)
        else:
            self._administrer(f'DROP DATABASE IF EXISTS "{self.copie}" WITH (FORCE)')

    def congedier(self) -> None:
        """Send away whoever still holds the database: a request cut short would hold it."""
        connections.close_all()
        if self.connexion.vendor != "sqlite":
            self._administrer(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.nom}'"  # noqa: S608
            )

    def _copier(self, source: str, cible: str) -> None:
        connections.close_all()
        if self.connexion.vendor == "sqlite":
            depuis, vers = sqlite3.connect(source), sqlite3.connect(cible, timeout=20)
            depuis.backup(vers)
            depuis.close()
            vers.close()
            return
        # A template accepts no other connection than the copy: persistent ones are sent away, and the
        # server's health checks open new ones at the next request.
        self._administrer(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'",  # noqa: S608
            f'DROP DATABASE IF EXISTS "{cible}" WITH (FORCE)',
            f'CREATE DATABASE "{cible}" TEMPLATE "{source}"',
        )

    def _administrer(self, *ordres: str) -> None:
        with self.connexion._nodb_cursor() as curseur:
            for ordre in ordres:
                curseur.execute(ordre)
