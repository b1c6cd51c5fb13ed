"""A form sent after the session had ended is not lost: it waits, encrypted, for the same person."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware

from familles.chiffrement import chiffrer, trousseau
from portail.models import Seance

CLE = "reprise"
TAILLE_MAXIMALE = 50_000
DUREE = timedelta(hours=1)
JAMAIS_GARDES = {"csrfmiddlewaretoken"}
GARDEE = "Votre session avait expiré. Ce que vous avez rempli est gardé : connectez-vous pour l’envoyer."
PERDUE = (
    "Votre session avait expiré : rien n’a été enregistré, et ce que vous aviez rempli n’a pas pu être gardé."
)


@dataclass(frozen=True)
class Saisie:
    """What was typed: where it was going, and (name, value) pairs in their order.

    Files are not kept: `fichiers` names the fields that held some, for the person to choose them again.
    """

    adresse: str
    champs: list[tuple[str, str]]
    fichiers: list[str] = field(default_factory=list)


class ConnexionExigee(LoginRequiredMiddleware):
    """Django's « login is the default »; a form is put aside before its sender is asked to log in."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        # A public page does not ask who reads it: what browsers keep for everyone depends on no cookie.
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        if request.method == "POST":
            if mettre_de_cote(request):
                messages.info(request, GARDEE)
            else:
                messages.warning(request, PERDUE)
        return super().handle_no_permission(request, view_func)


def mettre_de_cote(request) -> bool:
    """Only for the person whose session has just ended: on a shared computer, nobody reads another's form."""
    proprietaire = _proprietaire(request)
    champs = [(nom, v) for nom, vs in request.POST.lists() if nom not in JAMAIS_GARDES for v in vs]
    gardee = {"adresse": request.get_full_path(), "champs": champs, "fichiers": list(request.FILES)}
    contenu = json.dumps({**gardee, "pour": proprietaire})
    if proprietaire is None or not champs or len(contenu) > TAILLE_MAXIMALE:
        return False
    request.session[CLE] = chiffrer(contenu.encode()).decode()
    return True


def _proprietaire(request) -> int | None:
    cle = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not cle:
        return None
    # An expired row stays until the nightly cleaning; only its owner is read.
    return Seance.objects.filter(session_key=cle).values_list("utilisateur_id", flat=True).first()


def saisie_gardee(request) -> Saisie | None:
    """The form of this person, within the hour; None otherwise."""
    jeton = request.session.get(CLE)
    if not jeton:
        return None
    try:
        brut = trousseau().decrypt(jeton.encode(), ttl=int(DUREE.total_seconds()))
    except InvalidToken:
        return None
    gardee = json.loads(brut)
    if gardee["pour"] != request.user.pk:
        return None
    return Saisie(gardee["adresse"], [tuple(champ) for champ in gardee["champs"]], gardee["fichiers"])


def oublier(request) -> None:
    request.session.pop(CLE, None)
