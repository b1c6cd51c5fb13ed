"""A form sent after the session had ended is not lost: it waits, encrypted, for the same person."""

import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import render

from familles.chiffrement import chiffrer, trousseau
from familles.textes import sans_invisibles
from portail.models import Seance

CLE = "reprise"
TAILLE_MAXIMALE = 50_000
DUREE = timedelta(hours=1)
JAMAIS_GARDES = {"csrfmiddlewaretoken", CLE}
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

    @property
    def textes(self) -> list[str]:
        """What the person wrote, to be read again or copied: neither choices, nor numbers, nor passwords."""
        return [v for nom, v in self.champs if "password" not in nom and len(v.split()) > 1]


class ConnexionExigee(LoginRequiredMiddleware):
    """Django's « login is the default »; a form is put aside before its sender is asked to log in."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        # A public page does not ask who reads it: what browsers keep for everyone depends on no cookie.
        if not getattr(view_func, "login_required", True):
            return None
        request.est_une_reprise = request.method == "POST" and CLE in request.POST
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        if request.method == "POST":
            saisie = _envoyee(request)
            if mettre_de_cote(request, saisie):
                messages.info(request, GARDEE)
            elif saisie.textes:
                # Given back to who has just sent it, and to nobody else: nothing of it stays here.
                return render(request, "portail/saisie_rendue.html", {"saisie": saisie}, status=403)
            else:
                messages.warning(request, PERDUE)
        return super().handle_no_permission(request, view_func)

    def process_response(self, request, response):
        """The form that had been kept is forgotten once its page has taken it, or said why it does not."""
        if getattr(request, "est_une_reprise", False) and response.status_code < 500:
            oublier(request)
        return response


def _envoyee(request) -> Saisie:
    champs = [
        (nom, sans_invisibles(v)) for nom, vs in request.POST.lists() if nom not in JAMAIS_GARDES for v in vs
    ]
    return Saisie(request.get_full_path(), champs, list(request.FILES))


def mettre_de_cote(request, saisie: Saisie) -> bool:
    """Only for the person whose session has just ended: on a shared computer, nobody reads another's form."""
    proprietaire = _proprietaire(request)
    contenu = json.dumps({**asdict(saisie), "pour": proprietaire})
    if proprietaire is None or not saisie.champs or len(contenu) > TAILLE_MAXIMALE:
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
