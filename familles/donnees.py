"""Settings read often and written seldom (calendars, closures, rules, prices): cached by version.

`Collectivite.version` is read by the frame of every page; the transaction that changes a setting draws a
new one (`perimer`), so a process never serves a calendar older than the row it has just read.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from familles.models import Collectivite

T = TypeVar("T")
UN_JOUR = 86_400


def par_version(nom: str, lire: Callable[[], T], version: str | None = None) -> T:
    """Value of `lire()` (never None), kept for the current version of the settings.

    Pass `version` when the caller already holds the Collectivite row: otherwise one query reads it.
    """
    cle = f"donnees:{nom}:{version or Collectivite.objects.version()}"
    valeur = cache.get(cle)
    if valeur is None:
        valeur = lire()
        cache.set(cle, valeur, UN_JOUR)
    return valeur


def perimer() -> None:
    """Make every process read the settings again; part of the transaction that changed them."""
    Collectivite.objects.perimer()
