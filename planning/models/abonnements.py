"""The secret address at which a calendar program reads the planning of a family."""

import hashlib
import secrets

from django.db import models

from familles.horloge import maintenant
from familles.models import Responsable

OCTETS = 32


def empreinte(jeton: str) -> str:
    """A token of 256 random bits needs no slow hash: nobody guesses it from its fingerprint."""
    return hashlib.sha256(jeton.encode()).hexdigest()


class AbonnementQuerySet(models.QuerySet):
    def du_jeton(self, jeton: str):
        return self.filter(empreinte=empreinte(jeton))


class AbonnementCalendrier(models.Model):
    """One per adult, so that it shows what he or she may see, and ends with that right."""

    responsable = models.OneToOneField(
        Responsable, models.CASCADE, related_name="abonnement_calendrier", verbose_name="responsable"
    )
    # The address itself is shown once, when it is made.
    empreinte = models.CharField("empreinte de l’adresse", max_length=64, unique=True, editable=False)
    cree_le = models.DateTimeField("créé le", default=maintenant)

    objects = AbonnementQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement au calendrier"
        verbose_name_plural = "abonnements au calendrier"

    def __str__(self):
        return f"Abonnement du {self.cree_le:%d/%m/%Y}"

    def renouveler(self) -> str:
        """A new address, which is returned and never kept; the former one no longer answers."""
        jeton = secrets.token_urlsafe(OCTETS)
        self.empreinte, self.cree_le = empreinte(jeton), maintenant()
        self.save()
        return jeton
