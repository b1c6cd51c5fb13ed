"""Invoices and credit notes: frozen copies, their lines, and the days they bill."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Round
from django.urls import reverse

from facturation.enums import NatureFacture
from facturation.models.figes import EcritFige, EcritFigeQuerySet
from familles.chiffrement import CleFichier
from familles.enums import NatureFiscale
from familles.horloge import maintenant
from familles.models import Enfant, Famille, Prestation, Regie

ZERO = Decimal("0.00")


def champ_montant(libelle: str, **options) -> models.DecimalField:
    return models.DecimalField(libelle, max_digits=10, decimal_places=2, **options)


def somme(lignes, champ: str, groupe: str) -> Coalesce:
    """Subquery: the sum of `champ` over the rows whose `groupe` is the outer row."""
    total = lignes.filter(**{groupe: OuterRef("pk")}).order_by().values(groupe).annotate(s=Sum(champ))
    return Coalesce(Subquery(total.values("s")), ZERO, output_field=models.DecimalField())


class FactureQuerySet(EcritFigeQuerySet):
    def pour(self, acces):
        """What this adult may see: the separated conjoint sees no bill of the other."""
        return self.filter(famille=acces.famille) if acces.famille and acces.complet else self.none()

    def factures(self):
        return self.filter(nature=NatureFacture.FACTURE)

    def avec_reste(self):
        """Adds `reste`: what is still due, credit notes and payments deducted."""
        # Rounded: SQLite adds decimals as binary numbers.
        return self.annotate(
            reste=Round(
                F("total")
                + somme(Facture.objects.filter(avoir_de__isnull=False), "total", "avoir_de")
                - somme(self.model.imputations.rel.related_model.objects, "montant", "facture"),
                precision=2,
                output_field=champ_montant("reste"),
            )
        )

    def impayees(self):
        """Invoices with something still due, the oldest first."""
        return self.factures().avec_reste().filter(reste__gt=0).order_by("date", "numero")

    def sans_pdf(self):
        return self.filter(pdf_cle="")

    def retenir_pdf(self, facture_id: int, cle: str, empreinte: str) -> bool:
        """Keep the PDF of an invoice that has none yet; False when another was faster."""
        return bool(self.filter(pk=facture_id, pdf_cle="")._corriger(pdf_cle=cle, pdf_sha256=empreinte))


class Facture(EcritFige):
    """An invoice or a credit note, as it was sent: a later change of the file does not touch it."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="factures", verbose_name="régie")
    numero = models.PositiveIntegerField("numéro dans la série")
    numero_imprime = models.CharField("n° facture", max_length=20, unique=True)
    nature = models.CharField("nature", max_length=8, choices=NatureFacture, default=NatureFacture.FACTURE)
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="factures", verbose_name="famille")
    date = models.DateField("date facture")
    du = models.DateField("du")
    au = models.DateField("au")
    echeance = models.DateField("date d’échéance", null=True, blank=True)
    total = champ_montant("montant")
    solde_anterieur = champ_montant("solde antérieur", default=ZERO)
    # The issuer, as it was.
    emetteur_nom = models.CharField("émetteur", max_length=120)
    emetteur_adresse = models.CharField("adresse de l’émetteur", max_length=200, blank=True)
    emetteur_code_postal = models.CharField("code postal de l’émetteur", max_length=5, blank=True)
    emetteur_ville = models.CharField("ville de l’émetteur", max_length=80, blank=True)
    emetteur_siret = models.CharField("SIRET", max_length=14, blank=True)
    emetteur_contact = models.CharField("contact de l’émetteur", max_length=200, blank=True)
    regie_nom = models.CharField("nom de la régie", max_length=120)
    # The debtor, as it was: the letter goes to the first adult, at his or her own address.
    destinataire = models.CharField("destinataire", max_length=200)
    destinataire_adresse = models.CharField("adresse", max_length=200, blank=True)
    destinataire_code_postal = models.CharField("code postal", max_length=5, blank=True)
    destinataire_ville = models.CharField("ville", max_length=80, blank=True)
    redevables = models.CharField("redevables", max_length=300, blank=True)
    famille_numero = models.CharField("n° famille", max_length=13, blank=True)
    ordre_cheques = models.CharField("ordre des chèques", max_length=120, blank=True)
    instructions = models.TextField("instructions de paiement", blank=True)
    mentions = models.TextField("mentions", blank=True)
    # A credit note points at what it corrects.
    avoir_de = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="avoirs", verbose_name="avoir de"
    )
    motif = models.CharField("motif", max_length=200, blank=True)
    emise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="émise par",
    )
    emise_le = models.DateTimeField("émise le", default=maintenant)
    pdf_cle = CleFichier(blank=True)
    pdf_sha256 = models.CharField("empreinte du PDF", max_length=64, blank=True, editable=False)

    objects = FactureQuerySet.as_manager()

    class Meta:
        verbose_name = "facture"
        ordering = ["-date", "-numero"]
        indexes = [models.Index(fields=["famille", "date"])]
        constraints = [
            models.UniqueConstraint(
                fields=["regie", "numero"],
                name="facture_numero_unique",
                violation_error_message="Ce numéro est déjà celui d’une facture de la régie.",
            ),
            models.CheckConstraint(
                condition=Q(nature=NatureFacture.FACTURE, total__gte=0, avoir_de=None)
                | Q(nature=NatureFacture.AVOIR, total__lte=0, avoir_de__isnull=False),
                name="facture_signe",
                violation_error_message="Une facture est positive ; un avoir, négatif, nomme sa facture.",
            ),
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="facture_periode",
                violation_error_message="La fin ne peut précéder le début.",
            ),
        ]

    def __str__(self):
        return self.numero_imprime

    def get_absolute_url(self):
        return reverse("facturation:facture_pdf", args=[self.numero_imprime])

    @property
    def est_avoir(self) -> bool:
        return self.nature == NatureFacture.AVOIR


class LigneFacture(EcritFige):
    """A line as printed: names are copies, keys are kept for the accounts."""

    facture = models.ForeignKey(Facture, models.PROTECT, related_name="lignes", verbose_name="facture")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    enfant = models.ForeignKey(
        Enfant, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enfant"
    )
    enfant_nom = models.CharField("nom de l’enfant", max_length=180, blank=True)
    prestation = models.ForeignKey(
        Prestation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prestation"
    )
    libelle = models.CharField("libellé", max_length=200)
    quantite = models.IntegerField("quantité")
    prix_unitaire = champ_montant("prix unitaire")
    montant = champ_montant("montant")
    jours = models.TextField("jours", blank=True)
    explication = models.TextField("explication", blank=True)
    nature_fiscale = models.CharField(
        "nature fiscale", max_length=10, choices=NatureFiscale, default=NatureFiscale.GARDE
    )

    class Meta:
        verbose_name = "ligne de facture"
        verbose_name_plural = "lignes de facture"
        ordering = ["facture_id", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["facture", "ordre"],
                name="ligne_ordre_unique",
                violation_error_message="Deux lignes ont le même rang.",
            ),
            models.CheckConstraint(
                condition=Q(prix_unitaire__gte=0),
                name="ligne_prix_positif",
                violation_error_message="Un prix n’est pas négatif : un avoir porte une quantité négative.",
            ),
        ]

    def __str__(self):
        return f"{self.quantite} × {self.libelle}"
