"""The weekly pattern of an inscription: booked for a period, by parity of weeks, never twice."""

from datetime import UTC, date, datetime

import pytest

from planning import actions
from planning.cases import AUTRE_FOYER
from planning.enums import EtatReservation, Origine
from planning.models import Reservation
from tests.fabriques.familles import InscriptionFactory
from tests.fabriques.planning import (
    CreneauFactory,
    FermetureFactory,
    JourFerieFactory,
    RegleDelaiFactory,
    ReservationFactory,
    VacancesFactory,
)
from tests.planning.conftest import places

E = EtatReservation
DU, AU = date(2026, 11, 30), date(2026, 12, 13)  # weeks 49 (odd) and 50 (even)


@pytest.fixture(autouse=True)
def _novembre(figer):
    figer("2026-11-25T09:00")


@pytest.fixture
def inscription(lea, repas, annee):
    return InscriptionFactory(
        enfant=lea, prestation=repas, annee=annee, semaine_paire="125", semaine_impaire="4"
    )


def appliquer(**champs) -> list[Reservation]:
    return actions.appliquer_rythme(**champs).reservations


def jours(reservations) -> list[int]:
    return [r.jour.day for r in sorted(reservations, key=lambda r: r.jour)]


def test_les_semaines_paires_et_impaires_ont_chacune_leurs_jours(inscription, agent):
    reservations = appliquer(inscription=inscription, du=DU, au=AU, par=agent)
    assert jours(reservations) == [3, 7, 8, 11]
    assert {(r.etat, r.origine, r.inscription) for r in reservations} == {
        (E.RESERVEE, Origine.REGULIERE, inscription)
    }
    assert {r.mouvements.count() for r in reservations} == {2}


def test_les_jours_sans_service_sont_sautes(inscription, repas, agent):
    JourFerieFactory(jour=date(2026, 12, 3))
    FermetureFactory(du=date(2026, 12, 8), prestation=repas)
    VacancesFactory(du=date(2026, 12, 11), au=date(2026, 12, 27))
    assert jours(appliquer(inscription=inscription, du=DU, au=AU, par=agent)) == [7]


@pytest.mark.parametrize("etat", [E.DEMANDEE, E.RESERVEE, E.ABSENT_EXCUSE, E.LISTE_ATTENTE])
def test_un_jour_deja_pris_est_saute(inscription, lea, repas, agent, etat):
    ReservationFactory(enfant=lea, prestation=repas, jour=date(2026, 12, 7), etat=etat)
    assert jours(appliquer(inscription=inscription, du=DU, au=AU, par=agent)) == [3, 8, 11]


def test_l_appliquer_deux_fois_ne_reserve_rien_de_plus(inscription, agent):
    appliquer(inscription=inscription, du=DU, au=AU, par=agent)
    assert appliquer(inscription=inscription, du=DU, au=AU, par=agent) == []
    assert Reservation.objects.count() == 4


def test_le_passe_et_les_dehors_de_l_inscription_sont_laisses(inscription, agent):
    inscription.au = date(2026, 12, 7)
    inscription.save()
    toute_l_annee = {"du": date(2026, 9, 1), "au": date(2027, 8, 31)}
    reservations = appliquer(inscription=inscription, **toute_l_annee, par=agent)
    assert [r.jour for r in reservations] == [date(2026, 11, 27), date(2026, 12, 3), date(2026, 12, 7)]
    assert appliquer(inscription=inscription, du=AU, au=DU, par=agent) == []


def test_sans_place_le_rythme_attend_son_tour(inscription, repas, agent):
    places(repas, 0)
    reservations = appliquer(inscription=inscription, du=DU, au=AU, par=agent)
    assert {r.etat for r in reservations} == {E.LISTE_ATTENTE}


def test_sans_rythme_rien_n_est_reserve(lea_inscrite, repas, agent):
    inscription = lea_inscrite.inscriptions.get(prestation=repas)
    assert appliquer(inscription=inscription, du=DU, au=AU, par=agent) == []


def test_une_annee_entiere_coute_autant_qu_une_semaine(inscription, repas, agent, django_assert_num_queries):
    couts = []
    for periode in ((DU, date(2026, 12, 6)), (date(2027, 1, 4), date(2027, 3, 31))):
        with django_assert_num_queries(30, exact=False) as requetes:
            appliquer(inscription=inscription, du=periode[0], au=periode[1], par=agent)
        couts.append(len(requetes))
    assert couts[1] <= couts[0]


# --- The same rules as every booking ---------------------------------------------------------------------


def test_hors_d_un_creneau_le_rythme_ne_reserve_pas(inscription, agent):
    """The right to book a service and the moment of booking its days are two things."""
    CreneauFactory(
        du=date(2026, 12, 7), au=date(2026, 12, 13), ouverture=datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    )
    applique = actions.appliquer_rythme(inscription=inscription, du=DU, au=AU, par=agent)
    assert jours(applique.reservations) == [3]
    assert [e.jour.day for e in applique.ecartes] == [7, 8, 11]
    assert {e.phrase.split(" ouvrent")[1][:3] for e in applique.ecartes} == {" le"}


def test_une_demande_deposee_pendant_le_creneau_se_decide_apres_lui(inscription, agent):
    CreneauFactory(
        du=DU,
        au=AU,
        ouverture=datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        fermeture=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
    )
    depot = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
    reservations = appliquer(inscription=inscription, du=DU, au=AU, par=agent, instant=depot)
    assert jours(reservations) == [3, 7, 8, 11]
    assert {r.demandee_le for r in reservations} == {depot}


@pytest.mark.parametrize("retard", ["REFUSE", "MAJORE", "AGENT"])
def test_le_rythme_ne_reserve_pas_en_retard(inscription, agent, retard):
    RegleDelaiFactory(retard=retard)  # Thursday noon of the week before
    applique = actions.appliquer_rythme(inscription=inscription, du=date(2026, 11, 25), au=AU, par=agent)
    assert jours(applique.reservations) == [3, 7, 8, 11]
    assert [e.jour for e in applique.ecartes] == [date(2026, 11, 27)]


def test_les_jours_que_tient_l_autre_foyer_sont_dits(inscription, lea, repas, agent, marc):
    autre = InscriptionFactory(enfant=lea, prestation=repas, annee=inscription.annee, famille=marc.famille)
    ReservationFactory(enfant=lea, prestation=repas, jour=date(2026, 12, 3), inscription=autre)
    applique = actions.appliquer_rythme(inscription=inscription, du=DU, au=AU, par=agent)
    assert jours(applique.reservations) == [7, 8, 11]
    assert [(e.jour.day, e.phrase) for e in applique.ecartes] == [(3, AUTRE_FOYER)]
