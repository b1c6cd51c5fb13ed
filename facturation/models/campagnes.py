"""A month's billing under way: what was asked, how far it went, who could not be billed."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from facturation.enums import EtatCampagne
from facturation.models.factures import ZERO, champ_montant
from familles.francais import mois_en_lettres
from familles.horloge import maintenant
from familles.models import Regie

# A batch takes a second or two: silent for longer, whoever worked on it is gone.
SILENCE = timedelta(minutes=2)


class CampagneQuerySet(models.QuerySet):
    def repere(self, regie: Regie) -> tuple[int, int]:
        """How far the billing of a régie went: a preview read before holds only while this is the same."""
        return self.filter(regie=regie).order_by("-pk").values_list("pk", "rang").first() or (0, 0)


class Campagne(models.Model):
    """Each batch moves `rang` in its own transaction: killed at any moment, it goes on where it was."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="campagnes", verbose_name="régie")
    du = models.DateField("du")
    au = models.DateField("au")
    etat = models.CharField("état", max_length=8, choices=EtatCampagne, default=EtatCampagne.EN_COURS)
    familles = models.JSONField("familles à facturer", default=list, blank=True)
    rang = models.PositiveIntegerField("familles traitées", default=0)
    emises = models.PositiveIntegerField("factures émises", default=0)
    montant = champ_montant("montant émis", default=ZERO)
    echecs = models.JSONField("familles en échec", default=list, blank=True)
    lancee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="lancée par"
    )
    lancee_le = models.DateTimeField("lancée le", default=maintenant)
    battement = models.DateTimeField("dernier signe de vie", default=maintenant)
    terminee_le = models.DateTimeField("terminée le", null=True, blank=True)

    objects = CampagneQuerySet.as_manager()

    class Meta:
        verbose_name = "facturation d’un mois"
        verbose_name_plural = "facturations de mois"
        ordering = ["-lancee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["regie"],
                condition=Q(etat=EtatCampagne.EN_COURS),
                name="campagne_une_seule_en_cours",
                violation_error_message="Une facturation de cette régie est déjà en cours.",
            ),
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="campagne_periode",
                violation_error_message="La fin ne peut précéder le début.",
            ),
        ]

    def __str__(self):
        return f"{self.regie}, {mois_en_lettres(self.du)}"

    def get_absolute_url(self):
        return reverse("admin:facturation_campagne_change", args=[self.pk])

    @property
    def en_cours(self) -> bool:
        return self.etat == EtatCampagne.EN_COURS

    @property
    def nombre(self) -> int:
        return len(self.familles)

    @property
    def silencieuse(self) -> bool:
        """Nobody works on it any more."""
        return self.en_cours and maintenant() - self.battement > SILENCE
