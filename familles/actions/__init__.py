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
from familles.actions.photo import changer_la_photo
from familles.actions.rattachements import arreter_les_inscriptions

__all__ = [
    "abandonner",
    "arreter_les_inscriptions",
    "associer",
    "changer_l_identite",
    "changer_la_photo",
    "deposer",
    "ecrire",
    "examiner",
    "lancer",
    "oublier_les_anciens",
    "signaler",
]
