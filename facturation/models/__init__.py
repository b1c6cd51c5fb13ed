from facturation.models.factures import Facture, LigneFacture, UniteFacturee
from facturation.models.figes import EcritFige, EcritFigeQuerySet
from facturation.models.numeros import CompteurNumero
from facturation.models.reglements import Imputation, Reglement
from facturation.models.tarifs import Tarif, TrancheTarif

__all__ = [
    "CompteurNumero",
    "EcritFige",
    "EcritFigeQuerySet",
    "Facture",
    "Imputation",
    "LigneFacture",
    "Reglement",
    "Tarif",
    "TrancheTarif",
    "UniteFacturee",
]
