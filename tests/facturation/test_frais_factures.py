"""Fees of the year that are billed: they stay as they are, and no family pays them twice."""

from datetime import date
from decimal import Decimal as D

import pytest

from facturation import actions
from facturation.models import FraisAnnuels, UniteFacturee
from tests.facturation.conftest import enfants_de
from tests.facturation.test_tarifs_employes import bureau  # noqa: F401  (fixture)
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
FRAIS = "/admin/facturation/fraisannuels/"
NI_MODIFIES = "Ces frais sont facturés (année 2026-2027)"
DECEMBRE = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture
def frais(regie) -> FraisAnnuels:
    return FraisAnnuels.objects.create(regie=regie, libelle="Adhésion", montant=D(10), du=date(2026, 9, 1))


@pytest.fixture
def facture(frais, emettre, dupont):
    return emettre(dupont)


def saisie(frais: FraisAnnuels, **plus) -> dict:
    return {
        "regie": frais.regie_id,
        "libelle": frais.libelle,
        "montant": "10,00",
        "assiette": "FAMILLE",
        "du": "01/09/2026",
        "nature_fiscale": "AUTRE",
        **plus,
    }


@pytest.mark.parametrize(
    "plus",
    [
        {"montant": "1"},
        {"assiette": "ENFANT"},
        {"nature_fiscale": "GARDE"},
        {"du": "01/10/2026"},
        {"inscrits_apres": "01/10/2026"},
    ],
)
def test_des_frais_factures_ne_se_modifient_pas(bureau, facture, frais, plus):  # noqa: F811
    adresse = f"{FRAIS}{frais.pk}/change/"
    assert NI_MODIFIES in texte(bureau.get(adresse))
    reponse = bureau.post(adresse, saisie(frais, **plus))
    assert reponse.status_code == 422
    assert "ajoutez-en d’autres à partir du 01/09/2027" in texte(reponse)
    garde = FraisAnnuels.objects.get(pk=frais.pk)
    assert (garde.montant, garde.assiette, garde.nature_fiscale) == (D(10), "FAMILLE", "AUTRE")


def test_leur_libelle_et_leur_fin_se_modifient(bureau, facture, frais):  # noqa: F811
    envoi = saisie(frais, libelle="Adhésion à l’école", au="31/08/2027")
    assert bureau.post(f"{FRAIS}{frais.pk}/change/", envoi).status_code == 302
    assert FraisAnnuels.objects.get().au == date(2027, 8, 31)


def test_des_frais_factures_ne_se_suppriment_pas(bureau, facture, frais, comptable):  # noqa: F811
    lu = texte(bureau.post(f"{FRAIS}{frais.pk}/delete/", {"post": "yes"}, follow=True))
    assert NI_MODIFIES in lu
    lot = {"action": "delete_selected", "_selected_action": [frais.pk], "post": "yes"}
    assert "Adhésion, 01/09/2026" in texte(bureau.post(FRAIS, lot))
    assert FraisAnnuels.objects.get() == frais


def test_rendus_par_un_avoir_ils_redeviennent_libres(bureau, facture, frais, comptable):  # noqa: F811
    actions.avoir(facture=facture, motif="Frais mal saisis", par=comptable)
    assert bureau.post(f"{FRAIS}{frais.pk}/change/", saisie(frais, montant="12")).status_code == 302
    assert FraisAnnuels.objects.get().montant == 12


@pytest.mark.parametrize("avant, apres", [("FAMILLE", "ENFANT"), ("ENFANT", "FAMILLE")])
def test_les_memes_frais_ne_se_facturent_qu_une_fois_par_an_quoi_qu_ils_deviennent(
    novembre, dupont, repas, regie, comptable, frais, emettre, clore, avant, apres
):
    """Changed behind the screen's back: for a family, its children were billed, and the other way round."""
    FraisAnnuels.objects.update(assiette=avant)
    emettre(dupont)
    FraisAnnuels.objects.update(assiette=apres, montant=D(1))
    novembre.noter(dupont, enfants_de(dupont)[0], repas, date(2026, 12, 1))
    clore(repas, du=DECEMBRE[0], au=DECEMBRE[1])
    du, au = DECEMBRE
    suivante = actions.emettre(famille=dupont, regie=regie, du=du, au=au, par=comptable)
    assert [li.libelle for li in suivante.lignes.all()] == ["Repas"]


def test_une_unite_facturee_se_nomme(facture, frais):
    unites = UniteFacturee.objects.filter(facture=facture)
    assert str(unites.get(frais=frais)) == "Adhésion, 01/09/2026"
    assert str(unites.filter(prestation__nom="Repas").first()) == "DUPONT Alexandre, Repas, 02/11/2026"
