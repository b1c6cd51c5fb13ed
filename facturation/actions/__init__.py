"""What the accountant does, one module per object. Nothing is ever edited afterwards.

Locks in one order: the family (nobody else spreads its payments meanwhile), then the counter of the régie.
"""

from facturation.actions.factures import Bilan, avoir, emettre, emettre_periode
from facturation.actions.reglements import PLAFOND_ESPECES, contrepasser, encaisser

__all__ = ["PLAFOND_ESPECES", "Bilan", "avoir", "contrepasser", "emettre", "emettre_periode", "encaisser"]
