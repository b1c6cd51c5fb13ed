"""What may be asked: one file per nature, and the registry that the rest of the app reads."""

from demandes.natures.absence import Absence
from demandes.natures.base import Nature
from demandes.natures.conjoint import Conjoint
from demandes.natures.reservation import Reserver
from demandes.natures.responsable import Titulaire

NATURES: dict[str, Nature] = {
    str(nature.cle): nature for nature in (Titulaire(), Conjoint(), Reserver(), Absence())
}

__all__ = ["NATURES", "Nature"]
