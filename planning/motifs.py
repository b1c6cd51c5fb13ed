"""The nine reasons of an absence, as the manual lists them, put in place once after migrate."""

from django.apps import apps as registre

from planning.enums import Consequence

# What each costs is the town's to change: the strike of the staff or an outing of the school is not the
# family's doing, the rest depends on when it was told.
MOTIFS = [
    ("RAISON MEDICALE", Consequence.EXCUSEE),
    ("VOYAGE OU SORTIE SCOLAIRE", Consequence.EXCUSEE),
    ("ABSENCE DE L'ENSEIGNANT", Consequence.EXCUSEE),
    ("GREVE DU PERSONNEL OU DES ENSEIGNANTS", Consequence.EXCUSEE),
    ("ACCIDENT DE LA CIRCULATION", Consequence.SELON_DELAI),
    ("PARTICIPATION A UNE SEQUENCE DE SOUTIEN", Consequence.SELON_DELAI),
    ("CAS DE FORCE MAJEURE", Consequence.SELON_DELAI),
    ("CIRCONSTANCES EXCEPTIONNELLES", Consequence.SELON_DELAI),
    ("AUTRES", Consequence.SELON_DELAI),
]


def installer_motifs(using="default", apps=registre, **_):
    """Only into an empty table: what the town edits or removes stays so."""
    Motif = apps.get_model("planning", "MotifAbsence")
    if Motif.objects.using(using).exists():
        return
    for ordre, (libelle, consequence) in enumerate(MOTIFS, start=1):
        Motif.objects.using(using).create(libelle=libelle, consequence=consequence, ordre=ordre)
