"""« Appel »: what is refused, and a child who came without a booking."""

from datetime import date

import pytest
from django.urls import reverse

from familles.models import Trace
from planning.models import Journee, Pointage
from tests.fabriques import familles as f
from tests.fabriques import planning as fp
from tests.planning.appel.conftest import JOUR, pointes, tick
from tests.planning.pages import messages, texte

# --- What is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "envoi",
    [
        {"operation": "pointer", "etat-999999": "PRESENT", "vu-999999": ""},
        {"operation": "promouvoir", "reservation": "999999"},
        {"operation": "places", "capacite": "beaucoup"},
        {"operation": "autre"},
    ],
)
def test_un_appel_refuse_ne_cree_pas_la_journee(client_agent, adresse, reserver, lea, envoi):
    """Its page shows health data again: that reading leaves its trace, and nothing of the planning."""
    reserver(lea)
    reponse = client_agent.post(adresse(), envoi)
    assert reponse.status_code in (409, 422)
    assert not Journee.objects.exists()
    assert not Pointage.objects.exists()
    assert Trace.objects.get().jour == JOUR


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
    assert "dans aucune famille" in messages(reponse)
    assert not Pointage.objects.exists()
