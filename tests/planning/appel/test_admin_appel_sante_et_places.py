"""« Appel »: health for those who may read it, traced; places and waiting list."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission

from familles.enums import VerbeTrace
from familles.models import Trace
from messagerie.models import Message
from planning.enums import EtatReservation as E
from planning.models import Journee, Reservation
from tests.fabriques import familles as f
from tests.planning.appel.conftest import JOUR, tick
from tests.planning.pages import messages, texte

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
    assert lectures() == [("familles.Prestation", "agent")]
    lecture = Trace.objects.get()
    assert (lecture.objet_id, lecture.jour) == (repas.pk, JOUR)
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
