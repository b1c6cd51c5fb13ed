"""Tax, CAF and bank data of a family, and the dated facts that set a price."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from familles import validation
from familles.chiffrement import TexteChiffre
from familles.enums import RegimeAllocataire
from familles.models.enfants import FIN_APRES_DEBUT
from familles.models.famille import Famille, noms


class InformationsFiscales(models.Model):
    """Encrypted: nobody but the family, and the staff who hold the permission."""

    famille = models.OneToOneField(
        Famille, models.CASCADE, related_name="informations_fiscales", verbose_name="famille"
    )
    annee_revenus = models.PositiveSmallIntegerField(
        "année des revenus",
        null=True,
        blank=True,
        validators=[MaxValueValidator(validation.DERNIERE_ANNEE)],
    )
    numero_fiscal = TexteChiffre("numéro fiscal", blank=True)
    revenu_fiscal_reference = TexteChiffre("revenu fiscal de référence", blank=True)
    nombre_parts = TexteChiffre("nombre de parts", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "informations fiscales"

    def __str__(self):
        return " : ".join(["Informations fiscales", *noms(self, "famille")])


class InformationsCaf(models.Model):
    famille = models.OneToOneField(
        Famille, models.CASCADE, related_name="informations_caf", verbose_name="famille"
    )
    regime = models.CharField(
        "régime", max_length=5, choices=RegimeAllocataire, default=RegimeAllocataire.CAF
    )
    organisme = models.CharField("organisme", max_length=120, blank=True)
    numero_allocataire = TexteChiffre("numéro d’allocataire", blank=True)
    allocataire = models.CharField("allocataire", max_length=160, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "informations CAF"

    def __str__(self):
        return " : ".join(["Informations CAF", *noms(self, "famille")])


class CoordonneesBancaires(models.Model):
    """IBAN and BIC are checked (checksum, RIB key) and encrypted at rest."""

    famille = models.OneToOneField(
        Famille, models.CASCADE, related_name="coordonnees_bancaires", verbose_name="famille"
    )
    titulaire = models.CharField("titulaire du compte", max_length=160, blank=True)
    nom_banque = models.CharField("nom banque", max_length=120, blank=True)
    iban = TexteChiffre("IBAN", blank=True)
    bic = TexteChiffre("BIC", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "coordonnées bancaires"
        permissions = [("voir_banque", "Voir les coordonnées bancaires des familles")]

    def __str__(self):
        return " : ".join(["Coordonnées bancaires", *noms(self, "famille")])

    def clean(self):
        if self.iban:
            self.iban = validation.normaliser_iban(self.iban)
        if self.bic:
            self.bic = validation.normaliser_bic(self.bic)
        validation.accorder_iban_bic(self.iban, self.bic)


class FaitDateQuerySet(models.QuerySet):
    def connus_sur(self, du, au):
        """Those that may hold on a day of the period, latest first: the first that holds wins."""
        return self.filter(Q(au=None) | Q(au__gte=du), du__lte=au).order_by("-du")


class FaitDate(models.Model):
    """A fact of a family with its dates: a day is priced with the facts of that day.

    When two rows hold the same day, the one that begins last wins: a correction needs no rewriting.
    """

    du = models.DateField("du")
    au = models.DateField("au", null=True, blank=True)

    objects = FaitDateQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-du"]

    def tient_le(self, jour) -> bool:
        return self.du <= jour and (self.au is None or jour <= self.au)


class QuotientFamilial(FaitDate):
    famille = models.ForeignKey(Famille, models.CASCADE, related_name="quotients", verbose_name="famille")
    valeur = models.DecimalField("valeur", max_digits=9, decimal_places=2)
    recu_le = models.DateField("reçu le")
    source = models.CharField("source", max_length=60, blank=True)

    history = HistoricalRecords()

    class Meta(FaitDate.Meta):
        verbose_name = "quotient familial"
        verbose_name_plural = "quotients familiaux"
        constraints = [
            models.UniqueConstraint(
                fields=["famille", "du"],
                name="quotient_unique",
                violation_error_message="Cette famille a déjà un quotient qui commence ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(valeur__gte=0),
                name="quotient_positif",
                violation_error_message="Un quotient familial n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=F("du")),
                name="quotient_dates",
                violation_error_message=FIN_APRES_DEBUT,
            ),
        ]

    def __str__(self):
        return f"Quotient depuis le {self.du:%d/%m/%Y}"


class Residence(FaitDate):
    """Where the family lives, for the prices of residents (INSEE code: names change and repeat)."""

    famille = models.ForeignKey(Famille, models.CASCADE, related_name="residences", verbose_name="famille")
    code_insee = models.CharField("code INSEE", max_length=5)
    commune = models.CharField("commune", max_length=80)
    dans_la_commune = models.BooleanField("habite la commune", default=True)

    history = HistoricalRecords()

    class Meta(FaitDate.Meta):
        verbose_name = "résidence"
        constraints = [
            models.UniqueConstraint(
                fields=["famille", "du"],
                name="residence_unique",
                violation_error_message="Cette famille a déjà une résidence qui commence ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=F("du")),
                name="residence_dates",
                violation_error_message=FIN_APRES_DEBUT,
            ),
        ]

    def __str__(self):
        return f"{self.commune} depuis le {self.du:%d/%m/%Y}"
