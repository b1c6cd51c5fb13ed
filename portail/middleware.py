"""The frame of every page: who acts for which family, the town and its zone, refusals as pages, headers."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from familles.acces import Acces
from familles.erreurs import Refus
from familles.models import Collectivite
from familles.textes import INVISIBLES, sans_invisibles
from portail.compteurs import responsables_avec_compteurs

CLE_FAMILLE = "famille"
PERMISES = ("GET", "HEAD", "POST", "OPTIONS")
_INUTILES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
PERMISSIONS = ", ".join(f"{nom}=()" for nom in _INUTILES)


def _lire_acces(request: HttpRequest) -> Acces:
    if not request.user.is_authenticated:
        return Acces(utilisateur=request.user)
    return Acces.pour_utilisateur(
        request.user,
        famille_id=request.session.get(CLE_FAMILLE),
        responsables=responsables_avec_compteurs(request.user),
    )


def _lire_collectivite() -> Collectivite:
    collectivite = Collectivite.objects.courante()
    timezone.activate(collectivite.fuseau)
    return collectivite


class AccesMiddleware:
    """Puts `request.acces` and `request.collectivite`, both read when first asked, and the town's zone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acces = SimpleLazyObject(lambda: _lire_acces(request))
        request.collectivite = SimpleLazyObject(_lire_collectivite)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request, view_func, view_args, view_kwargs):
        # A view may ask the day: the zone is active before it. The health check asks for nothing.
        if not getattr(view_func, "sans_cadre", False):
            request.collectivite.pk  # noqa: B018  (reads the row, which activates the zone)


class SaisieMiddleware:
    """What nobody sees is removed from all that is typed, once and for all forms (familles.textes)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.method == "POST" and any(
            INVISIBLES.search(valeur) for _, valeurs in request.POST.lists() for valeur in valeurs
        ):
            saisie = request.POST.copy()
            for nom, valeurs in request.POST.lists():
                saisie.setlist(nom, [sans_invisibles(valeur) for valeur in valeurs])
            saisie._mutable = False
            request.POST = saisie


class CompressionMiddleware(GZipMiddleware):
    """Pages leave compressed, with or without a web server in front: the grid of a month is 50 kB without.

    HTML alone: PDF, spreadsheets and private files are compressed by nature, and may be streamed.

    BREACH reads a secret from the length of a compressed page that also repeats what the attacker chose. Here
    the only secret of a page, the CSRF token, is masked anew each time; the header is padded at random
    (Django's « Heal the breach »); and the session cookie is `SameSite=Lax`: another site cannot have our
    pages loaded over and over in the name of a family.
    """

    def process_response(self, request, response):
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class RefusMiddleware:
    """A rule's refusal becomes a page with its sentence and its status; the headers of pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            # An address that only takes forms, opened from the history: a page instead of a blank.
            permis = response.headers["Allow"]
            response = render(request, "405.html", status=405)
            response.headers["Allow"] = permis
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self._completer(request, response)
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        # Pages are read and forms are sent: no view of ours has another verb.
        return None if request.method in PERMISES else HttpResponseNotAllowed(PERMISES)

    def process_exception(self, request, exception):
        if isinstance(exception, Refus):
            contexte = {"message": exception.message, "exception": exception.message}
            return render(request, f"{exception.statut}.html", contexte, status=exception.statut)
        return None

    @staticmethod
    def _completer(request, response) -> None:
        if request.user.is_authenticated:
            # A shared computer: « précédent » after Déconnexion must not show the family again.
            response.headers.setdefault("Cache-Control", "private, no-store")
        sortie = urlsplit(request.collectivite.url_apres_deconnexion)
        if sortie.netloc:
            # Browsers follow `form-action` through redirects, and Déconnexion is a form.
            response._csp_update = {"form-action": [f"{sortie.scheme}://{sortie.netloc}"]}
