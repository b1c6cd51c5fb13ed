"""Files that the staff download: a PDF to look at, a list to keep."""

from django.http import Http404, HttpResponse

from familles.erreurs import Refus
from familles.tableur import TYPES, Tableau, ecrire


def envoyer(contenu: bytes, nom: str, type_: str = "application/pdf", joint: bool = False) -> HttpResponse:
    return HttpResponse(
        contenu,
        content_type=type_,
        headers={
            "Content-Disposition": f'{"attachment" if joint else "inline"}; filename="{nom}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def envoyer_tableau(tableau: Tableau, format_: str) -> HttpResponse:
    if format_ not in TYPES:
        raise Http404("Ce format n’existe pas.")
    return envoyer(ecrire(tableau, format_), f"{tableau.nom}.{format_}", TYPES[format_], joint=True)


def choix_valide(form):
    """The form of a file’s address: it is made by our own page, a wrong one is 422."""
    if not form.is_valid():
        raise Refus("Choisissez une régie et un mois de la liste.", statut=422)
    return form
