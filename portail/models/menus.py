"""The menus of a week, published for all, for a school or for a prestation."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from familles.models import Ecole, Inscription, Parametre, Prestation, Rattachement, Scolarite, en_vigueur
from portail.menus import Plat

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")


def lundi_de(jour: date) -> date:
    return jour - timedelta(days=jour.weekday())


class MenuQuerySet(models.QuerySet):
    def publies(self):
        return self.filter(publie=True)

    def pour(self, acces, jour):
        """Those of what the family's children attend that day, and those for all. One query."""
        if acces.famille is None:
            return self.none()
        enfants = Rattachement.objects.filter(en_vigueur(jour), famille=acces.famille).values("enfant")
        ecoles = Scolarite.objects.filter(en_vigueur(jour), enfant__in=enfants).values("ecole")
        inscrit = Inscription.objects.au_jour(jour).filter(famille=acces.famille).values("prestation")
        return self.filter(Q(ecole=None, prestation=None) | Q(ecole__in=ecoles) | Q(prestation__in=inscrit))


class Menu(Parametre):
    """A week of dishes; read by every home page, so cached with the settings."""

    semaine = models.DateField("semaine du", help_text="Un jour de la semaine : le lundi est retenu.")
    ecole = models.ForeignKey(
        Ecole,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="école",
        help_text="Vide : toutes les familles.",
    )
    prestation = models.ForeignKey(
        Prestation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="prestation",
        help_text="Pour les familles qui y sont inscrites.",
    )
    remarque = models.CharField("remarque", max_length=240, blank=True)
    publie = models.BooleanField("publié", default=False, help_text="Décoché : le personnel seul le voit.")
    # Dishes by number of the day, from 1 (Monday): see portail.menus.Plat.
    jours = models.JSONField(default=dict, editable=False)

    objects = MenuQuerySet.as_manager()

    class Meta:
        verbose_name = "menu de la semaine"
        verbose_name_plural = "menus de la cantine"
        ordering = ["-semaine", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ecole=None) | Q(prestation=None),
                name="menu_public",
                violation_error_message="Choisissez une école ou une prestation, pas les deux.",
            ),
            models.UniqueConstraint(
                fields=["semaine"],
                condition=Q(ecole=None, prestation=None),
                name="menu_de_tous",
                violation_error_message="Cette semaine a déjà un menu pour toutes les familles.",
            ),
            models.UniqueConstraint(
                fields=["semaine", "ecole"],
                condition=Q(ecole__isnull=False),
                name="menu_de_l_ecole",
                violation_error_message="Cette semaine a déjà un menu pour cette école.",
            ),
            models.UniqueConstraint(
                fields=["semaine", "prestation"],
                condition=Q(prestation__isnull=False),
                name="menu_de_la_prestation",
                violation_error_message="Cette semaine a déjà un menu pour cette prestation.",
            ),
        ]

    def __str__(self):
        return f"semaine du {self.semaine:%d/%m/%Y}"

    def save(self, *args, **kwargs):
        self.semaine = lundi_de(self.semaine)
        super().save(*args, **kwargs)

    @property
    def public(self) -> str:
        """For whom; empty: for all."""
        return str(self.ecole or self.prestation or "")

    def plats(self, jour: date) -> list[Plat]:
        return [Plat.de_json(p) for p in self.jours.get(str(jour.isoweekday()), [])]

    def servis(self) -> Iterator[tuple[date, list[Plat]]]:
        """The days that have dishes, in their order."""
        for rang in range(len(JOURS)):
            jour = self.semaine + timedelta(days=rang)
            if plats := self.plats(jour):
                yield jour, plats
