"""The town's house rules on deadlines and absences, edited in the admin without code."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from familles import validation
from familles.francais import JOURS
from familles.models import Parametre, Prestation
from planning.enums import Comptage, Consequence, ModeDelai, Operation, Retard
from planning.models.calendrier import FIN_APRES_DEBUT

JOURS_ISO = list(enumerate(JOURS, start=1))
REGLE_DOUBLE = "Une règle existe déjà pour cette opération, cette prestation et ces jours."


class RegleDelai(Parametre):
    """Until when one may book, cancel or declare an absence.

    The most precise rule wins: of the prestation before the general one, of these weekdays before all days.
    """

    operation = models.CharField("opération", max_length=10, choices=Operation)
    prestation = models.ForeignKey(
        Prestation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="regles_delai",
        verbose_name="prestation",
        help_text="Vide : toutes les prestations qui n’ont pas de règle à elles.",
    )
    jours = models.CharField(
        "jours réservés concernés",
        max_length=7,
        blank=True,
        validators=[validation.jours_semaine],
        help_text="Vide : tous les jours.",
    )
    mode = models.CharField("mode", max_length=10, choices=ModeDelai, default=ModeDelai.SEMAINE)
    nombre = models.PositiveSmallIntegerField(
        "nombre",
        default=1,
        validators=[MaxValueValidator(366)],
        help_text="De semaines, de jours ou de mois avant, selon le mode.",
    )
    comptage = models.CharField(
        "jours comptés", max_length=12, choices=Comptage, default=Comptage.CALENDAIRES
    )
    jour_limite = models.PositiveSmallIntegerField(
        "jour limite de la semaine", choices=JOURS_ISO, default=4, help_text="Pour « un jour fixe »."
    )
    quantieme = models.PositiveSmallIntegerField(
        "quantième limite",
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="Pour « un jour d’un mois précédent » ; le dernier jour si le mois est plus court.",
    )
    heure = models.TimeField(
        "heure limite", default="12:00", help_text="Comprise : « 12:00 » est encore à temps."
    )
    retard = models.CharField(
        "demande hors délai",
        max_length=8,
        choices=Retard,
        default=Retard.REFUSE,
        help_text="Pour les réservations seulement.",
    )
    retard_heures = models.PositiveSmallIntegerField(
        "pendant combien d’heures",
        null=True,
        blank=True,
        validators=[MaxValueValidator(24 * 60)],
        help_text="Heures après la limite où une demande hors délai est encore prise. "
        "Vide : jusqu’au jour même.",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "règle de délai"
        verbose_name_plural = "règles de délai"
        ordering = ["operation", F("prestation__ordre").asc(nulls_first=True), "jours"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "prestation", "jours"],
                name="regle_delai_unique",
                violation_error_message=REGLE_DOUBLE,
            ),
            # Two NULLs are never equal for a database: the general rule needs a constraint of its own.
            models.UniqueConstraint(
                fields=["operation", "jours"],
                condition=Q(prestation=None),
                name="regle_delai_generale_unique",
                violation_error_message=REGLE_DOUBLE,
            ),
            models.CheckConstraint(
                condition=Q(jour_limite__gte=1, jour_limite__lte=7, quantieme__gte=1, quantieme__lte=31),
                name="regle_delai_bornes",
                violation_error_message="Le jour va de 1 à 7, le quantième de 1 à 31.",
            ),
        ]

    def __str__(self):
        portee = self.prestation.nom if self.prestation_id else "toutes les prestations"
        return f"{self.get_operation_display()} – {portee}"


class EcheanceDatee(Parametre):
    """For « des dates données une à une »: the days booked and their own deadline."""

    regle = models.ForeignKey(RegleDelai, models.CASCADE, related_name="dates", verbose_name="règle")
    du = models.DateField("jours réservés, du")
    au = models.DateField("au")
    limite = models.DateField("jusqu’au")
    ouverture = models.DateField(
        "à partir du", null=True, blank=True, help_text="Jour où leur réservation ouvre. Vide : déjà ouverte."
    )

    class Meta:
        verbose_name = "échéance datée"
        verbose_name_plural = "échéances datées"
        ordering = ["du"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gte=F("du")), name="echeance_dates", violation_error_message=FIN_APRES_DEBUT
            ),
            models.CheckConstraint(
                condition=Q(ouverture=None) | Q(ouverture__lte=F("limite")),
                name="echeance_ouverture",
                violation_error_message="La réservation ne peut ouvrir après sa limite.",
            ),
        ]

    def __str__(self):
        return f"{self.du:%d/%m/%Y} – {self.au:%d/%m/%Y}"


class MotifAbsenceQuerySet(models.QuerySet):
    def proposees(self):
        return self.filter(actif=True)

    def justifiables(self):
        """Those that a document excuses."""
        return self.proposees().filter(consequence=Consequence.JUSTIFICATIF)


class MotifAbsence(Parametre):
    """A reason that the family chooses, and what it costs; the nine of the manual to begin with."""

    libelle = models.CharField("raison", max_length=80, unique=True)
    consequence = models.CharField(
        "conséquence", max_length=12, choices=Consequence, default=Consequence.SELON_DELAI
    )
    justificatif_heures = models.PositiveSmallIntegerField(
        "heures pour fournir le justificatif",
        default=48,
        validators=[MaxValueValidator(24 * 60)],
        help_text="Comptées du début du jour d’absence : 48 laisse jusqu’au lendemain minuit, 168 sept "
        "jours. Pour « excusée avec un justificatif » seulement.",
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=0, validators=[MaxValueValidator(999)])
    actif = models.BooleanField("proposé aux familles", default=True)

    objects = MotifAbsenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "raison d’absence"
        verbose_name_plural = "raisons d’absence"
        ordering = ["ordre", "libelle"]

    def __str__(self):
        return self.libelle
