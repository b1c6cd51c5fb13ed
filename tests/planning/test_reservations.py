"""Asking and moving: what may become what, and what is written of it."""

from datetime import date
from itertools import product

import pytest

from familles.erreurs import DejaTraite, Refus
from planning import actions
from planning.enums import TRANSITIONS, EtatReservation, Operation
from planning.examen import examiner
from planning.models import Mouvement, Reservation
from tests.fabriques.planning import (
    ClotureFactory,
    FermetureFactory,
    RegleDelaiFactory,
    ReservationFactory,
)
from tests.planning.conftest import etats, places

E = EtatReservation
JEUDI, VENDREDI = date(2026, 12, 3), date(2026, 12, 4)
HIER = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def maintenant(figer):
    return figer("2026-11-25T10:00")


# --- Transitions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("de", "vers"), list(product(E, E)))
def test_chaque_changement_est_permis_ou_refuse_par_la_table(demande_de, agent, de, vers):
    reservation = demande_de(etat=de)
    if vers not in TRANSITIONS[de]:
        with pytest.raises(DejaTraite, match="n’est plus possible"):
            actions.changer_etat(reservations=[reservation], vers=vers, par=agent)
        assert etats(reservation) == [de]
        assert not Mouvement.objects.exists()
        return
    (relue,) = actions.changer_etat(reservations=[reservation], vers=vers, par=agent, motif="Parce que")
    assert etats(reservation) == [vers] == [relue.etat]
    mouvement = Mouvement.objects.get()
    assert (mouvement.de, mouvement.vers, mouvement.par, mouvement.motif) == (de, vers, agent, "Parce que")
    assert (relue.rang_attente is not None) is (vers == E.LISTE_ATTENTE)


def test_ce_qui_est_refuse_ou_annule_le_reste():
    assert {etat for etat, suites in TRANSITIONS.items() if not suites} == {E.REFUSEE, E.ANNULEE}
    assert set(TRANSITIONS) == set(E)


def test_un_seul_mauvais_depart_et_rien_ne_bouge(demande_de, agent):
    bonne, mauvaise = demande_de(), demande_de(etat=E.REFUSEE)
    with pytest.raises(DejaTraite) as refus:
        actions.changer_etat(reservations=[bonne, mauvaise], vers=E.ANNULEE, par=agent)
    assert refus.value.message.startswith("Jeudi 3 décembre 2026 : l’état est devenu « Réservation refusée »")
    assert etats(bonne) == [E.DEMANDEE]


def test_l_etat_se_lit_sous_le_verrou_et_non_dans_la_page(demande_de, agent):
    page = demande_de()
    actions.changer_etat(reservations=[Reservation.objects.get()], vers=E.ANNULEE, par=agent)
    with pytest.raises(DejaTraite):
        actions.changer_etat(reservations=[page], vers=E.RESERVEE, par=agent)


def test_une_absence_garde_ce_qu_en_dit_le_reglement(demande_de, agent):
    reservation = demande_de(etat=E.RESERVEE)
    (demandee,) = actions.changer_etat(
        reservations=[reservation], vers=E.ABSENCE_DEMANDEE, par=agent, absence_excusee=False
    )
    assert demandee.absence_excusee is False
    (reprise,) = actions.changer_etat(reservations=[reservation], vers=E.RESERVEE, par=agent)
    assert reprise.absence_excusee is None


def test_une_reservation_disparue_se_dit(demande_de, agent):
    reservation = demande_de()
    Reservation.objects.filter(pk=reservation.pk).delete()
    with pytest.raises(DejaTraite, match="n’existe plus"):
        actions.changer_etat(reservations=[reservation], vers=E.ANNULEE, par=agent)


def test_changer_zero_reservation_ne_fait_rien(agent, db):
    assert actions.changer_etat(reservations=[], vers=E.RESERVEE, par=agent) == []
    assert actions.attribuer(reservations=[], par=agent) == []


@pytest.mark.parametrize(("jour", "clos"), [(HIER, True), (date(2026, 11, 20), False), (JEUDI, False)])
def test_les_jours_clos_ne_bougent_plus(demande_de, repas, agent, jour, clos):
    ClotureFactory(prestation=repas, du=HIER, au=HIER)
    reservation = demande_de(etat=E.RESERVEE, jour=jour)
    if clos:
        with pytest.raises(Refus, match="closes"):
            actions.changer_etat(reservations=[reservation], vers=E.ABSENT_EXCUSE, par=agent)
    else:
        actions.changer_etat(reservations=[reservation], vers=E.ABSENT_EXCUSE, par=agent)
    assert etats(reservation) == [E.RESERVEE if clos else E.ABSENT_EXCUSE]


@pytest.mark.parametrize("de", [E.ABSENT_EXCUSE, E.ABSENT_FACTURE, E.CONGE])
def test_une_place_quittee_ne_se_reprend_que_si_elle_est_libre(demande_de, repas, agent, de):
    places(repas, 1)
    partie, venue = demande_de(etat=de), demande_de(etat=E.RESERVEE)
    with pytest.raises(Refus, match="plus de place"):
        actions.changer_etat(reservations=[partie], vers=E.RESERVEE, par=agent)
    actions.changer_etat(reservations=[venue], vers=E.ANNULEE, par=agent)
    actions.changer_etat(reservations=[partie], vers=E.RESERVEE, par=agent)
    assert etats(partie, venue) == [E.RESERVEE, E.ANNULEE]


def test_deux_places_quittees_le_meme_jour_comptent_pour_deux(demande_de, repas, agent):
    places(repas, 1)
    parties = [demande_de(etat=E.ABSENT_EXCUSE), demande_de(etat=E.ABSENT_EXCUSE)]
    with pytest.raises(Refus):
        actions.changer_etat(reservations=parties, vers=E.RESERVEE, par=agent)
    assert etats(*parties) == [E.ABSENT_EXCUSE] * 2


def test_refuser_une_absence_rend_la_place_jamais_quittee_meme_un_jour_complet_ou_ferme(
    demande_de, repas, agent
):
    places(repas, 0)
    FermetureFactory(du=JEUDI, prestation=repas)
    reservation = demande_de(etat=E.ABSENCE_DEMANDEE)
    actions.changer_etat(reservations=[reservation], vers=E.RESERVEE, par=agent)
    assert etats(reservation) == [E.RESERVEE]


# --- Asking ------------------------------------------------------------------------------------------------


def examens(acces, enfant, repas, instant, *jours):
    return examiner(
        acces=acces,
        enfant=enfant,
        cellules=[(repas.pk, jour) for jour in jours],
        operation=Operation.RESERVER,
        instant=instant,
    )


def test_demander_ecrit_ce_qui_fut_juge_au_depot(lea_inscrite, acces_jean, jean, repas, maintenant):
    RegleDelaiFactory(retard="MAJORE", mode="JOURS", nombre=8)
    voulus = examens(acces_jean, lea_inscrite, repas, maintenant, VENDREDI, JEUDI, date(2026, 12, 2))
    creees = actions.demander(examens=voulus, par=jean.utilisateur, instant=maintenant)
    assert [r.jour.day for r in creees] == [2, 3, 4]
    assert {r.etat for r in creees} == {E.DEMANDEE}
    assert {r.demandee_le for r in Reservation.objects.all()} == {maintenant}
    assert [(r.tardive, r.hors_delai) for r in creees] == [(True, True), (False, False), (False, False)]
    mouvements = Mouvement.objects.order_by("pk")
    assert [(m.de, m.vers, m.par, m.le) for m in mouvements] == [
        ("", E.DEMANDEE, jean.utilisateur, maintenant)
    ] * 3


def test_un_jour_pris_entre_temps_et_rien_n_est_ecrit(lea_inscrite, acces_jean, jean, repas, maintenant):
    voulus = examens(acces_jean, lea_inscrite, repas, maintenant, JEUDI, VENDREDI)
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=VENDREDI)
    with pytest.raises(DejaTraite):
        actions.demander(examens=voulus, par=jean.utilisateur, instant=maintenant)
    assert Reservation.objects.count() == 1
    assert not Mouvement.objects.exists()


@pytest.mark.parametrize("etat", [E.ANNULEE, E.REFUSEE])
def test_un_jour_annule_ou_refuse_se_redemande_par_une_nouvelle_ligne(
    lea_inscrite, acces_jean, jean, repas, maintenant, etat
):
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=JEUDI, etat=etat)
    voulus = examens(acces_jean, lea_inscrite, repas, maintenant, JEUDI)
    actions.demander(examens=voulus, par=jean.utilisateur, instant=maintenant)
    assert sorted(Reservation.objects.values_list("etat", flat=True)) == sorted([etat, E.DEMANDEE])
