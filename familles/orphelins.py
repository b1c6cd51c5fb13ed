"""Private files that no row names: a transaction undone after its file was written, a process killed.

The owners are found by introspection, every `CleFichier` of every model. History rows own nothing: they
remember keys of files that were thrown away on purpose.
"""

from datetime import timedelta

from django.apps import apps

from familles import coffre
from familles.chiffrement import CleFichier
from familles.erreurs import Refus
from familles.horloge import instant_reel

# A file is written before the row that names it is committed.
DELAI = timedelta(days=1)
AUTRE_BASE = (
    "Aucun fichier privé n’appartient à cette base : ce n’est sans doute pas la sienne. Rien n’a été jeté."
)


def cles_connues() -> set[str]:
    """The keys that the rows of today name."""
    connues: set[str] = set()
    for modele in apps.get_models():
        if hasattr(modele, "instance_type"):  # a history model
            continue
        for champ in modele._meta.local_fields:
            if isinstance(champ, CleFichier):
                connues.update(modele._base_manager.values_list(champ.name, flat=True))
    return connues - {""}


def purger() -> int:
    """Throw the orphans away; how many. Refuse when the folder belongs to another database."""
    avant = (instant_reel() - DELAI).timestamp()
    # The files first: one that gets its row meanwhile is then known.
    anciennes = coffre.anciennes(avant)
    connues = cles_connues()
    orphelines = [cle for cle in anciennes if cle not in connues]
    if orphelines and not connues.intersection(coffre.cles()):
        raise Refus(AUTRE_BASE)
    for cle in orphelines:
        coffre.jeter(cle)
    return len(orphelines) + coffre.jeter_les_moities(avant)
