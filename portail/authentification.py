"""Who is at the door: identifier or e-mail, and when the door stays shut for a while.

Pure of screens; django-axes counts the failures, this says which counts are too many.
"""

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db.models import Q, Sum
from django.utils.text import slugify

from familles.horloge import instant_reel
from familles.models import Responsable, Utilisateur
from familles.requetes import RequetePreparee
from portail.adresse import adresse_du_client

# In a quarter of an hour: what one address may miss on all accounts, and all addresses on one account. The
# pair (account, address) waits after five: settings.AXES_FAILURE_LIMIT.
ECHECS_PAR_ADRESSE = 30
ECHECS_PAR_COMPTE = 50


_comptes = RequetePreparee(lambda pk: Utilisateur.objects.filter(pk=pk))


def comptes_nommes(saisie: str) -> list[Utilisateur]:
    """Open accounts that an identifier or an e-mail names: one query, never more than a few rows."""
    saisie = saisie.strip()
    adresses = Responsable.objects.exclude(email="").filter(email__iexact=saisie).values("utilisateur")
    return list(
        Utilisateur.objects.filter(
            Q(username__iexact=saisie) | Q(email__iexact=saisie) | Q(pk__in=adresses), is_active=True
        )
    )


def identifiant_libre(responsable: Responsable) -> str:
    """« jean.dupont », or « jean.dupont2 » when it is taken."""
    racine = slugify(f"{responsable.prenom} {responsable.nom}").replace("-", ".")[:120] or "famille"
    pris = {
        nom.lower()
        for nom in Utilisateur.objects.filter(username__istartswith=racine).values_list("username", flat=True)
    }
    rangs = ("", *map(str, range(2, len(pris) + 3)))
    return next(nom for nom in (racine + rang for rang in rangs) if nom not in pris)


def compte_nomme(saisie: str) -> Utilisateur | None:
    """The account that may log in so: its identifier first; an e-mail only when it names a single account."""
    if not saisie or len(saisie) > 254 or "\x00" in saisie:
        return None
    comptes = comptes_nommes(saisie)
    exact = [c for c in comptes if c.username.lower() == saisie.strip().lower()]
    candidats = exact or comptes
    return candidats[0] if len(candidats) == 1 else None


class IdentifiantOuCourriel(ModelBackend):
    """Django's backend, which also knows an account by its e-mail address."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if username is None or password is None:
            return None
        compte = compte_nomme(username)
        if compte is None:
            # The same work as for an account that exists: the time of the answer says nothing.
            make_password(password)
            return None
        return compte if compte.check_password(password) and self.user_can_authenticate(compte) else None

    def get_user(self, user_id):
        """Whose session it is, read on every page."""
        compte = next(iter(_comptes(user_id)), None)
        return compte if compte is not None and self.user_can_authenticate(compte) else None


def identifiant_vise(request, credentials) -> str | None:
    """Failures are counted on the account, whether it was named by identifier or by e-mail (django-axes)."""
    saisie = (credentials or {}).get("username") or (request.POST.get("username") if request else None)
    if not saisie:
        return None
    compte = compte_nomme(saisie)
    return compte.username if compte else saisie.strip().lower()[:150]


def rouvrir(compte: Utilisateur) -> None:
    """Who has just chosen a password by a link of ours need not wait for the wrong ones to be forgotten."""
    AccessAttempt.objects.filter(username=compte.username).delete()


class Gardien(AxesDatabaseHandler):
    """Shuts the door for a pair (account, address), for an address, and for an account."""

    def is_locked(self, request, credentials=None) -> bool:
        return super().is_locked(request, credentials) or self._trop_d_echecs(request, credentials)

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        super().user_login_failed(sender, credentials, request=request, **kwargs)
        if request is not None and self._trop_d_echecs(request, credentials):
            # Its middleware then answers 429 with our page.
            request.axes_locked_out = True

    @staticmethod
    def _trop_d_echecs(request, credentials) -> bool:
        depuis = instant_reel() - get_cool_off(request)
        recents = AccessAttempt.objects.filter(attempt_time__gte=depuis)
        plafonds = [
            ({"ip_address": adresse_du_client(request)}, ECHECS_PAR_ADRESSE),
            ({"username": get_client_username(request, credentials)}, ECHECS_PAR_COMPTE),
        ]
        for filtre, plafond in plafonds:
            total = recents.filter(**filtre).aggregate(n=Sum("failures_since_start"))["n"]
            if (total or 0) >= plafond:
                return True
        return False
