"""What may be asked: one file per nature, and the registry that the rest of the app reads."""

from demandes.natures.absence import Absence
from demandes.natures.autorisations import Autorisations
from demandes.natures.bancaire import Bancaire
from demandes.natures.base import Nature
from demandes.natures.caf import Caf
from demandes.natures.conjoint import Conjoint
from demandes.natures.famille import DeLaFamille
from demandes.natures.fiscal import Fiscal
from demandes.natures.identite import Identite
from demandes.natures.inscription import Inscrire
from demandes.natures.photo import Photo
from demandes.natures.reservation import Reserver
from demandes.natures.responsable import Titulaire
from demandes.natures.sanitaire import Sanitaire

NATURES: dict[str, Nature] = {
    str(nature.cle): nature
    for nature in (
        Titulaire(),
        Conjoint(),
        Fiscal(),
        Caf(),
        Bancaire(),
        DeLaFamille(),
        Identite(),
        Photo(),
        Autorisations(),
        Sanitaire(),
        Reserver(),
        Absence(),
        Inscrire(),
    )
}


def decidees_par(compte) -> list[str]:
    """The natures that this member of the staff decides."""
    return [cle for cle, nature in NATURES.items() if not nature.empechement(compte)]


def ouvertes_a(compte) -> list[str]:
    """The natures whose requests this member of the staff sees."""
    return [cle for cle, nature in NATURES.items() if nature.ouverte_a(compte)]


__all__ = ["NATURES", "Nature", "decidees_par", "ouvertes_a"]
