"""What the accountant does, one module per object. Nothing is ever edited afterwards.

Locks in one order: the family (nobody else spreads its payments meanwhile), then the counter of the régie.
"""

from facturation.actions.annonces import prevenir_familles
from facturation.actions.avoirs import avoir, avoir_partiel
from facturation.actions.caisse import arreter_journee, arreter_mois, verser
from facturation.actions.campagnes import avancer, lancer
from facturation.actions.factures import Bilan, emettre, emettre_lot, emettre_periode
from facturation.actions.rectifications import Rectification, rectifier
from facturation.actions.reglements import FormulaireRepris, contrepasser, encaisser
from facturation.actions.relances import relancer, relancer_famille

__all__ = [
    "Bilan",
    "FormulaireRepris",
    "Rectification",
    "arreter_journee",
    "arreter_mois",
    "avancer",
    "avoir",
    "avoir_partiel",
    "contrepasser",
    "emettre",
    "emettre_lot",
    "emettre_periode",
    "encaisser",
    "lancer",
    "prevenir_familles",
    "rectifier",
    "relancer",
    "relancer_famille",
    "verser",
]
