"""The pieces of pages: icons, amounts, cards, pagination; what is vendored is what was fetched."""

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string

RACINE = Path(settings.BASE_DIR)


def rendre(source, **contexte):
    return Template("{% load composants %}" + source).render(Context(contexte))


def test_une_icone_est_cachee_des_lecteurs_d_ecran():
    rendu = rendre('{% icone "printer" %}')
    assert 'aria-hidden="true"' in rendu
    assert "icones.svg#printer" in rendu


def test_chaque_icone_demandee_par_un_gabarit_ou_un_script_existe():
    connues = set(re.findall(r'<symbol id="([\w-]+)"', (RACINE / "static/icones.svg").read_text()))
    demandees = set()
    for fichier in (RACINE / "templates").rglob("*.html"):
        demandees |= set(re.findall(r'{% icone "([\w-]+)"', fichier.read_text()))
        demandees |= set(re.findall(r'{% onglet "\w+" \w+ "([\w-]+)"', fichier.read_text()))
    assert demandees and demandees <= connues, demandees - connues


def test_un_montant_est_francais_et_insecable():
    assert rendre("{% montant m %}", m=Decimal("1204.5")) == (
        '<span class="montant">1\u202f204,50\u00a0€</span>'
    )


def test_une_carte_echappe_son_titre_et_garde_son_contenu():
    rendu = rendre("{% carte titre %}<b>{{ texte }}</b>{% endcarte %}", titre="<i>", texte="<u>")
    assert "&lt;i&gt;" in rendu and "<b>&lt;u&gt;</b>" in rendu


@pytest.mark.parametrize("numero, attendus", [(1, ["page=2"]), (2, ["page=1", "page=3"]), (3, ["page=2"])])
def test_la_pagination_mene_aux_pages_voisines(numero, attendus):
    page = Paginator(range(30), 10).page(numero)
    rendu = render_to_string("composants/pagination.html", {"page": page, "parametres": "&etat=refusee"})
    assert re.findall(r"page=\d", rendu) == attendus
    assert f"Page {numero} sur 3" in rendu
    assert rendu.count("&amp;etat=refusee") == len(attendus)


def test_une_seule_page_n_a_pas_de_pagination():
    page = Paginator(range(3), 10).page(1)
    assert not render_to_string("composants/pagination.html", {"page": page}).strip()


def test_les_fichiers_des_autres_sont_ceux_de_la_liste_de_sommes():
    commande = [sys.executable, str(RACINE / "outils/vendoriser.py"), "--verifier"]
    verification = subprocess.run(commande, capture_output=True, text=True)
    assert verification.returncode == 0, verification.stdout


def test_chaque_bibliotheque_vient_avec_sa_version_et_sa_licence():
    for dossier in (RACINE / "static/vendor").iterdir():
        if dossier.is_dir():
            assert (dossier / "VERSION").read_text().strip()
            assert (dossier / "LICENSE").stat().st_size > 200


def test_aucune_carte_de_sources_n_est_demandee():
    for fichier in (RACINE / "static").rglob("*.css"):
        assert b"sourceMappingURL" not in fichier.read_bytes()


def luminance(couleur):
    couleur = couleur.lstrip("#")
    couleur = "".join(c * 2 for c in couleur) if len(couleur) == 3 else couleur
    canaux = [int(couleur[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, v, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
    return 0.2126 * r + 0.7152 * v + 0.0722 * b


def contraste(a, b):
    clair, sombre = sorted((luminance(a), luminance(b)), reverse=True)
    return (clair + 0.05) / (sombre + 0.05)


ETATS = ["reserve", "regulier", "attente", "refus", "excuse", "facture", "ferme"]
TEXTES = [
    *[(f"{etat}-t", etat) for etat in ETATS],
    *[
        (texte, fond)
        for texte in ("encre", "encre-2", "ville")
        for fond in ("papier", "fond", "creux", "ville-clair")
    ],
    ("sur-ville", "ville"),
    ("sur-ville", "ville-survol"),
    ("sur-pastille", "pastille"),
]


@pytest.mark.parametrize("mode", ["clair", "sombre"])
def test_les_couleurs_ont_le_contraste_du_rgaa(mode):
    source = (RACINE / "static/css/jetons.css").read_text()
    clairs, sombres = source.split("@media (prefers-color-scheme: dark)")
    jetons = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", clairs))
    if mode == "sombre":
        jetons |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", sombres.split("@media print")[0]))
    faibles = {paire: round(contraste(jetons[paire[0]], jetons[paire[1]]), 2) for paire in TEXTES}
    assert not {paire: c for paire, c in faibles.items() if c < 4.5}
    for contour in ("trait-fort", "accent"):
        assert contraste(jetons[contour], jetons["papier"]) >= 3


# --- What was refused ----------------------------------------------------------------------------------


def test_une_page_dont_la_saisie_est_refusee_le_dit_en_haut_et_mene_a_chaque_champ(client_jean):
    reponse = client_jean.post("/messages/nouveau/", {"sujet": "", "corps": "", "jeton": str(uuid4())})
    page = reponse.content.decode()
    assert "<title>Saisie à corriger – " in page
    assert "2 points à corriger" in page
    assert page.index('<a href="#id_sujet">Sujet</a> : Donnez un sujet') < page.index("<h1>")
    assert page.count("autofocus") == 1


def test_une_page_que_l_on_ouvre_ne_reproche_rien(client_jean):
    page = client_jean.get("/messages/nouveau/").content.decode()
    assert "à corriger" not in page


def test_un_document_refuse_est_du_resume(client_jean):
    faux = SimpleUploadedFile("page.html", b"<script>")
    page = client_jean.post("/demandes/modifier/responsable/", {"fichiers": faux}).content.decode()
    assert '<a href="#id_fichiers">' in page[: page.index("<h1>")]
