"""Pages of an address that is not, or is closed, or broke: the staff are not spoken to as parents."""

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import defaults

PERSONNEL = {
    403: ("Cette page ne vous est pas ouverte", "Vos droits ne donnent pas accès à cette page."),
    404: ("Page introuvable", "Cette adresse n’existe pas, ou ce qu’elle montrait a été supprimé."),
}


def _dans_l_administration(request) -> bool:
    return request.path.startswith(reverse("admin:index")) and admin.site.has_permission(request)


def _page(request, statut: int, phrase: str = "") -> HttpResponse:
    titre, usuelle = PERSONNEL[statut]
    contexte = {**admin.site.each_context(request), "title": titre, "phrase": phrase or usuelle}
    return render(request, "admin/erreur.html", contexte, status=statut)


def page_introuvable(request, exception):
    if _dans_l_administration(request):
        return _page(request, 404)
    return defaults.page_not_found(request, exception)


def page_fermee(request, exception):
    if _dans_l_administration(request):
        return _page(request, 403, str(exception))
    return defaults.permission_denied(request, exception)


def panne(request):
    """Asks nothing of the database nor of the session: they may be what failed."""
    gabarit = "admin/500.html" if request.path.startswith(reverse("admin:index")) else "500.html"
    return defaults.server_error(request, gabarit)
