"""Settings read often and written seldom (calendars, closures, rules, prices): cached by version.

`Collectivite.version` is read by the frame of every page; the transaction that changes a setting draws a
new one (`perimer`), so a process never serves a calendar older than the row it has just read.
"""

from collections.abc import Callable
from os import getpid
from typing import TypeVar, cast
from uuid import uuid4

from django.core.cache import cache

from familles.models import Collectivite

T = TypeVar("T")
UN_JOUR = 86_400
# What this process has read, beside the mark that the cache keeps of it: an object of settings is shared by
# the requests, which change nothing in it, rather than built anew for each.
_lues: dict[str, tuple[str, object]] = {}


def par_version(nom: str, lire: Callable[[], T], version: str | None = None) -> T:
    """Value of `lire()` (never None), kept for the current version of the settings.

    Pass `version` when the caller already holds the Collectivite row: otherwise one query reads it.
    """
    cle = f"donnees:{nom}:{getpid()}:{version or Collectivite.objects.version()}"
    marque = cache.get(cle)
    lue = _lues.get(nom)
    if marque is None or lue is None or lue[0] != marque:
        lue = str(uuid4()), lire()
        _lues[nom] = lue
        cache.set(cle, lue[0], UN_JOUR)
    return cast(T, lue[1])


def perimer() -> None:
    """Make every process read the settings again; part of the transaction that changed them."""
    Collectivite.objects.perimer()
