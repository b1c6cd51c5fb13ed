from planning.models.calendrier import Fermeture, JourFerie, Vacances
from planning.models.pointages import Cloture, Pointage
from planning.models.regles import EcheanceDatee, MotifAbsence, RegleDelai
from planning.models.reservations import Journee, Mouvement, Reservation

__all__ = [
    "Cloture",
    "EcheanceDatee",
    "Fermeture",
    "JourFerie",
    "Journee",
    "MotifAbsence",
    "Mouvement",
    "Pointage",
    "RegleDelai",
    "Reservation",
    "Vacances",
]
