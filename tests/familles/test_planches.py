"""Pages of a PDF as pictures: drawn apart, within bounds, and never the end of who asked."""

import io

import pikepdf
import pytest
from PIL import Image

from familles import planche, planches
from familles.erreurs import Invalide


def pdf(taille=(595, 842), prepare=lambda document, page: None) -> bytes:
    document = pikepdf.new()
    prepare(document, document.add_blank_page(page_size=taille))
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def poupees(document, page):
    """Forms within forms, each drawn thirty times: weeks of work in two kilobytes."""

    def forme(dessin, **options):
        boite = pikepdf.Array([0, 0, 595, 842])
        return document.make_stream(
            dessin, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=boite, **options
        )

    dedans = forme(b"0 0 m 600 600 l S\n" * 1000)
    for _ in range(8):
        dedans = forme(b"/F Do\n" * 30, Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=dedans)))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=dedans))
    page.obj.Contents = document.make_stream(b"/F Do")


@pytest.mark.parametrize(
    ("taille", "attendue"), [((595, 842), (1200, 1699)), ((14400, 3), (1200, 1)), ((100, 100), (300, 300))]
)
def test_une_page_tient_dans_son_cadre(taille, attendue):
    image = Image.open(io.BytesIO(planches.planche(pdf(taille), 1)))
    assert image.format == "JPEG"
    assert abs(image.width - attendue[0]) <= 1
    assert abs(image.height - attendue[1]) <= 1


@pytest.mark.parametrize("contenu", [b"", b"%PDF-1.4 rien", pdf()[:200]])
def test_ce_qui_ne_s_ouvre_pas_se_dit(contenu):
    with pytest.raises(Invalide, match="téléchargez le document"):
        planches.planche(contenu, 1)


@pytest.mark.parametrize("page", [-1, 0, 2, 11])
def test_une_page_qui_n_existe_pas_se_dit(page):
    with pytest.raises(Invalide, match="téléchargez le document"):
        planches.planche(pdf(), page)


def test_un_document_sans_fin_est_arrete(monkeypatch):
    monkeypatch.setattr(planches, "ATTENTE", 1.5)
    with pytest.raises(Invalide, match="téléchargez le document"):
        planches.planche(pdf(prepare=poupees), 1)


def test_le_dessin_seul_dit_ce_qu_il_ne_peut_pas():
    with pytest.raises(ValueError):
        planche.dessiner(pdf(), 2)
    assert planche.dessiner(pdf(), 1).startswith(b"\xff\xd8")


def test_la_phrase_s_ecrit_en_image():
    image = Image.open(io.BytesIO(planches.ardoise(planches.ILLISIBLE)))
    assert image.format == "PNG"
    assert image.width == 700
