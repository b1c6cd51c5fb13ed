"""What the register says and nobody expected is counted for the staff, until the day is closed."""

from datetime import date, timedelta

import pytest

from planning.enums import EtatReservation as E
from portail.attente import ce_qui_attend
from tests.fabriques import familles as f
from tests.fabriques import planning as fp

HIER = date(2026, 11, 24) - timedelta(days=1)


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.fixture
def agent(collectivite):
    return f.UtilisateurFactory(groupe="Agents")


def nombre(compte, debut: str) -> int:
    (carte,) = [c for c in ce_qui_attend(compte) if c.libelle.startswith(debut)]
    return carte.nombre


@pytest.mark.parametrize(
    "etat, erreurs, sans_reservation",
    [
        (E.RESERVEE, 0, 0),
        (E.ABSENCE_DEMANDEE, 0, 0),
        (E.ABSENT_EXCUSE, 1, 0),
        (E.ABSENT_FACTURE, 1, 0),
        (E.ANNULEE, 0, 1),
        (None, 0, 1),
    ],
)
def test_une_presence_qui_etonne_se_compte_jusqu_a_la_cloture(
    agent, lea_inscrite, repas, etat, erreurs, sans_reservation
):
    if etat:
        fp.ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=HIER, etat=etat)
    fp.PointageFactory(enfant=lea_inscrite, prestation=repas, jour=HIER)
    assert nombre(agent, "Appels en erreur") == erreurs
    assert nombre(agent, "Appels avec un enfant venu") == sans_reservation
    fp.ClotureFactory(prestation=repas, du=HIER, au=HIER)
    assert nombre(agent, "Appels en erreur") == nombre(agent, "Appels avec un enfant venu") == 0
