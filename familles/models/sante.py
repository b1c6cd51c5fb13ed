"""What must be known of a child's health; encrypted, its readings are traced."""

from datetime import timedelta

from django.db import models
from simple_history.models import HistoricalRecords

from familles import validation
from familles.champs import TelephoneChiffre
from familles.chiffrement import BooleenChiffre, DateChiffree, TexteChiffre
from familles.models.enfants import Enfant, Rattachement, en_vigueur
from familles.models.famille import noms

PREAVIS_PAI = timedelta(days=30)


class FicheSanitaireQuerySet(models.QuerySet):
    def avec_familles(self, jour):
        """Adds `enfant.tenus`: the families that hold the child that day."""
        tenus = Rattachement.objects.filter(en_vigueur(jour)).select_related("famille")
        return self.prefetch_related(
            models.Prefetch("enfant__rattachements", tenus, to_attr="tenus"),
            "enfant__tenus__famille__responsables",
        )

    def pai_a_renouveler(self, jour) -> "list[FicheSanitaire]":
        """Of the children held that day, those whose PAI ends within a month, or has ended; the first to end
        first. Encrypted dates are not compared in the database: those that have one are read.
        """
        tenus = Rattachement.objects.filter(en_vigueur(jour))
        fiches = (
            self.filter(pai_fin__isnull=False, enfant__in=tenus.values("enfant"))
            .only("pai", "pai_fin", "enfant__nom", "enfant__prenom")
            .select_related("enfant")
        )
        limite = jour + PREAVIS_PAI
        return sorted(
            (f for f in fiches if f.pai and f.pai_fin <= limite), key=lambda f: (f.pai_fin, str(f.enfant))
        )


class FicheSanitaire(models.Model):
    """What the structure must know to keep the child safe; encrypted, its readings are traced.

    Diets are « sans porc », « sans viande »…: never a religion; never the nature of a disability (CNIL).
    """

    enfant = models.OneToOneField(
        Enfant, models.CASCADE, related_name="fiche_sanitaire", verbose_name="enfant"
    )
    medecin = TexteChiffre("médecin traitant", blank=True)
    telephone_medecin = TelephoneChiffre("téléphone du médecin", blank=True)
    lunettes = TexteChiffre("port de lunettes", blank=True, help_text="« oui, pour lire », par exemple.")
    allergies = TexteChiffre("allergies", blank=True)
    regime = TexteChiffre("régime alimentaire", blank=True, help_text="« sans porc », « sans viande »…")
    pai = BooleenChiffre("projet d’accueil individualisé (PAI)", null=True, blank=True)
    pai_consignes = TexteChiffre("consignes du PAI", blank=True)
    pai_fin = DateChiffree("fin du PAI", null=True, blank=True, validators=[validation.jour_plausible])
    vaccins = TexteChiffre("vaccins", blank=True)
    autorisation_photo = models.BooleanField("autorisation de photographier", default=False)
    autorisation_sorties = models.BooleanField("autorisation de sortie", default=False)
    autorisation_soins = models.BooleanField("autorisation de soins d’urgence", default=False)

    objects = FicheSanitaireQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "fiche sanitaire"
        verbose_name_plural = "fiches sanitaires"
        permissions = [("voir_sante", "Voir les données sanitaires des enfants")]

    def __str__(self):
        return " : ".join(["Fiche sanitaire", *noms(self, "enfant")])
