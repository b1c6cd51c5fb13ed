"""How every e-mail of the portal leaves: in the town's name, answered to the town, marked as automatic."""

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from types import MappingProxyType

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from familles.models import Collectivite


def courriel(
    collectivite: Collectivite,
    *,
    sujet: str,
    texte: str,
    a: str,
    page: str = "",
    en_tetes: Mapping[str, str] = MappingProxyType({}),
) -> EmailMultiAlternatives:
    """Ready to be sent, with its HTML page if there is one. The name shown before the portal's address is the
    town's: a parent may deal with several.
    """
    _, adresse = parseaddr(settings.DEFAULT_FROM_EMAIL)
    message = EmailMultiAlternatives(
        subject=sujet,
        body=texte,
        from_email=formataddr((collectivite.nom, adresse)),
        to=[a],
        reply_to=[collectivite.email] if collectivite.email else None,
        headers={**en_tetes, "Auto-Submitted": "auto-generated"},
    )
    if page:
        message.attach_alternative(page, "text/html")
    return message
