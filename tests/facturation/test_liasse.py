"""A month in one file keeps what a screen reader needs: one tree, one language, one title."""

import io
import subprocess

import pikepdf
import pytest

from facturation import liasse
from facturation.liasse import fusionner
from familles.papier import composer
from tests.facturation.conftest import entrer

PIECES = ("Première", "Deuxième", "Troisième")


def piece(nom: str, pages: int = 1) -> bytes:
    """A letter with a title, text, a table and a link."""
    corps = f"""<h1>{nom}</h1><p>Bonjour <br> {nom}.</p><p><a href="https://example.org">Un lien</a></p>
    <table><thead><tr><th scope="col">N°</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"""
    suite = "<p style='break-before: page'>Suite</p>" * (pages - 1)
    return composer(f"<html lang=fr><head><title>{nom}</title></head><body>{corps}{suite}</body></html>")


@pytest.fixture(scope="module")
def pieces() -> list[bytes]:
    return [piece(nom, pages) for nom, pages in zip(PIECES, (1, 2, 1), strict=True)]


def elements(noeud, attendu=None):
    """(tag, element) of a tree, depth first."""
    for enfant in noeud.K if isinstance(noeud.K, pikepdf.Array) else [noeud.K]:
        if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
            assert enfant.P.objgen == noeud.objgen
            yield str(enfant.S), enfant
            yield from elements(enfant)


@pytest.mark.parametrize("recto_verso", [False, True])
def test_la_liasse_garde_ses_balises_sa_langue_et_un_titre(pieces, recto_verso):
    with pikepdf.open(io.BytesIO(fusionner(pieces, "Factures d’octobre 2026", recto_verso))) as pdf:
        assert len(pdf.pages) == (6 if recto_verso else 4)
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("fr", True)
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.open_metadata()["dc:title"] == "Factures d’octobre 2026"
        (document,) = pdf.Root.StructTreeRoot.K
        assert (str(document.S), str(document.Lang)) == ("/Document", "fr")
        assert [str(partie.S) for partie in document.K] == ["/Part"] * 3
        trouves = [nom for nom, _ in elements(pdf.Root.StructTreeRoot)]
        assert trouves.count("/H1") == trouves.count("/Table") == trouves.count("/Link") == 3
        # What WeasyPrint wraps around each line and box without a meaning.
        assert not {"/Span", "/NonStruct"} & set(trouves)


def test_chaque_page_et_chaque_lien_retrouvent_leurs_balises(pieces):
    with pikepdf.open(io.BytesIO(fusionner(pieces, "Factures"))) as pdf:
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        cles = [int(cle) for cle in nums[::2]]
        assert cles == sorted(set(cles))
        assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) == max(cles) + 1
        par_cle = dict(zip(cles, nums[1::2], strict=True))
        dans_l_arbre = {element.objgen for _, element in elements(pdf.Root.StructTreeRoot)}
        for page in pdf.pages:
            contenus = par_cle.pop(int(page.obj.StructParents))
            dedans = [element for element in contenus if element.objgen in dans_l_arbre]
            assert dedans
            assert {element.Pg.objgen for element in dedans} == {page.obj.objgen}
            for rang, element in enumerate(contenus):
                assert rang in [enfant for enfant in element.K if isinstance(enfant, int)]
            for annotation in page.obj.get("/Annots", ()):
                assert str(par_cle.pop(int(annotation.StructParent)).S) == "/Link"
        assert not par_cle


def test_elle_se_lit_dans_l_ordre(pieces):
    lu = subprocess.run(
        ["pdfinfo", "-struct-text", "-"],
        input=fusionner(pieces, "Factures"),
        capture_output=True,
        check=True,
    )
    assert not lu.stderr
    texte = lu.stdout.decode()
    assert [texte.count(f'"{nom}"') for nom in PIECES] == [1, 1, 1]
    assert texte.index("Première") < texte.index("Deuxième") < texte.index("Suite") < texte.index("Troisième")


def test_passe_sa_mesure_elle_ne_porte_plus_que_des_pages(pieces, monkeypatch):
    monkeypatch.setattr(liasse, "BALISEES", 2)
    with pikepdf.open(io.BytesIO(fusionner(pieces, "Factures"))) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
        assert len(pdf.pages) == 4
        assert str(pdf.Root.Lang) == "fr"


@pytest.mark.django_db
@pytest.mark.parametrize("fichier", ["mois.pdf", "mois.zip"])
def test_un_mois_sans_facture_le_dit_aux_comptables(client, comptable, regie, fichier):
    choix = {"regie": regie.pk, "mois": "2027-01"}
    reponse = entrer(client, "comptable").get(f"/admin/facturation/facture/imprimer/{fichier}", choix)
    assert reponse.status_code == 409
    assert "Aucune facture à imprimer pour ce mois." in reponse.content.decode()
