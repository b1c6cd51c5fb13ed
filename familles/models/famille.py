"""The family file and its adults."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from familles import validation
from familles.champs import CodePostal, Telephone
from familles.enums import VIE_COMMUNE, Civilite, NatureFamille, Qualite, Rang, Situation


class FamilleQuerySet(models.QuerySet):
    def pour(self, acces):
        return self.filter(pk=acces.famille.pk) if acces.famille else self.none()

    def actives(self):
        return self.filter(archivee_le=None)

    def avec_responsables(self):
        return self.prefetch_related("responsables")

    def dernier_numero(self, annee: int) -> str:
        """The greatest of those that begin with the year; empty when none was given yet."""
        de_l_annee = self.filter(numero__startswith=str(annee)).order_by("-numero")
        return next(iter(de_l_annee.values_list("numero", flat=True)[:1]), "")


class Famille(models.Model):
    """A debtor and its file: a household, a foster institution, a teacher who eats at the canteen."""

    numero = models.CharField(
        "n° famille", max_length=13, unique=True, validators=[validation.numero_famille]
    )
    ancien_numero = models.CharField(
        "n° dans l’ancien logiciel",
        max_length=20,
        blank=True,
        help_text="Donné par un import : un second import y reconnaît la famille.",
    )
    nature = models.CharField("nature", max_length=12, choices=NatureFamille, default=NatureFamille.FOYER)
    situation = models.CharField("situation", max_length=12, choices=Situation, default=Situation.MARIE)
    archivee_le = models.DateField("archivée le", null=True, blank=True)

    objects = FamilleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "famille"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["ancien_numero"],
                condition=~Q(ancien_numero=""),
                name="famille_ancien_numero_unique",
                violation_error_message="Une autre famille a déjà ce numéro d’un ancien logiciel.",
            )
        ]

    def __str__(self):
        return f"{self.nom} ({self.numero})" if self.nom else self.numero

    @property
    def vie_commune(self) -> bool:
        return self.situation in VIE_COMMUNE

    def _au_rang(self, rang: Rang) -> "Responsable | None":
        return next((r for r in self.responsables.all() if r.rang == rang), None)

    @property
    def titulaire(self) -> "Responsable | None":
        return self._au_rang(Rang.TITULAIRE)

    @property
    def conjoint(self) -> "Responsable | None":
        return self._au_rang(Rang.CONJOINT)

    @property
    def nom(self) -> str:
        titulaire = self.titulaire
        return titulaire.nom if titulaire else ""


def noms(ligne: models.Model, *liens: str) -> list[str]:
    """The names of what a row links to; not chosen yet, or gone since (an old version), is left out."""
    trouves = []
    for lien in liens:
        try:
            trouves.append(str(getattr(ligne, lien)))
        except ObjectDoesNotExist:
            continue
    return trouves


class ResponsableQuerySet(models.QuerySet):
    def de(self, utilisateur):
        """The files of families that a login opens, archived ones left out."""
        return (
            self.filter(utilisateur=utilisateur, famille__archivee_le=None)
            .select_related("famille")
            .order_by("famille_id")
        )


class Responsable(models.Model):
    """First or second adult of a family file, with every field of the manual's screens."""

    famille = models.ForeignKey(Famille, models.CASCADE, related_name="responsables", verbose_name="famille")
    rang = models.PositiveSmallIntegerField("rang", choices=Rang, default=Rang.TITULAIRE)
    utilisateur = models.ForeignKey(
        "familles.Utilisateur",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="responsables",
        verbose_name="compte",
    )
    civilite = models.CharField("civilité", max_length=3, choices=Civilite, blank=True)
    nom = models.CharField("nom", max_length=80, validators=[validation.nom_de_personne])
    prenom = models.CharField("prénom", max_length=80, validators=[validation.nom_de_personne])
    qualite = models.CharField("qualité", max_length=16, choices=Qualite, blank=True)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = CodePostal("code postal", blank=True)
    ville = models.CharField("ville", max_length=80, blank=True)
    telephone_domicile = Telephone("téléphone domicile", max_length=24, blank=True)
    telephone_professionnel = Telephone("téléphone prof.", max_length=24, blank=True)
    mobile = Telephone("mobile", max_length=24, blank=True)
    email = models.EmailField("email", blank=True)
    profession = models.CharField("profession", max_length=80, blank=True)
    csp = models.CharField("CSP", max_length=80, blank=True)
    employeur = models.CharField("employeur", max_length=120, blank=True)
    adresse_employeur = models.CharField("adresse employeur", max_length=200, blank=True)
    organisme_rattachement = models.CharField("organisme rattachement", max_length=40, blank=True)
    autorisation_courriel = models.BooleanField("autorisation courriel", default=False)
    autorisation_sms = models.BooleanField("autorisation SMS", default=False)
    coordonnees_masquees = models.BooleanField(
        "coordonnées masquées",
        default=False,
        help_text="Jamais montrées à l’autre responsable de la famille.",
    )

    objects = ResponsableQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "responsable"
        ordering = ["famille_id", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["famille", "rang"],
                name="responsable_rang_unique",
                violation_error_message="Cette famille a déjà un responsable de ce rang.",
            ),
            models.UniqueConstraint(
                fields=["famille", "utilisateur"],
                name="responsable_compte_unique",
                violation_error_message="Ce compte ouvre déjà cette famille.",
            ),
            models.CheckConstraint(
                condition=Q(rang__in=[1, 2]), name="responsable_rang", violation_error_message="Rang 1 ou 2."
            ),
        ]

    def __str__(self):
        return self.nom_complet

    @property
    def nom_complet(self) -> str:
        """« DUPONT JEAN », as the manual prints it."""
        return f"{self.nom} {self.prenom}".upper()

    @property
    def appel(self) -> str:
        """« Jean DUPONT »."""
        return f"{self.prenom} {self.nom.upper()}"
