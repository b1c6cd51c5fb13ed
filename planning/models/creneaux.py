"""« Créneaux d’inscription »: when the days of a period may be booked, residents first."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from familles.models import Parametre, Prestation
from planning.models.calendrier import FIN_APRES_DEBUT


class Creneau(Parametre):
    """The days that it covers are booked while it is open; those that none covers are not limited by it."""

    nom = models.CharField(
        "nom", max_length=80, help_text="Lu par les familles : « Année 2026-2027 », « Vacances d’hiver »…"
    )
    du = models.DateField("jours à réserver, du")
    au = models.DateField("au")
    prestations = models.ManyToManyField(
        Prestation,
        blank=True,
        related_name="creneaux",
        verbose_name="prestations",
        help_text="Aucune choisie : toutes.",
    )
    ouverture = models.DateTimeField("ouvre le")
    ouverture_residents = models.DateTimeField(
        "pour les habitants de la commune, dès le",
        null=True,
        blank=True,
        help_text="Vide : en même temps que pour tous.",
    )
    fermeture = models.DateTimeField(
        "ferme le", null=True, blank=True, help_text="Vide : reste ouvert, jusqu’aux limites de chaque jour."
    )

    history = HistoricalRecords(m2m_fields=[prestations])

    class Meta:
        verbose_name = "créneau d’inscription"
        verbose_name_plural = "créneaux d’inscription"
        ordering = ["-du", "ouverture"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gte=F("du")), name="creneau_dates", violation_error_message=FIN_APRES_DEBUT
            ),
            models.CheckConstraint(
                condition=Q(fermeture=None) | Q(fermeture__gt=F("ouverture")),
                name="creneau_fermeture",
                violation_error_message="Un créneau ferme après son ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(ouverture_residents=None) | Q(ouverture_residents__lt=F("ouverture")),
                name="creneau_residents",
                violation_error_message="Les habitants commencent avant l’ouverture à tous.",
            ),
        ]

    def __str__(self):
        return self.nom
