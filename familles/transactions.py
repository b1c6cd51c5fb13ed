"""The decorator of every action: one transaction, tried a second time when the database says so."""

from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps

from django.db import IntegrityError, OperationalError, transaction

from familles.erreurs import DejaTraite, Indisponible

# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
PASSAGERES = {"40001", "40P01", "55P03"}


def est_passagere(erreur: OperationalError) -> bool:
    """True for a deadlock, a lock time-out or SQLite's "database is locked": trying again may succeed."""
    cause = erreur.__cause__
    return getattr(cause, "sqlstate", None) in PASSAGERES or "locked" in str(erreur)


def action(fonction):
    """Run a write atomically; a passing lock conflict is retried once, then becomes `Indisponible` (503).

    Inside a caller's transaction nothing is retried: the outermost action holds the locks, so it alone
    can start again.
    """

    @wraps(fonction)
    def executer(*args, **kwargs):
        exterieure = not transaction.get_connection().in_atomic_block
        for essai in (1, 2):
            try:
                with transaction.atomic():
                    return fonction(*args, **kwargs)
            except OperationalError as erreur:
                if not (exterieure and est_passagere(erreur)):
                    raise
                if essai == 2:
                    raise Indisponible() from erreur

    return executer


@contextmanager
def sauf_doublon(phrase: Callable[[], str | None]):
    """What a unique constraint refuses becomes DejaTraite with `phrase()`; without one, it is our mistake.

    A savepoint: the constraint speaks when the same form comes twice at the same time, and the caller's
    transaction outlives it.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as erreur:
        if not (dite := phrase()):
            raise
        raise DejaTraite(dite) from erreur
