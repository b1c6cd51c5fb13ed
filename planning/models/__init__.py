from planning.models.abonnements import AbonnementCalendrier
from planning.models.calendrier import Fermeture, JourFerie, Vacances
from planning.models.creneaux import Creneau
from planning.models.pointages import Cloture, Pointage, Rectification
from planning.models.regles import EcheanceDatee, MotifAbsence, RegleDelai
from planning.models.reservations import Journee, Mouvement, Reservation

__all__ = [
    "AbonnementCalendrier",
    "Cloture",
    "Creneau",
    "EcheanceDatee",
    "Fermeture",
    "JourFerie",
    "Journee",
    "MotifAbsence",
    "Mouvement",
    "Pointage",
    "Rectification",
    "RegleDelai",
    "Reservation",
    "Vacances",
]
