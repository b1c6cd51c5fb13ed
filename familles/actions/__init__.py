"""What is written of the town itself, and of the families that come in from another software."""

from familles.actions.identite import changer_l_identite
from familles.actions.importation import (
    abandonner,
    associer,
    deposer,
    ecrire,
    examiner,
    lancer,
    oublier_les_anciens,
    signaler,
)

__all__ = [
    "abandonner",
    "associer",
    "changer_l_identite",
    "deposer",
    "ecrire",
    "examiner",
    "lancer",
    "oublier_les_anciens",
    "signaler",
]
