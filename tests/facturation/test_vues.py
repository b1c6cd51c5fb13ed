"""« Relevé de compte » and the PDF's address: who sees what, in how many queries."""

import re
from datetime import date
from decimal import Decimal as D
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facturation.depenses import _pourcents
from facturation.models import Imputation
from familles.models import AnneeScolaire
from tests.facturation.conftest import entrer
from tests.facturation.test_modeles import creer_facture, creer_reglement

pytestmark = pytest.mark.django_db
ADRESSE = "/releve/"


@pytest.fixture
def manuel(dupont, regie, annee_2014, annee_2026):
    """The school year 2014-2015 of the manual."""
    avant = {"numero": 12, "total": D("243.20"), "du": date(2015, 2, 1), "au": date(2015, 3, 31)}
    premiere = creer_facture(dupont, regie, **avant)
    reglement = creer_reglement(dupont, regie)
    Imputation.objects.create(reglement=reglement, facture=premiere, montant=D("243.20"))
    return creer_facture(dupont, regie, instructions="Aucun rendu de monnaie.")


@pytest.fixture
def jean(client, manuel):
    return entrer(client, "jean.dupont")


def texte(reponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", reponse.content.decode())))


def test_le_releve_2014_2015_est_celui_du_manuel(jean):
    reponse = jean.get(ADRESSE, {"annee": "2014-2015"})
    lu = texte(reponse)
    attendus = [
        "N° Opération",
        "AL-36 08/04/2015 Facture : 01/04/2015 - 30/04/2015 Régie garderie ALSH 120,60 €",
        "AL-228 08/04/2015 Règlement : Chèque Régie garderie ALSH 243,20 €",
        "AL-12 08/04/2015 Facture : 01/02/2015 - 31/03/2015 Régie garderie ALSH 243,20 €",
        "363,80 € 243,20 €",
        "Ancien solde 0,00 €",
        "Solde du compte pour l’année scolaire 120,60 €",
    ]
    rangs = [lu.find(mots) for mots in attendus]
    assert -1 not in rangs, dict(zip(attendus, rangs, strict=True))
    assert rangs == sorted(rangs)
    contenu = reponse.content.decode()
    assert contenu.count('href="/factures/AL-36.pdf"') == contenu.count('href="/factures/AL-12.pdf"') == 1
    assert "/factures/AL-228.pdf" not in contenu
    assert "Aucun rendu de monnaie." in lu
    assert reponse.context["onglet"] == "releve"


def test_sans_annee_le_releve_montre_l_annee_en_cours(jean):
    reponse = jean.get(ADRESSE)
    assert reponse.context["annee"].libelle == "2026-2027"
    assert reponse.context["releve"].ancien_solde == D("120.60")
    assert "Aucune opération cette année-là." in texte(reponse)


@pytest.mark.parametrize("parametres", ["annee=2099-2100", "annee=n'importe quoi", "annee=", "volet=autre"])
def test_une_annee_ou_une_partie_inconnue_repond_404(jean, parametres):
    assert jean.get(f"{ADRESSE}?{parametres}").status_code == 404


@pytest.mark.parametrize(
    "volet, montre, cache",
    [
        (
            "factures",
            ["AL-36 08", "AL-12 08", "30/04/2015 Reste à payer : 120,60 €", "31/03/2015 Soldée"],
            ["AL-228"],
        ),
        ("reglements", ["AL-228 08"], ["AL-36 08"]),
        ("compte", ["Factures impayées", "AL-36 08/04/2015 30/04/2015 120,60 €"], ["AL-228"]),
    ],
)
def test_le_menu_lateral_filtre_le_releve(jean, volet, montre, cache):
    reponse = jean.get(ADRESSE, {"annee": "2014-2015", "volet": volet})
    lu = texte(reponse)
    assert all(mots in lu for mots in montre)
    assert not any(mots in lu for mots in cache)
    assert [e["texte"] for e in reponse.context["menu"] if e["courant"]] == [reponse.context["titre"]]
    assert all("annee=2014-2015" in e["adresse"] for e in reponse.context["menu"])


def test_seules_l_annee_en_cours_et_celles_qui_ont_une_operation_se_choisissent(jean):
    for debut in (2012, 2013, 2025, 2027, 2028):
        AnneeScolaire.objects.create(debut=date(debut, 9, 1))

    def offertes(**choix) -> list[str]:
        return [annee.libelle for annee in jean.get(ADRESSE, choix).context["annees"]]

    assert offertes() == ["2026-2027", "2014-2015"]
    # An address that was kept still opens, and the list shows which year it is.
    assert offertes(annee="2013-2014") == ["2026-2027", "2014-2015", "2013-2014"]


def test_une_annee_que_la_ville_n_a_pas_ecrite_garde_ses_operations(jean):
    AnneeScolaire.objects.filter(debut__year=2014).delete()
    page = jean.get(ADRESSE, {"annee": "2014-2015"})
    assert page.status_code == 200 and "363,80" in page.content.decode()
    assert jean.get(ADRESSE, {"annee": "1999-2000"}).status_code == 404


def test_sans_annee_scolaire_la_page_le_dit(client, dupont, collectivite):
    reponse = entrer(client, "jean.dupont").get(ADRESSE)
    assert "Aucune année scolaire n’est ouverte." in texte(reponse)


def test_avant_la_premiere_annee_la_page_montre_la_premiere(client, dupont, collectivite):
    AnneeScolaire.objects.create(debut=date(2030, 9, 1))
    reponse = entrer(client, "jean.dupont").get(ADRESSE)
    assert reponse.context["annee"].libelle == "2030-2031"


def test_le_conjoint_separe_lit_que_le_compte_est_celui_de_l_autre(client, manuel):
    reponse = entrer(client, "jeanne.dupont").get(ADRESSE, {"annee": "2014-2015"})
    lu = texte(reponse)
    assert reponse.status_code == 200
    assert "Ce compte est celui de l’autre responsable du dossier." in lu
    assert not any(mots in lu for mots in ("AL-36", "120,60", "243,20", "BONBONS"))


def test_les_impayees_ont_leur_total(client, dupont, regie, annee_2026):
    creer_facture(dupont, regie, numero=901, total=D("10.50"), date=date(2026, 10, 1))
    compte = {"volet": "compte"}
    assert "Total à payer" not in texte(entrer(client, "jean.dupont").get(ADRESSE, compte))
    creer_facture(dupont, regie, numero=902, total=D("4.20"), date=date(2026, 10, 1))
    assert "Total à payer 14,70 €" in texte(client.get(ADRESSE, compte))


def test_les_parts_des_depenses_font_cent_pour_cent(dupont, regie):
    """35 + 18 + 17 + 15 + 13 + 1 were 99."""
    for montants in (["35.4", "18.3", "17.2", "15.1", "13.0", "1.0"], ["1", "1", "1"], ["5"]):
        assert sum(_pourcents([D(m) for m in montants])) == 100
    assert _pourcents([D(1), D(1), D(1)]) == [34, 33, 33]
    assert _pourcents([]) == []


def test_un_trop_percu_est_dit_en_faveur_de_la_famille(client, martin, regie, annee_2026):
    creer_reglement(martin, regie, recu_le=date(2026, 10, 1), montant=D(15))
    lu = texte(entrer(client, "martin").get(ADRESSE))
    assert "En votre faveur 15,00 €" in lu


@pytest.mark.parametrize("volet", ["", "factures", "reglements", "compte"])
@pytest.mark.parametrize("lignes", [1, 30])
def test_le_releve_tient_en_huit_requetes(client, dupont, regie, annee_2026, lignes, volet):
    for numero in range(1, lignes + 1):
        creer_facture(dupont, regie, numero=numero, date=date(2026, 10, 1))
        creer_reglement(dupont, regie, numero=numero, recu_le=date(2026, 10, 1))
    entrer(client, "jean.dupont")
    cache.clear()
    with CaptureQueriesContext(connection) as froid:
        client.get(ADRESSE, {"volet": volet})
    with CaptureQueriesContext(connection) as chaud:
        client.get(ADRESSE, {"volet": volet})
    assert len(froid) <= 12
    assert len(chaud) <= 8


# --- PDF -----------------------------------------------------------------------------------------------


def test_le_titulaire_ouvre_le_pdf_de_sa_facture(jean):
    reponse = jean.get("/factures/AL-36.pdf")
    assert reponse.status_code == 200
    assert reponse.content.startswith(b"%PDF")
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Disposition"] == 'inline; filename="facture-AL-36.pdf"'
    assert "no-store" in reponse["Cache-Control"]


@pytest.mark.parametrize("identifiant", ["jeanne.dupont", "martin", "agent"])
def test_un_autre_ne_trouve_pas_la_facture(client, manuel, martin, django_user_model, identifiant):
    django_user_model.objects.create_user("agent", is_staff=True)
    assert entrer(client, identifiant).get("/factures/AL-36.pdf").status_code == 404


def test_un_passant_doit_se_connecter(client, manuel):
    reponse = client.get("/factures/AL-36.pdf")
    assert reponse.status_code == 302
    assert reverse("portail:connexion") in reponse["Location"]


def test_une_facture_inconnue_repond_404(jean):
    for numero in ("AL-999", "n'importe", "%2e%2e"):
        assert jean.get(f"/factures/{numero}.pdf").status_code == 404


def test_le_comptable_ouvre_le_pdf_de_chaque_famille(client, manuel, comptable):
    assert entrer(client, "comptable").get("/factures/AL-36.pdf").status_code == 200
