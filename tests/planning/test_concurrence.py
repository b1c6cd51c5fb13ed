"""Several people at once, on real connections: no place is given twice, no day moves once it is closed."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from familles.erreurs import DejaTraite, Refus
from messagerie.models import Message
from planning import actions
from planning.enums import EtatReservation, Operation
from planning.examen import examiner
from planning.models import Cloture, Journee, Mouvement, Pointage, Reservation
from tests.planning.conftest import etats, places

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

E = EtatReservation
JEUDI, VENDREDI, HIER = date(2026, 12, 3), date(2026, 12, 4), date(2026, 11, 24)


@pytest.fixture(autouse=True)
def maintenant(figer):
    return figer("2026-11-25T10:00")


def ensemble(*gestes) -> list:
    """Run these together, each on its own connection; results or refusals, in order."""
    barriere = threading.Barrier(len(gestes))
    resultats = [None] * len(gestes)

    def jouer(rang, geste):
        try:
            connection.ensure_connection()
            with timezone.override("Europe/Paris"):
                barriere.wait(timeout=10)
                resultats[rang] = geste()
        except Exception as erreur:
            resultats[rang] = erreur
        finally:
            connections.close_all()

    fils = [threading.Thread(target=jouer, args=(r, g)) for r, g in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    assert not any(fil.is_alive() for fil in fils)
    return resultats


def sans_surprise(resultats) -> None:
    """Whatever failed was refused with a sentence."""
    assert [r for r in resultats if isinstance(r, Exception) and not isinstance(r, Refus)] == []


def test_huit_agents_a_la_fois_ne_donnent_que_les_places_du_jour(demande_de, repas, agent):
    places(repas, 3)
    demandees = [demande_de(m) for m in range(8)]
    resultats = ensemble(*[lambda r=r: actions.attribuer(reservations=[r], par=agent) for r in demandees])
    sans_surprise(resultats)
    assert sorted(etats(*demandees)) == [E.LISTE_ATTENTE] * 5 + [E.RESERVEE] * 3
    assert sorted(Reservation.objects.en_attente().values_list("rang_attente", flat=True)) == [1, 2, 3, 4, 5]
    assert Journee.objects.get().dernier_rang == 5
    assert Mouvement.objects.count() == 8


def test_des_lots_qui_se_croisent_n_en_donnent_pas_plus(demande_de, repas, agent):
    """Two days in opposite orders: the locks are taken in one order all the same."""
    places(repas, 2)
    lots = [
        [demande_de(m, jour=JEUDI), demande_de(m, jour=VENDREDI)][:: 1 if m % 2 else -1] for m in range(6)
    ]
    resultats = ensemble(*[lambda lot=lot: actions.attribuer(reservations=lot, par=agent) for lot in lots])
    assert [r for r in resultats if isinstance(r, Exception)] == []
    for jour in (JEUDI, VENDREDI):
        assert Reservation.objects.filter(jour=jour, etat=E.RESERVEE).count() == 2


def test_la_derniere_place_ne_va_pas_a_deux_retours_et_une_demande(demande_de, repas, agent):
    """A place that two absents take back while a new request is granted: one of the three has it."""
    places(repas, 1)
    partis = [demande_de(etat=E.ABSENT_EXCUSE) for _ in range(2)]
    nouvelle = demande_de()
    resultats = ensemble(
        *[lambda r=r: actions.changer_etat(reservations=[r], vers=E.RESERVEE, par=agent) for r in partis],
        lambda: actions.attribuer(reservations=[nouvelle], par=agent),
    )
    sans_surprise(resultats)
    assert Reservation.objects.filter(etat=E.RESERVEE).count() == 1


def test_deux_promotions_a_la_fois_donnent_une_place(demande_de, repas, agent, comptable):
    places(repas, 1)
    prise, *attente = [demande_de(m) for m in range(4)]
    actions.attribuer(reservations=[prise, *attente], par=agent)
    actions.changer_etat(reservations=[prise], vers=E.ABSENT_EXCUSE, par=agent)
    resultats = ensemble(
        *[
            lambda qui=qui: actions.promouvoir(prestation=repas, jour=JEUDI, par=qui)
            for qui in (agent, comptable, agent)
        ]
    )
    sans_surprise(resultats)
    assert [r for r in resultats if isinstance(r, Reservation)] == [attente[0]]
    assert etats(*attente) == [E.RESERVEE, E.LISTE_ATTENTE, E.LISTE_ATTENTE]
    assert Message.objects.count() == 1


def test_ajouter_des_places_pendant_qu_on_promeut(demande_de, repas, agent):
    places(repas, 1)
    demandees = [demande_de(m) for m in range(4)]
    actions.attribuer(reservations=demandees, par=agent)

    def promouvoir():
        return actions.promouvoir(prestation=repas, jour=JEUDI, par=agent)

    resultats = ensemble(
        promouvoir,
        lambda: actions.fixer_places(prestation=repas, jour=JEUDI, capacite=3, par=agent),
        promouvoir,
        promouvoir,
    )
    sans_surprise(resultats)
    accordees = Reservation.objects.filter(etat=E.RESERVEE).count()
    assert accordees == 1 + sum(isinstance(r, Reservation) for r in resultats) <= 3


def test_demander_deux_fois_a_la_fois_ne_reserve_qu_une(
    lea_inscrite, acces_jean, jean, jeanne, repas, maintenant
):
    voulus = examiner(
        acces=acces_jean,
        enfant=lea_inscrite,
        cellules=[(repas.pk, JEUDI), (repas.pk, VENDREDI)],
        operation=Operation.RESERVER,
        instant=maintenant,
    )

    def demander(qui):
        return actions.demander(examens=voulus, par=qui.utilisateur, instant=maintenant)

    resultats = ensemble(*[lambda qui=qui: demander(qui) for qui in (jean, jeanne, jean, jeanne)])
    assert sorted(type(r).__name__ for r in resultats) == ["DejaTraite"] * 3 + ["list"]
    assert (Reservation.objects.count(), Mouvement.objects.count()) == (2, 2)


def test_clore_pendant_qu_on_pointe(demande_de, repas, agent):
    """Either the register came first, or it is refused: nothing is written on a closed day."""
    reservations = [demande_de(jour=HIER, etat=E.RESERVEE) for _ in range(6)]

    def pointer(reservation):
        return actions.pointer(
            prestation=repas, jour=HIER, presences={reservation.enfant_id: "PRESENT"}, par=agent
        )

    resultats = ensemble(
        *[lambda r=r: pointer(r) for r in reservations[:3]],
        lambda: actions.cloturer(prestation=repas, du=HIER, au=HIER, par=agent),
        *[lambda r=r: pointer(r) for r in reservations[3:]],
    )
    sans_surprise(resultats)
    cloture = Cloture.objects.get()
    assert Pointage.objects.count() == resultats.count(1)
    assert sum(isinstance(r, Refus) for r in resultats) == 6 - Pointage.objects.count()
    with pytest.raises(Refus):
        pointer(reservations[0])
    assert cloture.prestation == repas


def test_clore_pendant_qu_on_decide(demande_de, repas, agent):
    """An absence decided or a closing refused: never an undecided absence on a closed day."""
    absences = [demande_de(jour=HIER, etat=E.ABSENCE_DEMANDEE) for _ in range(4)]

    def decider(reservation):
        return actions.changer_etat(reservations=[reservation], vers=E.ABSENT_EXCUSE, par=agent)

    resultats = ensemble(
        *[lambda r=r: decider(r) for r in absences],
        lambda: actions.cloturer(prestation=repas, du=HIER, au=HIER, par=agent),
    )
    sans_surprise(resultats)
    assert not (Cloture.objects.exists() and E.ABSENCE_DEMANDEE in etats(*absences))


def test_deux_clotures_a_la_fois_n_en_font_qu_une(repas, agent):
    def clore():
        return actions.cloturer(prestation=repas, du=HIER - timedelta(days=20), au=HIER, par=agent)

    resultats = ensemble(*[clore] * 4)
    assert sorted(type(r).__name__ for r in resultats) == ["Cloture"] + ["DejaTraite"] * 3
    assert Cloture.objects.count() == 1


def test_deux_agents_qui_pointent_le_meme_enfant(demande_de, repas, agent, comptable):
    reservation = demande_de(jour=HIER, etat=E.RESERVEE)
    resultats = ensemble(
        *[
            lambda etat=etat: actions.pointer(
                prestation=repas, jour=HIER, presences={reservation.enfant_id: etat}, par=agent
            )
            for etat in ("PRESENT", "ABSENT", "PRESENT", "ABSENT")
        ]
    )
    assert [r for r in resultats if isinstance(r, Exception)] == []
    assert Pointage.objects.count() == 1


def test_pointer_et_deplacer_la_meme_reservation_ne_se_bloquent_pas(demande_de, repas, agent):
    for _ in range(5):
        reservation = demande_de(jour=HIER, etat=E.RESERVEE)
        resultats = ensemble(
            lambda r=reservation: actions.pointer(
                prestation=repas, jour=HIER, presences={r.enfant_id: "ABSENT"}, par=agent
            ),
            lambda r=reservation: actions.changer_etat(reservations=[r], vers=E.ABSENT_EXCUSE, par=agent),
        )
        assert [r for r in resultats if isinstance(r, Exception)] == []


def _attendre_un_verrou() -> None:
    """Until another connection of this database waits for a lock."""
    for _ in range(500):
        with connection.cursor() as curseur:
            # Inside a transaction, the view of who waits would stay that of the first look.
            curseur.execute("SELECT pg_stat_clear_snapshot()")
            curseur.execute(
                "SELECT 1 FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if curseur.fetchone():
                return
        threading.Event().wait(0.02)
    raise AssertionError("personne n’attend le verrou")


def pendant(premier, second):
    """`second` starts before `premier` is committed, and waits for it; returns what `second` gave."""
    resultats = []
    fil = threading.Thread(target=lambda: resultats.extend(ensemble(second)))
    with transaction.atomic():
        premier()
        fil.start()
        _attendre_un_verrou()
    fil.join(timeout=60)
    return resultats[0]


def test_un_meme_changement_de_deux_pages_ne_se_fait_qu_une_fois(demande_de, agent, comptable):
    """The second reads the state that the first left."""
    reservation = demande_de(etat=E.RESERVEE)

    def annuler(qui):
        return actions.changer_etat(reservations=[reservation], vers=E.ANNULEE, par=qui)

    assert isinstance(pendant(lambda: annuler(agent), lambda: annuler(comptable)), DejaTraite)
    assert Mouvement.objects.get().par == agent


@pytest.mark.parametrize("geste", ["changer", "pointer", "attribuer"])
def test_ce_qui_commence_pendant_une_cloture_est_refuse(demande_de, repas, agent, geste):
    reservation = demande_de(jour=HIER, etat=E.RESERVEE)
    gestes = {
        "changer": lambda: actions.changer_etat(reservations=[reservation], vers=E.CONGE, par=agent),
        "attribuer": lambda: actions.attribuer(reservations=[reservation], par=agent),
        "pointer": lambda: actions.pointer(
            prestation=repas, jour=HIER, presences={reservation.enfant_id: "PRESENT"}, par=agent
        ),
    }
    refus = pendant(lambda: actions.cloturer(prestation=repas, du=HIER, au=HIER, par=agent), gestes[geste])
    assert isinstance(refus, Refus)
    assert "close" in refus.message
    assert (etats(reservation), Pointage.objects.count()) == ([E.RESERVEE], 0)


def test_importer_deux_fois_a_la_fois_n_ecrit_rien_en_double(collectivite):
    periode = {"du": date(2026, 9, 1), "au": date(2027, 8, 31)}
    bilans = ensemble(*[lambda: actions.importer_calendrier(**periode)] * 3)
    assert sorted(b.feries for b in bilans) == [0, 0, 11]
