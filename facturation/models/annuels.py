"""What is counted over a school year: rules of a régie, yearly fees."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from facturation.enums import Assiette, EffetQuotient
from familles.enums import NatureFiscale
from familles.models import Parametre, Regie


class ReglesFacturation(Parametre):
    """What a régie counts over a year, and how long it trusts an old quotient."""

    regie = models.OneToOneField(
        Regie, models.CASCADE, related_name="regles_facturation", verbose_name="régie"
    )
    erreurs_pardonnees = models.PositiveSmallIntegerField(
        "droit à l’erreur (par famille et par année)",
        default=0,
        validators=[MaxValueValidator(366)],
        help_text="Réservations tardives, absences non signalées et présences sans réservation pardonnées.",
    )
    effet_quotient = models.CharField(
        "un quotient qui change compte",
        max_length=12,
        choices=EffetQuotient,
        default=EffetQuotient.SA_DATE,
    )
    mois_quotient_garde = models.PositiveSmallIntegerField(
        "mois pendant lesquels un quotient expiré est gardé",
        default=0,
        validators=[MaxValueValidator(24)],
        help_text="0 : la tranche la plus haute dès qu’il expire.",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "règles de facturation"
        verbose_name_plural = "règles de facturation"

    def __str__(self):
        return f"Règles de facturation – {self.regie}"


class FraisAnnuels(Parametre):
    """A fee of the school year, on the first invoice of the year: registration, membership, lateness."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="frais", verbose_name="régie")
    libelle = models.CharField("libellé", max_length=120)
    montant = models.DecimalField("montant (€)", max_digits=8, decimal_places=2)
    assiette = models.CharField("dus", max_length=8, choices=Assiette, default=Assiette.FAMILLE)
    du = models.DateField("à partir du")
    au = models.DateField("jusqu’au", null=True, blank=True)
    inscrits_apres = models.DateField(
        "seulement si l’inscription est enregistrée après le",
        null=True,
        blank=True,
        help_text="Pour une inscription tardive. Vide : dus par tous.",
    )
    nature_fiscale = models.CharField(
        "nature fiscale", max_length=10, choices=NatureFiscale, default=NatureFiscale.AUTRE
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "frais annuels"
        verbose_name_plural = "frais annuels"
        ordering = ["regie", "-du", "libelle"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gte=0),
                name="frais_positifs",
                violation_error_message="Un prix n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=F("du")),
                name="frais_dates",
                violation_error_message="La fin ne peut précéder le début.",
            ),
        ]

    def __str__(self):
        return self.libelle
