"""Receipt, statement, reminder, slip, cash book: what they say; the pile of a month to print."""

import io
import zipfile
from datetime import date
from decimal import Decimal as D

import pikepdf
import pytest

from facturation import actions, documents, impression, pdf
from facturation.caisse import journal_de_caisse
from facturation.models import Facture, Imputation
from familles.erreurs import Indisponible
from tests.facturation.conftest import entrer
from tests.facturation.test_modeles import creer_facture, creer_reglement
from tests.facturation.test_pdf import texte

pytestmark = pytest.mark.django_db
JOUR = date(2026, 12, 3)


@pytest.fixture
def reglement(dupont, regie, comptable):
    creer_facture(dupont, regie, total=D("30.00"))
    return actions.encaisser(
        famille=dupont,
        regie=regie,
        mode="CHEQUE",
        montant=D("50.00"),
        recu_le=JOUR,
        reference="1234567",
        par=comptable,
    )


def dans_l_ordre(lu: str, attendus: list[str]) -> None:
    rangs = [lu.find(mots) for mots in attendus]
    assert -1 not in rangs, dict(zip(attendus, rangs, strict=True))
    assert rangs == sorted(rangs)


# --- Receipt -------------------------------------------------------------------------------------------


def test_la_quittance_dit_ce_qui_est_recu_ce_qu_il_paie_et_le_credit(reglement):
    lu = texte(documents.quittance(reglement))
    dans_l_ordre(lu, ["Quittance", "M. Jean DUPONT", "Règlement AL-1", "1234567", "AL-36", "En votre faveur"])
    assert "30,00" in lu
    assert "20,00" in lu
    assert "Sous réserve de l’encaissement" in lu


def test_la_quittance_d_un_reglement_annule_le_dit(reglement, comptable):
    actions.contrepasser(reglement=reglement, motif="sans provision", cause="IMPAYE", par=comptable)
    lu = " ".join(texte(documents.quittance(reglement)).split())
    assert "Règlement annulé le 03/12/2026 par la contre-écriture AL-2 (Chèque impayé : sans provision)" in lu
    assert "AL-36" not in lu


def test_la_quittance_est_a_celui_qui_a_paye(client, reglement, martin, comptable):
    adresse = "/reglements/AL-1.pdf"
    reponse = entrer(client, "jean.dupont").get(adresse)
    assert reponse.content.startswith(b"%PDF")
    assert "no-store" in reponse["Cache-Control"]
    for inconnu in ("jeanne.dupont", "martin"):
        assert entrer(client, inconnu).get(adresse).status_code == 404
    assert entrer(client, "comptable").get(adresse).status_code == 200


def test_une_contre_ecriture_n_a_pas_de_quittance(client, reglement, comptable):
    actions.contrepasser(reglement=reglement, motif="Erreur", par=comptable)
    assert entrer(client, "jean.dupont").get("/reglements/AL-2.pdf").status_code == 404


# --- Statement -----------------------------------------------------------------------------------------


def test_le_releve_en_pdf_est_celui_du_manuel(client, dupont, regie, annee_2014):
    premiere = creer_facture(
        dupont, regie, numero=12, total=D("243.20"), du=date(2015, 2, 1), au=date(2015, 3, 31)
    )
    Imputation.objects.create(reglement=creer_reglement(dupont, regie), facture=premiere, montant=D("243.20"))
    creer_facture(dupont, regie)
    reponse = entrer(client, "jean.dupont").get("/releve.pdf", {"annee": "2014-2015"})
    lu = texte(reponse.content)
    dans_l_ordre(lu, ["Relevé de compte", "Année scolaire 2014-2015", "AL-36", "AL-228", "AL-12", "363,80"])
    assert lu.count("120,60") == 3  # the head, the invoice, the balance
    with pikepdf.open(io.BytesIO(reponse.content)) as document:
        assert document.Root.Lang == "fr"
        assert document.open_metadata()["dc:title"] == "Relevé de compte 2014-2015 – Les P’tiots Lanniaux"
    assert client.get("/releve.pdf", {"annee": "2099-2100"}).status_code == 404
    assert entrer(client, "jeanne.dupont").get("/releve.pdf").status_code == 404


# --- The régie's ---------------------------------------------------------------------------------------


def test_le_bordereau_liste_les_cheques_et_leur_total(reglement, regie, comptable):
    versement = actions.verser(regie=regie, mode="CHEQUE", reglements=[reglement.pk], par=comptable)
    lu = texte(documents.bordereau(versement))
    dans_l_ordre(lu, ["Bordereau de remise de chèques AL-B1", "À l’ordre de", "DUPONT JEAN", "1234567"])
    assert "Total de 1 règlement" in lu


def test_le_journal_de_caisse_s_imprime_par_jour(reglement, regie):
    lu = texte(documents.journal(regie, journal_de_caisse(regie, JOUR, JOUR)))
    dans_l_ordre(lu, ["Journal de caisse", "Jeudi 3 décembre 2026", "AL-1", "DUPONT JEAN", "Total"])
    assert "50,00" in lu


# --- A month to print ----------------------------------------------------------------------------------


@pytest.fixture
def trois(dupont, martin, regie) -> list[Facture]:
    adresses = [(dupont, "31400", "Saint-Jean", "B"), (martin, "31400", "Saint-Jean", "A")]
    adresses.append((martin, "31000", "Toulouse", "C"))
    return [
        creer_facture(
            famille,
            regie,
            numero=numero,
            destinataire=nom,
            destinataire_code_postal=code,
            destinataire_ville=ville,
        )
        for numero, (famille, code, ville, nom) in enumerate(adresses, start=1)
    ]


def test_un_mois_s_imprime_en_un_seul_pdf_dans_l_ordre_de_la_poste(trois):
    contenu = impression.en_un_seul_pdf(trois, recto_verso=False)
    with pikepdf.open(io.BytesIO(contenu)) as document:
        assert len(document.pages) == 3
    lu = texte(contenu)
    dans_l_ordre(lu, ["Facture AL-3", "Facture AL-2", "Facture AL-1"])


def test_en_recto_verso_chaque_facture_commence_une_feuille(trois):
    with pikepdf.open(io.BytesIO(impression.en_un_seul_pdf(trois, recto_verso=True))) as document:
        assert len(document.pages) == 6
        assert "/Contents" not in document.pages[1] or not document.pages[1].Contents.read_bytes()
        assert document.pages[1].mediabox == document.pages[0].mediabox


def test_le_zip_contient_chaque_facture_sous_son_numero(trois):
    with zipfile.ZipFile(io.BytesIO(impression.en_zip(trois))) as archive:
        assert archive.namelist() == ["facture-AL-3.pdf", "facture-AL-2.pdf", "facture-AL-1.pdf"]
        assert archive.read("facture-AL-1.pdf") == pdf.pdf_de(Facture.objects.get(numero=1))


def test_s_il_reste_trop_de_pdf_a_rendre_le_travail_de_fond_s_en_charge(trois, monkeypatch):
    monkeypatch.setattr(impression, "RENDUS_SUR_LE_CHAMP", 2)
    with pytest.raises(Indisponible, match="en préparation"):
        impression.en_un_seul_pdf(trois)
    for facture in trois:
        pdf.pdf_de(facture)
    impression.en_un_seul_pdf(list(Facture.objects.all()))
