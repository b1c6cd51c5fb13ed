"""What an invoice bills, unit by unit: the database refuses to bill a day twice."""

from django.db import models
from django.db.models import Q

from facturation.enums import Cas
from facturation.models.annuels import FraisAnnuels
from facturation.models.factures import ZERO, Facture, LigneFacture, champ_montant
from facturation.models.figes import EcritFige, EcritFigeQuerySet
from familles.francais import jour_chiffres
from familles.models import Enfant, Famille, Prestation


class UniteFactureeQuerySet(EcritFigeQuerySet):
    def en_vigueur(self):
        """Those that hold their day: it cannot be billed again."""
        return self.filter(en_vigueur=True)

    def dues(self):
        """Those that no credit note or correction has taken back."""
        return self.filter(signe=1, annulee_par=None)

    def liberer(self) -> int:
        """A credit note takes these back: the days may be billed again."""
        return self.filter(en_vigueur=True)._corriger(en_vigueur=False)


class UniteFacturee(EcritFige):
    """One day (or one flat month, under its first day) of one child, or a yearly fee: never billed twice.

    A negative one takes an earlier one back, on a credit note or on a later invoice.

    The database checks the line alone, which is of this invoice, this child and this prestation, and holds
    them: five checks a day would be a third of the time that a month takes to bill.
    """

    facture = models.ForeignKey(
        Facture, models.PROTECT, related_name="unites", verbose_name="facture", db_constraint=False
    )
    ligne = models.ForeignKey(LigneFacture, models.PROTECT, related_name="unites", verbose_name="ligne")
    # The second line of the same day: the surcharge of a late booking.
    ligne_majoration = models.ForeignKey(
        LigneFacture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="unites_majorees",
        verbose_name="ligne de la majoration",
        db_index=False,
    )
    famille = models.ForeignKey(
        Famille,
        models.PROTECT,
        related_name="+",
        verbose_name="famille",
        db_index=False,
        db_constraint=False,
    )
    enfant = models.ForeignKey(
        Enfant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="enfant",
        db_index=False,
        db_constraint=False,
    )
    prestation = models.ForeignKey(
        Prestation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="prestation",
        db_index=False,
        db_constraint=False,
    )
    frais = models.ForeignKey(
        FraisAnnuels, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="frais"
    )
    jour = models.DateField("jour")
    cas = models.CharField("cas", max_length=12, choices=Cas, default=Cas.NORMAL)
    signe = models.SmallIntegerField("signe", default=1)
    montant = champ_montant("montant, majoration comprise", default=ZERO)
    majoration = champ_montant("dont majoration", default=ZERO)
    en_vigueur = models.BooleanField("en vigueur", default=True)
    annule = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="annulee_par", verbose_name="annule"
    )

    objects = UniteFactureeQuerySet.as_manager()

    class Meta:
        verbose_name = "unité facturée"
        verbose_name_plural = "unités facturées"
        indexes = [models.Index(fields=["prestation", "jour"])]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "prestation", "jour"],
                condition=Q(en_vigueur=True),
                name="unite_facturee_une_fois",
                violation_error_message="Ce jour est déjà facturé.",
            ),
            models.UniqueConstraint(
                fields=["famille", "frais", "jour"],
                condition=Q(en_vigueur=True, enfant=None),
                name="frais_famille_une_fois",
                violation_error_message="Ces frais sont déjà facturés à la famille pour l’année.",
            ),
            models.UniqueConstraint(
                fields=["famille", "enfant", "frais", "jour"],
                condition=Q(en_vigueur=True, prestation=None),
                name="frais_enfant_une_fois",
                violation_error_message="Ces frais sont déjà facturés pour cet enfant et cette année.",
            ),
            models.CheckConstraint(
                condition=Q(frais=None, enfant__isnull=False, prestation__isnull=False)
                | Q(frais__isnull=False, prestation=None),
                name="unite_objet",
                violation_error_message="Une unité est un jour d’un enfant à une prestation, ou des frais.",
            ),
            models.CheckConstraint(
                condition=Q(signe=1, annule=None) | Q(signe=-1, annule__isnull=False, en_vigueur=False),
                name="unite_signe",
                violation_error_message="Une unité d’avoir annule une unité facturée.",
            ),
        ]

    def __str__(self):
        # The words of its line: one query, since pages that refuse to delete name thousands of them.
        ligne = self.ligne if self.ligne_id else LigneFacture()
        return ", ".join(filter(None, [ligne.enfant_nom, ligne.libelle, jour_chiffres(self.jour)]))
