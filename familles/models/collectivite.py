"""The town (or association) itself, and what is cached under its version."""

import hashlib
import uuid
import zoneinfo
from functools import cached_property

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from familles import couleurs, validation
from familles.champs import CodePostal, TelephonePublic
from familles.chiffrement import CleFichier
from familles.enums import Zone
from familles.requetes import RequetePreparee


def fuseau_connu(nom: str) -> None:
    if nom not in zoneinfo.available_timezones():
        raise ValidationError("Fuseau horaire inconnu : « Europe/Paris », « Indian/Reunion », par exemple.")


couleur_ecrite = RegexValidator(couleurs.FORME, "Une couleur s’écrit #0f5c63, par exemple.")
HAUTEUR_LOGO = 40  # as shown, in pixels


def nouvelle_version() -> str:
    return uuid.uuid4().hex


class CollectiviteQuerySet(models.QuerySet):
    def courante(self) -> "Collectivite":
        """The only row; an unsaved one with the defaults before the town is set up."""
        return next(iter(_premiere()), None) or Collectivite()

    def version(self) -> str:
        """Version of the settings (see familles.donnees); empty before the town is set up."""
        return self.values_list("version", flat=True).first() or ""

    def perimer(self) -> None:
        # A random version rather than a counter: one that was rolled back never comes again.
        self.update(version=nouvelle_version())


class Collectivite(models.Model):
    """Singleton, edited in the admin."""

    # What the legal pages need.
    MENTIONS = (
        "adresse",
        "email",
        "telephone",
        "directeur_publication",
        "hebergeur",
        "contact_donnees",
    )

    nom = models.CharField("nom", max_length=120, default="Portail famille")
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = CodePostal("code postal", blank=True)
    ville = models.CharField("ville", max_length=80, blank=True)
    code_insee = models.CharField("code INSEE de la commune", max_length=5, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validation.siret])
    service = models.CharField(
        "service chargé des demandes",
        max_length=120,
        default="Service enfance",
        help_text="Nommé sur les accusés.",
    )
    telephone = TelephonePublic("téléphone", max_length=30, blank=True)
    email = models.EmailField("courriel", blank=True)
    zone = models.CharField("zone de vacances", max_length=1, choices=Zone, default=Zone.C)
    fuseau = models.CharField(
        "fuseau horaire", max_length=40, default="Europe/Paris", validators=[fuseau_connu]
    )
    url_apres_deconnexion = models.URLField(
        "page après Déconnexion", blank=True, help_text="Vide : la page de connexion."
    )
    message_accueil = models.TextField("mot d’accueil", blank=True)
    directeur_publication = models.CharField(
        "directeur de la publication",
        max_length=120,
        blank=True,
        help_text="Mentions légales : le maire, le président…",
    )
    hebergeur = models.CharField(
        "hébergeur",
        max_length=240,
        blank=True,
        help_text="Nom, adresse et téléphone de qui héberge le portail.",
    )
    contact_donnees = models.CharField(
        "délégué à la protection des données",
        max_length=240,
        blank=True,
        help_text="Nom ou service, et adresse où lui écrire.",
    )
    jours_liste_demandes = models.PositiveSmallIntegerField(
        "jours pendant lesquels une demande reste listée",
        default=31,
        validators=[MaxValueValidator(365)],
    )
    documents_inscription = models.TextField(
        "documents demandés à l’inscription",
        blank=True,
        max_length=2000,
        help_text="Un par ligne : ils sont rappelés à la demande d’inscription et sur la fiche à imprimer.",
    )
    # Chosen on the page « Identité visuelle » (familles/admin/identite.py).
    couleur = models.CharField(
        "couleur principale", max_length=7, blank=True, editable=False, validators=[couleur_ecrite]
    )
    couleur_bandeau = models.CharField(
        "couleur du bandeau", max_length=7, blank=True, editable=False, validators=[couleur_ecrite]
    )
    logo_cle = CleFichier(blank=True)
    logo_largeur = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.CharField(max_length=32, default=nouvelle_version, editable=False)

    objects = CollectiviteQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "logo_cle", "logo_largeur"])

    class Meta:
        verbose_name = verbose_name_plural = "collectivité"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="collectivite_unique",
                violation_error_message="Une seule collectivité.",
            )
        ]

    def __str__(self):
        return self.nom

    def save(self, *args, **kwargs):
        self.pk = 1
        self.version = nouvelle_version()
        super().save(*args, **kwargs)

    @property
    def documents_demandes(self) -> list[str]:
        """What a family joins to an inscription."""
        return [ligne.strip() for ligne in self.documents_inscription.splitlines() if ligne.strip()]

    @cached_property
    def palette(self) -> couleurs.Palette:
        return couleurs.palette(self.couleur, self.couleur_bandeau)

    @property
    def identite(self) -> str:
        """Names colours and logo in addresses that browsers keep; empty: those of the portal."""
        choix = f"{self.couleur}|{self.couleur_bandeau}|{self.logo_cle}"
        return hashlib.sha256(choix.encode()).hexdigest()[:16] if choix != "||" else ""


class Parametre(models.Model):
    """Base of the settings that are cached by version: changing one makes every process read again."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        Collectivite.objects.perimer()

    def delete(self, *args, **kwargs):
        resultat = super().delete(*args, **kwargs)
        Collectivite.objects.perimer()
        return resultat


# Read on every page.
_premiere = RequetePreparee(lambda: Collectivite.objects.order_by("pk")[:1])
