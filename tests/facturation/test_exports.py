"""Lists as CSV and XLSX: what is filtered is exported, figures are figures, nothing is a formula."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from facturation import actions
from facturation.models import CompteComptable
from familles.tableur import Tableau, ecrire
from tests.fabriques import facturation as ff
from tests.facturation.test_modeles import creer_facture, creer_reglement
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
COMPTABILITE = "/admin/facturation/comptecomptable/journal/"


@pytest.fixture
def bureau(client, comptable, collectivite):
    client.force_login(comptable, backend="portail.authentification.IdentifiantOuCourriel")
    return client


def test_les_factures_s_exportent_telles_qu_elles_sont_filtrees(bureau, dupont, martin, regie):
    for numero, famille in enumerate((dupont, martin), start=1):
        creer_facture(famille, regie, numero=numero, date=date(2026, 12, numero))
    adresse = "/admin/facturation/facture/export/"
    contenu = bureau.get(f"{adresse}csv/").content.decode("utf-8-sig")
    lignes = list(csv.reader(io.StringIO(contenu), delimiter=";"))
    assert [ligne[0] for ligne in lignes] == ["N° facture", "AL-2", "AL-1"]
    assert lignes[1][-2:] == ["120,60", "120,60"]
    filtre = bureau.get(f"{adresse}xlsx/", {"q": "1001001818331"})
    feuille = load_workbook(io.BytesIO(filtre.content)).active
    assert [c.value for c in feuille["A"]] == ["N° facture", "AL-1"]
    feuille = load_workbook(io.BytesIO(bureau.get(f"{adresse}xlsx/", {"q": "AL-1"}).content)).active
    assert feuille["D2"].value.date() == date(2026, 12, 1)
    assert feuille["M2"].value == pytest.approx(120.60)
    assert bureau.get(f"{adresse}csv/", {"inconnu": "1"}).status_code == 404
    assert bureau.get(f"{adresse}pdf/").status_code == 404


def test_les_autres_listes_s_exportent_aussi(bureau, dupont, regie, comptable):
    reglement = creer_reglement(
        dupont, regie, numero=1, montant=Decimal("40.00"), recu_le=date(2026, 12, 2), reference="=1+1"
    )
    actions.verser(regie=regie, mode="CHEQUE", reglements=[reglement.pk], par=comptable)
    for liste, attendu in (("reglement", "'=1+1"), ("versement", "AL-B1"), ("relance", "Niveau")):
        contenu = bureau.get(f"/admin/facturation/{liste}/export/csv/").content.decode("utf-8-sig")
        assert attendu in contenu
    decembre = {"regie": regie.pk, "mois": "2026-12"}
    comptables = bureau.get(f"{COMPTABILITE}csv/", decembre).content.decode("utf-8-sig")
    assert "02/12/2026;RG;AL-1;5412;DUPONT JEAN;Règlement : Chèque;40,00;" in comptables
    lu = texte(bureau.get(COMPTABILITE, decembre))
    assert "2 écritures : débit 40,00 €, crédit 40,00 €" in lu


def tableau(client, liste: str) -> list[list[str]]:
    contenu = client.get(f"/admin/facturation/{liste}/export/csv/").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(contenu), delimiter=";"))


def test_les_reglages_et_ce_qui_a_ete_fait_s_exportent_champ_par_champ(bureau, repas, regie):
    ff.TarifParTranchesFactory(prestation=repas, du=date(2026, 9, 1))
    taux = {"taux": Decimal("0.4550"), "montant": None, "plancher": Decimal("1"), "plafond": Decimal("5")}
    ff.TarifFactory(prestation=repas, du=date(2025, 9, 1), mode="TAUX", **taux)
    ff.FraisAnnuelsFactory(regie=regie, libelle="=Adhésion", montant=Decimal("15.00"))
    ff.CampagneFactory(regie=regie, du=date(2026, 10, 1), au=date(2026, 10, 31))
    ff.ClotureCaisseFactory(regie=regie)
    CompteComptable.objects.update_or_create(
        emploi="ENCAISSEMENT", mode="CARTE", defaults={"compte": "5115", "journal": "CB"}
    )
    entetes, *tarifs = tableau(bureau, "tarif")
    lus = [dict(zip(entetes, ligne, strict=True)) for ligne in tarifs]
    assert {ligne["Taux (% du quotient)"] for ligne in lus} == {"", "0,455"}
    assert any("jusqu’à 600,00 : 2,50" in ligne["Tranches"] for ligne in lus)
    assert "'=Adhésion" in tableau(bureau, "fraisannuels")[1]
    assert tableau(bureau, "campagne")[1][:4] == [str(regie), "01/10/2026", "31/10/2026", "Terminée"]
    assert len(tableau(bureau, "cloturecaisse")) == 2
    assert any("5115" in ligne for ligne in tableau(bureau, "comptecomptable"))
    for liste in ("tarif", "fraisannuels", "campagne", "cloturecaisse", "comptecomptable"):
        feuille = bureau.get(f"/admin/facturation/{liste}/export/xlsx/")
        assert load_workbook(io.BytesIO(feuille.content)).active.max_row >= 2
        page = bureau.get(f"/admin/facturation/{liste}/").content.decode()
        assert f"/admin/facturation/{liste}/export/csv/" in page


@pytest.mark.parametrize("saisie", ["=1+1", "+33", "-2", "@A1", "\t=1"])
def test_ce_qu_une_famille_a_saisi_n_est_jamais_une_formule(saisie):
    tableau = Tableau("essai", ["A"], [[saisie]])
    assert ecrire(tableau, "csv").decode("utf-8-sig").splitlines()[1].strip('"').startswith("'")
    cellule = load_workbook(io.BytesIO(ecrire(tableau, "xlsx"))).active["A2"]
    assert (cellule.data_type, cellule.value) == ("s", saisie)
