"""Who gets a place, who waits, in which order, and who is told."""

from datetime import date

import pytest

from familles.erreurs import DejaTraite, Refus
from messagerie.models import Courriel, Message
from planning import actions
from planning.enums import OCCUPANTS, EtatReservation
from planning.models import Journee, Mouvement, Reservation
from planning.reglement_interieur import reglement_interieur
from tests.fabriques.planning import (
    ClotureFactory,
    FermetureFactory,
    JourneeFactory,
    PointageFactory,
)
from tests.planning.conftest import etats, places

E = EtatReservation
JEUDI, VENDREDI = date(2026, 12, 3), date(2026, 12, 4)
HIER = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _matin(figer):
    figer("2026-11-25T10:00")


# --- Granting ----------------------------------------------------------------------------------------------


def test_les_places_vont_dans_l_ordre_du_depot(demande_de, repas, agent):
    places(repas, 2)
    derniere, premiere, deuxieme, troisieme = (demande_de(m) for m in (30, 0, 10, 20))
    actions.attribuer(reservations=[derniere, troisieme, premiere, deuxieme], par=agent, motif="Demande 7")
    assert etats(premiere, deuxieme) == [E.RESERVEE] * 2
    assert etats(troisieme, derniere) == [E.LISTE_ATTENTE] * 2
    assert list(Reservation.objects.en_attente()) == [troisieme, derniere]
    assert Journee.objects.get().dernier_rang == 2
    assert set(Mouvement.objects.values_list("de", "par", "motif")) == {(E.DEMANDEE, agent.pk, "Demande 7")}


def test_personne_ne_passe_devant_ceux_qui_attendent(demande_de, repas, agent):
    places(repas, 1)
    prise, attend = demande_de(0), demande_de(1)
    actions.attribuer(reservations=[prise, attend], par=agent)
    actions.changer_etat(reservations=[prise], vers=E.ANNULEE, par=agent)
    nouvelle = demande_de(2)
    actions.attribuer(reservations=[nouvelle], par=agent)
    assert etats(attend, nouvelle) == [E.LISTE_ATTENTE] * 2
    assert list(Reservation.objects.en_attente()) == [attend, nouvelle]


@pytest.mark.parametrize("etat", sorted(OCCUPANTS))
def test_une_place_est_tenue_jusqu_a_ce_que_l_absence_soit_accordee(demande_de, repas, agent, etat):
    places(repas, 1)
    demande_de(etat=etat)
    nouvelle = demande_de()
    actions.attribuer(reservations=[nouvelle], par=agent)
    assert etats(nouvelle) == [E.LISTE_ATTENTE]


@pytest.mark.parametrize("etat", sorted(set(E) - OCCUPANTS - {E.LISTE_ATTENTE}))
def test_les_autres_etats_ne_tiennent_pas_de_place(demande_de, repas, agent, etat):
    places(repas, 1)
    demande_de(etat=etat)
    nouvelle = demande_de()
    actions.attribuer(reservations=[nouvelle], par=agent)
    assert etats(nouvelle) == [E.RESERVEE]


@pytest.mark.parametrize(
    ("service", "journee", "accordees"),
    [(None, None, 3), (2, None, 2), (2, 1, 1), (2, 0, 0), (None, 1, 1), (0, 3, 3)],
)
def test_les_places_du_jour_l_emportent_sur_celles_du_service(
    demande_de, repas, agent, service, journee, accordees
):
    places(repas, service)
    JourneeFactory(prestation=repas, jour=JEUDI, capacite=journee)
    demandees = [demande_de(m) for m in range(3)]
    actions.attribuer(reservations=demandees, par=agent)
    assert etats(*demandees) == [E.RESERVEE] * accordees + [E.LISTE_ATTENTE] * (3 - accordees)


def test_chaque_jour_a_ses_places(demande_de, repas, agent):
    places(repas, 1)
    demandees = [demande_de(0), demande_de(1, jour=VENDREDI), demande_de(2), demande_de(3, jour=VENDREDI)]
    actions.attribuer(reservations=demandees, par=agent)
    assert etats(*demandees) == [E.RESERVEE, E.RESERVEE, E.LISTE_ATTENTE, E.LISTE_ATTENTE]
    assert set(Reservation.objects.en_attente().values_list("rang_attente", flat=True)) == {1}


@pytest.mark.parametrize("etat", sorted(set(E) - {E.DEMANDEE}))
def test_on_n_accorde_que_ce_qui_est_demande(demande_de, agent, etat):
    bonne, autre = demande_de(0), demande_de(1, etat=etat)
    with pytest.raises(DejaTraite, match="déjà"):
        actions.attribuer(reservations=[bonne, autre], par=agent)
    assert etats(bonne, autre) == [E.DEMANDEE, etat]


def test_un_jour_ferme_depuis_la_demande_ne_s_accorde_pas(demande_de, repas, agent):
    bonne, fermee = demande_de(0), demande_de(1, jour=VENDREDI)
    FermetureFactory(du=VENDREDI, structure=repas.structure, motif="Grève")
    with pytest.raises(Refus, match=r"vendredi 4 décembre 2026 : Fermeture \(Grève"):
        actions.attribuer(reservations=[bonne, fermee], par=agent)
    assert etats(bonne, fermee) == [E.DEMANDEE] * 2


def test_un_jour_clos_ne_s_accorde_plus(demande_de, repas, agent):
    demandee = demande_de(jour=HIER)
    ClotureFactory(prestation=repas, du=HIER, au=HIER)
    with pytest.raises(Refus, match="closes"):
        actions.attribuer(reservations=[demandee], par=agent)


def test_accorder_trente_jours_ne_coute_pas_plus_qu_un(demande_de, agent, django_assert_num_queries):
    lots = [[demande_de()], [demande_de(m, jour=VENDREDI) for m in range(30)]]
    couts = []
    reglement_interieur()
    for lot in lots:
        with django_assert_num_queries(20, exact=False) as requetes:
            actions.attribuer(reservations=lot, par=agent)
        couts.append(len(requetes))
    assert couts[0] == couts[1]


# --- Waiting list ------------------------------------------------------------------------------------------


@pytest.fixture
def file_d_attente(demande_de, repas, agent):
    """One has the place, three wait."""
    places(repas, 1)
    demandees = [demande_de(m) for m in range(4)]
    actions.attribuer(reservations=demandees, par=agent)
    return demandees


def test_promouvoir_sert_le_premier_et_previent_sa_famille(file_d_attente, repas, agent):
    prise, premier, *autres = file_d_attente
    actions.changer_etat(reservations=[prise], vers=E.ABSENT_EXCUSE, par=agent)
    servi = actions.promouvoir(prestation=repas, jour=JEUDI, par=agent)
    assert servi == premier
    assert etats(premier, *autres) == [E.RESERVEE, E.LISTE_ATTENTE, E.LISTE_ATTENTE]
    assert Reservation.objects.get(pk=premier.pk).rang_attente is None
    message = Message.objects.get()
    assert message.conversation.famille == premier.inscription.famille
    assert "la place est à vous" in message.corps
    assert "jeudi 3 décembre 2026" in message.corps
    assert Courriel.objects.count() == 2
    assert Mouvement.objects.filter(reservation=premier, vers=E.RESERVEE, par=agent).count() == 1
    with pytest.raises(Refus, match="plus de place"):
        actions.promouvoir(prestation=repas, jour=JEUDI, par=agent)


def test_promouvoir_sans_place_ou_sans_personne_est_refuse(file_d_attente, repas, agent):
    with pytest.raises(Refus, match="plus de place"):
        actions.promouvoir(prestation=repas, jour=JEUDI, par=agent)
    with pytest.raises(Refus, match="Personne n’attend"):
        actions.promouvoir(prestation=repas, jour=VENDREDI, par=agent)
    assert not Message.objects.exists()


def test_ajouter_des_places_au_jour_permet_de_servir(file_d_attente, repas, agent):
    actions.fixer_places(prestation=repas, jour=JEUDI, capacite=3, par=agent)
    servis = [actions.promouvoir(prestation=repas, jour=JEUDI, par=agent) for _ in range(2)]
    assert servis == file_d_attente[1:3]
    with pytest.raises(Refus):
        actions.promouvoir(prestation=repas, jour=JEUDI, par=agent)


def test_un_double_clic_ne_sert_pas_le_suivant(file_d_attente, repas, agent):
    actions.fixer_places(prestation=repas, jour=JEUDI, capacite=4, par=agent)
    actions.promouvoir(prestation=repas, jour=JEUDI, par=agent, attendue=file_d_attente[1])
    with pytest.raises(DejaTraite):
        actions.promouvoir(prestation=repas, jour=JEUDI, par=agent, attendue=file_d_attente[1])


def test_un_jour_ferme_ou_passe_ne_se_donne_plus(file_d_attente, repas, agent, figer):
    places(repas, 4)
    fermeture = FermetureFactory(du=JEUDI, prestation=repas)
    with pytest.raises(Refus, match="pas de service"):
        actions.promouvoir(prestation=repas, jour=JEUDI, par=agent)
    fermeture.delete()
    figer("2026-12-04T08:00")
    with pytest.raises(Refus, match="passé"):
        actions.promouvoir(prestation=repas, jour=JEUDI, par=agent)


def test_remettre_en_attente_donne_le_dernier_rang(file_d_attente, agent):
    prise, *autres = file_d_attente
    actions.changer_etat(reservations=[prise], vers=E.LISTE_ATTENTE, par=agent)
    assert list(Reservation.objects.en_attente()) == [*autres, prise]


def test_un_jour_pointe_sans_reservation_peut_encore_etre_accorde(demande_de, repas, agent):
    demandee = demande_de(jour=HIER)
    PointageFactory(reservation=None, inscription=demandee.inscription, jour=HIER)
    actions.attribuer(reservations=[demandee], par=agent)
    assert etats(demandee) == [E.RESERVEE]
