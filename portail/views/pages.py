"""Pages that say the same to everyone."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
def aide(request):
    return render(request, "portail/aide.html")


LEGALES = {
    "mentions-legales": "portail/legal/mentions.html",
    "donnees-personnelles": "portail/legal/donnees.html",
    "accessibilite": "portail/legal/accessibilite.html",
}


@login_not_required
def legale(request, page):
    """Legal pages: what the law asks, with what the town has filled in."""
    if page not in LEGALES:
        raise Http404("Cette page n’existe pas.")
    return render(request, LEGALES[page])


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
