"""The accountant's follow-up: print a month, deposit, close the till, remind, export."""

import io
from datetime import date
from decimal import Decimal as D
from uuid import uuid4

import pikepdf
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facturation import actions
from facturation.models import ClotureCaisse, Facture, NiveauRelance, Reglement, Relance, Versement
from messagerie.models import Courriel, Message
from tests.facturation.conftest import creer_famille
from tests.facturation.test_modeles import creer_facture
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
IMPRIMER = "/admin/facturation/facture/imprimer/"
VERSER = "/admin/facturation/versement/add/"
JOURNAL = "/admin/facturation/cloturecaisse/journal/"
RELANCER = "/admin/facturation/relance/add/"
COMPTABILITE = "/admin/facturation/comptecomptable/journal/"
NOVEMBRE = {"du": date(2026, 11, 1), "au": date(2026, 11, 30), "date": date(2026, 12, 1)}


@pytest.fixture
def bureau(client, comptable, collectivite):
    client.force_login(comptable, backend="portail.authentification.IdentifiantOuCourriel")
    return client


@pytest.fixture
def factures(dupont, martin, regie) -> list[Facture]:
    """November of the Duponts (e-mail accepted) and of the Martins (not)."""
    dupont.responsables.filter(rang=1).update(email="jean@example.org", autorisation_courriel=True)
    martin.responsables.update(autorisation_courriel=False)
    return [
        creer_facture(famille, regie, numero=numero, echeance=date(2026, 12, 31), **NOVEMBRE)
        for numero, famille in enumerate((dupont, martin), start=1)
    ]


@pytest.fixture
def encaisser(dupont, regie, comptable):
    def executer(montant, jour=date(2026, 12, 2), mode="CHEQUE", **options) -> Reglement:
        return actions.encaisser(
            famille=options.pop("famille", dupont),
            regie=regie,
            mode=mode,
            montant=D(montant),
            recu_le=jour,
            par=comptable,
            **options,
        )

    return executer


def mois(regie, valeur="2026-11", **plus) -> dict:
    return {"regie": regie.pk, "mois": valeur, **plus}


# --- Print a month -------------------------------------------------------------------------------------


def test_un_mois_s_imprime_pour_tous_ou_pour_ceux_qui_n_ont_pas_de_courriel(bureau, factures, regie):
    lu = texte(bureau.get(IMPRIMER, mois(regie)))
    assert "2 factures et avoirs, dont 1 à des familles qui acceptent le courriel" in lu
    for choix, pages in (({}, 2), ({"sans_courriel": "on"}, 1), ({"recto_verso": "on"}, 4)):
        reponse = bureau.get(f"{IMPRIMER}mois.pdf", mois(regie, **choix))
        with pikepdf.open(io.BytesIO(reponse.content)) as document:
            assert len(document.pages) == pages
    archive = bureau.get(f"{IMPRIMER}mois.zip", mois(regie))
    assert archive["Content-Disposition"] == 'attachment; filename="factures-2026-11.zip"'
    vide = bureau.get(f"{IMPRIMER}mois.pdf", mois(regie, "2026-10"))
    assert vide.status_code == 409 and "aucune facture" in texte(vide).lower()
    assert bureau.get(f"{IMPRIMER}mois.pdf", {"regie": "99"}).status_code == 422


def test_prevenir_ecrit_a_chacun_et_par_courriel_a_qui_l_accepte_une_seule_fois(bureau, factures, regie):
    assert "Prévenir 2 familles" in texte(bureau.get(IMPRIMER, mois(regie)))
    assert "2 familles prévenues" in texte(bureau.post(IMPRIMER, mois(regie), follow=True))
    assert Message.objects.count() == 2
    assert [c.destinataire for c in Courriel.objects.all()] == ["jean@example.org"]
    assert "Tout était dit" in texte(bureau.post(IMPRIMER, mois(regie), follow=True))
    assert Message.objects.count() == 2
    assert "Toutes ont déjà leur message" in texte(bureau.get(IMPRIMER, mois(regie)))


# --- Deposit and close ---------------------------------------------------------------------------------


def test_un_versement_se_prepare_en_cochant(bureau, encaisser, regie):
    premier, second = encaisser("40.00"), encaisser("12.00")
    choix = {"regie": regie.pk, "mode": "CHEQUE"}
    assert "2 règlements en caisse, 52,00 €" in texte(bureau.get(VERSER, choix))
    vide = bureau.post(VERSER, choix)
    assert vide.status_code == 422
    assert "au moins un règlement" in texte(vide)
    reponse = bureau.post(VERSER, {**choix, "reglements": [premier.pk]}, follow=True)
    versement = Versement.objects.get()
    assert versement.total == 40
    assert "Le versement AL-B1 est enregistré." in texte(reponse)
    adresse = f"/admin/facturation/versement/{versement.pk}/bordereau.pdf"
    assert adresse in reponse.content.decode()
    assert bureau.get(adresse).content.startswith(b"%PDF")
    encore = bureau.post(VERSER, {**choix, "reglements": [premier.pk, second.pk]})
    assert encore.status_code == 422
    assert "la liste a changé" in texte(encore)
    assert Versement.objects.count() == 1


def test_le_journal_se_lit_s_exporte_et_s_arrete(bureau, encaisser, regie):
    encaisser("40.00", reference="1234567")
    decembre = mois(regie, "2026-12")
    lu = texte(bureau.get(JOURNAL, decembre))
    assert "En caisse : 40,00 €" in lu
    assert "Mercredi 2 décembre 2026" in lu
    assert bureau.get(f"{JOURNAL}pdf/", decembre).content.startswith(b"%PDF")
    assert "1234567" in bureau.get(f"{JOURNAL}csv/", decembre).content.decode("utf-8-sig")
    assert bureau.get(f"{JOURNAL}ods/", decembre).status_code == 404
    assert "Arrêté de journée" in texte(bureau.post(JOURNAL, {**decembre, "jour": "2026-12-02"}, follow=True))
    assert ClotureCaisse.objects.get().entrees == 40
    assert "arrêtée" in texte(bureau.get(JOURNAL, decembre))
    refus = bureau.post(
        "/admin/facturation/reglement/add/",
        {
            "famille": Reglement.objects.get().famille_id,
            "payeur": Reglement.objects.get().payeur_id,
            "regie": regie.pk,
            "mode": "CHEQUE",
            "montant": "5",
            "recu_le": "02/12/2026",
            "jeton": uuid4(),
        },
    )
    assert refus.status_code == 422
    assert "arrêtée jusqu’au 02/12/2026" in texte(refus)


@pytest.mark.parametrize("jour", ["2026-12-31", "n'importe", "2026-02-30"])
def test_un_jour_impossible_ne_s_arrete_pas(bureau, regie, jour):
    reponse = bureau.post(JOURNAL, {**mois(regie, "2026-12"), "jour": jour}, follow=True)
    assert 'class="error"' in reponse.content.decode()
    assert not ClotureCaisse.objects.exists()


def test_un_mois_fini_s_arrete(bureau, encaisser, regie):
    encaisser("40.00", jour=date(2026, 11, 5))
    assert "Arrêter le mois de novembre 2026" in texte(bureau.get(JOURNAL, mois(regie)))
    # Nobody closes a month by a form that names neither it nor a day.
    assert "choisissez la journée, ou le mois" in texte(bureau.post(JOURNAL, mois(regie), follow=True))
    assert not ClotureCaisse.objects.exists()
    bureau.post(JOURNAL, {**mois(regie), "mois_entier": "1"})
    assert ClotureCaisse.objects.filter(nature="MOIS").get().entrees == 40
    assert "Le mois est arrêté" in texte(bureau.get(JOURNAL, mois(regie)))


def test_un_cheque_impaye_se_contrepasse_sans_autre_motif(bureau, encaisser):
    cheque = encaisser("40.00")
    adresse = f"/admin/facturation/reglement/{cheque.pk}/contrepasser/"
    assert bureau.post(adresse, {"cause": "AUTRE", "motif": " "}).status_code == 422
    assert bureau.post(adresse, {"cause": "IMPAYE"}).status_code == 302
    assert Reglement.objects.get(contrepasse=cheque).motif == "Chèque impayé"


def test_la_page_d_un_reglement_montre_son_credit_sa_quittance_et_son_bordereau(
    bureau, encaisser, regie, comptable
):
    cheque = encaisser("40.00")
    actions.verser(regie=regie, mode="CHEQUE", reglements=[cheque.pk], par=comptable)
    page = bureau.get(f"/admin/facturation/reglement/{cheque.pk}/change/")
    lu = texte(page)
    assert "En faveur de la famille" in lu
    assert "AL-B1" in lu
    assert "/reglements/AL-1.pdf" in page.content.decode()


# --- Reminders -----------------------------------------------------------------------------------------


def test_les_impayes_se_relancent_en_cochant(bureau, dupont, martin, regie):
    creer_facture(dupont, regie, numero=1, total=D(30), echeance=date(2026, 11, 1))
    creer_facture(martin, regie, numero=2, total=D(20), echeance=date(2026, 12, 1))
    choix = {"regie": regie.pk, "niveau": NiveauRelance.objects.get(niveau=1).pk}
    page = bureau.get(RELANCER, choix)
    assert "2 factures impayées, 50,00 €" in texte(page)
    assert page.content.decode().count('name="familles"') == 1
    assert "choisissez au moins une famille" in texte(bureau.post(RELANCER, choix, follow=True))
    familles = [dupont.pk, martin.pk]
    assert "1 lettre écrite" in texte(bureau.post(RELANCER, {**choix, "familles": familles}, follow=True))
    relance = Relance.objects.get()
    assert (relance.famille, relance.total) == (dupont, 30)
    liste = "/admin/facturation/relance/"
    assert f"/relances/{relance.pk}.pdf" in bureau.get(liste).content.decode()
    lettres = bureau.post(liste, {"action": "imprimer", "_selected_action": [relance.pk]})
    with pikepdf.open(io.BytesIO(lettres.content)) as document:
        assert len(document.pages) == 2
    assert "Plus de 90" in bureau.get("/admin/facturation/relance/impayes/csv/", choix).content.decode()


def test_le_texte_d_un_niveau_se_regle_et_un_niveau_ne_s_efface_pas(bureau):
    niveau = NiveauRelance.objects.get(niveau=1)
    adresse = f"/admin/facturation/niveaurelance/{niveau.pk}/change/"
    saisie = {
        "delai_jours": "10",
        "intervalle_jours": "8",
        "objet": "Petit rappel",
        "texte": "Bonjour",
        "actif": "on",
    }
    assert bureau.post(adresse, saisie).status_code == 302
    niveau.refresh_from_db()
    assert (niveau.delai_jours, niveau.intervalle_jours, niveau.objet) == (10, 8, "Petit rappel")
    assert bureau.get("/admin/facturation/niveaurelance/add/").status_code == 403
    assert bureau.post(adresse.replace("change", "delete"), {"post": "yes"}).status_code == 403


# --- Queries and rights --------------------------------------------------------------------------------


@pytest.fixture
def foule(regie, comptable):
    def creer(nombre: int) -> None:
        for rang in range(nombre):
            famille = creer_famille(
                f"20010018183{rang:02}",
                "CELIBATAIRE",
                [("MME", "Ada", f"Nom{rang}", "1 rue", f"ada{rang}")],
                [("Léo", f"Nom{rang}", date(2018, 1, 1))],
            )
            numero = rang + 1
            creer_facture(famille, regie, numero=numero, **NOVEMBRE, echeance=date(2026, 10, 1))
            actions.encaisser(
                famille=famille,
                regie=regie,
                mode="CHEQUE",
                montant=D("10"),
                recu_le=date(2026, 12, 2),
                par=comptable,
            )

    return creer


@pytest.mark.parametrize("nombre", [1, 30])
def test_les_pages_du_bureau_tiennent_en_vingt_cinq_requetes(bureau, foule, regie, nombre):
    foule(nombre)
    niveau = NiveauRelance.objects.get(niveau=1)
    pages = [
        (IMPRIMER, mois(regie)),
        (VERSER, {"regie": regie.pk, "mode": "CHEQUE"}),
        (JOURNAL, mois(regie, "2026-12")),
        (RELANCER, {"regie": regie.pk, "niveau": niveau.pk}),
        (COMPTABILITE, mois(regie, "2026-12")),
        ("/admin/facturation/reglement/", {}),
        ("/admin/facturation/reglement/export/csv/", {}),
    ]
    for adresse, parametres in pages:
        with CaptureQueriesContext(connection) as requetes:
            assert bureau.get(adresse, parametres).status_code == 200
        assert len(requetes) <= 25, (adresse, len(requetes))


PAGES = [IMPRIMER, f"{IMPRIMER}mois.pdf", VERSER, JOURNAL, f"{JOURNAL}csv/", RELANCER, COMPTABILITE]
PAGES += ["/admin/facturation/relance/impayes/csv/", "/admin/facturation/facture/export/csv/"]


@pytest.mark.parametrize("adresse", PAGES)
def test_un_agent_sans_la_permission_est_refuse(client, collectivite, django_user_model, adresse):
    agent = django_user_model.objects.create_user("agent", is_staff=True)
    client.force_login(agent, backend="portail.authentification.IdentifiantOuCourriel")
    assert client.get(adresse).status_code == 403
    assert client.post(adresse).status_code == 403


def test_voir_ne_suffit_pas_a_ecrire(bureau, comptable, factures, regie):
    ajouts = Permission.objects.filter(content_type__app_label="facturation", codename__startswith="add_")
    comptable.groups.get().permissions.remove(*ajouts)
    choix = {"regie": regie.pk, "niveau": NiveauRelance.objects.get(niveau=1).pk}
    assert bureau.post(IMPRIMER, mois(regie)).status_code == 403
    assert bureau.post(JOURNAL, {**mois(regie, "2026-12"), "jour": "2026-12-02"}).status_code == 403
    assert bureau.post(RELANCER, {**choix, "familles": ["1"]}).status_code == 403
    assert bureau.get(VERSER).status_code == 403
    assert not Message.objects.exists()
    assert bureau.get(IMPRIMER, mois(regie)).status_code == 200
