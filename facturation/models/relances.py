"""Reminders: three levels whose delay and words are settings, and the letters that were sent."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from facturation.models.factures import Facture, champ_montant
from facturation.models.figes import EcritFige, EcritFigeQuerySet
from familles.francais import jour_chiffres, pluriel
from familles.horloge import maintenant
from familles.models import Famille, Parametre, Regie
from familles.models.famille import noms

NIVEAUX = (1, 2, 3)


class NiveauRelance(Parametre):
    niveau = models.PositiveSmallIntegerField(
        "niveau", unique=True, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    delai_jours = models.PositiveSmallIntegerField(
        "jours après l’échéance",
        validators=[MaxValueValidator(365)],
        help_text="Une facture due depuis plus longtemps est relancée à ce niveau.",
    )
    intervalle_jours = models.PositiveSmallIntegerField(
        "jours après la relance précédente",
        default=15,
        validators=[MaxValueValidator(365)],
        help_text="Le temps laissé à la famille pour répondre au niveau d’avant : « sous quinze jours ».",
    )
    objet = models.CharField("objet", max_length=120)
    texte = models.TextField(
        "texte de la lettre", help_text="Le tableau des factures et le montant total suivent ce texte."
    )
    actif = models.BooleanField("utilisé", default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "niveau de relance"
        verbose_name_plural = "niveaux de relance"
        ordering = ["niveau"]
        constraints = [
            models.CheckConstraint(
                condition=Q(niveau__in=NIVEAUX),
                name="niveau_relance_connu",
                violation_error_message="Il y a trois niveaux de relance.",
            )
        ]

    def __str__(self):
        return f"Niveau {self.niveau}"

    def clean(self):
        """Levels in use come one after the other."""
        if not self.actif or self.delai_jours is None:
            return
        autres = NiveauRelance.objects.filter(actif=True).exclude(pk=self.pk)
        for autre in sorted(autres, key=lambda autre: abs(autre.niveau - self.niveau)):
            if (self.delai_jours - autre.delai_jours) * (self.niveau - autre.niveau) < 0:
                place = "avant" if self.niveau > autre.niveau else "après"
                refus = (
                    f"Le niveau {self.niveau} viendrait {place} le niveau {autre.niveau}, qui est à "
                    f"{pluriel(autre.delai_jours, 'jour', 'jours')} de l’échéance : les niveaux se suivent."
                )
                raise ValidationError({"delai_jours": refus})


class RelanceQuerySet(EcritFigeQuerySet):
    def pour(self, acces):
        return self.filter(famille=acces.famille) if acces.famille and acces.complet else self.none()


class Relance(EcritFige):
    """A letter to a family about what it owes to a régie, as it was written."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="relances", verbose_name="régie")
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="relances", verbose_name="famille")
    niveau = models.PositiveSmallIntegerField("niveau")
    date = models.DateField("date")
    total = champ_montant("montant réclamé")
    objet = models.CharField("objet", max_length=120)
    texte = models.TextField("texte")
    instructions = models.TextField("instructions de paiement", blank=True)
    destinataire = models.CharField("destinataire", max_length=200)
    destinataire_adresse = models.CharField("adresse", max_length=200, blank=True)
    destinataire_code_postal = models.CharField("code postal", max_length=5, blank=True)
    destinataire_ville = models.CharField("ville", max_length=80, blank=True)
    envoyee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="envoyée par"
    )
    envoyee_le = models.DateTimeField("envoyée le", default=maintenant)

    objects = RelanceQuerySet.as_manager()

    class Meta:
        verbose_name = "relance"
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["famille", "-date"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gt=0, niveau__in=NIVEAUX),
                name="relance_valide",
                violation_error_message="Une relance réclame un montant, à l’un des trois niveaux.",
            )
        ]

    def __str__(self):
        return f"Relance de niveau {self.niveau}, {jour_chiffres(self.date)}, {self.destinataire}"


class FactureRelancee(EcritFige):
    """What was due of an invoice when it was reminded; once per level."""

    relance = models.ForeignKey(Relance, models.PROTECT, related_name="lignes", verbose_name="relance")
    facture = models.ForeignKey(Facture, models.PROTECT, related_name="relances", verbose_name="facture")
    niveau = models.PositiveSmallIntegerField("niveau")
    reste = champ_montant("reste à payer")

    class Meta:
        verbose_name = "facture relancée"
        verbose_name_plural = "factures relancées"
        ordering = ["relance_id", "facture__date", "facture__numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["facture", "niveau"],
                name="facture_relancee_une_fois",
                violation_error_message="Cette facture a déjà été relancée à ce niveau.",
            )
        ]

    def __str__(self):
        return ", ".join([*noms(self, "facture"), f"niveau {self.niveau}"])
