"""Payments and what they pay."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round

from facturation.models.factures import Facture, champ_montant, somme
from facturation.models.figes import EcritFige, EcritFigeQuerySet
from familles.enums import ModeReglement
from familles.francais import euros
from familles.horloge import maintenant
from familles.models import Famille, Regie, Responsable
from familles.models.famille import noms


class ReglementQuerySet(EcritFigeQuerySet):
    def pour(self, acces):
        return self.filter(famille=acces.famille) if acces.famille and acces.complet else self.none()

    def payes_par(self, acces):
        """What this adult paid, alone or as a couple, whoever holds the account."""
        if not acces.famille or not acces.responsable:
            return self.none()
        sien = Q(payeur=acces.responsable) | Q(avec=acces.responsable)
        return self.filter(sien, famille=acces.famille)

    def avec_disponible(self):
        """Adds `disponible`: what this payment has not yet paid (the family's credit)."""
        return self.annotate(
            disponible=Round(
                F("montant") - somme(Imputation.objects, "montant", "reglement"),
                precision=2,
                output_field=champ_montant("disponible"),
            )
        )

    def contrepassables(self):
        return self.filter(contrepasse=None, contrepasse_par=None)

    def a_verser(self, regie, mode):
        """Still in the till: neither taken back nor deposited."""
        return self.contrepassables().filter(regie=regie, mode=mode, versement=None)


class Reglement(EcritFige):
    """Money received, or the counter-entry that takes a mistaken one back."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="reglements", verbose_name="régie")
    numero = models.PositiveIntegerField("numéro dans la série")
    numero_imprime = models.CharField("n° règlement", max_length=20, unique=True)
    # Of the form that recorded it: the same form sent twice records one payment.
    jeton = models.UUIDField(unique=True, null=True, editable=False)
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="reglements", verbose_name="famille")
    # Who bore the cost: the tax certificate is theirs. None in a file that had no adult.
    payeur = models.ForeignKey(
        Responsable, models.PROTECT, null=True, blank=True, related_name="reglements", verbose_name="payeur"
    )
    # The other adult of a couple that lived together: theirs both, whatever became of the couple since.
    avec = models.ForeignKey(
        Responsable,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reglements_en_couple",
        verbose_name="avec",
    )
    mode = models.CharField("mode", max_length=16, choices=ModeReglement)
    recu_le = models.DateField("reçu le")
    montant = champ_montant("montant")
    reference = models.CharField("référence (n° de chèque…)", max_length=60, blank=True)
    contrepasse = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="contrepasse_par", verbose_name="annule"
    )
    motif = models.CharField("motif", max_length=200, blank=True)
    enregistre_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="enregistré par",
    )
    enregistre_le = models.DateTimeField("enregistré le", default=maintenant)

    objects = ReglementQuerySet.as_manager()

    class Meta:
        verbose_name = "règlement"
        ordering = ["-recu_le", "-numero"]
        indexes = [models.Index(fields=["famille", "recu_le"])]
        constraints = [
            models.UniqueConstraint(
                fields=["regie", "numero"],
                name="reglement_numero_unique",
                violation_error_message="Ce numéro est déjà celui d’un règlement de la régie.",
            ),
            models.CheckConstraint(
                condition=Q(contrepasse=None, montant__gt=0) | Q(contrepasse__isnull=False, montant__lt=0),
                name="reglement_signe",
                violation_error_message="Un règlement est positif, sa contre-écriture négative.",
            ),
            models.CheckConstraint(
                condition=Q(avec=None) | (Q(payeur__isnull=False) & ~Q(avec=F("payeur"))),
                name="reglement_couple",
                violation_error_message="Un couple est fait de deux payeurs.",
            ),
        ]

    def __str__(self):
        return self.numero_imprime

    @property
    def paye_par(self) -> Responsable | Famille:
        """As the till names them: one of a couple."""
        return self.payeur or self.famille.titulaire or self.famille

    @property
    def payeurs(self) -> list[Responsable]:
        """Who bore the cost: one, or both of a couple, the holder first."""
        return [adulte for adulte in (self.payeur, self.avec) if adulte]

    def dit_autre_chose(self, famille: Famille, regie: Regie, factures: list[Facture], **champs) -> bool:
        """Whether the form that recorded it now holds another payment."""
        if (self.famille_id, self.regie_id) != (famille.pk, regie.pk):
            return True
        payees = {i.facture_id for i in self.imputations.all()}
        # Invoices already paid when they were chosen left everything as credit.
        if payees and not payees.issuperset(f.pk for f in factures):
            return True
        return any(getattr(self, nom) != valeur for nom, valeur in champs.items())


class Imputation(EcritFige):
    """A part of a payment that pays an invoice; a negative one takes an earlier one back."""

    reglement = models.ForeignKey(
        Reglement, models.PROTECT, related_name="imputations", verbose_name="règlement"
    )
    facture = models.ForeignKey(Facture, models.PROTECT, related_name="imputations", verbose_name="facture")
    montant = champ_montant("montant")

    class Meta:
        verbose_name = "imputation"
        constraints = [
            models.CheckConstraint(
                condition=~Q(montant=0),
                name="imputation_non_nulle",
                violation_error_message="Une imputation n’est pas nulle.",
            )
        ]

    def __str__(self):
        return " : ".join([*noms(self, "facture"), euros(self.montant)])
