"""The PDF of an invoice: what it says, what it is built to, kept once."""

import builtins
import hashlib
import io
import re
import subprocess
from decimal import Decimal as D

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from facturation import actions, pdf
from facturation.models import Facture, LigneFacture
from facturation.taches import rendre_pdf
from facturation.verifications import bibliotheques_du_pdf
from familles import coffre, papier, pieces
from familles.actions import changer_l_identite
from familles.erreurs import Indisponible
from familles.models import Collectivite
from tests.facturation.conftest import NOVEMBRE
from tests.facturation.test_modeles import creer_facture

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE


def texte(contenu: bytes) -> str:
    lu = subprocess.run(["pdftotext", "-layout", "-", "-"], input=contenu, capture_output=True, check=True)
    return lu.stdout.decode()


@pytest.fixture
def facture(novembre, dupont, regie, comptable) -> Facture:
    return actions.emettre(famille=dupont, regie=regie, du=DU, au=AU, par=comptable)


def test_le_pdf_dit_tout_dans_l_ordre_de_lecture(facture):
    lu = texte(pdf.pdf_de(facture))
    attendus = [
        "Les P’tiots Lanniaux",
        "SIRET 73282932000074",
        "Facture AL-1",
        "Régie garderie ALSH",
        "Du 01/11/2026 au 30/11/2026",
        "À régler au plus tard le",
        "DUPONT Alexandre",
        "Repas",
        "DUPONT Cyril",
        "Garderie Matin 7h30 – 8h30",
        "Total",
        "Comment régler",
        "Aucun rendu de monnaie",
        "contester cette facture",
        "Redevables : Jean DUPONT, Jeanne DUPONT.",
        "Coupon à découper",
    ]
    rangs = [lu.find(mots) for mots in attendus]
    assert -1 not in rangs, dict(zip(attendus, rangs, strict=True))
    assert rangs == sorted(rangs)
    assert lu.count("16,40") == 4  # head, total, balance, slip
    assert "M. Jean DUPONT" in lu
    assert "12 RUE DES BONBONS" in lu
    assert "Lotissement" not in lu


def test_le_pdf_est_leger_balise_titre_et_en_francais(facture):
    contenu = pdf.pdf_de(facture)
    assert len(contenu) < 45_000
    with pikepdf.open(io.BytesIO(contenu)) as document:
        assert document.Root.Lang == "fr"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "/OutputIntents" in document.Root
        assert len(document.pages) == 1
        meta = document.open_metadata()
        assert meta["dc:title"] == "Facture AL-1 – Les P’tiots Lanniaux"
        assert meta["pdfaid:part"] == "3"
        assert meta["pdfaid:conformance"] == "A"
        assert meta["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        polices = {str(f.BaseFont) for p in document.pages for f in p.Resources.Font.values()}
        assert all("Portail" in police for police in polices)


@pytest.fixture
def logo(facture, comptable):
    """The heaviest that may be: noise, which no format compresses."""
    sortie = io.BytesIO()
    Image.effect_noise((960, 240), 120).convert("RGB").save(sortie, "PNG")
    changer_l_identite(
        nom="Les P’tiots Lanniaux", couleur="", bandeau="", logo=pieces.logo(sortie.getvalue()), par=comptable
    )


def test_le_logo_de_la_ville_est_sur_le_papier_leger_et_decrit(logo, facture):
    contenu = pdf.pdf_de(facture)
    assert len(contenu) < 45_000
    with pikepdf.open(io.BytesIO(contenu)) as document:
        (image,) = document.pages[0].get_images().values()
        assert not image.get("/Interpolate", False) and "/SMask" not in image
        figures = [
            o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"
        ]
        assert [str(figure.Alt) for figure in figures] == ["Logo : Les P’tiots Lanniaux"]


def test_un_logo_dont_le_fichier_manque_n_arrete_pas_une_facture(logo, facture):
    coffre.jeter(Collectivite.objects.courante().logo_cle)
    papier.logo.cache_clear()
    with pikepdf.open(io.BytesIO(pdf.pdf_de(facture))) as document:
        assert not list(document.pages[0].get_images())


def longue(facture, lignes: int, jours="lun. 2") -> list[str]:
    """The pages of an invoice of that many lines, a child every twelve."""
    LigneFacture.objects.bulk_create(
        LigneFacture(
            facture=facture,
            ordre=rang,
            enfant_nom=f"DUPONT Enfant{rang // 12}",
            libelle="Repas",
            quantite=1,
            prix_unitaire=D("3.50"),
            montant=D("3.50"),
            jours=jours,
        )
        for rang in range(lignes)
    )
    contenu = pdf.pdf_de(facture)
    assert len(contenu) < 45_000
    return texte(contenu).split("\f")[:-1]


def test_le_nom_de_l_enfant_se_lit_en_haut_de_la_page_suivante(dupont, regie):
    _, *suivantes = longue(creer_facture(dupont, regie), 60)
    for page in suivantes:
        lignes = [ligne.strip() for ligne in page.splitlines() if ligne.strip()]
        assert lignes[0].startswith("DUPONT Enfant")


def test_une_longue_facture_passe_a_la_page_avec_son_coupon(dupont, regie):
    pages = longue(creer_facture(dupont, regie), 60)
    assert len(pages) == 3
    assert "Page 1 sur 3" in pages[0]
    lu = "".join(pages)
    assert lu.count("Coupon à découper") == 1
    assert lu.count("Prix unitaire") == 3  # the head of the table is repeated
    assert len(re.findall(r"^ *Total ", lu, re.MULTILINE)) == 1  # its foot is not


def test_une_facture_ordinaire_tient_en_une_page(dupont, regie):
    """The manual's AL-36: eight lines, and days that take two lines of text."""
    jours = ", ".join(f"lun. {jour}" for jour in range(1, 14))
    assert len(longue(creer_facture(dupont, regie, instructions="Par chèque. " * 12), 8, jours)) == 1


@pytest.mark.parametrize("lignes", [9, 10, 11, 12, 13, 14, 16, 18, 30, 36])
def test_le_coupon_n_est_jamais_seul_sur_sa_page(dupont, regie, lignes):
    facture = creer_facture(dupont, regie, instructions="Par chèque, à l’ordre indiqué.")
    derniere = longue(facture, lignes, ", ".join(f"lun. {jour}" for jour in range(1, 14)))[-1]
    assert "Coupon à découper" in derniere
    assert "Par chèque, à l’ordre indiqué." in derniere


def test_un_avoir_dit_ce_qu_il_annule_et_n_a_pas_de_coupon(facture, comptable):
    avoir = actions.avoir(facture=facture, motif="Mauvaise famille", par=comptable)
    lu = texte(pdf.pdf_de(avoir))
    assert "Avoir AL-2" in lu
    assert "Avoir sur la facture AL-1" in lu
    assert "Mauvaise famille" in lu
    assert "−16,40" in lu
    assert "Coupon" not in lu


# --- Kept once -----------------------------------------------------------------------------------------


def test_le_pdf_est_rendu_une_fois_range_avec_son_empreinte_et_resservi(facture, monkeypatch):
    premier = pdf.pdf_de(facture)
    facture.refresh_from_db()
    assert facture.pdf_sha256 == hashlib.sha256(premier).hexdigest()
    assert coffre.lire(facture.pdf_cle) == premier

    def interdit(html):
        raise AssertionError("rendu une seconde fois")

    monkeypatch.setattr(pdf, "composer", interdit)
    assert pdf.pdf_de(Facture.objects.get(pk=facture.pk)) == premier
    rendre_pdf.call(facture.pk)


def test_le_travail_de_fond_range_le_pdf(facture):
    rendre_pdf.call(facture.pk)
    facture.refresh_from_db()
    assert coffre.lire(facture.pdf_cle).startswith(b"%PDF-1.7")


def test_le_plus_rapide_des_deux_rendus_est_la_facture(facture, monkeypatch):
    """Another process puts its file away while we render ours: theirs is served, ours thrown away."""
    rendu = papier.composer

    def pendant_ce_temps(html):
        cle = coffre.ranger(b"%PDF de l'autre")
        Facture.objects.retenir_pdf(facture.pk, cle, hashlib.sha256(b"%PDF de l'autre").hexdigest())
        return rendu(html)

    monkeypatch.setattr(pdf, "composer", pendant_ce_temps)
    assert pdf.pdf_de(facture) == b"%PDF de l'autre"


def test_un_fichier_perdu_ou_change_se_dit_et_ne_se_refait_pas(facture):
    pdf.pdf_de(facture)
    autre = coffre.ranger(b"autre chose")
    perdue = Facture(numero_imprime="AL-9", pdf_cle="0" * 32, pdf_sha256="0" * 64)
    changee = Facture(numero_imprime="AL-9", pdf_cle=autre, pdf_sha256="0" * 64)
    for facture_abimee, phrase in ((perdue, "introuvable"), (changee, "n’est plus celui")):
        with pytest.raises(Indisponible, match=phrase):
            pdf.pdf_de(facture_abimee)


# --- The engine ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:1/x.png">',
        '<link rel="stylesheet" href="../settings.py">',
    ],
)
def test_un_pdf_ne_lit_ni_les_fichiers_du_serveur_ni_le_reseau(html):
    contenu = papier.composer(f"<html lang=fr><title>x</title><p>Bonjour</p>{html}")
    with pikepdf.open(io.BytesIO(contenu)) as document:
        assert not document.attachments
        assert not list(document.pages[0].get_images())
    assert "root:" not in texte(contenu)


@pytest.mark.parametrize(
    "adresse", ["file:///etc/passwd", "http://example.org/", "file:///x/polices/../../etc/passwd"]
)
def test_seules_nos_polices_se_lisent(adresse):
    with pytest.raises(ValueError, match=r"Adresse refusée"):
        papier.moteur().lecteur.fetch(adresse)
    police = next((papier.ICI / "polices").glob("*.ttf"))
    reponse = papier.moteur().lecteur.fetch(police.as_uri())
    assert reponse.read(4) == b"\x00\x01\x00\x00"
    reponse.close()


def test_sans_les_bibliotheques_du_systeme_une_phrase_dit_quoi_installer(monkeypatch):
    vrai = builtins.__import__

    def sans_pango(nom, *args, **kwargs):
        if nom.startswith("weasyprint"):
            print("-----\nWeasyPrint could not import some external libraries.")
            raise OSError("cannot load library 'libpango-1.0-0'")
        return vrai(nom, *args, **kwargs)

    papier.moteur.cache_clear()
    monkeypatch.setattr(builtins, "__import__", sans_pango)
    with pytest.raises(Indisponible, match="apt-get install libpango"):
        papier.moteur()
    (avertissement,) = bibliotheques_du_pdf(None)
    assert avertissement.id == "facturation.W001"
    monkeypatch.undo()
    papier.moteur.cache_clear()
    assert bibliotheques_du_pdf(None) == []


def test_tous_nos_caracteres_sont_dans_les_polices():
    voulus = set("€’«»–−…•\u202f\u00a0œŒÿŸéèêëàâîïôûùüçÉÈÀÇŁłŞşŽžñ0123456789")
    for police in (papier.ICI / "polices").glob("*.ttf"):
        connus = set(map(chr, TTFont(police).getBestCmap()))
        assert voulus <= connus, police.name
