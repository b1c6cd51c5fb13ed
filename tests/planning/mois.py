"""The grid of a child's month, as the page asks for it."""

from planning.connus import enfants_connus
from planning.examen import mois, reglement_a


def grille_de(acces, enfant, premier, instant, version=None):
    reglement = reglement_a(instant, version)
    connus = enfants_connus(acces, residence=reglement.distingue_les_residents)
    return mois(acces=acces, connu=connus[enfant.pk], premier=premier, reglement=reglement)
