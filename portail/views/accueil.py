"""The first page after login."""

from django.shortcuts import redirect, render

from familles.acces import famille_requise
from familles.horloge import aujourdhui


@famille_requise
def _famille(request):
    jour = aujourdhui()
    return render(request, "portail/accueil.html", {"onglet": "accueil", "jour": jour})


def accueil(request):
    """The family's page; staff who open no family work in the admin."""
    if request.user.is_staff and not request.acces.nombre_familles:
        return redirect("admin:index")
    return _famille(request)
