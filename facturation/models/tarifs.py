"""Dated prices of the prestations, edited by the accountant."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from facturation.enums import ModeMajoration, ModeTarif
from familles.francais import enumerer, jour_chiffres
from familles.models import Parametre, Prestation


def _montant(libelle: str, **options) -> models.DecimalField:
    return models.DecimalField(
        libelle, max_digits=8, decimal_places=2, **{"null": True, "blank": True, **options}
    )


# Amounts that a price may have or not; each is a field of the pure grid as well.
MONTANTS = (
    "montant",
    "plancher",
    "plafond",
    "prix_hors_commune",
    "prix_pai",
    "prix_occasionnel",
    "prix_hors_contrat",
    "coefficient_hors_contrat",
    "prix_absence",
    "majoration",
    "forfait_mensuel",
    "cout_reel",
)
SEUILS = ("occasionnel_jusqu_a", "hors_contrat_des", "forfait_au_dela")


def normaliser_niveaux(texte: str) -> str:
    """« ps , Ms » → « PS, MS »."""
    return ", ".join(filter(None, (n.strip().upper() for n in texte.split(","))))


def _seuil(libelle: str, *, maximum: int = 31, **options) -> models.PositiveSmallIntegerField:
    """A number of days or presences, of a month at most unless said otherwise."""
    options = {"null": True, "blank": True, "validators": [MaxValueValidator(maximum)], **options}
    return models.PositiveSmallIntegerField(libelle, **options)


class TarifQuerySet(models.QuerySet):
    def des(self, prestations):
        """Prices of these prestations, the latest first, with their brackets and what the rank gives."""
        return (
            self.filter(prestation__in=prestations)
            .order_by("-du", "pk")
            .prefetch_related("tranches", "remises")
        )


class Tarif(Parametre):
    """Price of a prestation from a date on, until the next one of the same levels begins."""

    prestation = models.ForeignKey(
        Prestation, models.PROTECT, related_name="tarifs", verbose_name="prestation"
    )
    du = models.DateField("à partir du")
    niveaux = models.CharField(
        "niveaux ou classes",
        max_length=200,
        blank=True,
        help_text="« PS, MS, GS », par exemple. Vide : tous ceux qui n’ont pas un tarif à eux.",
    )
    mode = models.CharField("mode", max_length=10, choices=ModeTarif, default=ModeTarif.FIXE)
    montant = _montant("prix unique (€)")
    taux = models.DecimalField("taux (% du quotient)", max_digits=7, decimal_places=4, null=True, blank=True)
    plancher = _montant("plancher (€)")
    plafond = _montant("plafond (€)")
    prix_hors_commune = _montant("prix hors commune (€)", help_text="Vide : le même prix pour tous.")
    prix_pai = _montant(
        "prix avec panier fourni (PAI) (€)", help_text="Repas apporté par la famille. Vide : prix ordinaire."
    )
    prix_occasionnel = _montant(
        "prix occasionnel (€)", help_text="Vide : le même prix, régulier ou occasionnel."
    )
    occasionnel_jusqu_a = _seuil(
        "occasionnel jusqu’à (présences par mois)",
        help_text="Décidé à la fin du mois. Vide : décidé avant, par la réservation elle-même.",
    )
    prix_hors_contrat = _montant(
        "prix d’une présence sans réservation (€)", help_text="Vide : prix ordinaire."
    )
    coefficient_hors_contrat = _montant(
        "ou prix ordinaire multiplié par", help_text="« 2 » : prix double. Vide : pas de coefficient."
    )
    hors_contrat_des = _seuil(
        "à partir de la énième de l’année",
        maximum=366,
        null=False,
        default=1,
        help_text="« 7 » : les six premières de l’année scolaire restent au prix ordinaire.",
    )
    prix_absence = _montant(
        "prix d’une absence facturée (€)", help_text="Signalée ou non. Vide : prix ordinaire."
    )
    jours_carence = _seuil(
        "premiers jours d’absence excusée facturés",
        null=False,
        default=0,
        help_text="« 1 » : le premier jour reste dû, les suivants sont déduits (absences demandées par la "
        "famille ; un congé posé par la structure n’a pas de carence).",
    )
    majoration = _montant("majoration d’une réservation tardive")
    majoration_en = models.CharField(
        "majoration exprimée", max_length=10, choices=ModeMajoration, default=ModeMajoration.EUROS
    )
    forfait_mensuel = _montant(
        "forfait ou plafond mensuel (€)", help_text="Remplace les jours au prix ordinaire du mois."
    )
    forfait_au_dela = _seuil(
        "au-delà de (présences par mois)",
        help_text="Vide : dès que les jours du mois coûteraient plus que ce montant.",
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
                fields=["prestation", "du", "niveaux"],
                name="tarif_unique",
                violation_error_message="Cette prestation a déjà un tarif qui commence ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(prix_hors_contrat=None) | Q(coefficient_hors_contrat=None),
                name="tarif_hors_contrat",
                violation_error_message="Sans réservation : un prix ou un coefficient, pas les deux.",
            ),
            models.CheckConstraint(
                condition=Q(hors_contrat_des__gte=1)
                & (Q(forfait_au_dela=None) | Q(forfait_mensuel__isnull=False))
                & (Q(occasionnel_jusqu_a=None) | Q(prix_occasionnel__isnull=False)),
                name="tarif_seuils",
                violation_error_message="Un nombre de présences accompagne son prix (forfait, occasionnel), "
                "et l’on compte à partir de 1.",
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
        niveaux = f" ({self.niveaux})" if self.niveaux else ""
        return f"{self.prestation}{niveaux} à partir du {jour_chiffres(self.du)}"

    def save(self, *args, **kwargs):
        self.niveaux = normaliser_niveaux(self.niveaux)
        super().save(*args, **kwargs)

    def clean(self):
        """Of two rows that begin the same day, a child would pay whichever is read first."""
        if self.prestation_id is None or self.du is None:
            return
        self.niveaux = normaliser_niveaux(self.niveaux)
        autres = Tarif.objects.filter(prestation=self.prestation_id, du=self.du).exclude(pk=self.pk)
        for autre in autres.select_related("prestation").order_by("pk"):
            communs = sorted(self.liste_niveaux & autre.liste_niveaux)
            if communs:
                raise ValidationError(
                    {
                        "niveaux": f"Le tarif « {autre} » donne déjà un prix ce jour-là pour "
                        f"{enumerer(communs)} : retirez-le de l’un des deux."
                    }
                )

    @property
    def liste_niveaux(self) -> frozenset[str]:
        return frozenset(filter(None, self.niveaux.split(", ")))


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


class RemiseRang(Parametre):
    """What the second child pays less, the third…: among the children of the paying family, by age."""

    tarif = models.ForeignKey(Tarif, models.CASCADE, related_name="remises", verbose_name="tarif")
    rang = models.PositiveSmallIntegerField(
        "à partir du rang",
        validators=[MaxValueValidator(20)],
        help_text="2 : le deuxième enfant de la famille et les suivants.",
    )
    valeur = _montant("valeur", null=False, blank=False)
    en = models.CharField("exprimée", max_length=10, choices=ModeMajoration, default=ModeMajoration.POURCENT)

    class Meta:
        verbose_name = "remise par rang"
        verbose_name_plural = "remises par rang de l’enfant (sur le prix ordinaire)"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["tarif", "rang"],
                name="remise_unique",
                violation_error_message="Ce rang a déjà sa remise.",
            ),
            models.CheckConstraint(
                condition=Q(rang__gte=2, valeur__gte=0)
                & (~Q(en=ModeMajoration.POURCENT) | Q(valeur__lte=100)),
                name="remise_bornes",
                # A message is a %-format: a percent sign is written twice.
                violation_error_message="Une remise commence au deuxième enfant et ne dépasse pas 100 %%.",
            ),
        ]

    def __str__(self):
        return f"à partir du {self.rang}e enfant"
