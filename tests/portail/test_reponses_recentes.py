"""The home page tells which requests were just decided."""

from datetime import timedelta

import pytest

from demandes.enums import EtatDemande
from familles.horloge import maintenant
from tests.fabriques import familles as f
from tests.fabriques.demandes import DemandeFactory


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def jean(famille_dupont):
    return famille_dupont.responsables.get(rang=1)


@pytest.fixture
def jeanne(famille_dupont):
    return famille_dupont.responsables.get(rang=2)


@pytest.fixture
def decidee(famille_dupont):
    def _decidee(jours, **champs):
        quand = maintenant() - timedelta(days=jours)
        return DemandeFactory(famille=famille_dupont, depose_le=quand, decide_le=quand, **champs)

    return _decidee


def test_une_demande_recemment_decidee_se_lit_avec_sa_reponse_et_son_lien(
    client_jean, client_jeanne, client_martin, decidee, agent
):
    acceptee = decidee(2, etat=EtatDemande.ACCEPTEE, decide_par=agent)
    decidee(20, etat=EtatDemande.REFUSEE, decide_par=agent, motif="Complet.")
    decidee(1, etat=EtatDemande.ACCEPTEE)  # granted at once by the portal
    page = client_jean.get("/").content.decode()
    assert "Demandes récemment décidées" in page and "dimanche 22 novembre" in page
    assert "Refusée" not in page and "lundi 23 novembre" not in page
    assert f'href="/demandes/{acceptee.pk}/"' in page
    # The titulaire's account is neither Jeanne's, who lives apart, nor another family's.
    for client in (client_jeanne, client_martin):
        assert "récemment décidées" not in client.get("/").content.decode()


def test_les_cinq_dernieres_reponses_viennent_d_abord(client_jean, decidee, agent):
    toutes = [decidee(n, etat=EtatDemande.ACCEPTEE, decide_par=agent) for n in range(7)]
    page = client_jean.get("/").content.decode()
    places = [page.find(f'href="/demandes/{demande.pk}/"') for demande in toutes]
    assert -1 not in places[:5] and places[:5] == sorted(places[:5])
    assert places[5:] == [-1, -1]
