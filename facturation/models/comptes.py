"""Accounts of the accounting journal: settings, with a default for each use."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from facturation.enums import EmploiCompte
from familles.enums import ModeReglement
from familles.models import Parametre, Prestation


class CompteComptable(Parametre):
    """Which account a movement goes to: for one prestation or one means of payment, or by default."""

    emploi = models.CharField("emploi", max_length=12, choices=EmploiCompte)
    prestation = models.ForeignKey(
        Prestation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="comptes",
        verbose_name="prestation",
        help_text="Pour un compte de produit. Vide : toutes celles qui n’ont pas le leur.",
    )
    mode = models.CharField(
        "moyen de paiement",
        max_length=16,
        choices=ModeReglement,
        blank=True,
        help_text="Pour un compte d’encaissement. Vide : tous ceux qui n’ont pas le leur.",
    )
    compte = models.CharField(
        "compte", max_length=12, validators=[RegexValidator(r"^\d{2,12}$", "Un compte n’a que des chiffres.")]
    )
    journal = models.CharField(
        "code journal",
        max_length=6,
        blank=True,
        help_text="Celui des factures (débiteurs) ou des règlements (encaissement).",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "compte comptable"
        verbose_name_plural = "comptes comptables"
        ordering = ["emploi", "prestation__ordre", "mode"]
        constraints = [
            models.UniqueConstraint(
                fields=["emploi", "prestation", "mode"],
                name="compte_comptable_unique",
                violation_error_message="Ce compte est déjà choisi.",
            ),
            models.UniqueConstraint(
                fields=["emploi", "mode"],
                condition=Q(prestation=None),
                name="compte_par_defaut_unique",
                violation_error_message="Ce compte est déjà choisi.",
            ),
            models.CheckConstraint(
                condition=(Q(prestation=None) | Q(emploi=EmploiCompte.PRODUIT))
                & (Q(mode="") | Q(emploi=EmploiCompte.ENCAISSEMENT)),
                name="compte_comptable_emploi",
                violation_error_message="Une prestation va avec un produit, un moyen de paiement avec un "
                "encaissement.",
            ),
        ]

    def __str__(self):
        return f"{self.compte} – {self.get_emploi_display()}"

    def clean(self):
        if self.emploi != EmploiCompte.PRODUIT and not self.journal:
            raise ValidationError({"journal": "Indiquez le code du journal."})
