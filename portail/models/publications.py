"""What the structure publishes for families: documents and news, for all or for some, from a day to a day."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from familles.chiffrement import CleFichier
from familles.horloge import aujourdhui
from familles.models import Ecole, Inscription, Parametre, Prestation, Rattachement, Scolarite, en_vigueur


class PublicationQuerySet(models.QuerySet):
    def publies(self, jour):
        """Those that are out that day."""
        return self.filter(Q(publie_au=None) | Q(publie_au__gte=jour), publie_du__lte=jour)

    def pour(self, acces, jour):
        """Those that this family may read that day: for all, or for what its children attend. One query."""
        if acces.famille is None:
            return self.none()
        enfants = Rattachement.objects.filter(en_vigueur(jour), famille=acces.famille).values("enfant")
        scolarites = Scolarite.objects.filter(
            en_vigueur(jour), enfant__in=enfants, ecole=models.OuterRef("ecole")
        )
        dans_l_ecole = models.Exists(scolarites)
        dans_la_classe = models.Exists(scolarites.filter(classe__iexact=models.OuterRef("classe")))
        inscrit = Inscription.objects.au_jour(jour).filter(famille=acces.famille).values("prestation")
        return self.publies(jour).filter(
            Q(ecole=None, prestation=None)
            | Q(dans_l_ecole, ecole__isnull=False, classe="")
            | Q(dans_la_classe, ecole__isnull=False)
            | Q(prestation__in=inscrit)
        )


class DocumentQuerySet(PublicationQuerySet):
    def pour(self, acces, jour):
        """As for any publication, and what is joined to the news that this family may read."""
        joints = Nouvelle.objects.pour(acces, jour).exclude(document=None).order_by().values("document")
        return self.filter(Q(pk__in=super().pour(acces, jour).values("pk")) | Q(pk__in=joints))


class Publication(models.Model):
    """Base: for whom, from when to when."""

    titre = models.CharField("titre", max_length=120)
    ecole = models.ForeignKey(
        Ecole,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="école",
        help_text="Vide : toutes les familles.",
    )
    classe = models.CharField("classe", max_length=40, blank=True, help_text="Vide : toute l’école choisie.")
    prestation = models.ForeignKey(
        Prestation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="prestation",
        help_text="Pour les familles qui y sont inscrites.",
    )
    publie_du = models.DateField("publié du", default=aujourdhui)
    publie_au = models.DateField("publié jusqu’au", null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-publie_du", "titre"]
        constraints = [
            models.CheckConstraint(
                condition=Q(publie_au=None) | Q(publie_au__gte=F("publie_du")),
                name="%(class)s_dates",
                violation_error_message="La fin de publication ne peut précéder son début.",
            ),
            models.CheckConstraint(
                condition=Q(ecole=None) | Q(prestation=None),
                name="%(class)s_public",
                violation_error_message="Choisissez une école ou une prestation, pas les deux.",
            ),
            models.CheckConstraint(
                condition=Q(classe="") | Q(ecole__isnull=False),
                name="%(class)s_classe",
                violation_error_message="Une classe se choisit dans une école.",
            ),
        ]

    def __str__(self):
        return self.titre


class Rubrique(models.TextChoices):
    """The order is that of the page."""

    MENUS = "MENUS", "Menus de la cantine et allergènes"
    REGLEMENT = "REGLEMENT", "Règlement intérieur"
    FORMULAIRES = "FORMULAIRES", "Formulaires"
    AUTRES = "AUTRES", "Autres documents"


class Document(Publication):
    """A PDF: house rules, menus, calendar. The file lies encrypted in the coffre."""

    description = models.CharField("description", max_length=240, blank=True)
    rubrique = models.CharField("rubrique", max_length=12, choices=Rubrique, default=Rubrique.AUTRES)
    fichier_cle = CleFichier()
    taille = models.PositiveIntegerField("taille en octets", editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = "document"

    def get_absolute_url(self):
        return reverse("portail:document", args=[self.pk])


class Nouvelle(Parametre, Publication):
    """News on the home page, with a document to open if there is one; read by every home page, so cached."""

    texte = models.TextField("texte", max_length=2_000)
    document = models.ForeignKey(
        Document,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="document joint",
        help_text="Lu des mêmes familles, le temps de la nouvelle.",
    )

    class Meta(Publication.Meta):
        verbose_name = "nouvelle"
