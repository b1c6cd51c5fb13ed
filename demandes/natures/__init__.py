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
        Autorisations(),
        Sanitaire(),
        Reserver(),
        Absence(),
        Inscrire(),
    )
}

__all__ = ["NATURES", "Nature"]
