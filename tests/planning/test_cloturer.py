"""Closing the days before they are billed: refused while something is undecided or contradictory."""

from datetime import date

import pytest

from familles.enums import VerbeTrace
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.models import Trace
from planning import actions
from planning.enums import EtatPointage, EtatReservation
from planning.models import Cloture
from tests.fabriques.familles import PrestationFactory
from tests.fabriques.planning import FermetureFactory, JourFerieFactory, PointageFactory, ReservationFactory

E = EtatReservation
OCTOBRE = {"du": date(2026, 10, 1), "au": date(2026, 10, 31)}
JOUR = date(2026, 10, 8)


@pytest.fixture(autouse=True)
def _novembre(figer):
    figer("2026-11-02T09:00")


@pytest.fixture
def clore(repas, agent):
    def cloturer(**periode):
        return actions.cloturer(prestation=repas, par=agent, **OCTOBRE | periode)

    return cloturer


@pytest.fixture
def reserve(lea_inscrite, repas):
    def reserver(etat, jour=JOUR):
        return ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=jour, etat=etat)

    return reserver


def test_une_cloture_dit_qui_et_quand_et_laisse_une_trace(clore, repas, agent):
    cloture = clore()
    assert (cloture.prestation, cloture.du, cloture.au, cloture.par) == (repas, *OCTOBRE.values(), agent)
    assert Trace.objects.get().verbe == VerbeTrace.CLOTURER


@pytest.mark.parametrize(
    ("etat", "refus"),
    [
        (E.DEMANDEE, True),
        (E.ABSENCE_DEMANDEE, True),
        (E.LISTE_ATTENTE, False),
        (E.RESERVEE, False),
        (E.REFUSEE, False),
        (E.ANNULEE, False),
        (E.ABSENT_EXCUSE, False),
        (E.ABSENT_FACTURE, False),
        (E.CONGE, False),
    ],
)
def test_rien_ne_doit_attendre_de_reponse(clore, reserve, etat, refus):
    reserve(etat)
    if not refus:
        assert clore().pk
        return
    with pytest.raises(Refus, match="1\xa0demande ou absence attend une réponse, à partir du 08/10/2026"):
        clore()
    assert not Cloture.objects.exists()


def test_le_refus_compte_toutes_les_demandes(clore, repas):
    for _ in range(60):
        ReservationFactory(prestation=repas, jour=JOUR, etat=E.DEMANDEE)
    with pytest.raises(Refus, match="60\xa0demandes ou absences attendent"):
        clore()


@pytest.mark.parametrize(
    ("etat", "pointage", "refus"),
    [
        (E.ABSENT_EXCUSE, "PRESENT", True),
        (E.ABSENT_FACTURE, "PRESENT", True),
        (E.CONGE, "PRESENT", True),
        (E.ABSENT_EXCUSE, "ABSENT", False),
        (E.RESERVEE, "PRESENT", False),
        (E.RESERVEE, "ABSENT", False),
        (E.REFUSEE, "PRESENT", False),
        (E.ANNULEE, "PRESENT", False),
    ],
)
@pytest.mark.parametrize("lie", [True, False])
def test_un_absent_pointe_present_est_a_regler_d_abord(clore, reserve, etat, pointage, refus, lie):
    """Whether the register is tied to that booking or was taken before it."""
    reservation = reserve(etat)
    PointageFactory(
        reservation=reservation if lie else None,
        inscription=reservation.inscription,
        jour=JOUR,
        etat=EtatPointage(pointage),
    )
    if refus:
        with pytest.raises(Refus, match="1\xa0enfant est pointé présent"):
            clore()
    else:
        assert clore().pk


@pytest.mark.parametrize("etat", [E.RESERVEE, E.ANNULEE])
@pytest.mark.parametrize("ferie", [True, False])
def test_une_presence_un_jour_ferme_est_a_regler_d_abord(clore, reserve, repas, etat, ferie):
    PointageFactory(reservation=reserve(etat), jour=JOUR)
    if ferie:
        JourFerieFactory(jour=JOUR)
    else:
        FermetureFactory(du=JOUR, prestation=repas)
    with pytest.raises(Refus, match="le service est fermé"):
        clore()


def test_une_absence_un_jour_ferme_n_est_pas_une_erreur(clore, reserve, repas):
    PointageFactory(reservation=reserve(E.RESERVEE), jour=JOUR, etat=EtatPointage.ABSENT)
    FermetureFactory(du=JOUR, prestation=repas)
    assert clore().pk


def test_seuls_comptent_les_jours_et_le_service_de_la_cloture(clore, lea_inscrite, reserve):
    reserve(E.DEMANDEE, jour=date(2026, 9, 30))
    reserve(E.DEMANDEE, jour=date(2026, 11, 3))
    ReservationFactory(
        enfant=lea_inscrite, prestation=PrestationFactory(nom="Goûter"), jour=JOUR, etat=E.DEMANDEE
    )
    assert clore().pk


@pytest.mark.parametrize(
    "periode",
    [
        {"au": date(2026, 11, 2)},
        {"au": date(2026, 12, 31)},
        {"du": date(2026, 10, 31), "au": date(2026, 10, 1)},
    ],
)
def test_on_ne_clot_que_des_journees_passees_et_dans_l_ordre(clore, periode):
    with pytest.raises(Invalide):
        clore(**periode)
    assert not Cloture.objects.exists()


@pytest.mark.parametrize(
    ("du", "au", "deja"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), True),
        (date(2026, 10, 10), date(2026, 10, 12), True),
        (date(2026, 9, 30), date(2026, 10, 31), False),
        (date(2026, 10, 31), date(2026, 11, 1), False),
    ],
)
def test_des_journees_deja_closes_ne_se_closent_pas_deux_fois(clore, du, au, deja):
    clore()
    if deja:
        with pytest.raises(DejaTraite):
            clore(du=du, au=au)
    else:
        clore(du=du, au=au)
    assert Cloture.objects.count() == (1 if deja else 2)
