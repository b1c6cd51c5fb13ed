"""A month billed by batches: followed, interrupted, taken up again, never twice."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from facturation import actions, apercu, emission
from facturation.actions import campagnes as campagnes_actions
from facturation.campagnes import facturer, reprendre
from facturation.models import Campagne, CompteurNumero, Facture
from familles.erreurs import DejaTraite, Indisponible
from familles.models import Famille
from messagerie.models import Message
from tests.facturation.conftest import NOVEMBRE, enfants_de, entrer
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE
AJOUTER = "/admin/facturation/facture/add/"


@pytest.fixture
def campagne(dix_familles, regie, comptable, monkeypatch) -> Campagne:
    """By batches of three."""
    monkeypatch.setattr(campagnes_actions, "LOT", 3)
    return actions.lancer(regie=regie, du=DU, au=AU, familles=dix_familles, par=comptable)


@pytest.fixture
def bureau(client, comptable, collectivite):
    return entrer(client, "comptable")


def numeros() -> list[int]:
    return list(Facture.objects.order_by("numero").values_list("numero", flat=True))


def test_chaque_lot_fait_avancer_la_facturation(campagne, comptable):
    etapes = [actions.avancer(campagne_id=campagne.pk) for _ in range(4)]
    assert [(c.rang, c.emises, c.en_cours) for c in etapes] == [
        (3, 3, True),
        (6, 6, True),
        (9, 9, True),
        (10, 10, False),
    ]
    assert numeros() == list(range(1, 11))
    fin = actions.avancer(campagne_id=campagne.pk)
    assert (fin.emises, fin.montant, Facture.objects.count()) == (10, D("16.40") + 9 * D("10.50"), 10)
    assert {f.emise_par for f in Facture.objects.all()} == {comptable}


def test_le_travail_d_arriere_plan_va_jusqu_au_bout_et_recommence_sans_effet(campagne):
    facturer.call(campagne.pk)
    facturer.call(campagne.pk)
    campagne.refresh_from_db()
    assert (campagne.etat, Facture.objects.count()) == ("TERMINEE", 10)
    assert Message.objects.values("conversation__famille").distinct().count() == Message.objects.count() == 10


def test_une_seule_facturation_a_la_fois_par_regie(campagne, regie, comptable):
    with pytest.raises(DejaTraite, match="déjà en cours"):
        actions.lancer(regie=regie, du=DU, au=AU, familles=[], par=comptable)


def test_une_famille_que_la_base_refuse_n_arrete_pas_son_lot(campagne, dix_familles, monkeypatch, caplog):
    """The database refuses a whole batch: its families are then billed one at a time, numbers without gap."""
    vraie = emission.ecritures.ecrire_en_nombre

    def refuser(couples):
        if any(facture.famille_id == dix_familles[1] for facture, _ in couples):
            raise IntegrityError("refus")
        vraie(couples)

    monkeypatch.setattr(emission.ecritures, "ecrire_en_nombre", refuser)
    facturer.call(campagne.pk)
    campagne.refresh_from_db()
    assert [pk for pk, _ in campagne.echecs] == [dix_familles[1]]
    assert campagne.emises == 9
    assert numeros() == list(range(1, 10))
    assert CompteurNumero.objects.get().dernier == 9
    assert "refus" in caplog.text


def test_une_famille_qu_on_ne_peut_pas_lire_n_arrete_pas_son_lot(campagne, dix_familles, monkeypatch, caplog):
    vraie = apercu._brouillon

    def buter(famille, *args):
        if famille.pk == dix_familles[4]:
            raise ZeroDivisionError("fait impossible")
        return vraie(famille, *args)

    monkeypatch.setattr(apercu, "_brouillon", buter)
    facturer.call(campagne.pk)
    campagne.refresh_from_db()
    assert campagne.echecs == [[dix_familles[4], "Erreur imprévue, consignée au journal du serveur."]]
    assert (campagne.etat, numeros()) == ("TERMINEE", list(range(1, 10)))
    assert "fait impossible" in caplog.text


def test_la_base_occupee_remet_la_suite_a_une_minute(campagne, monkeypatch, horloge):
    def occupee(**_):
        raise Indisponible()

    monkeypatch.setattr("facturation.campagnes.avancer", occupee)
    facturer.call(campagne.pk)
    suite = DBTaskResult.objects.get(task_path="facturation.campagnes.facturer")
    assert suite.run_after == horloge + timedelta(minutes=1)
    assert suite.args_kwargs["args"] == [campagne.pk]


def test_un_lot_refuse_en_bloc_est_nomme_et_la_suite_continue(campagne, regie, horloge):
    compteur, _ = CompteurNumero.objects.get_or_create(regie=regie, serie="FACTURE")
    CompteurNumero.objects.filter(pk=compteur.pk).update(derniere_date=horloge.date() + timedelta(days=1))
    facturer.call(campagne.pk)
    campagne.refresh_from_db()
    assert (campagne.etat, campagne.emises, len(campagne.echecs)) == ("TERMINEE", 0, 10)


def test_un_lot_s_ecrit_en_un_nombre_borne_de_requetes(dix_familles, regie, comptable):
    def compter(familles) -> int:
        with CaptureQueriesContext(connection) as requetes:
            actions.emettre_lot(familles=familles, regie=regie, du=DU, au=AU, par=comptable)
        return len(requetes)

    actions.emettre_lot(familles=dix_familles[:2], regie=regie, du=DU, au=AU, par=comptable)
    assert compter(dix_familles[3:]) == compter(dix_familles[2:3]) <= 45


# --- Its page ------------------------------------------------------------------------------------------


def adresse(campagne) -> str:
    return f"/admin/facturation/campagne/{campagne.pk}/change/"


def test_la_page_montre_l_avancement_et_continue_sans_travail_de_fond(campagne, bureau):
    actions.avancer(campagne_id=campagne.pk)
    page = bureau.get(adresse(campagne))
    assert "3 familles sur 10" in texte(page)
    assert "data-avancement" in page.content.decode()
    assert "3 sur 10" in texte(bureau.get("/admin/facturation/campagne/"))
    reponse = bureau.post(adresse(campagne), follow=True)
    assert "Terminée : 10 familles sur 10" in texte(reponse)
    assert "data-avancement" not in reponse.content.decode()
    assert bureau.post(adresse(campagne), follow=True).status_code == 200
    assert Facture.objects.count() == 10


def test_une_facturation_interrompue_se_dit_et_se_reprend(campagne, bureau, settings, horloge):
    actions.avancer(campagne_id=campagne.pk)
    assert "arrêtée" not in texte(bureau.get(adresse(campagne)))
    settings.HORLOGE_FIGEE = horloge + timedelta(minutes=5)
    page = texte(bureau.get(adresse(campagne)))
    assert "continuez-la ici, elle reprend où elle en était" in page
    assert "Le travail avance tout seul" not in page
    assert reprendre() == 1
    page = texte(bureau.get(adresse(campagne)))
    assert "elle reprendra où elle en était dès que le travail de fond sera relancé" in page
    assert "Le travail avance tout seul" in page
    assert reprendre() == 0
    facturer.call(campagne.pk)
    DBTaskResult.objects.all().delete()
    assert reprendre() == 0


def test_meme_courte_une_facturation_est_en_file_avant_que_rien_ne_soit_ecrit(
    bureau, dix_familles, regie, monkeypatch
):
    """Cut in the middle of the request, the worker has it: nobody needs to notice."""

    def coupee(**_):
        raise KeyboardInterrupt

    vraie = actions.avancer
    monkeypatch.setattr(actions, "avancer", coupee)
    choix = {"regie": regie.pk, "mois": "2026-11", "emettre": "1", "montre": "10 110.90"}
    with pytest.raises(KeyboardInterrupt):
        bureau.post(AJOUTER, choix)
    monkeypatch.setattr(actions, "avancer", vraie)
    campagne = Campagne.objects.get()
    assert (campagne.rang, Facture.objects.count()) == (0, 0)
    travail = DBTaskResult.objects.get(task_path="facturation.campagnes.facturer")
    facturer.call(*travail.args_kwargs["args"])
    assert numeros() == list(range(1, 11))


def test_la_base_occupee_pendant_la_demande_laisse_la_suite_a_l_ouvrier(
    bureau, dix_familles, regie, monkeypatch
):
    def occupee(**_):
        raise Indisponible()

    monkeypatch.setattr(actions, "avancer", occupee)
    choix = {"regie": regie.pk, "mois": "2026-11", "emettre": "1", "montre": "10 110.90"}
    assert "Le travail avance tout seul" in texte(bureau.post(AJOUTER, choix, follow=True))


def test_une_grande_facturation_part_en_arriere_plan(bureau, dix_familles, regie, monkeypatch):
    monkeypatch.setattr("facturation.admin.campagnes.LOT", 5)
    choix = {"regie": regie.pk, "mois": "2026-11", "emettre": "1", "montre": "10 110.90"}
    lance = bureau.post(AJOUTER, choix, follow=True)
    assert "En cours : 0 famille sur 10" in texte(lance)
    assert DBTaskResult.objects.filter(task_path="facturation.campagnes.facturer").count() == 1
    encore = bureau.post(AJOUTER, choix, follow=True)
    assert "déjà en cours" in texte(encore)
    assert not Facture.objects.exists()


def test_on_n_emet_pas_ce_qui_n_a_pas_ete_montre(bureau, dix_familles, regie, novembre, repas):
    choix = {"regie": regie.pk, "mois": "2026-11"}
    assert 'name="montre" value="10 110.90"' in bureau.get(AJOUTER, choix).content.decode()
    novembre.noter(
        Famille.objects.get(pk=dix_familles[2]),
        enfants_de(Famille.objects.get(pk=dix_familles[2]))[0],
        repas,
        6,
    )
    reponse = bureau.post(AJOUTER, {**choix, "emettre": "1", "montre": "10 110.90"}, follow=True)
    assert "L’aperçu a changé" in texte(reponse)
    assert "114,40" in texte(reponse)
    assert not Campagne.objects.exists()


def test_voir_ne_suffit_pas_a_continuer(campagne, bureau, comptable):
    comptable.groups.get().permissions.remove(Permission.objects.get(codename="add_facture"))
    assert "Continuer ici" not in texte(bureau.get(adresse(campagne)))
    assert bureau.post(adresse(campagne)).status_code == 403
    assert not Facture.objects.exists()
    for cle in ("9999", "99999999999999999999", "ailleurs", "_00"):
        assert bureau.get(f"/admin/facturation/campagne/{cle}/change/").status_code == 404
