"""Files that leave: a PDF to look at, a list to keep, what somebody joined."""

import io

from django.http import FileResponse, Http404, HttpResponse

from familles.tableur import TYPES, Tableau, ecrire

# Kept by no cache, taken for nothing else than what it says it is.
EN_PRIVE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


def envoyer(contenu: bytes, nom: str, type_: str = "application/pdf", joint: bool = False) -> HttpResponse:
    return HttpResponse(
        contenu,
        content_type=type_,
        headers={
            "Content-Disposition": f'{"attachment" if joint else "inline"}; filename="{nom}"',
            **EN_PRIVE,
        },
    )


def envoyer_piece(contenu: bytes, piece) -> FileResponse:
    """A joined file (`nom`, `type_mime`), always as a download."""
    return FileResponse(
        io.BytesIO(contenu),
        as_attachment=True,
        filename=piece.nom,
        content_type=piece.type_mime,
        headers=EN_PRIVE,
    )


def envoyer_tableau(tableau: Tableau, format_: str) -> HttpResponse:
    if format_ not in TYPES:
        raise Http404("Ce format n’existe pas.")
    return envoyer(ecrire(tableau, format_), f"{tableau.nom}.{format_}", TYPES[format_], joint=True)
