"""« Informations conjoint »: the file of the second adult."""

from demandes.enums import NatureDemande
from demandes.natures.fiche import NatureFiche
from familles.enums import Rang


class Conjoint(NatureFiche):
    cle = NatureDemande.CONJOINT
    rang = Rang.CONJOINT
