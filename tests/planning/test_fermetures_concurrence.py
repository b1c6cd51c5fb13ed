"""A closure and the bookings of its days, at the same moment, on real connections."""

from datetime import date

import pytest

from messagerie.models import Message
from planning import actions
from planning.actions.fermetures import A_CHANGE
from planning.enums import EtatReservation
from planning.fermetures import touchees
from planning.models import Fermeture, Reservation
from tests.planning.test_concurrence import ensemble, sans_surprise

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

E = EtatReservation
JEUDI = date(2026, 12, 3)


@pytest.fixture(autouse=True)
def maintenant(figer):
    return figer("2026-11-25T10:00")


def greve(repas) -> Fermeture:
    return Fermeture(motif="Grève", du=JEUDI, au=JEUDI, prestation=repas)


def test_deux_agents_a_la_fois_ne_ferment_qu_une_fois(demande_de, repas, agent):
    for _ in range(3):
        demande_de(etat=E.RESERVEE)
    lue = touchees(greve(repas)).empreinte
    resultats = ensemble(
        *[lambda: actions.fermer(fermeture=greve(repas), attendue=lue, par=agent) for _ in range(4)]
    )
    sans_surprise(resultats)
    assert sum(not isinstance(r, Exception) for r in resultats) == 1
    assert Fermeture.objects.count() == 1
    assert Message.objects.count() == 3
    assert set(Reservation.objects.values_list("etat", flat=True)) == {E.ABSENT_EXCUSE}


@pytest.mark.parametrize("essai", range(4))
def test_aucune_place_ne_se_donne_pendant_qu_on_ferme(demande_de, repas, agent, essai):
    """Whoever comes first: the booking is granted, and the agent reads again; or it is refused."""
    demandee, prise = demande_de(), demande_de(etat=E.RESERVEE)
    lue = touchees(greve(repas)).empreinte
    resultats = ensemble(
        lambda: actions.attribuer(reservations=[demandee], par=agent),
        lambda: actions.fermer(fermeture=greve(repas), attendue=lue, par=agent),
    )
    sans_surprise(resultats)
    demandee.refresh_from_db()
    if Fermeture.objects.exists():
        assert demandee.etat == E.DEMANDEE
        prise.refresh_from_db()
        assert prise.etat == E.ABSENT_EXCUSE
    else:
        assert demandee.etat == E.RESERVEE
        assert A_CHANGE in str(resultats[1])
