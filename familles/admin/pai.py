"""« PAI à renouveler »: the individual care plans that end within a month, or have ended."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path

from familles.enums import VerbeTrace
from familles.horloge import aujourdhui
from familles.models import FicheSanitaire, Trace


class PagePai:
    """For the admin page of the health files: one more page, whose every line read leaves its trace."""

    def get_urls(self):
        page = path("pai/", self.admin_site.admin_view(self.pai), name="familles_fichesanitaire_pai")
        return [page, *super().get_urls()]

    def pai(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        jour = aujourdhui()
        fiches = FicheSanitaire.objects.avec_familles(jour).pai_a_renouveler(jour)
        Trace.objects.inscrire_chacun(par=request.user, verbe=VerbeTrace.CONSULTER, objets=fiches)
        contexte = self.contexte(request, "PAI à renouveler", fiches=fiches, aujourdhui=jour)
        return render(request, "admin/familles/fichesanitaire/pai.html", contexte)
