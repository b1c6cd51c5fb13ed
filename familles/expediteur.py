"""Whose name an e-mail bears."""

from email.utils import formataddr, parseaddr

from django.conf import settings

from familles.models import Collectivite


def expediteur(collectivite: Collectivite) -> str:
    """The town's name before the portal's address: a parent may deal with several towns."""
    _, adresse = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((collectivite.nom, adresse))
