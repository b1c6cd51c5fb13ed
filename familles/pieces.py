"""Files that people send: PDF, JPEG or PNG, judged by their content, never by their name. Pure.

Images are decoded and written again (no metadata, no hidden payload); a PDF must open without a password and
hold neither script nor embedded file. Whoever reads one gets a download from a view that checks who asks.
"""

import io
import warnings
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from familles.erreurs import Invalide

TAILLE_MAXIMALE = 8 * 1024 * 1024
PIXELS_MAXIMUM = 40_000_000
COTE_MAXIMAL = 2400
LARGEUR_LOGO, HAUTEUR_LOGO = 480, 120
# A printed logo weighs on every invoice that is kept.
POIDS_LOGO_IMPRIME = 8_000
COTE_PORTRAIT = 400
ACCEPTES = "application/pdf,image/jpeg,image/png"
SIGNATURES_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")
# Keys and kinds of actions that run a program or carry a file (ISO 32000, 12.6 and 7.11).
ACTIFS = ("/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent")
LANCEURS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition")
AIDE = "PDF, JPEG ou PNG, 8 Mo au plus."


@dataclass(frozen=True)
class Piece:
    """A file fit to be kept."""

    contenu: bytes
    type_mime: str
    extension: str
    pages: int = 0  # of a PDF

    @property
    def taille(self) -> int:
        return len(self.contenu)


def examiner(contenu: bytes) -> Piece:
    """The file as it may be kept. Raise Invalide with a sentence for the person who sent it."""
    if not contenu:
        raise Invalide("Ce fichier est vide.")
    if len(contenu) > TAILLE_MAXIMALE:
        raise Invalide("Ce fichier dépasse 8 Mo : réduisez-le avant de l’envoyer.")
    if contenu.lstrip()[:5] == b"%PDF-":
        return Piece(contenu, "application/pdf", "pdf", _pages(contenu))
    if contenu[4:12] in SIGNATURES_HEIC:
        raise Invalide("Les photos HEIC ne s’ouvrent pas partout : envoyez-la en JPEG.")
    return _image(contenu)


def logo(contenu: bytes) -> tuple[Piece, int, int]:
    """A logo as the header shows it, light, always PNG; its width and height."""
    piece = examiner(contenu)
    if piece.extension == "pdf":
        raise Invalide("Un logo est une image, JPEG ou PNG.")
    image = Image.open(io.BytesIO(piece.contenu)).convert("RGBA")
    if image.width > 12 * image.height or image.height > 4 * image.width:
        raise Invalide("Ce logo est trop allongé : recadrez-le avant de l’envoyer.")
    image.thumbnail((LARGEUR_LOGO, HAUTEUR_LOGO))
    sortie = io.BytesIO()
    image.save(sortie, "PNG", optimize=True)
    return Piece(sortie.getvalue(), "image/png", "png"), image.width, image.height


def logo_imprime(contenu: bytes) -> bytes:
    """A logo for paper: on white, without transparency, as PNG when flat enough, else as JPEG."""
    image = Image.open(io.BytesIO(contenu)).convert("RGBA")
    papier = Image.new("RGB", image.size, "white")
    papier.paste(image, mask=image.getchannel("A"))
    ecritures: list[tuple[str, dict]] = [("PNG", {"optimize": True})]
    ecritures += [("JPEG", {"quality": qualite, "optimize": True}) for qualite in (90, 80, 70, 60)]
    while True:
        for format_, options in ecritures:
            sortie = io.BytesIO()
            papier.save(sortie, format_, **options)
            if sortie.tell() <= POIDS_LOGO_IMPRIME:
                return sortie.getvalue()
        papier = papier.resize((max(1, papier.width * 3 // 4), max(1, papier.height * 3 // 4)))


def portrait(contenu: bytes) -> Piece:
    """A child’s photo as it is kept: square, small, a JPEG that says nothing of where it was taken."""
    piece = examiner(contenu)
    if piece.extension == "pdf":
        raise Invalide("Une photo est une image, JPEG ou PNG.")
    image = Image.open(io.BytesIO(piece.contenu)).convert("RGB")
    # Faces stand above the middle of most photos.
    carree = ImageOps.fit(image, (COTE_PORTRAIT, COTE_PORTRAIT), centering=(0.5, 0.35))
    sortie = io.BytesIO()
    carree.save(sortie, "JPEG", quality=85)
    return Piece(sortie.getvalue(), "image/jpeg", "jpg")


def _pages(contenu: bytes) -> int:
    """How many pages a PDF has. Raise Invalide when it may not be kept."""
    try:
        with pikepdf.open(io.BytesIO(contenu)) as pdf:
            if any(_actif(objet) for objet in pdf.objects):
                raise Invalide(
                    "Ce PDF contient un programme ou un fichier joint : imprimez-le en PDF, puis renvoyez-le."
                )
            if not (pages := len(pdf.pages)):
                raise Invalide("Ce PDF n’a aucune page.")
    except pikepdf.PasswordError:
        raise Invalide("Ce PDF est protégé par un mot de passe : envoyez-en un qui s’ouvre.") from None
    except pikepdf.PdfError:
        raise Invalide("Ce PDF est abîmé : il ne s’ouvre pas.") from None
    return pages


def _actif(objet) -> bool:
    """Whether an object, or one written inside it, runs something or carries a file.

    Every object of the document is looked at: a script may hang on a page, a field or a link as well. Without
    recursion: objects may be nested deeper than Python may call.
    """
    a_voir = [objet]
    while a_voir:
        vu = a_voir.pop()
        if isinstance(vu, pikepdf.Dictionary | pikepdf.Stream):
            if any(cle in vu for cle in ACTIFS) or vu.get("/S") in LANCEURS:
                return True
            contenu = [valeur for _, valeur in vu.items()]
        elif isinstance(vu, pikepdf.Array):
            contenu = list(vu)
        else:
            continue
        # What is pointed at is an object of its own, and scalars are plain values.
        a_voir += [v for v in contenu if isinstance(v, pikepdf.Object) and not v.is_indirect]
    return False


def _image(contenu: bytes) -> Piece:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Whatever the process lets through elsewhere, a file cut short is not kept.
            Image.open(io.BytesIO(contenu), formats=("JPEG", "PNG")).verify()
            image = Image.open(io.BytesIO(contenu), formats=("JPEG", "PNG"))
            if image.width * image.height > PIXELS_MAXIMUM:
                raise Invalide("Cette image est trop grande : réduisez-la avant de l’envoyer.")
            transparente = image.format == "PNG"
            droite = ImageOps.exif_transpose(image)
            droite.thumbnail((COTE_MAXIMAL, COTE_MAXIMAL))
            sortie = io.BytesIO()
            if transparente:
                droite.convert("RGBA").save(sortie, "PNG", optimize=True)
            else:
                droite.convert("RGB").save(sortie, "JPEG", quality=85)
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Invalide(f"Ce fichier n’est pas de ceux que nous lisons. {AIDE}") from None
    except (OSError, SyntaxError, ValueError):
        raise Invalide("Cette image est abîmée : elle ne s’ouvre pas.") from None
    if transparente:
        return Piece(sortie.getvalue(), "image/png", "png")
    return Piece(sortie.getvalue(), "image/jpeg", "jpg")
