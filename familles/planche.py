"""One page of a PDF as a JPEG: `familles.planches` runs it apart, document on stdin, picture on stdout.

It knows nothing of the portal, so that what a hostile document could seize holds neither key nor database.
"""

import io
import resource
import sys
from math import isfinite

LARGEUR, HAUTEUR = 1200, 1700
ECHELLE_MAXIMALE = 3.0
MEMOIRE = 1024 * 1024 * 1024
SECONDES = 6
ILLISIBLE = 3


def dessiner(contenu: bytes, page: int) -> bytes:
    """Page `page` (from 1), its forms and annotations never run. Raise ValueError when it cannot be drawn."""
    import pypdfium2

    try:
        feuille = pypdfium2.PdfDocument(contenu)[page - 1]
        largeur, hauteur = feuille.get_size()
        if not (isfinite(largeur * hauteur) and largeur > 0 and hauteur > 0):
            raise ValueError("page sans surface")
        echelle = min(LARGEUR / largeur, HAUTEUR / hauteur, ECHELLE_MAXIMALE)
        image = feuille.render(scale=echelle, may_draw_forms=False).to_pil()
    except (pypdfium2.PdfiumError, IndexError, MemoryError) as erreur:
        raise ValueError(str(erreur)) from erreur
    sortie = io.BytesIO()
    image.convert("RGB").save(sortie, "JPEG", quality=82)
    return sortie.getvalue()


def _se_borner() -> None:
    """Memory and time that no document may pass; and it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES, SECONDES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _se_borner()
    try:
        sys.stdout.buffer.write(dessiner(sys.stdin.buffer.read(), int(sys.argv[1])))
    except ValueError:
        sys.exit(ILLISIBLE)
