"""Prices in the admin: typed as they are written, refused with the reason, simulated."""

from datetime import date
from decimal import Decimal as D

import pytest

from facturation.models import Tarif
from familles.models import Ecole, Scolarite
from tests.facturation.conftest import enfants_de
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(client, comptable, collectivite):
    client.force_login(comptable, backend="portail.authentification.IdentifiantOuCourriel")
    return client


# --- Prices --------------------------------------------------------------------------------------------


def tarif(repas, **plus) -> dict:
    return {
        "prestation": repas.pk,
        "du": "01/09/2026",
        "mode": "TRANCHES",
        "majoration_en": "EUROS",
        "cout_reel": "6",
        "hors_contrat_des": "1",
        "jours_carence": "0",
        "remises-TOTAL_FORMS": "0",
        "remises-INITIAL_FORMS": "0",
        "tranches-TOTAL_FORMS": "2",
        "tranches-INITIAL_FORMS": "0",
        "tranches-0-jusqu_a": "400",
        "tranches-0-prix": "2,50",
        "tranches-1-jusqu_a": "",
        "tranches-1-prix": "5,80",
        **plus,
    }


def test_un_tarif_par_tranches_s_enregistre(bureau, repas):
    reponse = bureau.post("/admin/facturation/tarif/add/", tarif(repas))
    assert reponse.status_code == 302, texte(reponse)
    cree = Tarif.objects.get(du=date(2026, 9, 1))
    assert [(t.jusqu_a, t.prix) for t in cree.tranches.all()] == [(D(400), D("2.50")), (None, D("5.80"))]
    assert "2,50 € à 5,80 €" in texte(bureau.get("/admin/facturation/tarif/"))


@pytest.mark.parametrize(
    "plus, phrase",
    [
        ({"tranches-1-prix": "6,30"}, "dépasse le coût réel déclaré de 0,30"),
        ({"majoration": "0,50"}, "dépasse le coût réel déclaré de 0,30"),
        ({"tranches-1-jusqu_a": "900"}, "Il manque la dernière tranche"),
        ({"mode": "FIXE"}, "Indiquez le prix unique"),
        ({"mode": "TAUX", "taux": "0,36"}, "Indiquez le taux"),
        ({"mode": "FIXE", "montant": "6,50"}, "dépasse le coût réel déclaré de 0,50"),
    ],
)
def test_un_tarif_impossible_dit_pourquoi(bureau, repas, plus, phrase):
    reponse = bureau.post("/admin/facturation/tarif/add/", tarif(repas, **plus))
    assert phrase in texte(reponse)
    assert not Tarif.objects.filter(du=date(2026, 9, 1)).exists()


REMISE = {"remises-TOTAL_FORMS": "1", "remises-0-en": "POURCENT", "remises-0-rang": "2"}


@pytest.mark.parametrize(
    "plus",
    [
        {"remises-0-valeur": "120"},
        {"remises-0-valeur": "-1"},
        {"remises-0-rang": "1", "remises-0-valeur": "5"},
    ],
)
def test_une_remise_hors_bornes_dit_pourquoi(bureau, repas, plus):
    reponse = bureau.post("/admin/facturation/tarif/add/", tarif(repas, **(REMISE | plus)))
    assert "Une remise commence au deuxième enfant et ne dépasse pas 100 %." in texte(reponse)
    assert not Tarif.objects.filter(du=date(2026, 9, 1)).exists()


@pytest.mark.parametrize(
    "plus, ecart",
    [
        ({}, "1,00"),
        ({"mode": "FIXE", "montant": "3", "tranches-TOTAL_FORMS": "0"}, "1,00"),
        ({"majoration": "0,20"}, "1,20"),
        ({"coefficient_hors_contrat": "1,5", "tranches-1-prix": "4"}, "4,50"),
    ],
)
def test_le_prix_special_d_un_rang_ne_passe_pas_le_cout_reel(bureau, repas, plus, ecart):
    special = REMISE | {"remises-0-en": "PRIX", "remises-0-valeur": "7", "remises-0-rang": "3"}
    reponse = bureau.post("/admin/facturation/tarif/add/", tarif(repas, **(special | plus)))
    assert f"dépasse le coût réel déclaré de {ecart}" in texte(reponse)
    assert not Tarif.objects.filter(du=date(2026, 9, 1)).exists()
    permis = tarif(repas, **(special | {"remises-0-valeur": "6"}))
    assert bureau.post("/admin/facturation/tarif/add/", permis).status_code == 302


def modifier(cree: Tarif, repas, *limites: str, **plus) -> dict:
    """The brackets of that price, with these limits."""
    lignes = {}
    for n, (tranche, limite) in enumerate(zip(cree.tranches.all(), limites, strict=True)):
        lignes |= {
            f"tranches-{n}-id": tranche.pk,
            f"tranches-{n}-tarif": cree.pk,
            f"tranches-{n}-jusqu_a": limite,
            f"tranches-{n}-prix": tranche.prix,
        }
    nombre = {"tranches-INITIAL_FORMS": len(limites), "tranches-TOTAL_FORMS": len(limites)}
    return tarif(repas, **nombre, **lignes, **plus)


@pytest.fixture
def a_trois_tranches(repas):
    cree = Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), mode="TRANCHES", cout_reel=6)
    for limite, prix in [(400, 2), (900, 4), (None, 5)]:
        cree.tranches.create(jusqu_a=limite, prix=prix)
    return cree


@pytest.mark.parametrize("plus", [{}, {"mode": "FIXE", "montant": "4"}])
def test_deux_tranches_sans_limite_sont_refusees(bureau, repas, a_trois_tranches, plus):
    adresse = f"/admin/facturation/tarif/{a_trois_tranches.pk}/change/"
    reponse = bureau.post(adresse, modifier(a_trois_tranches, repas, "400", "", "", **plus))
    assert "Deux tranches sont sans limite" in texte(reponse)
    assert [t.jusqu_a for t in a_trois_tranches.tranches.all()] == [D(400), D(900), None]


def test_une_page_ouverte_avant_un_ajout_ne_l_ecrase_pas(bureau, repas, a_trois_tranches):
    adresse = f"/admin/facturation/tarif/{a_trois_tranches.pk}/change/"
    reponse = bureau.post(adresse, tarif(repas))
    assert "Ces lignes ont changé depuis l’ouverture de la page" in texte(reponse)
    assert a_trois_tranches.tranches.count() == 3


@pytest.mark.parametrize(
    "limites, plus, gardees",
    [
        (("400", "", ""), {"tranches-2-DELETE": "on"}, [(400, 2), (None, 4)]),
        (("900", "400", ""), {}, [(400, 4), (900, 2), (None, 5)]),
    ],
)
def test_une_limite_passe_d_une_tranche_a_l_autre(bureau, repas, a_trois_tranches, limites, plus, gardees):
    adresse = f"/admin/facturation/tarif/{a_trois_tranches.pk}/change/"
    reponse = bureau.post(adresse, modifier(a_trois_tranches, repas, *limites, **plus))
    assert reponse.status_code == 302, texte(reponse)
    assert [(t.jusqu_a, t.prix) for t in a_trois_tranches.tranches.all()] == gardees


def test_un_niveau_que_personne_ne_connait_est_refuse(bureau, repas, dupont):
    enfant, ecole = enfants_de(dupont)[0], Ecole.objects.create(nom="Térence Ridout")
    Scolarite.objects.create(enfant=enfant, ecole=ecole, classe="Les Lutins", du=date(2026, 9, 1))
    saisi = tarif(repas, niveaux="ZZ, PS, les lutins")
    lu = texte(bureau.post("/admin/facturation/tarif/add/", saisi))
    assert "Ni niveau ni classe connus : ZZ. Les niveaux : TPS, PS," in lu
    saisi["niveaux"] = "PS, les lutins"
    assert bureau.post("/admin/facturation/tarif/add/", saisi).status_code == 302


@pytest.mark.parametrize("niveaux", ["CM2", "cm2 , CM1", "CM1, CE2"])
def test_deux_tarifs_ne_donnent_pas_deux_prix_au_meme_niveau_le_meme_jour(bureau, repas, niveaux):
    Tarif.objects.create(prestation=repas, du=date(2027, 1, 1), niveaux="CM1, CM2", montant=3)
    saisi = tarif(repas, mode="FIXE", montant="5", du="01/01/2027", niveaux=niveaux)
    lu = texte(bureau.post("/admin/facturation/tarif/add/", saisi))
    assert "Le tarif « Repas (CM1, CM2) à partir du 01/01/2027 » donne déjà un prix ce jour-là pour CM" in lu
    assert Tarif.objects.filter(du=date(2027, 1, 1)).count() == 1


@pytest.mark.parametrize("plus", [{"niveaux": "CE1, CE2"}, {"niveaux": ""}, {"du": "01/09/2027"}])
def test_des_tarifs_qui_se_suivent_ou_se_completent_s_enregistrent(bureau, repas, plus):
    Tarif.objects.create(prestation=repas, du=date(2027, 1, 1), niveaux="CM1, CM2", montant=3)
    unique = {"mode": "FIXE", "montant": "5", "du": "01/01/2027", "tranches-TOTAL_FORMS": "0"}
    saisi = tarif(repas, **(unique | plus))
    assert bureau.post("/admin/facturation/tarif/add/", saisi).status_code == 302
    cree = Tarif.objects.latest("pk")
    page = bureau.post(f"/admin/facturation/tarif/{cree.pk}/change/", saisi)
    assert page.status_code == 302


@pytest.mark.parametrize(
    "adresse, champs",
    [
        ("niveaurelance/1", {"delai_jours": "999999999"}),
        ("reglesfacturation/add", {"mois_quotient_garde": "999999999"}),
        ("tarif/add", {"jours_carence": "999999999"}),
    ],
)
def test_un_reglage_sans_mesure_est_refuse(bureau, regie, repas, adresse, champs):
    adresse = adresse if adresse.endswith("add") else f"{adresse}/change"
    reponse = bureau.post(f"/admin/facturation/{adresse}/", tarif(repas, **{"regie": regie.pk, **champs}))
    assert reponse.status_code == 422
    assert "Assurez-vous que cette valeur est inférieure ou égale à" in texte(reponse)


# --- What would it cost? -------------------------------------------------------------------------------

SIMULER = "/admin/facturation/tarif/simuler/"


def test_le_simulateur_donne_le_prix_et_sa_phrase(bureau, repas, martin):
    Tarif.objects.create(
        prestation=repas, du=date(2026, 9, 1), montant=D("4.00"), prix_hors_commune=D("5.00"), majoration=D(1)
    )
    question = {"prestation": repas.pk, "jour": "02/11/2026"}
    lu = texte(bureau.get(SIMULER, {**question, "enfant": enfants_de(martin)[0].pk}))
    assert "4,00 €" in lu
    assert "Prix unique." in lu
    lu = texte(bureau.get(SIMULER, {**question, "dans_la_commune": "0", "tardive": "on"}))
    assert "6,00 €" in lu
    assert "Famille domiciliée hors de la commune. Réservation tardive : + 1,00 €." in lu
    assert "Aucun tarif" in texte(bureau.get(SIMULER, {**question, "jour": "02/11/2010"}))
    assert "errorlist" in bureau.get(SIMULER, {**question, "prestation": 99}).content.decode()
    assert "Simuler un prix" in texte(bureau.get("/admin/facturation/tarif/"))


def test_le_simulateur_ne_parle_du_rang_que_s_il_compte(bureau, repas, martin):
    question = {"prestation": repas.pk, "jour": "02/11/2026", "enfant": enfants_de(martin)[0].pk}
    tarif = Tarif.objects.get(prestation=repas)
    assert f"{tarif}." in texte(bureau.get(SIMULER, question))
    assert "Rang de l’enfant : 1" not in texte(bureau.get(SIMULER, question))
    tarif.remises.create(rang=2, valeur=10)
    assert f"{tarif}. Rang de l’enfant : 1." in texte(bureau.get(SIMULER, question))


def test_le_simulateur_demande_la_permission(client, collectivite, django_user_model):
    agent = django_user_model.objects.create_user("agent", is_staff=True)
    client.force_login(agent, backend="portail.authentification.IdentifiantOuCourriel")
    assert client.get(SIMULER).status_code == 403
