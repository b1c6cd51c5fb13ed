"""« Fermetures » in the admin: read first, then confirmed; deleted, the bookings come back."""

from datetime import date

import pytest

from messagerie.models import Message
from planning import actions
from planning.enums import EtatReservation
from planning.fermetures import touchees
from planning.models import Fermeture, Mouvement, Reservation
from tests.fabriques import planning as fp
from tests.planning.pages import compter_requetes, messages, texte

E = EtatReservation
JEUDI = date(2026, 12, 3)
AJOUT = "/admin/planning/fermeture/add/"


@pytest.fixture(autouse=True)
def mardi(figer):
    return figer("2026-11-24T11:45")


@pytest.fixture
def greve(repas, agent) -> Fermeture:
    return Fermeture(motif="Grève", du=JEUDI, au=JEUDI, prestation=repas)


@pytest.fixture
def fermer(agent):
    def appliquer(fermeture: Fermeture) -> Fermeture:
        actions.fermer(fermeture=fermeture, attendue=touchees(fermeture).empreinte, par=agent)
        return fermeture

    return appliquer


def saisie(**champs) -> dict:
    return {
        "motif": "Grève",
        "du": "03/12/2026",
        "au": "03/12/2026",
        "structure": "",
        "prestation": "",
    } | champs


def confirmee(client, envoi: dict):
    """The two steps, as an agent clicks them."""
    page = client.post(AJOUT, envoi)
    assert page.status_code == 200
    return client.post(AJOUT, envoi | {"confirmation": page.context["touchees"].empreinte}, follow=True)


def test_un_agent_lit_ce_qui_est_touche_avant_de_fermer(client_agent, repas, lea, hugo):
    for enfant in (lea, hugo):
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=JEUDI)
    page = client_agent.post(AJOUT, saisie(prestation=repas.pk))
    lu = texte(page).replace("\u00a0", " ")
    assert "2 réservations seront excusées et ne seront pas facturées" in lu
    assert "Léa" in lu and "Hugo" in lu and "2 familles recevront la liste de leurs jours" in lu
    assert not Fermeture.objects.exists() and not Mouvement.objects.exclude(vers=E.RESERVEE).exists()
    suite = confirmee(client_agent, saisie(prestation=repas.pk))
    assert "2 réservations excusées, 2 familles prévenues." in messages(suite).replace("\u00a0", " ")
    assert Fermeture.objects.get().prestation == repas


def test_un_double_clic_ne_ferme_qu_une_fois(client_agent, repas, lea):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)
    envoi = saisie(prestation=repas.pk)
    envoi["confirmation"] = client_agent.post(AJOUT, envoi).context["touchees"].empreinte
    assert client_agent.post(AJOUT, envoi).status_code == 302
    assert client_agent.post(AJOUT, envoi).status_code == 409
    assert (Fermeture.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize("confirmation", ["", "zz", "0" * 64, "\0"])
def test_une_confirmation_forgee_ne_ferme_rien(client_agent, repas, lea, confirmation):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)
    page = client_agent.post(AJOUT, saisie(prestation=repas.pk, confirmation=confirmation))
    assert page.status_code == 409
    assert "relisez-les, puis confirmez" in messages(page)
    assert not Fermeture.objects.exists()


@pytest.mark.parametrize(
    "champs, phrase",
    [
        ({"au": "01/12/2026"}, "La fin ne peut précéder le début."),
        ({"au": "03/12/2028"}, "Un an au plus"),
        ({"eleves": "99999:CM2"}, "Sélectionnez un choix valide"),
        ({"motif": ""}, "Ce champ est obligatoire"),
    ],
)
def test_une_saisie_impossible_est_une_phrase(client_agent, repas, champs, phrase):
    page = client_agent.post(AJOUT, saisie(prestation=repas.pk) | champs)
    assert phrase in texte(page)
    assert not Fermeture.objects.exists()


def test_une_fermeture_ne_vise_pas_deux_choses(client_agent, repas):
    page = client_agent.post(AJOUT, saisie(prestation=repas.pk, structure=repas.structure_id))
    assert "Choisissez une structure ou une prestation, pas les deux." in texte(page)
    assert not Fermeture.objects.exists()


def test_apres_coup_seul_son_motif_change(client_agent, greve, fermer):
    fermer(greve)
    adresse = f"/admin/planning/fermeture/{greve.pk}/change/"
    assert "Ses jours ne changent plus" in texte(client_agent.get(adresse))
    client_agent.post(adresse, {"motif": "Grève nationale", "du": "01/01/2027", "au": "31/12/2027"})
    greve.refresh_from_db()
    assert (greve.motif, greve.du) == ("Grève nationale", JEUDI)


def test_supprimer_une_fermeture_rouvre_et_rend(client_agent, greve, fermer, lea, repas):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)
    fermer(greve)
    adresse = f"/admin/planning/fermeture/{greve.pk}/delete/"
    assert "Le service rouvre" in texte(client_agent.get(adresse))
    suite = client_agent.post(adresse, {"post": "yes"}, follow=True)
    assert "1 réservation reprise" in messages(suite).replace("\u00a0", " ")
    assert Reservation.objects.get().etat == E.RESERVEE


def test_lire_ce_qui_est_touche_coute_autant_pour_un_enfant_que_pour_trente(client_agent, repas):
    nombres: list[int] = []
    client_agent.post(AJOUT, saisie(prestation=repas.pk))
    for enfants in (1, 30):
        for _ in range(enfants):
            fp.ReservationFactory(prestation=repas, jour=JEUDI)
        with compter_requetes(nombres):
            assert client_agent.post(AJOUT, saisie(prestation=repas.pk)).status_code == 200
    assert nombres[0] == nombres[1] <= 25
