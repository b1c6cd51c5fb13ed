import pytest
from django.db import OperationalError

from familles.erreurs import DejaTraite, HorsDelai, Indisponible, Invalide, Refus
from familles.transactions import action


class Panne:
    """Fails the first `fois` times as a locked database does."""

    def __init__(self, fois, message="database is locked"):
        self.fois, self.message, self.essais = fois, message, 0

    def __call__(self):
        self.essais += 1
        if self.essais <= self.fois:
            raise OperationalError(self.message)
        return "fait"


@pytest.mark.django_db(transaction=True)
def test_une_base_verrouillee_un_instant_est_essayee_une_seconde_fois():
    panne = Panne(1)
    assert action(panne.__call__)() == "fait"
    assert panne.essais == 2


@pytest.mark.django_db(transaction=True)
def test_une_base_verrouillee_longtemps_rend_le_service_indisponible():
    panne = Panne(9)
    with pytest.raises(Indisponible) as refus:
        action(panne.__call__)()
    assert (panne.essais, refus.value.statut) == (2, 503)


@pytest.mark.django_db(transaction=True)
def test_une_autre_erreur_de_la_base_n_est_pas_cachee():
    panne = Panne(9, "no such table")
    with pytest.raises(OperationalError, match="no such table"):
        action(panne.__call__)()
    assert panne.essais == 1


@pytest.mark.django_db
def test_dans_une_transaction_l_action_exterieure_seule_recommence():
    panne = Panne(1)
    with pytest.raises(OperationalError):
        action(panne.__call__)()
    assert panne.essais == 1


@pytest.mark.parametrize(
    ("refus", "statut"), [(Refus, 409), (HorsDelai, 409), (DejaTraite, 409), (Invalide, 422)]
)
def test_chaque_refus_porte_sa_phrase_et_son_statut(refus, statut):
    assert (refus("Trop tard.").message, refus("Trop tard.").statut) == ("Trop tard.", statut)
