"""Infos./Documents: what the structure hands to every family."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from familles.horloge import aujourdhui


class DocumentQuerySet(models.QuerySet):
    def publies(self, jour):
        """Those that families may read that day."""
        return self.filter(Q(publie_au=None) | Q(publie_au__gte=jour), publie_du__lte=jour)


class Document(models.Model):
    """A PDF for all families: house rules, menus, calendar. The file lies encrypted in the coffre."""

    titre = models.CharField("titre", max_length=120)
    description = models.CharField("description", max_length=240, blank=True)
    publie_du = models.DateField("publié du", default=aujourdhui)
    publie_au = models.DateField("publié jusqu’au", null=True, blank=True)
    fichier_cle = models.CharField(max_length=32, editable=False)
    taille = models.PositiveIntegerField("taille en octets", editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        ordering = ["-publie_du", "titre"]
        constraints = [
            models.CheckConstraint(
                condition=Q(publie_au=None) | Q(publie_au__gte=F("publie_du")),
                name="document_dates",
                violation_error_message="La fin de publication ne peut précéder son début.",
            )
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("portail:document", args=[self.pk])
