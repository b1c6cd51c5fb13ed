"""What every template may use (settings.TEMPLATES)."""

from django.conf import settings
from django.http import HttpRequest


def cadre(request: HttpRequest) -> dict:
    """The town, the counters of the header and the demonstration banner; nothing is read before it is shown."""
    return {
        "collectivite": request.collectivite,
        "demonstration": settings.MODE == "demonstration",
    }
