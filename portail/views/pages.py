"""Pages that say the same to everyone."""

from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portail import aide


@login_not_required
@require_safe
def sommaire(request):
    """The contents of the help, for whoever has not logged in yet as well."""
    return render(request, "portail/aide/sommaire.html", {"pages": aide.FAMILLES, "lue": None})


@login_not_required
@require_safe
def page_d_aide(request, cle):
    lue = aide.page(aide.FAMILLES, cle)
    if lue is None:
        raise Http404("Cette page d’aide n’existe pas.")
    pages = aide.FAMILLES
    suite = pages[pages.index(lue) + 1] if lue != pages[-1] else None
    return render(request, "portail/aide/page.html", {"pages": pages, "lue": lue, "suite": suite})


# When what the declaration says was last checked.
DECLARATION = date(2026, 11, 26)
LEGALES = {
    "mentions-legales": "portail/legal/mentions.html",
    "donnees-personnelles": "portail/legal/donnees.html",
    "accessibilite": "portail/legal/accessibilite.html",
}


@login_not_required
@require_safe
def legale(request, page):
    """Legal pages: what the law asks, with what the town has filled in."""
    if page not in LEGALES:
        raise Http404("Cette page n’existe pas.")
    return render(request, LEGALES[page], {"etablie_le": DECLARATION})


@login_not_required
@require_safe
def page_de_la_ville(request):
    """Where Déconnexion leads in the demonstration, whose town has no site of its own."""
    if settings.MODE != "demonstration":
        raise Http404("Cette page n’existe que dans la démonstration.")
    return render(request, "portail/demonstration/ville.html")


@login_not_required
@require_safe
def etat(request):
    """For the machine that watches: the portal answers and reaches its database. It says nothing else."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("indisponible", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


etat.sans_cadre = True


# What is read of a form that is too long, so that its sender gets the answer and not a cut connection.
LU_AU_PLUS = 64 * 1024 * 1024


def requete_refusee(request, exception):
    """handler400: what Django could not read, or would not because it was too long."""
    if not isinstance(exception, RequestDataTooBig):
        return render(request, "400.html", status=400)
    lu = 0
    while lu < LU_AU_PLUS and (morceau := request.read(1024 * 1024)):
        lu += len(morceau)
    return render(request, "413.html", status=413)
