"""The accountant's workplace: bill a month, cash, credit; what is issued is only read."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facturation import actions
from facturation.models import Facture, Reglement, Tarif
from planning.models import Cloture
from tests.facturation.conftest import NOVEMBRE, creer_famille, enfants_de
from tests.facturation.test_modeles import creer_facture
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
FACTURER = "/admin/facturation/facture/add/"
ENCAISSER = "/admin/facturation/reglement/add/"
DU, AU = NOVEMBRE


@pytest.fixture
def bureau(client, comptable, collectivite):
    client.force_login(comptable, backend="portail.authentification.IdentifiantOuCourriel")
    return client


def choix(regie, **plus) -> dict:
    return {"regie": regie.pk, "mois": "2026-11", **plus}


# --- Facturer un mois ----------------------------------------------------------------------------------


def test_on_choisit_la_regie_et_le_mois_dernier_est_propose(bureau, regie):
    lu = texte(bureau.get(FACTURER))
    assert "Régie garderie ALSH" in lu
    assert "novembre 2026" in lu
    assert 'value="2026-11" selected' in bureau.get(FACTURER).content.decode()


def test_l_apercu_montre_les_montants_et_n_ecrit_rien(bureau, novembre, regie):
    lu = texte(bureau.get(FACTURER, choix(regie)))
    assert "DUPONT JEAN 1001001818331" in lu
    assert "MARTIN ZOÉ" in lu
    assert "Alexandre, Repas : 4 × 3,50 € = 14,00 €" in lu
    assert "Émettre 2 factures pour 26,90 €" in bureau.get(FACTURER, choix(regie)).content.decode().replace(
        "\u00a0", " "
    )
    assert not Facture.objects.exists()


def test_ce_qui_n_est_pas_clos_se_clot_d_abord(bureau, novembre, regie, repas, garderie):
    Cloture.objects.all().delete()
    page = bureau.get(FACTURER, choix(regie))
    assert "Clôturer les journées" in texte(page)
    assert 'name="emettre"' not in page.content.decode()
    bureau.post(FACTURER, choix(regie, cloturer=repas.pk))
    assert [c.prestation for c in Cloture.objects.all()] == [repas]
    reponse = bureau.post(FACTURER, choix(regie, cloturer="toutes"), follow=True)
    assert {c.prestation for c in Cloture.objects.all()} == {repas, garderie}
    assert 'name="emettre"' in reponse.content.decode()


def test_sans_la_permission_on_ne_clot_pas(bureau, comptable, novembre, regie, repas):
    Cloture.objects.all().delete()
    comptable.groups.get().permissions.remove(Permission.objects.get(codename="add_cloture"))
    assert 'name="cloturer"' not in bureau.get(FACTURER, choix(regie)).content.decode()
    assert bureau.post(FACTURER, choix(regie, cloturer=repas.pk)).status_code == 403
    assert not Cloture.objects.exists()


def test_emettre_donne_les_factures_et_leurs_pdf_et_rien_deux_fois(bureau, novembre, regie):
    reponse = bureau.post(FACTURER, choix(regie, emettre="1", montre="2 26.90"), follow=True)
    lu = texte(reponse)
    assert "2 factures émises, 26,90 €" in lu
    assert 'href="/factures/AL-1.pdf"' in reponse.content.decode()
    assert "Rien à facturer" in texte(bureau.get(FACTURER, choix(regie)))
    encore = texte(bureau.post(FACTURER, choix(regie, emettre="1", montre="2 26.90"), follow=True))
    assert "L’aperçu a changé" in encore
    assert "Rien à facturer" in encore
    assert Facture.objects.count() == 2


def test_les_echecs_sont_nommes_et_la_suite_continue(bureau, novembre, regie, garderie):
    Tarif.objects.filter(prestation=garderie).first().delete()
    assert "Bloque la facture" in texte(bureau.get(FACTURER, choix(regie)))
    lu = texte(bureau.post(FACTURER, choix(regie, emettre="1", montre="1 10.50"), follow=True))
    assert "1 facture émise, 10,50 €" in lu
    assert "1 famille reste à facturer" in lu
    assert "aucun prix" in lu


def test_on_peut_ne_facturer_que_quelques_familles(bureau, novembre, regie, martin):
    lu = texte(bureau.get(FACTURER, choix(regie, familles=martin.pk)))
    assert "Aperçu : 1 famille, 10,50 €" in lu
    bureau.post(FACTURER, choix(regie, familles=martin.pk, emettre="1", montre="1 10.50"))
    assert Facture.objects.get().famille == martin
    forgee = bureau.get(FACTURER, choix(regie, familles="9" * 40))
    assert "errorlist" in forgee.content.decode()


@pytest.mark.parametrize("parametres", [{"regie": "99"}, {"mois": "1999-01"}, {"mois": "novembre"}])
def test_un_choix_impossible_se_dit_et_n_emet_rien(bureau, novembre, regie, parametres):
    for methode in (bureau.get, bureau.post):
        reponse = methode(FACTURER, {**choix(regie, emettre="1"), **parametres})
        assert reponse.status_code == 422
        assert "errorlist" in reponse.content.decode()
    assert not Facture.objects.exists()


def test_l_apercu_tient_en_vingt_cinq_requetes(bureau, novembre, regie, repas):
    for rang in range(20):
        famille = creer_famille(
            f"20010018183{rang:02}",
            "CELIBATAIRE",
            [("MME", f"Mère{rang}", f"Nom{rang}", "1 rue", f"mere{rang}")],
            [(f"Enfant{rang}", f"Nom{rang}", date(2018, 1, 1))],
        )
        novembre.noter(famille, enfants_de(famille)[0], repas, 2, 3, 5)
    with CaptureQueriesContext(connection) as requetes:
        assert "22 familles" in texte(bureau.get(FACTURER, choix(regie)))
    assert len(requetes) <= 25


# --- Invoices ------------------------------------------------------------------------------------------


@pytest.fixture
def facture(novembre, dupont, regie, comptable) -> Facture:
    return actions.emettre(famille=dupont, regie=regie, du=DU, au=AU, par=comptable)


def test_les_factures_se_cherchent_et_se_filtrent(bureau, facture, martin, regie):
    creer_facture(martin, regie, numero=99, destinataire="Mme Zoé MARTIN")
    liste = "/admin/facturation/facture/"
    assert "AL-1" in texte(bureau.get(liste, {"q": "dupont"}))
    assert "AL-99" not in texte(bureau.get(liste, {"q": "dupont"}))
    retard = texte(bureau.get(liste, {"paiement": "retard"}))
    assert "AL-99" in retard
    assert "M. Jean DUPONT" not in retard
    assert "Mme Zoé MARTIN" in texte(bureau.get(liste, {"paiement": "impayees"}))
    assert "Mme Zoé MARTIN" not in texte(bureau.get(liste, {"paiement": "soldees"}))
    assert "Facturer un mois" in texte(bureau.get(liste))


def test_une_facture_emise_se_lit_et_ne_se_change_pas(bureau, facture):
    adresse = f"/admin/facturation/facture/{facture.pk}/change/"
    page = bureau.get(adresse)
    assert "16,40" in texte(page)
    assert 'href="/factures/AL-1.pdf"' in page.content.decode()
    assert 'type="submit" name="_save"' not in page.content.decode()
    assert bureau.post(adresse, {"total": "1"}).status_code == 403
    assert bureau.post(f"/admin/facturation/facture/{facture.pk}/delete/", {"post": "yes"}).status_code == 403


def test_un_avoir_se_fait_d_une_page_et_demande_un_motif(bureau, facture):
    adresse = f"/admin/facturation/facture/{facture.pk}/avoir/"
    assert "16,40" in texte(bureau.get(adresse))
    assert bureau.post(adresse, {"motif": ""}).status_code == 422
    assert bureau.post(adresse, {"motif": "Mauvaise famille"}).status_code == 302
    assert Facture.objects.filter(avoir_de=facture, motif="Mauvaise famille").count() == 1
    encore = bureau.post(adresse, {"motif": "Mauvaise famille"})
    assert encore.status_code == 422
    assert "a déjà son avoir" in texte(encore)
    assert bureau.get("/admin/facturation/facture/999/avoir/").status_code == 404


def test_une_facture_deja_rendue_n_offre_plus_d_avoir(bureau, facture):
    page = f"/admin/facturation/facture/{facture.pk}/"
    bureau.post(f"{page}avoir/", {"motif": "Erreur"})
    assert "Annuler par un avoir" not in texte(bureau.get(f"{page}change/"))
    assert bureau.get(f"{page}avoir/").status_code == 302
    assert bureau.get(f"{page}avoir-partiel/").status_code == 302


# --- Rights --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adresse", [FACTURER, ENCAISSER])
def test_un_agent_sans_la_permission_est_refuse(client, collectivite, django_user_model, adresse):
    agent = django_user_model.objects.create_user("agent", is_staff=True)
    client.force_login(agent, backend="portail.authentification.IdentifiantOuCourriel")
    assert client.get(adresse).status_code == 403
    assert client.post(adresse).status_code == 403


def test_voir_ne_suffit_pas_a_annuler(bureau, comptable, facture, dupont, regie):
    groupe = comptable.groups.get()
    groupe.permissions.remove(*Permission.objects.filter(codename__in=["add_facture", "add_reglement"]))
    reglement = actions.encaisser(
        famille=dupont, regie=regie, mode="CHEQUE", montant=D(5), recu_le=date(2026, 12, 3), par=comptable
    )
    for adresse in (
        f"/admin/facturation/facture/{facture.pk}/avoir/",
        f"/admin/facturation/reglement/{reglement.pk}/contrepasser/",
    ):
        assert bureau.post(adresse, {"motif": "x"}).status_code == 403
    assert Facture.objects.count() == Reglement.objects.count() == 1
