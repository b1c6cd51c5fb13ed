"""Children: who they are, which families hold them, where they learn."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from familles import validation
from familles.champs import Telephone
from familles.chiffrement import CleFichier
from familles.enums import ModeGarde, MoitieVacances, Qualite, Sexe
from familles.models.famille import Famille, Responsable, noms
from familles.models.prestations import Ecole

FIN_APRES_DEBUT = "La fin ne peut précéder le début."


def en_vigueur(jour, prefixe: str = "") -> Q:
    """Rows whose dates hold that day (`du` ≤ day ≤ `au`, or no end)."""
    return Q(**{f"{prefixe}du__lte": jour}) & (Q(**{f"{prefixe}au": None}) | Q(**{f"{prefixe}au__gte": jour}))


class EnfantQuerySet(models.QuerySet):
    def pour(self, acces):
        return self.de_la_famille(acces.famille) if acces.famille else self.none()

    def de_la_famille(self, famille):
        """Children held by this family now or before: their past stays readable."""
        return self.filter(Q(pk__in=Rattachement.objects.filter(famille=famille).values("enfant")))

    def tenus_par(self, famille, jour):
        """Children whom this family holds that day."""
        return self.filter(
            pk__in=Rattachement.objects.filter(en_vigueur(jour), famille=famille).values("enfant")
        )

    def nommes(self, texte: str):
        """Whose name and first name hold each of these words."""
        lignes = self
        for mot in texte.split():
            lignes = lignes.filter(Q(nom__icontains=mot) | Q(prenom__icontains=mot))
        return lignes

    def avec_ecole(self, jour):
        """Adds `ecole_id`, `ecole_nom` and `classe`, of that day."""
        scolarite = Scolarite.objects.filter(en_vigueur(jour), enfant=models.OuterRef("pk")).order_by("-du")
        return self.annotate(
            ecole_id=models.Subquery(scolarite.values("ecole")[:1]),
            ecole_nom=models.Subquery(scolarite.values("ecole__nom")[:1]),
            classe=models.Subquery(scolarite.values("classe")[:1]),
        )

    def avec_photo_visible(self, acces, jour):
        """Adds `photo_visible`: the family holds the child that day, and an adult who lives apart from the
        other has not lost the parental authority (LienParental).
        """
        enfant = models.OuterRef("pk")
        tenu = models.Exists(
            Rattachement.objects.filter(en_vigueur(jour), famille=acces.famille, enfant=enfant)
        )
        ecarte = models.Exists(
            LienParental.objects.filter(
                responsable=acces.responsable, enfant=enfant, autorite_parentale=False
            )
        )
        return self.annotate(photo_visible=tenu if acces.vie_commune else tenu & ~ecarte)


class Enfant(models.Model):
    """The person served (a child; for a staff family, the adult who eats)."""

    nom = models.CharField("nom", max_length=80, validators=[validation.nom_de_personne])
    prenom = models.CharField("prénom", max_length=80, validators=[validation.nom_de_personne])
    sexe = models.CharField("sexe", max_length=1, choices=Sexe, blank=True)
    date_naissance = models.DateField("date de naissance", null=True, blank=True)
    photo_cle = CleFichier(blank=True)

    objects = EnfantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "enfant"
        ordering = ["nom", "date_naissance", "prenom"]

    def __str__(self):
        return f"{self.nom.upper()} {self.prenom}"

    @property
    def appel(self) -> str:
        return f"{self.prenom} {self.nom.upper()}"

    @property
    def ne_le(self) -> str:
        """What comes before the date of birth."""
        return {Sexe.F: "Née le", Sexe.M: "Né le"}.get(self.sexe, "Date de naissance :")

    def get_absolute_url(self):
        return reverse("familles:enfant", args=[self.pk])

    def url_planning(self, mois=None) -> str:
        """Address of the child's planning, at a month (any of its days)."""
        adresse = reverse("planning:mois", args=[self.pk])
        return f"{adresse}?mois={mois:%Y-%m}" if mois else adresse


DEJA_TENU = "Cette famille tient déjà cet enfant à ces dates : changez ce rattachement, ou ses dates."


class Rattachement(models.Model):
    """A child held by a family, from a date to a date, with its custody calendar (see familles.garde)."""

    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="rattachements", verbose_name="enfant")
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="rattachements", verbose_name="famille")
    du = models.DateField("du")
    au = models.DateField("au", null=True, blank=True)
    mode_garde = models.CharField("garde", max_length=10, choices=ModeGarde, default=ModeGarde.TOUJOURS)
    jour_bascule = models.PositiveSmallIntegerField(
        "jour de bascule",
        default=1,
        validators=[MaxValueValidator(7)],
        help_text="1 = lundi … 7 = dimanche : le jour où l’enfant change de foyer.",
    )
    moitie_vacances = models.CharField(
        "vacances",
        max_length=20,
        choices=MoitieVacances,
        default=MoitieVacances.ALTERNANCE,
        help_text="1re moitié : le jour du milieu compris. L’année est celle où les vacances commencent. Un "
        "foyer qui suit l’alternance des semaines a la moitié que l’autre foyer n’a pas.",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "rattachement"
        ordering = ["enfant_id", "du"]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "famille", "du"],
                name="rattachement_unique",
                violation_error_message="Cet enfant est déjà rattaché à cette famille à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=F("du")),
                name="rattachement_dates",
                violation_error_message=FIN_APRES_DEBUT,
            ),
            models.CheckConstraint(
                condition=Q(jour_bascule__gte=1, jour_bascule__lte=7),
                name="rattachement_bascule",
                violation_error_message="Le jour de bascule va de 1 (lundi) à 7 (dimanche).",
            ),
        ]

    def __str__(self):
        return " – ".join(noms(self, "enfant", "famille"))

    def clean(self):
        """One hold at a time: neither database can say it alone (PostgreSQL's exclusion is not SQLite's)."""
        if not (self.enfant_id and self.famille_id and self.du):
            return
        autres = Rattachement.objects.filter(enfant=self.enfant_id, famille=self.famille_id).exclude(
            pk=self.pk
        )
        touches = autres.filter(Q(au=None) | Q(au__gte=self.du))
        if self.au is not None:
            touches = touches.filter(du__lte=self.au)
        if touches.exists():
            raise ValidationError(DEJA_TENU)


class ExceptionGarde(models.Model):
    """Days that go to this family whatever the alternation says."""

    rattachement = models.ForeignKey(Rattachement, models.CASCADE, related_name="exceptions")
    du = models.DateField("du")
    au = models.DateField("au")

    class Meta:
        verbose_name = "exception de garde"
        verbose_name_plural = "exceptions de garde"
        ordering = ["du"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="exception_garde_dates",
                violation_error_message=FIN_APRES_DEBUT,
            )
        ]

    def __str__(self):
        return f"{self.du:%d/%m/%Y} – {self.au:%d/%m/%Y}"


class LienParental(models.Model):
    """What an adult is to a child: a conjoint may be a step-parent."""

    responsable = models.ForeignKey(
        Responsable, models.CASCADE, related_name="liens", verbose_name="responsable"
    )
    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="liens", verbose_name="enfant")
    qualite = models.CharField("qualité", max_length=16, choices=Qualite)
    autorite_parentale = models.BooleanField("autorité parentale", default=True)
    peut_recuperer = models.BooleanField("peut venir chercher l’enfant", default=True)
    voit_sante = models.BooleanField("voit les données sanitaires", default=True)
    redevable = models.BooleanField("redevable des factures", default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "lien parental"
        verbose_name_plural = "liens parentaux"
        constraints = [
            models.UniqueConstraint(
                fields=["responsable", "enfant"],
                name="lien_parental_unique",
                violation_error_message="Le lien entre ce responsable et cet enfant existe déjà.",
            )
        ]

    def __str__(self):
        return f"{self.get_qualite_display()} : {' – '.join(noms(self, 'responsable', 'enfant'))}"


class Scolarite(models.Model):
    """School, class and level of a child, dated."""

    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="scolarites", verbose_name="enfant")
    ecole = models.ForeignKey(Ecole, models.PROTECT, verbose_name="école")
    classe = models.CharField("classe", max_length=40, blank=True)
    niveau = models.CharField("niveau", max_length=20, blank=True)
    du = models.DateField("du")
    au = models.DateField("au", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "scolarité"
        ordering = ["-du"]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "du"],
                name="scolarite_unique",
                violation_error_message="Cet enfant a déjà une scolarité qui commence ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=F("du")),
                name="scolarite_dates",
                violation_error_message=FIN_APRES_DEBUT,
            ),
        ]

    def __str__(self):
        return f"{self.ecole} {self.classe}".strip()


class PersonneAutorisee(models.Model):
    """Someone who may collect the child, or who is called in an emergency."""

    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="personnes", verbose_name="enfant")
    nom = models.CharField("nom", max_length=80, validators=[validation.nom_de_personne])
    prenom = models.CharField("prénom", max_length=80, validators=[validation.nom_de_personne])
    lien = models.CharField("lien avec l’enfant", max_length=60, blank=True)
    telephone = Telephone("téléphone", max_length=24, blank=True)
    peut_recuperer = models.BooleanField("peut venir chercher l’enfant", default=True)
    a_prevenir = models.BooleanField("à prévenir en cas d’urgence", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "personne autorisée"
        verbose_name_plural = "personnes autorisées"
        ordering = ["nom", "prenom"]

    def __str__(self):
        return f"{self.nom.upper()} {self.prenom}"
