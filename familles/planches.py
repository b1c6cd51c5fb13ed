"""The pages of a stored PDF as pictures, for who reads it in place: a user's file is never framed nor inline.

Each is drawn by another process (`familles.planche`), without our environment and within bounds: a document
that crashes, hangs or swells takes nobody with it.
"""

import io
import subprocess  # nosec B404
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from familles.erreurs import Invalide

PAGES_AU_PLUS = 10
ATTENTE = 10
SCRIPT = Path(__file__).with_name("planche.py")
POLICE = Path(__file__).with_name("polices") / "AtkinsonHyperlegibleNext-Regular.ttf"
ILLISIBLE = "Cette page ne peut pas être montrée ici : téléchargez le document pour la lire."


def planche(contenu: bytes, page: int) -> bytes:
    """A page (from 1) as a JPEG. Raise Invalide when it cannot be drawn in time, or at all."""
    if not 1 <= page <= PAGES_AU_PLUS:
        raise Invalide(ILLISIBLE)
    try:
        # Our own script, without a shell. -I: neither environment, nor current folder, nor user's packages.
        rendu = subprocess.run(  # nosec B603
            [sys.executable, "-I", str(SCRIPT), str(page)],
            input=contenu,
            capture_output=True,
            timeout=ATTENTE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Invalide(ILLISIBLE) from None
    if rendu.returncode or not rendu.stdout:
        raise Invalide(ILLISIBLE)
    return rendu.stdout


def ardoise(phrase: str) -> bytes:
    """A sentence as a picture, where a page should have been."""
    police = ImageFont.truetype(str(POLICE), 26)
    mots, lignes = phrase.split(), [""]
    for mot in mots:
        essai = f"{lignes[-1]} {mot}".strip()
        lignes[-1:] = [essai] if police.getlength(essai) <= 620 else [lignes[-1], mot]
    image = Image.new("RGB", (700, 60 + 40 * len(lignes)), "#f3f1ec")
    ImageDraw.Draw(image).multiline_text((40, 30), "\n".join(lignes), "#2b2a27", police, spacing=12)
    sortie = io.BytesIO()
    image.save(sortie, "PNG")
    return sortie.getvalue()
