"""« Appel »: who may, the list of a day, ticking it, what it costs."""

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse

from familles.models import Trace
from planning.enums import EtatPointage
from planning.enums import EtatReservation as E
from planning.models import Pointage
from tests.fabriques import familles as f
from tests.fabriques import planning as fp
from tests.planning.appel.conftest import pointes, tick
from tests.planning.pages import compter_requetes, messages, texte

# --- Who may, and where it is --------------------------------------------------------------------------


@pytest.mark.parametrize("nom", ["changelist", "add"])
def test_la_liste_et_l_ajout_menent_a_l_appel(client_agent, repas, nom):
    reponse = client_agent.get(reverse(f"admin:planning_pointage_{nom}"))
    assert reponse.url == reverse("admin:planning_pointage_appel")
    assert reverse("admin:planning_pointage_changelist") in client_agent.get("/admin/").content.decode()


def test_un_pointage_mene_a_son_jour(client_agent, lea, reserver, repas):
    pointage = fp.PointageFactory(reservation=reserver(lea, jour=date(2026, 11, 20)))
    reponse = client_agent.get(reverse("admin:planning_pointage_change", args=[pointage.pk]))
    assert reponse.url.endswith(f"?jour=2026-11-20&prestation={repas.pk}")


def test_un_parent_n_y_entre_pas(client_jean, client_martin, adresse, lea, reserver):
    reserver(lea)
    for client in (client_jean, client_martin):
        assert client.get(adresse()).status_code == 302
        assert client.post(adresse(), tick(lea, "PRESENT")).status_code == 302
    assert not Pointage.objects.exists()


def test_la_comptable_lit_l_appel_sans_la_sante_et_n_y_ecrit_pas(client_comptable, adresse, lea, reserver):
    reserver(lea)
    page = client_comptable.get(adresse())
    assert "DUPONT Léa" in texte(page)
    assert "arachide" not in page.content.decode()
    assert 'name="enregistrer"' not in page.content.decode()
    for operation in ("pointer", "places", "promouvoir"):
        envoi = tick(lea, "PRESENT") | {"operation": operation, "capacite": "3"}
        assert client_comptable.post(adresse(), envoi).status_code == 403
    assert not Pointage.objects.exists()
    assert not Trace.objects.exists()


# --- The list ------------------------------------------------------------------------------------------


def test_la_liste_range_les_attendus_par_classe_et_les_absents_a_part(
    client_agent, adresse, reserver, ecole, famille_martin, lea, hugo
):
    zoe = f.EnfantFactory(nom="ZAÏD", prenom="Zoé", famille=famille_martin)
    f.ScolariteFactory(enfant=zoe, ecole=ecole, classe="CP A", du=date(2026, 9, 1))
    f.ScolariteFactory(enfant=hugo, ecole=ecole, classe="CM2", du=date(2026, 9, 2))
    reserver(zoe)
    reserver(hugo, E.ABSENCE_DEMANDEE)
    reserver(lea, E.ABSENT_EXCUSE)
    lu = texte(client_agent.get(adresse()))
    assert lu.index("CP A (1)") < lu.index("ZAÏD Zoé") < lu.index("CM2 (1)") < lu.index("MARTIN Hugo")
    assert lu.index("MARTIN Hugo") < lu.index("Absence demandée") < lu.index("Annoncés absents (1)")
    assert lu.index("Annoncés absents (1)") < lu.index("DUPONT Léa")
    assert "Attendus 2 Présents 0 Absents 0 Pas encore pointés 2" in lu


def test_une_demande_en_cours_se_lit_sans_etre_attendue(client_agent, adresse, reserver, lea):
    reserver(lea, E.DEMANDEE)
    lu = texte(client_agent.get(adresse()))
    assert "Une demande attend une réponse pour ce jour : DUPONT Léa." in lu
    assert "Attendus 0" in lu


def test_les_onglets_sont_les_prestations_ouvertes_ce_jour_la(client_agent, adresse, prestations):
    mardi = texte(client_agent.get(adresse()))
    assert "Garderie Soir 16h45 – 17h45" in mardi
    assert "Garderie Mercredi Forfait" not in mardi
    assert "Garderie Mercredi Forfait" in texte(client_agent.get(adresse(date(2026, 11, 25))))


def test_les_jours_voisins_sautent_les_fermetures(client_agent, adresse, repas):
    fp.FermetureFactory(du=date(2026, 11, 25), motif="Grève")
    page = client_agent.get(adresse()).content.decode()
    assert "jour=2026-11-23" in page
    assert "jour=2026-11-26" in page
    assert "jour=2026-11-25" not in page


def test_l_appel_s_ouvre_sur_aujourd_hui_et_la_derniere_prestation_vue(client_agent, adresse, repas):
    client_agent.get(adresse(date(2026, 11, 20)))
    assert "Appel : Repas, mardi 24 novembre 2026" in texte(
        client_agent.get(reverse("admin:planning_pointage_appel"))
    )


@pytest.mark.parametrize("question", ["jour=demain", "jour=0001-01-01", "jour=9999-12-31", "prestation=99"])
def test_un_jour_ou_une_prestation_qui_n_existent_pas_sont_introuvables(client_agent, repas, question):
    reponse = client_agent.get(f"{reverse('admin:planning_pointage_appel')}?{question}")
    assert reponse.status_code == 404


def test_sans_prestation_la_page_dit_ce_qui_viendra(client_agent):
    lu = texte(client_agent.get(reverse("admin:planning_pointage_appel")))
    assert "Aucune prestation n’est active" in lu


# --- Ticking -------------------------------------------------------------------------------------------


def test_l_agent_coche_et_recommencer_ne_change_rien(client_agent, agent, adresse, reserver, lea, hugo):
    reserver(lea)
    reserver(hugo)
    envoi = tick(lea, "PRESENT") | tick(hugo, "ABSENT")
    suite = client_agent.post(adresse(), envoi, follow=True)
    assert "2 enfants pointés" in messages(suite)
    assert "Présents 1 Absents 1 Pas encore pointés 0" in texte(suite)
    premiers = list(Pointage.objects.order_by("pk").values())
    assert all(p["par_id"] == agent.pk for p in premiers)
    assert "rien n’a changé" in messages(client_agent.post(adresse(), envoi, follow=True))
    assert list(Pointage.objects.order_by("pk").values()) == premiers


def test_ce_qu_un_autre_agent_a_pointe_entre_temps_reste(client_agent, adresse, reserver, lea, hugo):
    fp.PointageFactory(reservation=reserver(lea), etat=EtatPointage.ABSENT)
    reserver(hugo)
    # This page was opened before Léa was noted.
    client_agent.post(adresse(), tick(lea, "") | tick(hugo, "PRESENT"))
    assert pointes() == {"Léa": "ABSENT", "Hugo": "PRESENT"}


def test_un_pointage_se_retire(client_agent, adresse, reserver, lea):
    fp.PointageFactory(reservation=reserver(lea))
    client_agent.post(adresse(), tick(lea, "", vu="PRESENT"))
    assert not Pointage.objects.exists()


def test_tous_presents_epargne_ceux_qui_sont_pointes_ou_annonces_absents(
    client_agent, adresse, reserver, lea, hugo, alexandre, cyril
):
    reserver(lea)
    reserver(hugo)
    reserver(alexandre, E.ABSENCE_DEMANDEE)
    reserver(cyril, E.ABSENT_EXCUSE)
    lignes = tick(lea, "") | tick(hugo, "ABSENT") | tick(alexandre, "") | tick(cyril, "")
    client_agent.post(adresse(), lignes | {"tous": "1"})
    assert pointes() == {"Léa": "PRESENT", "Hugo": "ABSENT"}


def test_un_absent_annonce_qui_vient_est_une_erreur_a_regler(client_agent, adresse, reserver, lea):
    reserver(lea, E.ABSENT_FACTURE)
    lu = texte(client_agent.post(adresse(), tick(lea, "PRESENT"), follow=True))
    assert "Erreur à régler" in lu


def test_chaque_coche_s_enregistre_sans_recharger(client_agent, adresse, reserver, lea):
    reserver(lea)
    entetes = {"Accept": "application/json"}
    reponse = client_agent.post(adresse(), tick(lea, "PRESENT"), headers=entetes)
    assert reponse.json() == {"enregistre": "Enregistré à 11\u00a0h\u00a045."}
    assert pointes() == {"Léa": "PRESENT"}
    refus = client_agent.post(adresse(), tick(lea, "MALADE", vu="PRESENT"), headers=entetes)
    assert refus.status_code == 422
    assert "rien n’a été enregistré" in refus.json()["erreur"]
    assert pointes() == {"Léa": "PRESENT"}


# --- Cost ----------------------------------------------------------------------------------------------


def test_l_appel_coute_autant_pour_un_enfant_que_pour_trente(
    client_agent, adresse, reserver, lea, ecole, famille_martin
):
    nombres = []
    reserver(lea)

    def peser():
        cache.clear()
        with compter_requetes(nombres):
            assert client_agent.get(adresse()).status_code == 200

    client_agent.get(adresse())
    peser()
    for rang in range(30):
        enfant = f.EnfantFactory(prenom=f"Enfant{rang}", famille=famille_martin, ecole=ecole)
        f.FicheSanitaireFactory(enfant=enfant)
        reservation = reserver(enfant, E.ABSENT_EXCUSE if rang % 7 == 0 else E.RESERVEE)
        if rang % 2:
            fp.PointageFactory(reservation=reservation)
    peser()
    assert nombres[0] == nombres[1]
    assert max(nombres) <= 25


def test_pointer_coute_autant_pour_un_enfant_que_pour_trente(
    client_agent, adresse, reserver, lea, famille_martin
):
    nombres = []
    reserver(lea)
    enfants = [f.EnfantFactory(prenom=f"Enfant{n}", famille=famille_martin) for n in range(30)]
    for enfant in enfants:
        reserver(enfant)
    client_agent.get(adresse())
    for groupe in ([lea], enfants):
        envoi = {cle: v for enfant in groupe for cle, v in tick(enfant, "PRESENT").items()}
        with compter_requetes(nombres):
            assert client_agent.post(adresse(), envoi).status_code == 302
    assert nombres[0] == nombres[1]
    assert max(nombres) <= 25
