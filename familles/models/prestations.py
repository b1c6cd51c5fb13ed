"""What the town offers: schools, structures, cash offices, bookable services, school years."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from familles import validation
from familles.champs import CodePostal, TelephonePublic
from familles.enums import Acceptation, ModeReglement, NatureFiscale, TermeFacturation, UniteFacturation
from familles.models.collectivite import Parametre
from familles.models.famille import Famille, noms


class Ecole(models.Model):
    nom = models.CharField("nom", max_length=120, unique=True)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = CodePostal("code postal", blank=True)
    ville = models.CharField("ville", max_length=80, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "école"
        ordering = ["nom"]

    def __str__(self):
        return self.nom


class Structure(Parametre):
    """The place that gives prestations: « Groupe scolaire Térence Ridout »."""

    nom = models.CharField("nom", max_length=120, unique=True)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    telephone = TelephonePublic("téléphone", max_length=24, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "structure"
        ordering = ["nom"]

    def __str__(self):
        return self.nom


def modes_connus(valeur):
    if not isinstance(valeur, list) or not valeur or set(valeur) - set(ModeReglement.values):
        raise ValidationError("Choisissez au moins un moyen de paiement parmi ceux de la liste.")


def modes_par_defaut() -> list[str]:
    return [ModeReglement.CHEQUE, ModeReglement.ESPECES]


class Regie(Parametre):
    """The cash office that bills and collects; numbers and instructions belong to it.

    It stands here, not in facturation, because a prestation names its régie and imports only go down.
    """

    nom = models.CharField("nom", max_length=120, unique=True)
    prefixe = models.CharField(
        "préfixe des numéros", max_length=8, unique=True, validators=[validation.prefixe]
    )
    acte = models.CharField("acte constitutif", max_length=200, blank=True)
    regisseur = models.CharField("régisseur", max_length=120, blank=True)
    ordre_cheques = models.CharField("ordre des chèques", max_length=120)
    instructions = models.TextField("instructions de paiement", blank=True)
    modes = models.JSONField("moyens de paiement permis", default=modes_par_defaut, validators=[modes_connus])
    delai_paiement_jours = models.PositiveSmallIntegerField(
        "délai de paiement (jours)", default=30, validators=[MaxValueValidator(365)]
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "régie"
        ordering = ["nom"]

    def __str__(self):
        return self.nom


class Prestation(Parametre):
    """A bookable service: « Repas », « Garderie Matin 7h30 – 8h30 »."""

    nom = models.CharField("nom", max_length=120)
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="prestations", verbose_name="structure"
    )
    regie = models.ForeignKey(Regie, models.PROTECT, related_name="prestations", verbose_name="régie")
    ordre = models.PositiveSmallIntegerField(
        "ordre sur le planning", default=0, validators=[MaxValueValidator(999)]
    )
    heure_debut = models.TimeField("heure de début", null=True, blank=True)
    heure_fin = models.TimeField("heure de fin", null=True, blank=True)
    jours_ouverts = models.CharField(
        "jours ouverts",
        max_length=7,
        default="1245",
        validators=[validation.jours_semaine],
        help_text="1 = lundi …",
    )
    ouverte_vacances = models.BooleanField("ouverte pendant les vacances", default=False)
    capacite = models.PositiveIntegerField(
        "places par jour",
        null=True,
        blank=True,
        validators=[MaxValueValidator(10_000)],
        help_text="Vide : sans limite.",
    )
    terme = models.CharField(
        "facturation", max_length=10, choices=TermeFacturation, default=TermeFacturation.ECHU
    )
    unite = models.CharField("unité", max_length=10, choices=UniteFacturation, default=UniteFacturation.UNITE)
    nature_fiscale = models.CharField(
        "nature fiscale", max_length=10, choices=NatureFiscale, default=NatureFiscale.GARDE
    )
    acceptation = models.CharField(
        "acceptation des demandes", max_length=20, choices=Acceptation, default=Acceptation.AGENT
    )
    active = models.BooleanField("active", default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "prestation"
        ordering = ["ordre", "nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "nom"],
                name="prestation_unique",
                violation_error_message="Cette structure a déjà une prestation de ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(heure_debut=None) | Q(heure_fin=None) | Q(heure_fin__gt=F("heure_debut")),
                name="prestation_heures",
                violation_error_message="L’heure de fin doit suivre l’heure de début.",
            ),
        ]

    def __str__(self):
        return self.nom

    def ouvre_le(self, jour: date) -> bool:
        """Whether the weekday is one of its own; calendars and closures are planning's affair."""
        return str(jour.isoweekday()) in self.jours_ouverts


class AnneeScolaireQuerySet(models.QuerySet):
    def du_jour(self, jour: date) -> "AnneeScolaire | None":
        return self.filter(debut__lte=jour, fin__gte=jour).first()

    def du_libelle(self, libelle: str) -> "AnneeScolaire | None":
        """« 2014-2015 » → its row, None when unknown or ill-formed."""
        debut, _, fin = libelle.partition("-")
        if not (debut.isascii() and debut.isdigit() and len(debut) == 4 and fin == str(int(debut) + 1)):
            return None
        return self.filter(debut__year=int(debut)).first()

    def a_venir(self, jour: date):
        """The current school year and the next one."""
        return self.filter(fin__gte=jour).order_by("debut")[:2]


class AnneeScolaire(models.Model):
    """1 September – 31 August: contiguous and without overlap, by construction and by constraint."""

    debut = models.DateField("début", unique=True)
    fin = models.DateField("fin", unique=True, editable=False)
    inscriptions_du = models.DateField(
        "inscriptions ouvertes du",
        null=True,
        blank=True,
        help_text="Vide : dès que l’année est proposée, l’année scolaire d’avant.",
    )
    inscriptions_au = models.DateField(
        "inscriptions ouvertes au",
        null=True,
        blank=True,
        help_text="Ce jour compris. Vide : jusqu’à la fin de l’année.",
    )

    objects = AnneeScolaireQuerySet.as_manager()

    class Meta:
        verbose_name = "année scolaire"
        verbose_name_plural = "années scolaires"
        ordering = ["-debut"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debut__month=9, debut__day=1, fin__month=8, fin__day=31)
                & Q(fin__year=F("debut__year") + 1),
                name="annee_scolaire_dates",
                violation_error_message="Une année scolaire va du 1er septembre au 31 août.",
            ),
            models.CheckConstraint(
                condition=Q(inscriptions_du=None)
                | Q(inscriptions_au=None)
                | Q(inscriptions_au__gte=F("inscriptions_du")),
                name="annee_scolaire_inscriptions",
                violation_error_message="Les inscriptions ne peuvent pas finir avant de commencer.",
            ),
        ]

    def __str__(self):
        return self.libelle

    def clean(self):
        if self.debut and (self.debut.month, self.debut.day) != (9, 1):
            raise ValidationError({"debut": "Une année scolaire commence le 1er septembre."})
        if self.debut:
            self.fin = date(self.debut.year + 1, 8, 31)

    def save(self, *args, **kwargs):
        self.fin = date(self.debut.year + 1, 8, 31)
        super().save(*args, **kwargs)

    @property
    def libelle(self) -> str:
        return f"{self.debut.year}-{self.debut.year + 1}"

    def inscriptions_ouvertes(self, jour: date) -> bool:
        """Whether a family may ask, that day, to inscribe a child for this year."""
        du, au = self.inscriptions_du, self.inscriptions_au
        return jour <= self.fin and (du is None or du <= jour) and (au is None or jour <= au)


class InscriptionQuerySet(models.QuerySet):
    def pour(self, acces):
        return self.filter(famille=acces.famille) if acces.famille else self.none()

    def au_jour(self, jour):
        return self.filter(du__lte=jour, au__gte=jour)

    def sur(self, du, au):
        """Those that cover at least one day of the period."""
        return self.filter(du__lte=au, au__gte=du)


class Inscription(models.Model):
    """A child's right to book a prestation for a school year, with who pays and the weekly pattern."""

    enfant = models.ForeignKey(
        "familles.Enfant", models.PROTECT, related_name="inscriptions", verbose_name="enfant"
    )
    prestation = models.ForeignKey(
        Prestation, models.PROTECT, related_name="inscriptions", verbose_name="prestation"
    )
    annee = models.ForeignKey(
        AnneeScolaire, models.PROTECT, related_name="inscriptions", verbose_name="année"
    )
    famille = models.ForeignKey(
        Famille, models.PROTECT, related_name="inscriptions", verbose_name="famille qui paie"
    )
    du = models.DateField("du")
    au = models.DateField("au")
    semaine_paire = models.CharField(
        "jours des semaines paires", max_length=7, blank=True, validators=[validation.jours_semaine]
    )
    semaine_impaire = models.CharField(
        "jours des semaines impaires", max_length=7, blank=True, validators=[validation.jours_semaine]
    )

    objects = InscriptionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "inscription"
        ordering = ["enfant_id", "prestation__ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "prestation", "annee", "famille"],
                name="inscription_unique",
                violation_error_message="Cet enfant est déjà inscrit à cette prestation pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="inscription_dates",
                violation_error_message="La fin ne peut précéder le début.",
            ),
        ]

    def __str__(self):
        return ", ".join(noms(self, "enfant", "prestation", "annee")) or "Inscription nouvelle"

    def clean(self):
        if self.annee_id and self.du and self.au and (self.du < self.annee.debut or self.au > self.annee.fin):
            raise ValidationError("Les dates de l’inscription doivent tenir dans son année scolaire.")

    def rythme_du(self, jour: date) -> bool:
        """Whether the weekly pattern books that day (ISO week parity)."""
        semaine = self.semaine_impaire if jour.isocalendar().week % 2 else self.semaine_paire
        return str(jour.isoweekday()) in semaine
