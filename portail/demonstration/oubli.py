"""Empty the database, numbers and private files included (`manage.py demo --effacer`)."""

from functools import partial

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from familles import coffre


def tout_oublier() -> None:
    """Every row of every table; groups, permissions and fixed rows come back as after a migrate.

    The files leave the disk once the transaction is sure.
    """
    for cle in _cles():
        transaction.on_commit(partial(coffre.jeter, cle))
    # PostgreSQL empties no table while checks of the same transaction are pending on it.
    connection.check_constraints()
    call_command("flush", interactive=False, verbosity=0)


def _cles() -> list[str]:
    """Keys of the safe: the columns named `cle` or `…_cle` of 32 characters."""
    cles = []
    for modele in apps.get_models():
        for champ in modele._meta.concrete_fields:
            if champ.name.endswith("_cle") or (champ.name == "cle" and champ.max_length == 32):
                cles += modele.objects.exclude(**{champ.name: ""}).values_list(champ.name, flat=True)
    return cles
