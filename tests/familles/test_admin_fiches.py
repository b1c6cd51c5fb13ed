"""The standard pages of the administration: forged rows, refused forms."""

import pytest
from django.contrib import admin

from familles.models import QuotientFamilial, Utilisateur
from familles.saisies import LIGNES_FAUSSES, LignesSures
from planning.models import MotifAbsence
from tests.fabriques import familles as f


def test_chaque_lot_de_lignes_de_l_administration_refuse_des_comptes_forges():
    sans_garde = [
        f"{type(modele).__name__}.{lignes.__name__}"
        for modele in admin.site._registry.values()
        for lignes in modele.inlines
        if not issubclass(lignes.formset, LignesSures)
    ]
    assert sans_garde == []


@pytest.fixture
def quotient(famille_dupont):
    return f.QuotientFamilialFactory(famille=famille_dupont)


def saisie_de(page) -> dict:
    """What the browser posts of a page of the administration."""
    lots = [lot.formset for lot in page.context["inline_admin_formsets"]]
    formes = [f for lot in lots for f in (lot.management_form, *lot.forms)]
    champs = [champ for form in (page.context["adminform"].form, *formes) for champ in form]
    valeurs = {champ.html_name: champ.value() for champ in champs}
    return {nom: valeur for nom, valeur in valeurs.items() if valeur is not None and valeur is not False}


@pytest.mark.parametrize("connues", ["-1", "0"])
def test_un_quotient_connu_ne_s_ajoute_pas_une_seconde_fois(client_admin, quotient, connues):
    page = f"/admin/familles/famille/{quotient.famille_id}/change/"
    saisie = saisie_de(client_admin.get(page))
    (compte,) = [nom for nom in saisie if "quotient" in nom and nom.endswith("INITIAL_FORMS")]
    reponse = client_admin.post(page, saisie | {compte: connues})
    assert reponse.status_code == 422
    assert LIGNES_FAUSSES in reponse.content.decode()
    assert QuotientFamilial.objects.count() == 1
    assert client_admin.post(page, saisie).status_code == 302


def test_une_liste_qui_se_modifie_ne_gagne_pas_de_ligne(client_admin, db):
    motif, avant = MotifAbsence.objects.first(), MotifAbsence.objects.count()
    saisie = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "-1",
        "form-0-id": motif.pk,
        "form-0-consequence": motif.consequence,
        "form-0-ordre": "99",
        "_save": "Enregistrer",
    }
    reponse = client_admin.post("/admin/planning/motifabsence/", saisie)
    assert reponse.status_code == 422
    assert MotifAbsence.objects.count() == avant


# --- What is refused says so ------------------------------------------------------------------------------


def test_une_fiche_refusee_dit_422(client_admin, famille_dupont):
    assert client_admin.post("/admin/familles/enfant/add/", {"nom": "DUPONT"}).status_code == 422
    assert client_admin.get("/admin/familles/enfant/add/").status_code == 200
    page = f"/admin/familles/famille/{famille_dupont.pk}/change/"
    saisie = saisie_de(client_admin.get(page))
    assert client_admin.post(page, saisie | {"numero": "12"}).status_code == 422
    assert client_admin.post(page, saisie).status_code == 302


@pytest.mark.parametrize("nom", ["-1", "123"])
def test_un_enfant_sans_lettre_dans_son_nom_est_refuse(client_admin, lea, nom):
    page = f"/admin/familles/enfant/{lea.pk}/change/"
    saisie = saisie_de(client_admin.get(page))
    reponse = client_admin.post(page, saisie | {"nom": nom})
    assert reponse.status_code == 422
    assert "au moins une lettre" in reponse.content.decode()


def test_un_mot_de_passe_refuse_a_un_compte_dit_422(client_admin, jean):
    page = f"/admin/familles/utilisateur/{jean.utilisateur_id}/password/"
    ancien = Utilisateur.objects.get(pk=jean.utilisateur_id).password
    assert client_admin.post(page, {"password1": "court", "password2": "court"}).status_code == 422
    assert Utilisateur.objects.get(pk=jean.utilisateur_id).password == ancien


def test_une_facturation_mal_choisie_dit_422(client_admin, collectivite):
    page = "/admin/facturation/facture/add/"
    assert client_admin.get(page).status_code == 200
    assert client_admin.post(page, {"mois": "zz"}).status_code == 422
