"""Files that people send: what is kept, what is refused, and with which words."""

import io

import pikepdf
import pytest
from PIL import Image

from familles import pieces
from familles.erreurs import Invalide


def image(format_="JPEG", taille=(60, 40), **options) -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", taille, "teal").save(sortie, format_, **options)
    return sortie.getvalue()


def pdf(preparer=lambda document: None, **options) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    preparer(document)
    sortie = io.BytesIO()
    document.save(sortie, **options)
    return sortie.getvalue()


def joindre(document):
    document.attachments["virus.exe"] = b"MZ"


def programmer(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = document.make_indirect(action)


def programmer_une_page(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.pages[0].obj.AA = pikepdf.Dictionary(O=action)


def lancer(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="a.exe")
    lien = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
    document.pages[0].obj.Annots = pikepdf.Array([lien])


def epingler(document):
    fichier = pikepdf.Dictionary(EF=pikepdf.Dictionary(F=document.make_stream(b"MZ")))
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, FS=fichier)
    document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(note)])


def lier(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://impots.gouv.fr")
    lien = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
    document.pages[0].obj.Annots = pikepdf.Array([lien])


def emboiter(document):
    document.Root.Boites = pikepdf.Object.parse(b"[" * 499 + b"]" * 499)


CHIFFRE = pikepdf.Encryption(owner="a", user="b")


@pytest.mark.parametrize(
    ("contenu", "type_mime"),
    [
        (image("JPEG"), "image/jpeg"),
        (image("PNG"), "image/png"),
        (pdf(), "application/pdf"),
        (b"\n\n" + pdf(), "application/pdf"),
        (pdf(lier), "application/pdf"),
        (pdf(emboiter), "application/pdf"),
    ],
)
def test_un_fichier_ordinaire_est_garde(contenu, type_mime):
    piece = pieces.examiner(contenu)
    assert piece.type_mime == type_mime
    assert piece.taille > 0


@pytest.mark.parametrize(
    ("contenu", "mots"),
    [
        (b"", "vide"),
        (b"x" * (pieces.TAILLE_MAXIMALE + 1), "8 Mo"),
        (b"\x00\x00\x00\x18ftypheic" + b"0" * 50, "HEIC"),
        (b"<svg onload='x()'></svg>", "PDF, JPEG ou PNG"),
        (b"<html><script>x()</script>", "PDF, JPEG ou PNG"),
        (image("GIF"), "PDF, JPEG ou PNG"),
        (b"MZ" + b"0" * 100, "PDF, JPEG ou PNG"),
        (image("PNG")[:60], "abîmée"),
        (b"%PDF-1.7 rien", "abîmé"),
        (pdf(encryption=CHIFFRE), "mot de passe"),
        (pdf(joindre), "fichier joint"),
        (pdf(programmer), "programme"),
        (pdf(programmer_une_page), "programme"),
        (pdf(lancer), "programme"),
        (pdf(epingler), "fichier joint"),
    ],
)
def test_un_fichier_dangereux_ou_illisible_est_refuse_avec_une_phrase(contenu, mots):
    with pytest.raises(Invalide) as refus:
        pieces.examiner(contenu)
    assert mots in refus.value.message


def test_une_photo_perd_ses_metadonnees_et_ses_pixels_de_trop():
    exif = Image.Exif()
    exif[0x010E] = "12 rue des Bonbons"
    gardee = Image.open(io.BytesIO(pieces.examiner(image("JPEG", (5000, 100), exif=exif)).contenu))
    assert not dict(gardee.getexif())
    assert gardee.size == (2400, 48)


def test_une_image_immense_est_refusee_sans_etre_decodee(monkeypatch):
    monkeypatch.setattr(pieces, "PIXELS_MAXIMUM", 100)
    with pytest.raises(Invalide):
        pieces.examiner(image("PNG", (200, 200)))
