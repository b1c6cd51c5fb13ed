"""Prices, pure: a unit and its sentence, a capped month, the counts of a year, the quotient that holds."""

from facturation.tarifs.annee import (
    Ecart,
    ReglesFrais,
    debut_annee,
    frais_dus,
    nieme,
    pardons,
    rangs_hors_contrat,
)
from facturation.tarifs.cout import depassement, prix_maximal
from facturation.tarifs.grille import ZERO, Faits, Grille, Prix, Remise, SansPrix, Tranche, nombre
from facturation.tarifs.mois import Forfait, forfait, partager
from facturation.tarifs.quotient import (
    QuotientConnu,
    QuotientDuJour,
    fin_de_mois,
    mois_suivant,
    plus_mois,
    quotient_du_jour,
)
from facturation.tarifs.unite import prix

__all__ = [
    "ZERO",
    "Ecart",
    "Faits",
    "Forfait",
    "Grille",
    "Prix",
    "QuotientConnu",
    "QuotientDuJour",
    "ReglesFrais",
    "Remise",
    "SansPrix",
    "Tranche",
    "debut_annee",
    "depassement",
    "fin_de_mois",
    "forfait",
    "frais_dus",
    "mois_suivant",
    "nieme",
    "nombre",
    "pardons",
    "partager",
    "plus_mois",
    "prix",
    "prix_maximal",
    "quotient_du_jour",
    "rangs_hors_contrat",
]
