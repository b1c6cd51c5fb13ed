"""Files that the staff download: a PDF to look at, a list to keep."""

from django.http import Http404, HttpResponse

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
