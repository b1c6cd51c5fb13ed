"""The town's colours and logo: public files, named by what they hold, that browsers keep for a year."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from familles import coffre

UN_AN = "public, max-age=31536000, immutable"


def _garder(request, version: str, reponse: HttpResponse) -> HttpResponse:
    """An address of yesterday gets what is true today, and is not kept."""
    reponse.headers["Cache-Control"] = UN_AN if version == request.collectivite.identite else "no-store"
    return reponse


@login_not_required
@require_safe
def feuille(request, version):
    """The tokens of static/css/jetons.css that a town chooses, on screens: paper keeps its own."""
    # Without the request: what is kept for everyone depends on nobody.
    jetons = render_to_string("portail/identite.css", {"palette": request.collectivite.palette})
    return _garder(request, version, HttpResponse(jetons, content_type="text/css"))


@login_not_required
@require_safe
def logo(request, version):
    cle = request.collectivite.logo_cle
    if not cle:
        raise Http404("La collectivité n’a pas de logo.")
    try:
        image = coffre.lire(cle)
    except FileNotFoundError:
        raise Http404("Ce logo n’existe plus.") from None
    return _garder(request, version, HttpResponse(image, content_type="image/png"))
