from facturation.models.annuels import FraisAnnuels, ReglesFacturation
from facturation.models.caisse import ClotureCaisse, LigneVersement, Versement
from facturation.models.campagnes import Campagne
from facturation.models.comptes import CompteComptable
from facturation.models.factures import Facture, LigneFacture
from facturation.models.figes import EcritFige, EcritFigeQuerySet
from facturation.models.numeros import CompteurNumero
from facturation.models.reglements import Imputation, Reglement
from facturation.models.relances import FactureRelancee, NiveauRelance, Relance
from facturation.models.tarifs import RemiseRang, Tarif, TrancheTarif
from facturation.models.unites import UniteFacturee

__all__ = [
    "Campagne",
    "ClotureCaisse",
    "CompteComptable",
    "CompteurNumero",
    "EcritFige",
    "EcritFigeQuerySet",
    "Facture",
    "FactureRelancee",
    "FraisAnnuels",
    "Imputation",
    "LigneFacture",
    "LigneVersement",
    "NiveauRelance",
    "Reglement",
    "ReglesFacturation",
    "Relance",
    "RemiseRang",
    "Tarif",
    "TrancheTarif",
    "UniteFacturee",
    "Versement",
]
