"""Payments in the accountant's workplace: recorded once, read, taken back."""

from datetime import date
from decimal import Decimal as D
from uuid import uuid4

import pytest

from facturation import actions
from facturation.models import Facture, Reglement
from tests.facturation.conftest import NOVEMBRE
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
ENCAISSER = "/admin/facturation/reglement/add/"
DU, AU = NOVEMBRE


@pytest.fixture
def bureau(client, comptable, collectivite):
    client.force_login(comptable, backend="portail.authentification.IdentifiantOuCourriel")
    return client


@pytest.fixture
def facture(novembre, dupont, regie, comptable) -> Facture:
    return actions.emettre(famille=dupont, regie=regie, du=DU, au=AU, par=comptable)


def saisie(famille, regie, /, **plus) -> dict:
    """Of a family whose adults live apart, the holder pays."""
    apart = {} if famille.vie_commune else {"payeur": famille.titulaire.pk}
    return {
        **apart,
        "famille": famille.pk,
        "regie": regie.pk,
        "mode": "CHEQUE",
        "montant": "16,40",
        "recu_le": "03/12/2026",
        "reference": "chèque 1234567",
        "facture": "",
        "jeton": uuid4(),
        **plus,
    }


def test_le_meme_formulaire_envoye_deux_fois_n_enregistre_qu_un_reglement(bureau, facture, dupont, regie):
    envoi = saisie(dupont, regie)
    bureau.post(ENCAISSER, envoi)
    encore = bureau.post(ENCAISSER, envoi, follow=True)
    assert "déjà enregistré, sous le numéro" in texte(encore)
    reglement = Reglement.objects.get()
    # The same payment from a form opened anew is another one, with the next number.
    bureau.post(ENCAISSER, saisie(dupont, regie))
    assert Reglement.objects.exclude(pk=reglement.pk).get().numero == reglement.numero + 1


@pytest.mark.parametrize(
    "autre", [{"montant": "25"}, {"reference": "chèque 7654321"}, {"mode": "ESPECES"}, {"famille": "martin"}]
)
def test_le_formulaire_repris_pour_un_autre_reglement_ne_le_perd_pas(
    bureau, facture, dupont, martin, regie, autre
):
    """The browser's « back », then the next cheque typed over the first."""
    envoi = saisie(dupont, regie)
    bureau.post(ENCAISSER, envoi)
    suivant = envoi | (autre if "famille" not in autre else {"famille": martin.pk, "payeur": ""})
    reponse = bureau.post(ENCAISSER, suivant)
    assert reponse.status_code == 409
    lu = texte(reponse)
    assert "Cette page a déjà servi à enregistrer le règlement AL-1 de 16,40 € (DUPONT JEAN)" in lu
    assert Reglement.objects.count() == 1
    form = reponse.context["form"]
    # The Martins are not asked who paid.
    suivant = {nom: valeur for nom, valeur in suivant.items() if nom in form.fields}
    neuf = {nom: form[nom].value() for nom in suivant}
    assert str(neuf.pop("jeton")) != str(suivant["jeton"])
    assert {k: str(v) for k, v in neuf.items()} == {k: str(v) for k, v in suivant.items() if k != "jeton"}
    assert bureau.post(ENCAISSER, {**neuf, "jeton": form["jeton"].value()}).status_code == 302
    assert Reglement.objects.count() == 2


def test_un_formulaire_ouvert_a_neuf_a_son_propre_jeton(bureau, facture):
    premier, second = (bureau.get(ENCAISSER).context["form"]["jeton"].value() for _ in range(2))
    assert premier != second


def test_un_formulaire_sans_jeton_dit_de_le_rouvrir(bureau, facture, dupont, regie):
    reponse = bureau.post(ENCAISSER, saisie(dupont, regie, jeton=""))
    assert reponse.status_code == 422
    assert "rouvrez" in texte(reponse).lower()


def test_une_facture_soldee_le_dit_avant_d_encaisser_encore(bureau, facture, dupont, regie):
    bureau.post(ENCAISSER, saisie(dupont, regie))
    assert "est déjà soldée" in texte(bureau.get(ENCAISSER, {"facture": "AL-1"}))


def test_un_cheque_s_enregistre(bureau, facture, dupont, regie, comptable):
    reponse = bureau.post(ENCAISSER, saisie(dupont, regie), follow=True)
    reglement = Reglement.objects.get()
    assert (reglement.montant, reglement.enregistre_par) == (D("16.40"), comptable)
    assert f"Le règlement {reglement} de 16,40 € est enregistré." in texte(reponse)
    assert not Facture.objects.impayees().exists()


def test_le_message_dit_ce_qui_est_paye_et_ce_qui_reste(bureau, facture, dupont, regie):
    lu = texte(bureau.post(ENCAISSER, saisie(dupont, regie, montant="20"), follow=True))
    assert "Il paie AL-1 (16,40 €). 3,60 € restent en faveur de la famille." in lu
    lu = texte(bureau.post(ENCAISSER, saisie(dupont, regie, montant="5", facture="AL-1"), follow=True))
    assert "est enregistré. 5,00 € restent en faveur de la famille." in lu


def test_depuis_une_facture_tout_est_propose(bureau, facture, dupont):
    contenu = bureau.get(ENCAISSER, {"facture": "AL-1"}).content.decode()
    assert 'value="AL-1"' in contenu
    assert 'value="16,40"' in contenu
    assert f'<option value="{dupont.pk}" selected' in contenu


@pytest.mark.parametrize(
    "plus, phrase",
    [
        ({"mode": "VIREMENT"}, "ne permet pas ce moyen"),
        ({"mode": "ESPECES", "montant": "301"}, "espèces"),
        ({"montant": "-3"}, "positif"),
        ({"recu_le": "04/12/2026"}, "avenir"),
        ({"recu_le": "01/01/0001"}, "n’est pas possible"),
        ({"recu_le": "01/12/2006"}, "plus de dix ans"),
        ({"facture": "AL-77"}, "Aucune facture ne porte ce numéro"),
        ({"famille": "999"}, "sélectionnez"),
        ({"famille": "zz"}, "sélectionnez"),
        ({"famille": "9" * 30}, "sélectionnez"),
    ],
)
def test_un_reglement_refuse_dit_pourquoi_et_garde_la_saisie(bureau, facture, dupont, regie, plus, phrase):
    reponse = bureau.post(ENCAISSER, saisie(dupont, regie, **plus))
    assert reponse.status_code == 422
    assert phrase.lower() in texte(reponse).lower()
    assert "chèque 1234567" in reponse.content.decode()
    assert not Reglement.objects.exists()


def test_une_contre_ecriture_se_fait_d_une_page(bureau, facture, dupont, regie):
    bureau.post(ENCAISSER, saisie(dupont, regie, facture="al-1"))
    reglement = Reglement.objects.get()
    page = texte(bureau.get(f"/admin/facturation/reglement/{reglement.pk}/change/"))
    assert "Annuler ce règlement" in page
    assert "AL-1" in page
    adresse = f"/admin/facturation/reglement/{reglement.pk}/contrepasser/"
    assert "−16,40" in texte(bureau.get(adresse))
    assert bureau.post(adresse, {"motif": "Impayé"}).status_code == 302
    assert Reglement.objects.filter(contrepasse=reglement).count() == 1
    assert bureau.post(adresse, {"motif": "Impayé"}).status_code == 422
    assert "AL-1" in texte(bureau.get("/admin/facturation/reglement/"))


def test_un_reglement_annule_le_dit_et_ne_s_annule_plus(bureau, facture, dupont, regie, comptable):
    reglement = actions.encaisser(
        famille=dupont, regie=regie, mode="CHEQUE", montant=D(5), recu_le=date(2026, 12, 3), par=comptable
    )
    page = f"/admin/facturation/reglement/{reglement.pk}/"
    assert "Règlement annulé" not in texte(bureau.get(f"{page}change/"))
    ecrit = actions.contrepasser(reglement=reglement, motif="sans provision", cause="IMPAYE", par=comptable)
    lu = texte(bureau.get(f"{page}change/"))
    assert "Règlement annulé par la contre-écriture AL-2 du 03/12/2026 : Chèque impayé : sans provision" in lu
    assert "Annuler ce règlement" not in lu
    contre = f"/admin/facturation/reglement/{ecrit.pk}/"
    lu = texte(bureau.get(f"{contre}change/"))
    assert "Annule : AL-1" in lu
    assert "Annuler ce règlement" not in lu
    for adresse, phrase in ((page, "est déjà annulé, par la"), (contre, "elle ne s’annule pas")):
        reponse = bureau.get(f"{adresse}contrepasser/", follow=True)
        assert phrase in texte(reponse)
        assert "sera datée du" not in texte(reponse)
    assert bureau.get("/admin/facturation/reglement/zz/change/").status_code == 404
