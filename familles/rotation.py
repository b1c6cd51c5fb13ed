"""Change of the encryption key: everything is written anew with the first key of CLES_CHIFFREMENT.

What is encrypted is found by introspection: every `ChampChiffre` of every model, history included, and every
file of the coffre. It may be stopped and run again: what has the first key already is written once more.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from familles import coffre
from familles.chiffrement import ChampChiffre

LOT = 200


def colonnes_chiffrees() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Each model that holds something encrypted, with the names of those fields."""
    for modele in apps.get_models(include_auto_created=True):
        champs = [champ.name for champ in modele._meta.local_fields if isinstance(champ, ChampChiffre)]
        if champs and modele._meta.managed and not modele._meta.proxy:
            yield modele, champs


def tourner_lignes(modele: type[models.Model], champs: list[str]) -> Iterator[int]:
    """Rows written anew, by batches under lock: nobody's change is lost meanwhile."""
    derniere = 0
    while True:
        with transaction.atomic():
            lot = list(
                modele._base_manager.filter(pk__gt=derniere)
                .select_for_update(of=("self",))
                .only(*champs)
                .order_by("pk")[:LOT]
            )
            # Neither save() nor its effects: no history row, no new version, the values do not change.
            modele._base_manager.bulk_update(lot, champs)
        if not lot:
            return
        derniere = lot[-1].pk
        yield len(lot)


def tourner_fichiers() -> Iterator[str]:
    """The keys of the files written anew, one by one."""
    for cle in coffre.cles():
        if coffre.rechiffrer(cle):
            yield cle
