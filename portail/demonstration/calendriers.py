"""School years, holidays and deadlines of the town, and a closure to come."""

from datetime import date, time, timedelta

from planning.actions import importer_calendrier
from planning.enums import ModeDelai, Operation, Retard
from planning.models import Fermeture, RegleDelai
from portail.demonstration.histoire import RENTREE
from portail.demonstration.ville import Ville

JEUDI, MIDI = 4, time(12, 0)


def ouvrir_les_annees(ville: Ville, rentree: int) -> None:
    """The manual's year, in zone A then, and the current one with its neighbours, in the town's zone."""
    ville.annee(RENTREE)
    importer_calendrier(du=date(RENTREE, 9, 1), au=date(RENTREE + 1, 8, 31), zone="A", par=ville.agent)
    for debut in (rentree - 1, rentree, rentree + 1):
        ville.annee(debut)
    importer_calendrier(du=date(rentree - 1, 9, 1), au=date(rentree + 2, 8, 31), par=ville.agent)


def fixer_les_delais() -> None:
    """« Au plus tard à 12 h 00 le jeudi pour la semaine qui suit », for every service."""
    for operation in (Operation.RESERVER, Operation.ANNULER, Operation.ABSENCE):
        RegleDelai.objects.create(
            operation=operation,
            mode=ModeDelai.SEMAINE,
            nombre=1,
            jour_limite=JEUDI,
            heure=MIDI,
            retard=Retard.REFUSE,
        )


def annoncer_une_fermeture(ville: Ville, le: date) -> None:
    """The late garderie closes on a Friday, in about three weeks."""
    apres = le + timedelta(days=17)
    vendredi = apres + timedelta(days=(5 - apres.isoweekday()) % 7)
    Fermeture.objects.create(
        du=vendredi, au=vendredi, motif="Formation du personnel", prestation=ville.prestations["soir2"]
    )
