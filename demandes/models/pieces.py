"""Documents joined to a request: encrypted, and of nobody's request until it is deposited."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from demandes.enums import ACCORDEES, NatureDemande
from demandes.models.demandes import Demande
from familles.chiffrement import CleFichier, TexteChiffre
from familles.horloge import aujourdhui, maintenant
from familles.models import Enfant, Famille
from familles.planches import PAGES_AU_PLUS

# A form refused today is corrected tomorrow; what was never sent is then thrown away.
GARDE = timedelta(hours=24)


class PieceJointeQuerySet(models.QuerySet):
    def pour(self, acces):
        """Of the requests that this adult may read, and those that he or she has not sent yet.

        A document tells more than its request (a proof of address joined to an inscription): adults who live
        apart each read their own alone, and so does a couple of whom one hides his or her details. What the
        structure keeps of an accepted health form (the PAI) is the child's, in each of its homes: its nature
        says who sees it.
        """
        if acces.responsable is None:
            return self.none()
        siennes = Q(demande__deposant=acces.responsable)
        de_l_enfant = Q(demande__nature=NatureDemande.SANITAIRE, demande__etat__in=ACCORDEES)
        tenus = Q(demande__enfant__in=Enfant.objects.tenus_par(acces.famille, aujourdhui()))
        if acces.vie_commune:
            siennes |= Q(demande__deposant=None) | Q(demande__deposant__coordonnees_masquees=False)
        envoyees = Q(demande__in=Demande.objects.pour(acces)) & (siennes | de_l_enfant)
        return self.filter(envoyees | (de_l_enfant & tenus) | self._en_cours(acces))

    def en_cours(self, acces):
        """Chosen by this account for this family, and not sent yet."""
        return self.filter(self._en_cours(acces))

    @staticmethod
    def _en_cours(acces) -> Q:
        return Q(demande=None, famille=acces.famille, depose_par=acces.utilisateur)

    def oubliees(self):
        return self.filter(demande=None, deposee_le__lt=maintenant() - GARDE)


class PieceJointe(models.Model):
    """A file as `familles.pieces` lets it through; its name is shown, never used to store it."""

    demande = models.ForeignKey(
        Demande, models.CASCADE, null=True, blank=True, related_name="pieces", verbose_name="demande"
    )
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="+", verbose_name="famille")
    champ = models.CharField("type d’information", max_length=14, choices=NatureDemande)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="déposée par"
    )
    # Its name may tell of an illness.
    nom = TexteChiffre("nom")
    cle = CleFichier()
    type_mime = models.CharField("type", max_length=40)
    taille = models.PositiveIntegerField("taille en octets")
    pages = models.PositiveIntegerField("pages", default=0, editable=False, help_text="D’un PDF.")
    sha256 = models.CharField("empreinte", max_length=64, editable=False)
    deposee_le = models.DateTimeField("déposée le", default=maintenant, editable=False)

    objects = PieceJointeQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["deposee_le"], condition=Q(demande=None), name="piece_jamais_envoyee")
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("demandes:piece", args=[self.pk])

    @property
    def est_image(self) -> bool:
        return self.type_mime.startswith("image/")

    @property
    def planches(self) -> list[str]:
        """The addresses of the first pages of a PDF, as pictures."""
        pages = range(1, min(self.pages, PAGES_AU_PLUS) + 1)
        return [reverse("demandes:planche", args=[self.pk, page]) for page in pages]

    @property
    def pages_cachees(self) -> int:
        return max(self.pages - PAGES_AU_PLUS, 0)
