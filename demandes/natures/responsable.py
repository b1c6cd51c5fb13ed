"""« Informations responsable »: the file of the first adult."""

from demandes.enums import NatureDemande
from demandes.natures.fiche import NatureFiche
from familles.enums import Rang


class Titulaire(NatureFiche):
    cle = NatureDemande.RESPONSABLE
    rang = Rang.TITULAIRE
