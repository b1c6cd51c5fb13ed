"""What every template may use (settings.TEMPLATES)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from familles.horloge import aujourdhui
from portail.compteurs import Compteurs


def cadre(request: HttpRequest) -> dict:
    """The town, the day, the counters of the header, the banner; nothing is read before it is shown."""
    if not hasattr(request, "collectivite"):
        # Refused before our middleware (an unknown host name): that page asks for nothing.
        return {}
    return {
        "collectivite": request.collectivite,
        "aujourdhui": aujourdhui,
        "avec_onglets": SimpleLazyObject(lambda: request.acces.famille is not None),
        "compteurs": SimpleLazyObject(lambda: Compteurs.de(request.acces)),
        "demonstration": settings.MODE == "demonstration",
    }
