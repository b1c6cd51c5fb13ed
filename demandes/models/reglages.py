"""What the town settles about requests: reasons of refusal, what silence means, the text to sign."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models

from demandes.enums import NatureDemande
from demandes.models.demandes import Demande
from familles.horloge import aujourdhui, maintenant
from familles.models import Responsable


class MotifRefusQuerySet(models.QuerySet):
    def pour_nature(self, nature: str):
        return self.filter(models.Q(nature="") | models.Q(nature=nature))


class MotifRefus(models.Model):
    """A ready-made reason, offered to who refuses; the words that the family reads may be changed then."""

    texte = models.CharField("texte", max_length=300, unique=True)
    nature = models.CharField(
        "type d’information",
        max_length=14,
        choices=NatureDemande,
        blank=True,
        help_text="Vide : proposé pour toutes les demandes.",
    )

    objects = MotifRefusQuerySet.as_manager()

    class Meta:
        verbose_name = "motif de refus"
        verbose_name_plural = "motifs de refus"
        ordering = ["texte"]

    def __str__(self):
        return self.texte


class SuiteDuSilenceQuerySet(models.QuerySet):
    def de(self, nature: str) -> str:
        """The town's sentence for a nature; empty when it has none."""
        return self.filter(nature=nature).values_list("texte", flat=True).first() or ""


class SuiteDuSilence(models.Model):
    """What it means when no answer comes, in the town's words: printed on each acknowledgement."""

    nature = models.CharField("type d’information", max_length=14, choices=NatureDemande, unique=True)
    texte = models.TextField(
        "ce que vaut l’absence de réponse",
        max_length=600,
        help_text="« Sans réponse dans les deux mois, votre demande est refusée », par exemple.",
    )

    objects = SuiteDuSilenceQuerySet.as_manager()

    class Meta:
        verbose_name = "suite du silence"
        verbose_name_plural = "suites du silence"
        ordering = ["nature"]

    def __str__(self):
        return self.get_nature_display()


class VersionReglementQuerySet(models.QuerySet):
    def a_signer(self, annees) -> "dict[int, VersionReglement]":
        """By school year, the text that will hold on its first day, or that holds today once it has begun."""
        limites = {annee.pk: max(annee.debut, aujourdhui()) for annee in annees}
        versions = list(self.filter(du__lte=max(limites.values(), default=date.min)).order_by("-du"))
        trouvees = {pk: next((v for v in versions if v.du <= limite), None) for pk, limite in limites.items()}
        return {pk: version for pk, version in trouvees.items() if version}


class VersionReglement(models.Model):
    """The text that a family signs with an inscription; once signed, it never changes again."""

    titre = models.CharField("titre", max_length=120, default="Règlement intérieur")
    du = models.DateField("en vigueur depuis le", unique=True)
    texte = models.TextField("texte")

    objects = VersionReglementQuerySet.as_manager()

    class Meta:
        verbose_name = "version du règlement intérieur"
        verbose_name_plural = "versions du règlement intérieur"
        ordering = ["-du"]

    def __str__(self):
        return f"{self.titre}, version du {self.du:%d/%m/%Y}"

    @property
    def signee(self) -> bool:
        return self.pk is not None and self.signatures.exists()

    def save(self, *args, **kwargs):
        if self.signee:
            raise ValidationError("Des familles ont signé cette version : écrivez-en une nouvelle.")
        super().save(*args, **kwargs)


class SignatureReglement(models.Model):
    """Who signed which version, with which request."""

    demande = models.OneToOneField(Demande, models.PROTECT, related_name="signature", verbose_name="demande")
    version = models.ForeignKey(
        VersionReglement, models.PROTECT, related_name="signatures", verbose_name="version"
    )
    responsable = models.ForeignKey(Responsable, models.PROTECT, related_name="+", verbose_name="responsable")
    nom = models.CharField("nom écrit par le signataire", max_length=160)
    signee_le = models.DateTimeField("signée le", default=maintenant, editable=False)

    class Meta:
        verbose_name = "signature du règlement intérieur"
        verbose_name_plural = "signatures du règlement intérieur"
        ordering = ["-signee_le"]

    def __str__(self):
        return f"Signature de la demande {self.demande_id}"
