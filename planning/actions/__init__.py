"""What families and staff do to the days: ask, grant, refuse, declare absent, note who came, close."""

from planning.actions.abonnements import abonner, desabonner
from planning.actions.annulations import annuler, donner_les_places, liberer_les_jours_sans_droit
from planning.actions.calendrier import BilanImport, importer_calendrier
from planning.actions.clotures import cloturer
from planning.actions.corrections import corriger
from planning.actions.fermetures import fermer, rouvrir
from planning.actions.guichet import saisir
from planning.actions.journees import fixer_places
from planning.actions.pointages import pointer
from planning.actions.reservations import attribuer, changer_etat, demander, promouvoir
from planning.actions.rythmes import appliquer_rythme

__all__ = [
    "BilanImport",
    "abonner",
    "annuler",
    "appliquer_rythme",
    "attribuer",
    "changer_etat",
    "cloturer",
    "corriger",
    "demander",
    "desabonner",
    "donner_les_places",
    "fermer",
    "fixer_places",
    "importer_calendrier",
    "liberer_les_jours_sans_droit",
    "pointer",
    "promouvoir",
    "rouvrir",
    "saisir",
]
