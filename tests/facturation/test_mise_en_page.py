"""What is printed stands where it must: the address in the window of its envelope, a number on one line."""

import re
import subprocess

import pypdfium2
import pytest
from django.conf import settings
from PIL import Image

from facturation import actions, documents, pdf
from tests.facturation.conftest import NOVEMBRE
from tests.facturation.test_modeles import creer_reglement

pytestmark = pytest.mark.django_db


def fenetre(contenu: bytes) -> tuple[str, Image.Image]:
    """What the window of a DL envelope may show: x 90-200 mm, y 44-90 mm; its words, and its picture."""
    lu = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=contenu, capture_output=True, check=True
    ).stdout.decode()
    mots = [
        (mot, *(float(v) * 25.4 / 72 for v in cadre))
        for *cadre, mot in re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<',
            lu.split("</page>")[0],
        )
    ]
    montres = [m for m in mots if m[3] > 90 and m[1] < 200 and m[2] < 90 and m[4] > 44]
    # Whatever the play of the sheet, the address is whole.
    assert all(x1 >= 100 and x2 <= 190 and y1 >= 55 and y2 <= 79 for _, x1, y1, x2, y2 in montres)
    with pypdfium2.PdfDocument(contenu) as document:
        vue = document[0].render(scale=72 / 25.4).to_pil().convert("L")
    par_mm = vue.width / 210
    return " ".join(mot for mot, *_ in montres), vue.crop([round(mm * par_mm) for mm in (90, 44, 200, 90)])


def test_l_adresse_seule_est_dans_la_fenetre_d_une_enveloppe_dl(
    novembre, dupont, regie, comptable, collectivite
):
    du, au = NOVEMBRE
    facture = actions.emettre(famille=dupont, regie=regie, du=du, au=au, par=comptable)
    reglement = creer_reglement(dupont, regie)
    for contenu in (pdf.pdf_de(facture), documents.quittance(reglement)):
        mots, vue = fenetre(contenu)
        assert mots == "M. Jean DUPONT 12 RUE DES BONBONS 31400 SAINT-JEAN"
        # No ink, nor the tint of a box, but around the address: x 105-190 mm, y 55-79 mm.
        par_mm = vue.width / 110
        vue.paste(255, [round(mm * par_mm) for mm in (10, 11, 100, 35)])
        assert vue.getextrema() == (255, 255)


@pytest.mark.parametrize(
    "page", sorted((settings.BASE_DIR / "templates").rglob("*factur*/**/*.html")), ids=lambda p: p.name
)
def test_un_numero_ne_se_coupe_pas_dans_une_cellule(page):
    """« AL- », then « 292 » on the next line."""
    numeros = r"(?:[\w.]+\.(?:numero_imprime|piece)|operation\.numero|facture|reglement)"
    coupables = re.findall(rf"<t[hd](?![^>]*insecable)[^>]*>{{{{ {numeros} }}}}</t[hd]>", page.read_text())
    assert not coupables
