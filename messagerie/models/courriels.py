"""The outbox of the e-mails that announce what the inbox holds."""

from django.db import models
from django.db.models import Q

from familles.horloge import maintenant


class CourrielQuerySet(models.QuerySet):
    def a_partir(self, instant):
        """Those whose time has come and that no worker holds."""
        return self.filter(envoye_le=None, pris_le=None, prochain_essai__lte=instant)

    def abandonnes(self):
        return self.filter(envoye_le=None, prochain_essai=None)


class Courriel(models.Model):
    """Outbox: written in the transaction of its event, sent by a worker, at least once.

    Holds identifiers only: the text is made when it leaves, from the template and the rows, and the address
    is then that of its readers' files (`messagerie.taches.diriger`).
    """

    evenement = models.CharField("événement", max_length=80)
    destinataire = models.EmailField("destinataire")
    sujet = models.CharField("sujet", max_length=200)
    gabarit = models.CharField("gabarit", max_length=80)
    contexte = models.JSONField("identifiants", default=dict, blank=True)
    cree_le = models.DateTimeField("créé le", default=maintenant)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    prochain_essai = models.DateTimeField("prochain essai", null=True, blank=True, default=maintenant)
    pris_le = models.DateTimeField("pris le", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    derniere_erreur = models.CharField("dernière erreur", max_length=120, blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["prochain_essai"], condition=Q(envoye_le=None), name="courriel_a_envoyer")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["evenement", "destinataire"],
                name="courriel_unique",
                violation_error_message="Ce courriel est déjà prêt à partir.",
            ),
        ]

    @property
    def du_personnel(self) -> int | None:
        """The account of the staff whose digest it is."""
        return self.contexte.get("compte")

    @property
    def lecteurs(self) -> list[int]:
        """The adults for whom it was written."""
        return self.contexte.get("lecteurs", [])

    def __str__(self):
        return self.sujet
