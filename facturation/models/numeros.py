"""Continuous numbers of a régie: no gap, no double, dates never going back."""

from datetime import date

from django.db import models
from django.db.models import F

from facturation.enums import Serie
from familles.erreurs import Refus
from familles.francais import jour_chiffres
from familles.models import Regie


class CompteurNumeroQuerySet(models.QuerySet):
    def verrouiller(self, regie: Regie, serie: Serie) -> "CompteurNumero":
        """The counter, locked until the end of the transaction; always the last lock taken."""
        self.get_or_create(regie=regie, serie=serie)
        return self.select_for_update().get(regie=regie, serie=serie)


class CompteurNumero(models.Model):
    """Neither a sequence (gaps after a rollback) nor « max + 1 » (doubles): a row updated under lock."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="compteurs", verbose_name="régie")
    serie = models.CharField("série", max_length=10, choices=Serie)
    dernier = models.PositiveIntegerField("dernier numéro", default=0)
    derniere_date = models.DateField("date du dernier", null=True, blank=True)

    objects = CompteurNumeroQuerySet.as_manager()

    class Meta:
        verbose_name = "compteur de numéros"
        verbose_name_plural = "compteurs de numéros"
        constraints = [
            models.UniqueConstraint(
                fields=["regie", "serie"],
                name="compteur_unique",
                violation_error_message="Cette régie a déjà un compteur pour cette série.",
            )
        ]

    def __str__(self):
        return f"{self.get_serie_display()} : {self.dernier}"

    def suivant(self, jour: date) -> int:
        """Take the next number. The row must have been locked by `verrouiller`."""
        return self.prendre(1, jour)[0]

    def prendre(self, nombre: int, jour: date) -> range:
        """Take the next numbers, in one go; the row must have been locked."""
        if self.derniere_date and jour < self.derniere_date:
            raise Refus(
                f"Le dernier numéro de la série est daté du {jour_chiffres(self.derniere_date)} : "
                "les dates ne reviennent pas en arrière."
            )
        CompteurNumero.objects.filter(pk=self.pk).update(dernier=F("dernier") + nombre, derniere_date=jour)
        self.dernier += nombre
        self.derniere_date = jour
        return range(self.dernier - nombre + 1, self.dernier + 1)
