"""What really happened each day, and the closing of days before they are billed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from familles.horloge import maintenant
from familles.models import Enfant, Famille, Inscription, Prestation
from planning.enums import Correction, EtatPointage
from planning.models.calendrier import FIN_APRES_DEBUT
from planning.models.reservations import Reservation


class PointageQuerySet(models.QuerySet):
    def du_jour(self, prestation, jour):
        return self.filter(prestation=prestation, jour=jour)

    def de_la_ligne(self):
        """In a subquery: of the child, the prestation and the day of the outer row."""
        return self.filter(
            enfant=models.OuterRef("enfant"),
            prestation=models.OuterRef("prestation"),
            jour=models.OuterRef("jour"),
        )

    def etats(self) -> dict[int, str]:
        """State by child: of one day at one prestation."""
        return dict(self.values_list("enfant", "etat"))


class Pointage(models.Model):
    """A child at a prestation on a day: present or absent. No row: the register was not taken."""

    enfant = models.ForeignKey(
        Enfant, models.PROTECT, related_name="pointages", verbose_name="enfant", db_index=False
    )
    prestation = models.ForeignKey(
        Prestation, models.PROTECT, related_name="pointages", verbose_name="prestation", db_index=False
    )
    jour = models.DateField("jour")
    etat = models.CharField("état", max_length=7, choices=EtatPointage)
    arrivee = models.TimeField("arrivée", null=True, blank=True)
    depart = models.TimeField("départ", null=True, blank=True)
    reservation = models.ForeignKey(
        Reservation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pointages",
        verbose_name="réservation",
    )
    inscription = models.ForeignKey(
        Inscription,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pointages",
        verbose_name="inscription",
        db_index=False,
    )
    # Of the booking; of a presence that nobody booked, the family that had the child that day.
    famille = models.ForeignKey(
        Famille, models.PROTECT, related_name="pointages", verbose_name="famille qui paie"
    )
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="pointé par",
        db_index=False,
    )
    le = models.DateTimeField("pointé le", default=maintenant)

    objects = PointageQuerySet.as_manager()

    class Meta:
        verbose_name = "pointage"
        ordering = ["jour", "prestation_id", "pk"]
        indexes = [models.Index(fields=["prestation", "jour"])]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "prestation", "jour"],
                name="pointage_unique",
                violation_error_message="Cet enfant est déjà pointé ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(arrivee=None) | Q(depart=None) | Q(depart__gte=F("arrivee")),
                name="pointage_heures",
                violation_error_message="Le départ ne peut précéder l’arrivée.",
            ),
        ]

    def __str__(self):
        return f"{self.jour:%d/%m/%Y} ({self.get_etat_display()})"


class ClotureQuerySet(models.QuerySet):
    def couvrant(self, prestations, du, au):
        """Closings that hold at least one day of the period."""
        return self.filter(prestation__in=prestations, du__lte=au, au__gte=du)

    def de_la_ligne(self):
        """In a subquery: those that hold the day of the outer row, at its prestation."""
        jour = models.OuterRef("jour")
        return self.filter(prestation=models.OuterRef("prestation"), du__lte=jour, au__gte=jour)


class Cloture(models.Model):
    """The days of a prestation are closed: what was booked and noted no longer moves, billing may begin."""

    prestation = models.ForeignKey(
        Prestation, models.PROTECT, related_name="clotures", verbose_name="prestation"
    )
    du = models.DateField("du")
    au = models.DateField("au")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )
    le = models.DateTimeField("le", default=maintenant)

    objects = ClotureQuerySet.as_manager()

    class Meta:
        verbose_name = "clôture"
        ordering = ["-du", "prestation"]
        constraints = [
            models.UniqueConstraint(
                fields=["prestation", "du", "au"],
                name="cloture_unique",
                violation_error_message="Ces journées sont déjà closes.",
            ),
            models.CheckConstraint(
                condition=Q(au__gte=F("du")), name="cloture_dates", violation_error_message=FIN_APRES_DEBUT
            ),
        ]

    def __str__(self):
        return f"{self.prestation} ({self.du:%d/%m/%Y} – {self.au:%d/%m/%Y})"


class Rectification(models.Model):
    """A day corrected after the fact: what it was said to be, by whom, when and why. Never edited.

    Beside the booking's own history: a day that nobody booked, or that no invoice bills, keeps its reason.
    """

    enfant = models.ForeignKey(Enfant, models.PROTECT, related_name="+", verbose_name="enfant")
    prestation = models.ForeignKey(
        Prestation, models.PROTECT, related_name="+", verbose_name="prestation", db_index=False
    )
    jour = models.DateField("jour")
    vers = models.CharField("ce jour-là", max_length=18, choices=Correction)
    motif = models.CharField("motif", max_length=200)
    malgre = models.CharField("confirmée malgré", max_length=200, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
        db_index=False,
    )
    le = models.DateTimeField("le", default=maintenant)

    class Meta:
        verbose_name = "rectification"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.jour:%d/%m/%Y} ({self.get_vers_display()})"
