"""Dated prices of the prestations, edited by the accountant."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from facturation.enums import ModeMajoration, ModeTarif
from familles.francais import jour_chiffres
from familles.models import Parametre, Prestation


def _montant(libelle: str, **options) -> models.DecimalField:
    return models.DecimalField(
        libelle, max_digits=8, decimal_places=2, **{"null": True, "blank": True, **options}
    )


MONTANTS = (
    "montant",
    "plancher",
    "plafond",
    "prix_hors_commune",
    "prix_pai",
    "prix_hors_contrat",
    "prix_absence",
    "majoration",
    "cout_reel",
)


class TarifQuerySet(models.QuerySet):
    def des(self, prestations):
        """Prices of these prestations, the latest first, with their brackets."""
        return self.filter(prestation__in=prestations).order_by("-du").prefetch_related("tranches")


class Tarif(Parametre):
    """Price of a prestation from a date on, until the next one begins."""

    prestation = models.ForeignKey(
        Prestation, models.PROTECT, related_name="tarifs", verbose_name="prestation"
    )
    du = models.DateField("à partir du")
    mode = models.CharField("mode", max_length=10, choices=ModeTarif, default=ModeTarif.FIXE)
    montant = _montant("prix unique (€)")
    taux = models.DecimalField("taux (% du quotient)", max_digits=7, decimal_places=4, null=True, blank=True)
    plancher = _montant("plancher (€)")
    plafond = _montant("plafond (€)")
    prix_hors_commune = _montant("prix hors commune (€)", help_text="Vide : le même prix pour tous.")
    prix_pai = _montant(
        "prix avec panier fourni (PAI) (€)", help_text="Repas apporté par la famille. Vide : prix ordinaire."
    )
    prix_hors_contrat = _montant(
        "prix d’une présence sans réservation (€)", help_text="Vide : prix ordinaire."
    )
    prix_absence = _montant(
        "prix d’une absence facturée (€)", help_text="Signalée ou non. Vide : prix ordinaire."
    )
    majoration = _montant("majoration d’une réservation tardive")
    majoration_en = models.CharField(
        "majoration exprimée", max_length=10, choices=ModeMajoration, default=ModeMajoration.EUROS
    )
    facturer_non_pointe = models.BooleanField(
        "facturer une journée réservée sans pointage",
        default=True,
        help_text="Sans effet sur ce qui se facture à terme à échoir.",
    )
    cout_reel = _montant(
        "coût réel déclaré (€)", help_text="Aucun prix, majoration comprise, ne peut le dépasser."
    )

    objects = TarifQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "tarif"
        ordering = ["prestation__ordre", "-du"]
        constraints = [
            models.UniqueConstraint(
                fields=["prestation", "du"],
                name="tarif_unique",
                violation_error_message="Cette prestation a déjà un tarif qui commence ce jour-là.",
            ),
            models.CheckConstraint(
                condition=~Q(mode=ModeTarif.FIXE) | Q(montant__isnull=False),
                name="tarif_fixe",
                violation_error_message="Indiquez le prix unique.",
            ),
            models.CheckConstraint(
                condition=~Q(mode=ModeTarif.TAUX)
                | Q(
                    taux__isnull=False,
                    plancher__isnull=False,
                    plafond__isnull=False,
                    plafond__gte=F("plancher"),
                ),
                name="tarif_taux",
                violation_error_message="Indiquez le taux, le plancher et un plafond au moins égal.",
            ),
            models.CheckConstraint(
                condition=Q(*(Q(**{champ: None}) | Q(**{f"{champ}__gte": 0}) for champ in MONTANTS))
                & (Q(taux=None) | Q(taux__gte=0)),
                name="tarif_positif",
                violation_error_message="Un prix n’est pas négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.prestation} à partir du {jour_chiffres(self.du)}"


class TrancheTarif(Parametre):
    tarif = models.ForeignKey(Tarif, models.CASCADE, related_name="tranches", verbose_name="tarif")
    jusqu_a = models.DecimalField(
        "quotient jusqu’à (compris)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Vide : la dernière tranche.",
    )
    prix = _montant("prix (€)", null=False, blank=False)

    class Meta:
        verbose_name = "tranche"
        ordering = [F("jusqu_a").asc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["tarif", "jusqu_a"],
                name="tranche_unique",
                violation_error_message="Deux tranches finissent au même quotient.",
            ),
            models.UniqueConstraint(
                fields=["tarif"],
                condition=Q(jusqu_a=None),
                name="tranche_derniere_unique",
                violation_error_message="Une seule tranche est sans limite.",
            ),
            models.CheckConstraint(
                condition=Q(prix__gte=0) & (Q(jusqu_a=None) | Q(jusqu_a__gt=0)),
                name="tranche_positive",
                violation_error_message="Un prix n’est pas négatif, une tranche finit au-dessus de zéro.",
            ),
        ]

    def __str__(self):
        return "dernière tranche" if self.jusqu_a is None else f"jusqu’à {self.jusqu_a}".replace(".", ",")
