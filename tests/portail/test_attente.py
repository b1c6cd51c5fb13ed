"""What waits for the staff on the first page of the admin: the right numbers, for those who may act."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facturation.models import Facture
from planning.enums import EtatReservation as E
from planning.models import Reservation
from portail.attente import ce_qui_attend
from tests.fabriques import facturation as ff
from tests.fabriques import familles as f
from tests.fabriques import messagerie as fm
from tests.fabriques.demandes import DemandeFactory

MARDI, LUNDI, JEUDI = date(2026, 11, 24), date(2026, 11, 23), date(2026, 12, 3)


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def agent(collectivite):
    return f.UtilisateurFactory(username="agent", groupe="Agents")


@pytest.fixture
def inscription(lea_inscrite, repas):
    return lea_inscrite.inscriptions.get(prestation=repas)


def reserver(inscription, jour, etat=E.RESERVEE, **champs):
    return Reservation.objects.create(
        enfant=inscription.enfant,
        prestation=inscription.prestation,
        inscription=inscription,
        jour=jour,
        etat=etat,
        **champs,
    )


def cartes(compte) -> dict[str, tuple[int, bool]]:
    return {c.libelle: (c.nombre, c.urgent) for c in ce_qui_attend(compte)}


def test_rien_n_attend_dans_une_ville_vide(agent, comptable):
    assert cartes(agent) == {
        "Demandes des familles": (0, False),
        "Messages à traiter": (0, False),
        "Appel du jour : enfants à pointer": (0, False),
    }
    assert cartes(comptable) == {
        "Prestations à clôturer, octobre 2026": (0, False),
        "Factures échues impayées": (0, False),
    }


def test_chaque_carte_compte_ce_qui_attend_et_y_mene(agent, comptable, inscription, client):
    DemandeFactory(famille=inscription.famille, nature="responsable")
    DemandeFactory(famille=inscription.famille, nature="conjoint", cle="conjoint")
    fm.ConversationFactory(famille=inscription.famille)
    reserver(inscription, MARDI)
    reserver(inscription, LUNDI)
    reserver(inscription, JEUDI, E.LISTE_ATTENTE, rang_attente=1)
    reserver(inscription, date(2026, 10, 5))
    ff.FactureFactory(famille=inscription.famille, echeance=LUNDI)
    ff.FactureFactory(famille=inscription.famille, echeance=MARDI)
    assert cartes(agent) == {
        "Informations responsable": (1, False),
        "Informations conjoint": (1, False),
        "Messages à traiter": (1, False),
        "Appel du jour : enfants à pointer": (1, False),
        "Appels incomplets des deux dernières semaines": (1, False),
        "Journées où une place est libre et attendue": (1, True),
    }
    assert cartes(comptable) == {
        "Prestations à clôturer, octobre 2026": (1, False),
        "Factures échues impayées": (1, False),
    }
    for compte in (agent, comptable):
        client.force_login(compte)
        for carte in ce_qui_attend(compte):
            assert client.get(carte.adresse).status_code == 200, carte


def test_une_journee_pleine_n_appelle_personne(agent, inscription, hugo, repas, annee):
    repas.capacite = 1
    repas.save()
    autre = f.InscriptionFactory(enfant=hugo, prestation=repas, annee=annee)
    reserver(autre, JEUDI)
    reserver(inscription, JEUDI, E.LISTE_ATTENTE, rang_attente=1)
    assert "Journées où une place est libre et attendue" not in cartes(agent)


def test_ce_qui_presse_vient_d_abord(agent, inscription):
    demande = DemandeFactory(famille=inscription.famille, nature="reservation")
    demande.lignes.create(
        enfant=inscription.enfant,
        prestation=inscription.prestation,
        jour=date(2026, 11, 25),
        operation="RESERVER",
    )
    premiere = ce_qui_attend(agent)[0]
    assert (premiere.libelle, premiere.nombre, premiere.urgent) == (
        "Demandes pour aujourd’hui ou demain",
        1,
        True,
    )


def test_la_premiere_page_tient_en_vingt_cinq_requetes(admin, inscription, client):
    client.force_login(admin)

    def compter():
        with CaptureQueriesContext(connection) as capture:
            assert client.get("/admin/").status_code == 200
        return len(capture)

    reserver(inscription, JEUDI, E.LISTE_ATTENTE, rang_attente=1)
    reserver(inscription, LUNDI)
    DemandeFactory(famille=inscription.famille)
    compter()
    avant = compter()
    for rang in range(1, 29):
        fm.ConversationFactory(famille=inscription.famille)
        DemandeFactory(famille=inscription.famille, cle=f"cle:{rang}")
    for rang in (4, 7, 8, 10, 11):
        reserver(inscription, date(2026, 12, rang), E.LISTE_ATTENTE, rang_attente=1)
    assert compter() == avant <= 25
    assert Facture.objects.count() == 0
