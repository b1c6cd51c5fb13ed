"""Unread messages and pending requests, read with the family in one query."""

from familles.models import Responsable


def responsables_avec_compteurs(utilisateur):
    return Responsable.objects.de(utilisateur)
