"""A file of families that comes in from the town's previous software: what was asked, how far it went."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from familles.chiffrement import CleFichier
from familles.enums import EtatImport
from familles.horloge import instant_reel, maintenant

# The file and its report are personal data: kept so long after the last gesture, whatever its outcome.
GARDE = timedelta(days=7)
EN_TRAVAIL = (EtatImport.EXAMEN, EtatImport.ECRITURE)


class ImportQuerySet(models.QuerySet):
    def oubliables(self, instant):
        """Those whose file or report has been kept long enough."""
        return self.exclude(fichier_cle="", rapport_cle="").filter(touche_le__lt=instant - GARDE)

    def aux_memes_titres(self, empreinte: str):
        """Imports whose file had the very same headings, the latest first, once their columns were mapped."""
        return self.filter(empreinte_titres=empreinte).exclude(correspondance={}).order_by("-pk")


class ImportFamilles(models.Model):
    """The file lies encrypted in the coffre until it is written or forgotten; so does the report."""

    nom_fichier = models.CharField("fichier", max_length=120)
    fichier_cle = CleFichier(blank=True)
    encodage = models.CharField("encodage", max_length=20)
    separateur = models.CharField("séparateur", max_length=1)
    titres = models.JSONField("titres des colonnes", default=list, blank=True)
    empreinte_titres = models.CharField(max_length=64, db_index=True, editable=False)
    # Columns that are never read: health, bank (their cells were emptied before the file was put away).
    ecartees = models.JSONField("colonnes écartées", default=list, blank=True)
    lignes = models.PositiveIntegerField("lignes", default=0)
    # Number of the column (as text) → field of ours.
    correspondance = models.JSONField("colonnes associées", default=dict, blank=True)
    options = models.JSONField("choix", default=dict, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatImport, default=EtatImport.A_ASSOCIER)
    creees = models.PositiveIntegerField("créées", default=0)
    modifiees = models.PositiveIntegerField("modifiées", default=0)
    inchangees = models.PositiveIntegerField("inchangées", default=0)
    refusees = models.PositiveIntegerField("refusées", default=0)
    # How many rows of each kind were written (or would be).
    bilan = models.JSONField("bilan", default=dict, blank=True)
    rapport_cle = CleFichier(blank=True)
    # Of the verdicts that the examination showed: nothing else is written.
    empreinte = models.CharField(max_length=64, blank=True, editable=False)
    incident = models.CharField("incident", max_length=240, blank=True)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="déposé par"
    )
    depose_le = models.DateTimeField("déposé le", default=maintenant)
    importe_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="importé par",
    )
    importe_le = models.DateTimeField("importé le", null=True, blank=True)
    # The server's own time: a frozen clock must not keep personal data for ever.
    touche_le = models.DateTimeField(default=instant_reel, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import de familles"
        verbose_name_plural = "imports de familles"
        ordering = ["-pk"]
        # One permission for the whole gesture, rather than Django's four.
        default_permissions = ()
        permissions = [("importer_familles", "Importer des familles depuis un fichier")]
        constraints = [
            models.UniqueConstraint(
                fields=["etat"],
                condition=Q(etat=EtatImport.ECRITURE),
                name="import_un_seul_en_cours",
                violation_error_message="Un import est déjà en cours : attendez sa fin.",
            )
        ]

    def __str__(self):
        return f"{self.nom_fichier} ({self.depose_le:%d/%m/%Y})"

    def get_absolute_url(self):
        return reverse("admin:familles_importfamilles_change", args=[self.pk])

    @property
    def en_travail(self) -> bool:
        return self.etat in EN_TRAVAIL

    @property
    def importable(self) -> bool:
        """All or nothing: one line that is refused keeps the whole file out."""
        return self.etat == EtatImport.EXAMINE and not self.refusees and bool(self.creees + self.modifiees)

    @property
    def nom_avancement(self) -> str:
        return f"import-{self.pk}"
