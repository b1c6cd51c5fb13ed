"""The frame of every page: who acts for which family, the town and its zone, refusals as pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from familles.acces import Acces
from familles.erreurs import Refus
from familles.models import Collectivite
from portail.compteurs import responsables_avec_compteurs

CLE_FAMILLE = "famille"
PERMISSIONS = ", ".join(
    f"{nom}=()"
    for nom in ("camera", "display-capture", "geolocation", "microphone", "payment", "publickey-credentials-get", "usb")
)


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
    """Puts `request.acces` and `request.collectivite`, both read only when asked, and the town's zone."""

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
        # Every view may ask the day: the zone is active before it. The health check asks for nothing.
        if not getattr(view_func, "sans_cadre", False):
            request.collectivite.pk  # noqa: B018  (reads the row, which activates the zone)


class RefusMiddleware:
    """A rule's refusal becomes a page with its sentence and its status; adds the headers that depend on it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, Refus):
            contexte = {"message": exception.message}
            return render(request, f"{exception.statut}.html", contexte, status=exception.statut)
        return None
