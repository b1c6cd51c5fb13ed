"""The town's own dated rows: holidays, public holidays, closures. An import seeds them, staff edit them."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from familles.francais import jour_chiffres
from familles.models import Ecole, Parametre, Prestation, Structure
from planning.enums import NatureVacances, SourceCalendrier

FIN_APRES_DEBUT = "La fin ne peut précéder le début."


class Vacances(Parametre):
    """School holidays, first and last day without school included (P or G on the grid)."""

    nom = models.CharField("nom", max_length=80)
    nature = models.CharField("nature", max_length=1, choices=NatureVacances, default=NatureVacances.PETITES)
    du = models.DateField("premier jour")
    au = models.DateField("dernier jour")
    source = models.CharField(
        "source", max_length=12, choices=SourceCalendrier, default=SourceCalendrier.VILLE
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "vacances"
        ordering = ["-du"]
        constraints = [
            models.UniqueConstraint(
                fields=["du"],
                name="vacances_unique",
                violation_error_message="Des vacances commencent déjà ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(au__gte=F("du")), name="vacances_dates", violation_error_message=FIN_APRES_DEBUT
            ),
        ]

    def __str__(self):
        return f"{self.nom} ({jour_chiffres(self.du)} – {jour_chiffres(self.au)})"


class JourFerie(Parametre):
    """A public holiday (F on the grid)."""

    jour = models.DateField("jour", unique=True)
    nom = models.CharField("nom", max_length=80)
    source = models.CharField(
        "source", max_length=12, choices=SourceCalendrier, default=SourceCalendrier.VILLE
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "jour férié"
        verbose_name_plural = "jours fériés"
        ordering = ["-jour"]

    def __str__(self):
        return f"{self.nom}, {jour_chiffres(self.jour)}"


class Fermeture(Parametre):
    """Days without service: of one prestation, of one structure, or of all; or for one school or class only.

    A school or a class that is away (a trip) closes nothing for the others, nor for a child who stays:
    what was booked for its pupils is excused.
    """

    du = models.DateField("du")
    au = models.DateField("au")
    motif = models.CharField("motif", max_length=120, help_text="Lu par les familles : « Grève », « Pont »…")
    structure = models.ForeignKey(
        Structure, models.CASCADE, null=True, blank=True, verbose_name="structure", related_name="fermetures"
    )
    prestation = models.ForeignKey(
        Prestation,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="prestation",
        related_name="fermetures",
    )
    ecole = models.ForeignKey(
        Ecole, models.CASCADE, null=True, blank=True, verbose_name="école", related_name="+"
    )
    classe = models.CharField("classe", max_length=40, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "fermeture"
        ordering = ["-du"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gte=F("du")), name="fermeture_dates", violation_error_message=FIN_APRES_DEBUT
            ),
            models.CheckConstraint(
                condition=Q(structure=None) | Q(prestation=None),
                name="fermeture_portee",
                violation_error_message="Choisissez une structure ou une prestation, pas les deux.",
            ),
            models.CheckConstraint(
                condition=~Q(classe="") & Q(ecole__isnull=False) | Q(classe=""),
                name="fermeture_classe",
                violation_error_message="Une classe est celle d’une école.",
            ),
        ]

    def __str__(self):
        return f"{self.motif} ({jour_chiffres(self.du)} – {jour_chiffres(self.au)})"

    @property
    def portee(self) -> str:
        """« Repas (École Ridout), CM2 »; « Tous les services » when nothing narrows it."""
        service = str(self.prestation or self.structure or "Tous les services")
        return ", ".join(filter(None, [service, self.ecole and self.ecole.nom, self.classe]))
