"""Sessions, and the right to choose a first password."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils.crypto import salted_hmac

from familles.horloge import instant_reel
from familles.models import Utilisateur
from portail.sessions import SessionStore


class SeanceManager(BaseSessionManager.from_queryset(models.QuerySet)):
    use_in_migrations = True

    def ouvertes(self, compte: Utilisateur):
        """Sessions of a person that still open the portal, the latest first."""
        return self.filter(utilisateur_id=compte.pk, expire_date__gt=instant_reel()).order_by("-ouverte_le")


class Seance(AbstractBaseSession):
    """A session of a browser. No address, no full user agent: just enough to recognise one's own."""

    # A plain number: an anonymous session has none, and a deleted account must not take the table along.
    utilisateur_id = models.BigIntegerField("compte", null=True, db_index=True)
    navigateur = models.CharField("navigateur", max_length=60, blank=True)
    ouverte_le = models.DateTimeField("ouverte le", default=instant_reel)

    objects = SeanceManager()

    class Meta:
        verbose_name = "session"

    def __str__(self):
        return self.navigateur or "session"

    @classmethod
    def get_session_store_class(cls):
        return SessionStore

    @property
    def reference(self) -> str:
        """Names this session on a page: its key never leaves the server."""
        return salted_hmac("portail.seance", self.session_key).hexdigest()[:20]


def empreinte(secret: str) -> str:
    return salted_hmac("portail.activation", secret, algorithm="sha256").hexdigest()


def empreinte_du_code(saisie: str) -> str:
    """Of a code as people type it: dashes, spaces and case do not count."""
    return empreinte("".join(c for c in saisie.upper() if c.isalnum()))


class ActivationQuerySet(models.QuerySet):
    def du_lien(self, lien: str) -> "Activation | None":
        return self.valables().filter(empreinte_lien=empreinte(lien)).first()

    def valables(self):
        """Neither used, nor too old."""
        return self.filter(utilisee_le=None, expire_le__gt=instant_reel(), utilisateur__is_active=True)

    def par_code(self):
        """The code was not tried too often: who guesses it from afar closes it, and not the link."""
        return self.valables().filter(essais__lt=Activation.ESSAIS)

    def servis(self) -> set[int]:
        """Accounts whose letter may still be used."""
        return set(self.valables().values_list("utilisateur", flat=True))


class Activation(models.Model):
    """The right to choose a first password, by a link or by a code printed on a letter; used once.

    Neither the link nor the code is kept: only their fingerprints.
    """

    ESSAIS = 10

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="activations", verbose_name="compte"
    )
    empreinte_lien = models.CharField(max_length=64, unique=True, editable=False)
    empreinte_code = models.CharField(max_length=64, editable=False)
    creee_le = models.DateTimeField("créée le", default=instant_reel)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="créée par"
    )
    expire_le = models.DateTimeField("expire le")
    utilisee_le = models.DateTimeField("utilisée le", null=True, blank=True)
    essais = models.PositiveSmallIntegerField("codes faux", default=0)

    objects = ActivationQuerySet.as_manager()

    class Meta:
        verbose_name = "première connexion"
        verbose_name_plural = "premières connexions"
        ordering = ["-creee_le"]

    def __str__(self):
        return f"{self.utilisateur} ({self.creee_le:%d/%m/%Y})"
