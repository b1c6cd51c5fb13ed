"""What printed documents share: `{% load papier %}`."""

from django import template

from familles import papier
from familles.models import Collectivite

register = template.Library()


@register.simple_tag
def adresse_du_logo(collectivite: Collectivite) -> str:
    """The logo’s address inside a printed document; empty without a logo, or when its file is gone."""
    if not collectivite.logo_cle:
        return ""
    try:
        papier.logo(collectivite.logo_cle)
    except FileNotFoundError:
        return ""
    return f"{papier.LOGO}:{collectivite.logo_cle}"
