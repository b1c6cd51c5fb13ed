"""Writing to many at once, and ready-made answers."""

from django.db import models

from familles.horloge import maintenant
from familles.models import Utilisateur


class Diffusion(models.Model):
    """A message to a group: one per family, sent once whatever the number of clicks."""

    jeton = models.UUIDField(unique=True, editable=False)
    public = models.CharField("destinataires", max_length=200)
    sujet = models.CharField("sujet", max_length=150)
    nombre = models.PositiveIntegerField("familles")
    par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="par")
    le = models.DateTimeField("envoyée le", default=maintenant)

    class Meta:
        verbose_name = "message à un groupe"
        verbose_name_plural = "messages à un groupe"
        ordering = ["-le"]

    def __str__(self):
        return self.sujet


class ReponseType(models.Model):
    """A ready-made answer, offered to who answers a family."""

    titre = models.CharField("titre", max_length=80, unique=True)
    texte = models.TextField("texte", max_length=5_000)

    class Meta:
        verbose_name = "réponse type"
        verbose_name_plural = "réponses types"
        ordering = ["titre"]

    def __str__(self):
        return self.titre
