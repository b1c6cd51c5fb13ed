"""« Liste des demandes », and the pages that deposit one: a change of the file, a booking, an absence."""

from demandes.views.annee import annee
from demandes.views.jours import absence, annuler, reserver
from demandes.views.liste import detail, joindre, liste, retirer
from demandes.views.modifier import inscription, modifier, piece, planche

__all__ = [
    "absence",
    "annee",
    "annuler",
    "detail",
    "inscription",
    "joindre",
    "liste",
    "modifier",
    "piece",
    "planche",
    "reserver",
    "retirer",
]
