"""The till of a régie: what is handed over to its bank or accountant, and the days that are closed."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from facturation.enums import NatureCloture
from facturation.models.factures import champ_montant
from facturation.models.figes import EcritFige, EcritFigeQuerySet
from facturation.models.reglements import Reglement
from familles.enums import ModeReglement
from familles.francais import jour_chiffres
from familles.horloge import maintenant
from familles.models import Regie


class Versement(EcritFige):
    """A deposit slip (« bordereau de remise »): frozen with what it holds, numbered in its own series."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="versements", verbose_name="régie")
    numero = models.PositiveIntegerField("numéro dans la série")
    numero_imprime = models.CharField("n° bordereau", max_length=20, unique=True)
    mode = models.CharField("moyen de paiement", max_length=16, choices=ModeReglement)
    date = models.DateField("date")
    nombre = models.PositiveIntegerField("nombre de règlements")
    total = champ_montant("montant")
    # The régie, as it was.
    regie_nom = models.CharField("nom de la régie", max_length=120)
    regisseur = models.CharField("régisseur", max_length=120, blank=True)
    ordre_cheques = models.CharField("ordre des chèques", max_length=120, blank=True)
    fait_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="fait par"
    )
    fait_le = models.DateTimeField("fait le", default=maintenant)

    class Meta:
        verbose_name = "versement"
        ordering = ["-date", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["regie", "numero"],
                name="versement_numero_unique",
                violation_error_message="Ce numéro est déjà celui d’un bordereau de la régie.",
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0, nombre__gt=0),
                name="versement_non_vide",
                violation_error_message="Un bordereau contient au moins un règlement.",
            ),
        ]

    def __str__(self):
        return self.numero_imprime


class LigneVersement(EcritFige):
    """A payment on a deposit slip; the database takes each once."""

    versement = models.ForeignKey(Versement, models.PROTECT, related_name="lignes", verbose_name="versement")
    reglement = models.OneToOneField(
        Reglement, models.PROTECT, related_name="versement", verbose_name="règlement"
    )
    ordre = models.PositiveIntegerField("ordre")
    recu_le = models.DateField("reçu le")
    payeur = models.CharField("payeur", max_length=200)
    reference = models.CharField("référence", max_length=60, blank=True)
    montant = champ_montant("montant")

    class Meta:
        verbose_name = "règlement versé"
        verbose_name_plural = "règlements versés"
        ordering = ["versement_id", "ordre"]

    def __str__(self):
        return f"{self.ordre}. {self.payeur}"


class ClotureCaisseQuerySet(EcritFigeQuerySet):
    def derniere_journee(self, regie: Regie) -> date | None:
        """Last day that is closed: nothing dated until then is ever written again."""
        return self.filter(regie=regie, nature=NatureCloture.JOUR).aggregate(jusqu_au=models.Max("au"))[
            "jusqu_au"
        ]


class ClotureCaisse(EcritFige):
    """A closing of the till, with the figures of that moment."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="clotures", verbose_name="régie")
    nature = models.CharField("nature", max_length=4, choices=NatureCloture)
    du = models.DateField("du")
    au = models.DateField("au")
    nombre = models.PositiveIntegerField("nombre d’écritures")
    entrees = champ_montant("recettes")
    sorties = champ_montant("contre-écritures")
    totaux = models.JSONField("par moyen de paiement", default=dict)
    solde = champ_montant("en caisse")
    cloturee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="close par"
    )
    cloturee_le = models.DateTimeField("close le", default=maintenant)

    objects = ClotureCaisseQuerySet.as_manager()

    class Meta:
        verbose_name = "arrêté de caisse"
        verbose_name_plural = "arrêtés de caisse"
        ordering = ["-au", "nature"]
        constraints = [
            models.UniqueConstraint(
                fields=["regie", "nature", "au"],
                name="cloture_caisse_unique",
                violation_error_message="Cette caisse est déjà arrêtée à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="cloture_caisse_dates",
                violation_error_message="La fin ne peut précéder le début.",
            ),
        ]

    def __str__(self):
        return f"{self.get_nature_display()} du {jour_chiffres(self.au)}"
