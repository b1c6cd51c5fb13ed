from familles.models.collectivite import Collectivite, Parametre
from familles.models.comptes import Trace, Utilisateur
from familles.models.dossier import (
    CoordonneesBancaires,
    InformationsCaf,
    InformationsFiscales,
    QuotientFamilial,
    Residence,
)
from familles.models.enfants import (
    Enfant,
    ExceptionGarde,
    LienParental,
    PersonneAutorisee,
    Rattachement,
    Scolarite,
    en_vigueur,
)
from familles.models.famille import Famille, Responsable
from familles.models.importation import ImportFamilles
from familles.models.prestations import AnneeScolaire, Ecole, Inscription, Prestation, Regie, Structure
from familles.models.sante import FicheSanitaire

__all__ = [
    "AnneeScolaire",
    "Collectivite",
    "CoordonneesBancaires",
    "Ecole",
    "Enfant",
    "ExceptionGarde",
    "Famille",
    "FicheSanitaire",
    "ImportFamilles",
    "InformationsCaf",
    "InformationsFiscales",
    "Inscription",
    "LienParental",
    "Parametre",
    "PersonneAutorisee",
    "Prestation",
    "QuotientFamilial",
    "Rattachement",
    "Regie",
    "Residence",
    "Responsable",
    "Scolarite",
    "Structure",
    "Trace",
    "Utilisateur",
    "en_vigueur",
]
