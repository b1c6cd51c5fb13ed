"""A price at which days are billed neither changes nor goes; another follows it."""

from datetime import date
from decimal import Decimal as D

import pytest

from facturation import actions
from facturation.emplois import jours_factures
from facturation.enums import EtatCampagne
from facturation.models import Campagne, FraisAnnuels, Tarif, UniteFacturee
from familles.models import Ecole, Scolarite, Utilisateur
from tests.facturation.conftest import enfants_de
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
TARIFS = "/admin/facturation/tarif/"
NI_MODIFIE = "Des journées sont facturées à ce prix, du 02/11/2026 au 06/11/2026"


@pytest.fixture
def bureau(client, collectivite):
    """The administrator, who may delete a price that served nobody."""
    chef = Utilisateur.objects.create_superuser("chef")
    client.force_login(chef, backend="portail.authentification.IdentifiantOuCourriel")
    return client


@pytest.fixture
def facture(emettre, dupont):
    return emettre(dupont)


@pytest.fixture
def prix(repas) -> Tarif:
    return Tarif.objects.get(prestation=repas)


def saisie(tarif: Tarif, **plus) -> dict:
    """Its page, sent as it was shown."""
    lignes = {f"{lot}-{nom}_FORMS": 0 for lot in ("tranches", "remises") for nom in ("TOTAL", "INITIAL")}
    return {
        "prestation": tarif.prestation_id,
        "du": f"{tarif.du:%d/%m/%Y}",
        "niveaux": tarif.niveaux,
        "mode": "FIXE",
        "montant": "3,50",
        "majoration_en": "EUROS",
        "hors_contrat_des": "1",
        "jours_carence": "0",
        "facturer_non_pointe": "on",
        **lignes,
        **plus,
    }


@pytest.mark.parametrize(
    "plus",
    [
        {"montant": "4"},
        {"du": "01/09/2027"},
        {"niveaux": "CM2"},
        {"majoration": "1"},
        {"remises-TOTAL_FORMS": 1, "remises-0-rang": 2, "remises-0-valeur": 10, "remises-0-en": "POURCENT"},
    ],
)
def test_un_prix_employe_ne_se_modifie_pas(bureau, facture, prix, plus):
    adresse = f"{TARIFS}{prix.pk}/change/"
    assert NI_MODIFIE in texte(bureau.get(adresse))
    reponse = bureau.post(adresse, saisie(prix, **plus))
    assert reponse.status_code == 422
    assert NI_MODIFIE in texte(reponse)
    garde = Tarif.objects.get(pk=prix.pk)
    assert (garde.montant, garde.du, garde.niveaux, garde.majoration) == (D("3.50"), prix.du, "", None)
    assert not garde.remises.exists()


def test_son_cout_reel_se_declare_ensuite(bureau, facture, prix):
    assert bureau.post(f"{TARIFS}{prix.pk}/change/", saisie(prix, cout_reel="9,80")).status_code == 302
    assert Tarif.objects.get(pk=prix.pk).cout_reel == D("9.80")


def test_un_prix_employe_ne_se_supprime_pas(bureau, facture, prix):
    suivant = Tarif.objects.create(prestation=prix.prestation, du=date(2027, 1, 1), montant=4)
    for envoi in (bureau.get, lambda adresse, **o: bureau.post(adresse, {"post": "yes"}, **o)):
        assert NI_MODIFIE in texte(envoi(f"{TARIFS}{prix.pk}/delete/", follow=True))
    lot = {"action": "delete_selected", "_selected_action": [prix.pk, suivant.pk], "post": "yes"}
    reponse = bureau.post(TARIFS, lot)
    assert reponse.status_code == 409
    assert NI_MODIFIE in texte(reponse)
    assert Tarif.objects.filter(prestation=prix.prestation).count() == 2
    assert bureau.post(f"{TARIFS}{suivant.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Tarif.objects.filter(prestation=prix.prestation).get() == prix


def test_un_autre_prix_le_suit_sans_passer_sous_les_jours_factures(bureau, facture, prix):
    """« Enregistrer en tant que nouveau » ends it the day before."""
    nouveau = {"montant": "4", "_saveasnew": "1"}
    reponse = bureau.post(f"{TARIFS}{prix.pk}/change/", saisie(prix, du="05/11/2026", **nouveau))
    lu = texte(reponse)
    assert "prendraient celui-ci, du 05/11/2026 au 06/11/2026 : faites-le commencer après le 06/11/2026" in lu
    assert Tarif.objects.filter(prestation=prix.prestation).count() == 1
    reponse = bureau.post(f"{TARIFS}{prix.pk}/change/", saisie(prix, du="07/11/2026", **nouveau))
    assert reponse.status_code == 302
    assert Tarif.objects.get(du=date(2026, 11, 7)).montant == 4


def test_une_fois_tout_rendu_par_un_avoir_le_prix_redevient_libre(bureau, facture, prix, comptable):
    actions.avoir(facture=facture, motif="Prix mal saisi", par=comptable)
    assert not UniteFacturee.objects.en_vigueur().exists()
    assert bureau.post(f"{TARIFS}{prix.pk}/change/", saisie(prix, montant="4")).status_code == 302
    assert Tarif.objects.get(pk=prix.pk).montant == 4


@pytest.mark.parametrize(
    "du, niveaux, attendus",
    [
        (date(2026, 11, 3), "CM2", (3, 6)),
        (date(2026, 11, 3), "CE1", None),
        (date(2026, 11, 6), "", (6, 6)),
        (date(2026, 11, 7), "", None),
    ],
)
def test_seuls_comptent_les_jours_qui_prennent_ce_prix(dupont, repas, facture, du, niveaux, attendus):
    """Alexandre, in CM2, ate on the 2nd, 3rd, 5th and 6th."""
    ecole = Ecole.objects.create(nom="Térence Ridout")
    Scolarite.objects.create(enfant=enfants_de(dupont)[0], ecole=ecole, niveau="CM2", du=date(2026, 9, 1))
    jours = jours_factures(Tarif(prestation=repas, du=du, niveaux=niveaux, montant=1))
    assert jours == (attendus and tuple(date(2026, 11, jour) for jour in attendus))


@pytest.mark.parametrize(
    "plus, dits",
    [
        ({"nature_fiscale": "GARDE"}, ["« nature fiscale » ne vaut que pour les suivantes."]),
        (
            {"terme": "A_ECHOIR"},
            ["« facturation » ne vaut que", "Relisez l’aperçu de la prochaine facturation"],
        ),
        ({"nom": "Cantine"}, []),
    ],
)
def test_une_prestation_facturee_qui_change_dit_ce_que_deviennent_ses_factures(
    bureau, facture, repas, plus, dits
):
    envoi = {
        "nom": repas.nom,
        "structure": repas.structure_id,
        "regie": repas.regie_id,
        "ordre": repas.ordre,
        "jours_ouverts": list("1245"),
        "terme": repas.terme,
        "unite": repas.unite,
        "nature_fiscale": repas.nature_fiscale,
        "acceptation": repas.acceptation,
        "active": "on",
    }
    adresse = f"/admin/familles/prestation/{repas.pk}/change/"
    lu = texte(bureau.post(adresse, envoi | plus, follow=True))
    annonce = "Des journées de « Repas » sont déjà facturées, du 02/11/2026 au 06/11/2026"
    assert (annonce in lu) is bool(dits)
    assert all(dit in lu for dit in dits)
    assert facture.lignes.first().nature_fiscale == "REPAS"
    UniteFacturee.objects.en_vigueur().liberer()
    assert "déjà facturées" not in texte(
        bureau.post(adresse, envoi | {"nature_fiscale": "AUTRE"}, follow=True)
    )


def test_aucun_prix_ne_change_pendant_qu_une_facturation_est_en_cours(bureau, prix, repas, regie, comptable):
    """The invoices come out at the prices of the preview that was confirmed."""
    frais = FraisAnnuels.objects.create(regie=regie, libelle="Adhésion", montant=10, du=date(2026, 9, 1))
    mois = {"du": date(2026, 11, 1), "au": date(2026, 11, 30)}
    campagne = Campagne.objects.create(regie=regie, familles=[1], lancee_par=comptable, **mois)
    attendu = "est en cours de facturation : changez ses prix une fois qu’elle est terminée"
    adresse = f"{TARIFS}{prix.pk}/change/"
    assert attendu in texte(bureau.post(adresse, saisie(prix, montant="4")))
    nouveau = saisie(prix, du="05/11/2026", montant="4", _saveasnew="1")
    assert attendu in texte(bureau.post(adresse, nouveau))
    assert attendu in texte(bureau.post(f"{TARIFS}{prix.pk}/delete/", {"post": "yes"}, follow=True))
    ses_frais = f"/admin/facturation/fraisannuels/{frais.pk}/"
    assert attendu in texte(bureau.post(f"{ses_frais}delete/", {"post": "yes"}, follow=True))
    assert (Tarif.objects.get().montant, FraisAnnuels.objects.count()) == (D("3.50"), 1)
    campagne.etat = EtatCampagne.TERMINEE
    campagne.save()
    assert bureau.post(adresse, saisie(prix, montant="4")).status_code == 302
