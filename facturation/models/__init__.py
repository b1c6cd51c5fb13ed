from facturation.models.caisse import ClotureCaisse, LigneVersement, Versement
from facturation.models.comptes import CompteComptable
from facturation.models.factures import Facture, LigneFacture, UniteFacturee
from facturation.models.figes import EcritFige, EcritFigeQuerySet
from facturation.models.numeros import CompteurNumero
from facturation.models.reglements import Imputation, Reglement
from facturation.models.relances import FactureRelancee, NiveauRelance, Relance
from facturation.models.tarifs import Tarif, TrancheTarif

__all__ = [
    "ClotureCaisse",
    "CompteComptable",
    "CompteurNumero",
    "EcritFige",
    "EcritFigeQuerySet",
    "Facture",
    "FactureRelancee",
    "Imputation",
    "LigneFacture",
    "LigneVersement",
    "NiveauRelance",
    "Reglement",
    "Relance",
    "Tarif",
    "TrancheTarif",
    "UniteFacturee",
    "Versement",
]
