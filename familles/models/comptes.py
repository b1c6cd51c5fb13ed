"""Logins, and the append-only trace of what they did."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from familles.enums import RythmeRecapitulatif, VerbeTrace
from familles.horloge import aujourdhui, fuseau, maintenant
from familles.models.enfants import Enfant, Rattachement, en_vigueur
from familles.models.famille import Famille


class UtilisateurManager(UserManager):
    use_in_migrations = False

    def recapitules(self):
        """The staff who want to be told by e-mail what waits."""
        actifs = self.filter(is_active=True, is_staff=True).exclude(email="")
        return actifs.exclude(recapitulatif=RythmeRecapitulatif.JAMAIS)


class Utilisateur(AbstractUser):
    """One account per person, not per family; the same person may be a parent and an agent."""

    recapitulatif = models.CharField(
        "récapitulatif par courriel",
        max_length=8,
        choices=RythmeRecapitulatif,
        default=RythmeRecapitulatif.JAMAIS,
        help_text="Pour un agent : ce qui l’attend, en nombres et en liens.",
    )

    objects = UtilisateurManager()

    class Meta(AbstractUser.Meta):
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="identifiant_unique",
                violation_error_message="Cet identifiant est déjà pris.",
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.username


def _familles_de(objets) -> dict[int, Famille]:
    """The family that each object names, else that of its child today (of two households, the first)."""
    familles, enfants = {}, {}
    for objet in objets:
        if famille := getattr(objet, "famille", None):
            familles[objet.pk] = famille
        elif enfant := objet.pk if isinstance(objet, Enfant) else getattr(objet, "enfant_id", None):
            enfants[objet.pk] = enfant
    if enfants:
        lignes = Rattachement.objects.filter(en_vigueur(aujourdhui()), enfant__in=enfants.values())
        tenus = {r.enfant_id: r.famille for r in lignes.select_related("famille").order_by("-du", "-pk")}
        familles |= {cle: tenus[enfant] for cle, enfant in enfants.items() if enfant in tenus}
    return familles


class TraceQuerySet(models.QuerySet):
    def inscrire(self, *, par, verbe, objet, famille=None, jour=None) -> "Trace":
        """Write who did what to which object, now; never a value."""
        return self.create(
            par=par if par is not None and par.pk else None,
            verbe=verbe,
            objet=objet._meta.label,
            objet_id=objet.pk,
            famille=famille or _familles_de([objet]).get(objet.pk),
            jour=jour,
        )

    def inscrire_chacun(self, *, par, verbe, objets) -> None:
        """The same for each row of a list that is read."""
        objets = list(objets)
        familles = _familles_de(objets)
        self.bulk_create(
            Trace(
                par=par,
                verbe=verbe,
                objet=objet._meta.label,
                objet_id=objet.pk,
                famille=familles.get(objet.pk),
            )
            for objet in objets
        )

    def update(self, **champs):
        raise TypeError("Une trace ne se modifie pas.")

    def delete(self):
        raise TypeError("Une trace ne s’efface pas.")


class Trace(models.Model):
    """Who, which family, which object, verb, when. Readings of health and bank data, and decisions."""

    par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, verbose_name="par", related_name="+")
    famille = models.ForeignKey(
        "familles.Famille", models.PROTECT, null=True, verbose_name="famille", related_name="+"
    )
    verbe = models.CharField("verbe", max_length=12, choices=VerbeTrace)
    objet = models.CharField("objet", max_length=60)
    objet_id = models.BigIntegerField("numéro de l’objet")
    # Of a register: reading it makes no row of its day.
    jour = models.DateField("jour lu", null=True)
    quand = models.DateTimeField("quand", default=maintenant)

    objects = TraceQuerySet.as_manager()

    class Meta:
        verbose_name = "trace"
        ordering = ["-quand", "-pk"]
        indexes = [models.Index(fields=["objet", "objet_id"]), models.Index(fields=["famille", "-quand"])]

    def __str__(self):
        return f"{self.get_verbe_display()}, {self.quand.astimezone(fuseau()):%d/%m/%Y %H:%M}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise ValidationError("Une trace ne se modifie pas.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError("Une trace ne s’efface pas.")
