"""The only place that asks the time (tests/test_coherence.py keeps it so).

Days and hours are the town's: the middleware, the commands and the jobs activate its zone, and a frozen
clock (`HORLOGE_FIGEE`, demonstration, development and tests only) moves everyone at once.
"""

from contextlib import contextmanager
from datetime import date, datetime, tzinfo

from django.conf import settings
from django.utils import timezone


def maintenant() -> datetime:
    """Now, aware, in the active zone (the town's)."""
    fige = getattr(settings, "HORLOGE_FIGEE", None)
    if fige is None:
        return timezone.localtime()
    if timezone.is_naive(fige):
        return timezone.make_aware(fige)
    return timezone.localtime(fige)


def aujourdhui() -> date:
    """Today in the town."""
    return maintenant().date()


def fuseau() -> tzinfo:
    """The active zone (the town's, once activated)."""
    return timezone.get_current_timezone()


@contextmanager
def figer(instant: datetime):
    """Freeze the clock in this process for the length of a block (demonstration data)."""
    avant = getattr(settings, "HORLOGE_FIGEE", None)
    settings.HORLOGE_FIGEE = instant
    try:
        yield
    finally:
        settings.HORLOGE_FIGEE = avant


def instant_reel() -> datetime:
    """The server's own time, never frozen: sessions, locks against repeated logins, one-time links."""
    return timezone.now()
