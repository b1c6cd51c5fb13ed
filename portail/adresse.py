"""The visitor's address, for the count of failed logins."""

from django.conf import settings
from django.http import HttpRequest


def adresse_du_client(request: HttpRequest) -> str | None:
    """Address seen by the first of our own relays; what the visitor wrote further left is not believed."""
    relais = settings.RELAIS_DE_CONFIANCE
    if relais:
        chaine = [a.strip() for a in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if a.strip()]
        if len(chaine) >= relais:
            return chaine[-relais]
    return request.META.get("REMOTE_ADDR")
