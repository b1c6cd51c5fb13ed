"""« Appel »: the list of a day, ticked by an agent; its places and its waiting list."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.urls import reverse

from familles.enums import VerbeTrace
from familles.models import Trace
from messagerie.models import Message
from planning.enums import EtatPointage, EtatReservation
from planning.models import Journee, Pointage, Reservation
from tests.fabriques import familles as f
from tests.fabriques import planning as fp
from tests.planning.pages import compter_requetes, messages, texte

JOUR = date(2026, 11, 24)
E = EtatReservation


@pytest.fixture(autouse=True)
def onze_heures_quarante_cinq(figer):
    figer("2026-11-24T11:45")


@pytest.fixture
def adresse(repas):
    def _adresse(jour=JOUR, prestation=repas) -> str:
        return f"{reverse('admin:planning_pointage_appel')}?jour={jour}&prestation={prestation.pk}"

    return _adresse


@pytest.fixture
def reserver(repas):
    def _reserver(enfant, etat=E.RESERVEE, jour=JOUR, **champs):
        return fp.ReservationFactory(enfant=enfant, prestation=repas, jour=jour, etat=etat, **champs)

    return _reserver


def tick(enfant, etat, vu="") -> dict:
    return {f"etat-{enfant.pk}": etat, f"vu-{enfant.pk}": vu}


def pointes() -> dict:
    return dict(Pointage.objects.values_list("enfant__prenom", "etat"))


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


# --- What is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("forge", ["autre", "999999", "abc", ""])
def test_un_enfant_forge_est_refuse_et_rien_n_est_ecrit(
    client_agent, adresse, reserver, lea, enfant_alterne, forge
):
    reserver(lea)
    cle = enfant_alterne.pk if forge == "autre" else forge
    envoi = tick(lea, "PRESENT") | {f"etat-{cle}": "PRESENT", f"vu-{cle}": ""}
    reponse = client_agent.post(adresse(), envoi)
    assert reponse.status_code == 422
    assert "n’est pas, ou plus, sur la liste" in messages(reponse)
    assert not Pointage.objects.exists()
    # What was ticked is kept.
    assert f'name="etat-{lea.pk}" value="PRESENT" checked' in reponse.content.decode()


def test_un_jour_a_venir_ne_se_pointe_pas_mais_s_imprime(client_agent, adresse, reserver, lea):
    demain = date(2026, 11, 26)
    reserver(lea, jour=demain)
    page = client_agent.get(adresse(demain))
    assert "la liste peut s’imprimer" in texte(page)
    assert "DUPONT Léa" in texte(page)
    assert 'name="enregistrer"' not in page.content.decode()
    reponse = client_agent.post(adresse(demain), tick(lea, "PRESENT"))
    assert reponse.status_code == 422
    assert "On ne pointe pas un jour à venir." in messages(reponse)
    assert not Pointage.objects.exists()


def test_un_jour_ferme_se_refuse_avec_sa_phrase(client_agent, adresse, reserver, lea):
    reserver(lea)
    fp.FermetureFactory(du=JOUR, motif="Grève")
    page = client_agent.get(adresse())
    assert "Fermeture (Grève) : pas de service. Des enfants sont encore sur la liste" in texte(page)
    for envoi in (tick(lea, "PRESENT"), {"enfant": lea.pk, "ajouter": "1"}):
        reponse = client_agent.post(adresse(), envoi)
        assert reponse.status_code == 422
        assert "Fermeture (Grève) : pas de service. Personne n’y est pointé." in messages(reponse)
    assert not Pointage.objects.exists()


def test_ce_qui_fut_pointe_un_jour_devenu_ferme_peut_se_retirer(client_agent, adresse, reserver, lea):
    fp.PointageFactory(reservation=reserver(lea))
    fp.FermetureFactory(du=JOUR, motif="Grève")
    assert client_agent.post(adresse(), tick(lea, "", vu="PRESENT")).status_code == 302
    assert not Pointage.objects.exists()


def test_une_journee_close_se_refuse_avec_sa_phrase(client_agent, adresse, reserver, lea, repas):
    octobre = date(2026, 10, 6)
    reserver(lea, jour=octobre)
    fp.ClotureFactory(prestation=repas)
    assert "Cette journée est close" in texte(client_agent.get(adresse(octobre)))
    reponse = client_agent.post(adresse(octobre), tick(lea, "PRESENT"))
    assert reponse.status_code == 409
    assert "Cette journée est close" in messages(reponse)
    assert not Pointage.objects.exists()


@pytest.mark.parametrize("envoi", [{"operation": "effacer"}, {"operation": "promouvoir", "reservation": "9"}])
def test_une_operation_inconnue_se_refuse(client_agent, adresse, repas, envoi):
    assert client_agent.post(adresse(), envoi).status_code == 422


def test_on_n_ecrit_pas_dans_un_jour_que_l_adresse_ne_nomme_pas(client_agent, reserver, lea):
    reserver(lea)
    reponse = client_agent.post(reverse("admin:planning_pointage_appel"), tick(lea, "PRESENT"))
    assert reponse.status_code == 422
    assert not Pointage.objects.exists()


# --- Heure hors contrat --------------------------------------------------------------------------------


def test_un_enfant_sans_reservation_s_ajoute(client_agent, adresse, lea, famille_dupont):
    suite = client_agent.post(adresse(), {"enfant": lea.pk, "ajouter": "1"}, follow=True)
    pointage = Pointage.objects.get()
    assert (pointage.etat, pointage.reservation, pointage.famille) == ("PRESENT", None, famille_dupont)
    lu = texte(suite)
    assert lu.index("Présents sans réservation") < lu.index("DUPONT Léa")


def test_sans_script_un_enfant_se_cherche_par_son_nom(client_agent, adresse, lea, alexandre, hugo):
    client_agent.post(adresse(), {"nom": "martin hugo", "ajouter": "1"})
    assert pointes() == {"Hugo": "PRESENT"}
    plusieurs = client_agent.post(adresse(), {"nom": "dupont", "ajouter": "1"})
    assert plusieurs.status_code == 422
    assert "Plusieurs enfants portent ce nom" in texte(plusieurs)
    assert f'<option value="{lea.pk}">DUPONT Léa, né(e) le 18/06/2019</option>' in plusieurs.content.decode()
    aucun = client_agent.post(adresse(), {"nom": "inconnu", "ajouter": "1"})
    assert "Aucun enfant ne porte ce nom" in texte(aucun)
    assert pointes() == {"Hugo": "PRESENT"}


@pytest.mark.parametrize(
    "envoi, phrase", [({"enfant": ""}, "Choisissez l’enfant"), ({"enfant": "999"}, "n’existe pas")]
)
def test_un_ajout_sans_enfant_dit_quoi_faire(client_agent, adresse, repas, envoi, phrase):
    reponse = client_agent.post(adresse(), envoi | {"ajouter": "1"})
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert not Pointage.objects.exists()


def test_un_enfant_sans_famille_ne_s_ajoute_pas(client_agent, adresse, repas):
    reponse = client_agent.post(adresse(), {"enfant": f.EnfantFactory().pk, "ajouter": "1"})
    assert reponse.status_code == 409
    assert "complétez d’abord sa fiche" in messages(reponse)
    assert not Pointage.objects.exists()


# --- Health --------------------------------------------------------------------------------------------


def lectures() -> list:
    return list(Trace.objects.filter(verbe=VerbeTrace.CONSULTER).values_list("objet", "par__username"))


def test_la_sante_se_lit_avec_la_permission_et_une_seule_trace(
    client_agent, adresse, reserver, lea, hugo, repas
):
    f.FicheSanitaireFactory(enfant=hugo, regime="sans porc", pai=True, pai_consignes="Trousse au bureau")
    reserver(lea)
    reserver(hugo)
    lu = texte(client_agent.get(adresse()))
    assert "arachide" in lu
    assert "sans porc" in lu
    assert "Trousse au bureau" in lu
    assert lectures() == [("planning.Journee", "agent")]
    assert Journee.objects.get(pk=Trace.objects.get().objet_id).jour == JOUR
    # Saving reads nothing; the page that follows does.
    client_agent.post(adresse(), tick(lea, "PRESENT"))
    assert len(lectures()) == 1
    client_agent.get(adresse())
    assert len(lectures()) == 2


def test_sans_la_permission_la_sante_ne_se_lit_pas(client_agent, agent, adresse, reserver, lea):
    reserver(lea)
    agent.groups.get().permissions.remove(Permission.objects.get(codename="voir_sante"))
    page = client_agent.get(adresse())
    assert "DUPONT Léa" in texte(page)
    assert "arachide" not in page.content.decode()
    assert not lectures()


def test_un_pai_fini_ne_se_montre_plus(client_agent, adresse, reserver, hugo):
    f.FicheSanitaireFactory(
        enfant=hugo, allergies="", pai=True, pai_consignes="Trousse", pai_fin=date(2026, 11, 23)
    )
    reserver(hugo)
    assert "Trousse" not in client_agent.get(adresse()).content.decode()


def test_sans_rien_a_savoir_aucune_trace(client_agent, adresse, reserver, hugo):
    reserver(hugo)
    client_agent.get(adresse())
    assert not lectures()


# --- Places --------------------------------------------------------------------------------------------


@pytest.fixture
def deux_qui_attendent(repas, reserver, lea, hugo, alexandre):
    """One place, taken by Alexandre; Hugo then Léa wait."""
    repas.capacite = 1
    repas.save()
    reserver(alexandre)
    return [reserver(hugo, E.LISTE_ATTENTE, rang_attente=1), reserver(lea, E.LISTE_ATTENTE, rang_attente=2)]


def test_la_liste_d_attente_est_dans_son_ordre_et_complete_ne_donne_rien(
    client_agent, adresse, deux_qui_attendent
):
    page = client_agent.get(adresse())
    lu = texte(page)
    assert "1 place prise sur 1 : complet." in lu
    assert lu.index("MARTIN Hugo") < lu.index("DUPONT Léa")
    assert "Donner la place" not in lu
    envoi = {"operation": "promouvoir", "reservation": deux_qui_attendent[0].pk}
    reponse = client_agent.post(adresse(), envoi)
    assert reponse.status_code == 409
    assert "il n’y a plus de place" in messages(reponse)


def test_une_place_de_plus_se_donne_au_premier_et_un_double_clic_ne_sert_que_lui(
    client_agent, adresse, deux_qui_attendent, famille_martin
):
    suite = client_agent.post(adresse(), {"operation": "places", "capacite": "3"}, follow=True)
    assert "3 places." in messages(suite)
    assert "Donner la place à MARTIN Hugo" in texte(suite)
    assert "Donner la place à DUPONT Léa" not in texte(suite)
    envoi = {"operation": "promouvoir", "reservation": deux_qui_attendent[0].pk}
    assert "La place est donnée à Hugo MARTIN" in messages(client_agent.post(adresse(), envoi, follow=True))
    assert Message.objects.filter(conversation__famille=famille_martin).count() == 1
    encore = client_agent.post(adresse(), envoi)
    assert encore.status_code == 409
    assert "La liste d’attente a changé" in messages(encore)
    assert Reservation.objects.get(pk=deux_qui_attendent[1].pk).etat == E.LISTE_ATTENTE


def test_les_places_du_jour_se_rendent_et_laissent_une_trace(client_agent, adresse, repas):
    client_agent.post(adresse(), {"operation": "places", "capacite": "3"})
    assert Journee.objects.get().capacite == 3
    client_agent.post(adresse(), {"operation": "places", "capacite": ""})
    assert Journee.objects.get().capacite is None
    assert Trace.objects.filter(verbe=VerbeTrace.MODIFIER, objet="planning.Journee").count() == 2


@pytest.mark.parametrize("capacite", ["-1", "beaucoup", "10001", "3,5"])
def test_un_nombre_de_places_impossible_se_dit_et_se_garde(client_agent, adresse, repas, capacite):
    reponse = client_agent.post(adresse(), {"operation": "places", "capacite": capacite})
    assert reponse.status_code == 422
    assert f'value="{capacite}"' in reponse.content.decode()
    assert not Journee.objects.exists()


def test_les_places_d_un_jour_passe_ne_changent_plus(client_agent, adresse, repas):
    reponse = client_agent.post(adresse(date(2026, 11, 20)), {"operation": "places", "capacite": "3"})
    assert reponse.status_code == 422
    assert "Ce jour est passé" in messages(reponse)


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
    Journee.objects.all().delete()
    peser()
    for rang in range(30):
        enfant = f.EnfantFactory(prenom=f"Enfant{rang}", famille=famille_martin, ecole=ecole)
        f.FicheSanitaireFactory(enfant=enfant)
        reservation = reserver(enfant, E.ABSENT_EXCUSE if rang % 7 == 0 else E.RESERVEE)
        if rang % 2:
            fp.PointageFactory(reservation=reservation)
    Journee.objects.all().delete()
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
