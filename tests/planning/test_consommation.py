"""What is due: the table of the conception, booking × register, past or not, in advance or in arrears."""

from datetime import date, timedelta

import pytest

from familles.enums import ModeGarde, TermeFacturation
from planning.consommation import NatureConsommation as N
from planning.consommation import consommations, nature_due
from planning.enums import EtatPointage, EtatReservation, Origine
from planning.models import Fermeture
from tests.fabriques.familles import InscriptionFactory, PrestationFactory
from tests.fabriques.planning import PointageFactory, ReservationFactory

E = EtatReservation
PRESENT, ABSENT = EtatPointage.PRESENT, EtatPointage.ABSENT
NOVEMBRE = {"du": date(2026, 11, 1), "au": date(2026, 11, 30)}
PASSE, A_VENIR = date(2026, 11, 20), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _midi(figer):
    figer("2026-11-25T12:00")


@pytest.mark.parametrize(
    ("etat", "pointage", "excusee", "passe", "avenir"),
    [
        # booking, register, what the règlement said of the absence → due once past, due before
        (E.DEMANDEE, None, None, None, None),
        (E.LISTE_ATTENTE, None, None, None, None),
        (E.REFUSEE, None, None, None, None),
        (E.ANNULEE, None, None, None, None),
        (None, None, None, None, None),
        (None, ABSENT, None, None, None),
        (E.DEMANDEE, ABSENT, None, None, None),
        (None, PRESENT, None, N.HORS_CONTRAT, N.HORS_CONTRAT),
        (E.ANNULEE, PRESENT, None, N.HORS_CONTRAT, N.HORS_CONTRAT),
        (E.REFUSEE, PRESENT, None, N.HORS_CONTRAT, N.HORS_CONTRAT),
        (E.DEMANDEE, PRESENT, None, N.HORS_CONTRAT, N.HORS_CONTRAT),
        (E.LISTE_ATTENTE, PRESENT, None, N.HORS_CONTRAT, N.HORS_CONTRAT),
        (E.RESERVEE, None, None, N.NON_POINTE, None),
        (E.RESERVEE, PRESENT, None, N.PRESENT, N.PRESENT),
        (E.RESERVEE, ABSENT, None, N.ABSENT_NON_SIGNALE, N.ABSENT_NON_SIGNALE),
        (E.ABSENCE_DEMANDEE, None, True, None, None),
        (E.ABSENCE_DEMANDEE, None, False, N.ABSENT_FACTURE, None),
        (E.ABSENCE_DEMANDEE, None, None, None, None),
        (E.ABSENCE_DEMANDEE, ABSENT, True, None, None),
        (E.ABSENCE_DEMANDEE, PRESENT, True, N.PRESENT, N.PRESENT),
        (E.ABSENT_EXCUSE, None, True, None, None),
        (E.ABSENT_EXCUSE, ABSENT, True, None, None),
        (E.ABSENT_FACTURE, None, False, N.ABSENT_FACTURE, None),
        (E.ABSENT_FACTURE, ABSENT, False, N.ABSENT_FACTURE, None),
        (E.CONGE, None, None, None, None),
        # Errors to settle before closing; never a free meal meanwhile.
        (E.ABSENT_EXCUSE, PRESENT, True, N.PRESENT, N.PRESENT),
        (E.ABSENT_FACTURE, PRESENT, False, N.PRESENT, N.PRESENT),
        (E.CONGE, PRESENT, None, N.PRESENT, N.PRESENT),
    ],
)
def test_ce_que_doit_chaque_jour(etat, pointage, excusee, passe, avenir):
    assert nature_due(etat, pointage, absence_excusee=excusee, due=True) == passe
    assert nature_due(etat, pointage, absence_excusee=excusee, due=False) == avenir


@pytest.mark.parametrize(
    ("terme", "jour", "etat", "nature"),
    [
        (TermeFacturation.ECHU, PASSE, E.RESERVEE, N.NON_POINTE),
        (TermeFacturation.ECHU, date(2026, 11, 25), E.RESERVEE, None),  # the register may still be taken
        (TermeFacturation.ECHU, A_VENIR, E.RESERVEE, None),
        (TermeFacturation.A_ECHOIR, A_VENIR, E.RESERVEE, N.NON_POINTE),
        (TermeFacturation.A_ECHOIR, A_VENIR, E.DEMANDEE, None),
        (TermeFacturation.A_ECHOIR, A_VENIR, E.ABSENT_EXCUSE, None),
        (TermeFacturation.A_ECHOIR, A_VENIR, E.ABSENT_FACTURE, N.ABSENT_FACTURE),
        (TermeFacturation.ECHU, A_VENIR, E.ABSENT_FACTURE, None),
    ],
)
def test_a_terme_echu_seul_le_passe_est_du_et_d_avance_tout_le_mois(
    lea_inscrite, repas, terme, jour, etat, nature
):
    repas.terme = terme
    repas.save()
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=jour, etat=etat)
    assert [c.nature for c in consommations(prestations=[repas], **NOVEMBRE)] == ([nature] if nature else [])


def test_une_consommation_dit_qui_doit_quoi_et_pourquoi(lea_inscrite, famille_dupont, repas):
    reservation = ReservationFactory(
        enfant=lea_inscrite, prestation=repas, jour=PASSE, tardive=True, origine=Origine.REGULIERE
    )
    PointageFactory(reservation=reservation)
    (due,) = consommations(prestations=[repas], **NOVEMBRE)
    assert (due.famille_id, due.enfant_id, due.prestation_id) == (
        famille_dupont.pk,
        lea_inscrite.pk,
        repas.pk,
    )
    assert (due.jour, due.inscription_id, due.nature) == (PASSE, reservation.inscription_id, N.PRESENT)
    assert (due.tardive, due.occasionnelle) == (True, False)


@pytest.mark.parametrize("etat", [E.REFUSEE, E.ANNULEE, E.DEMANDEE, E.LISTE_ATTENTE])
def test_une_presence_sans_reservation_accordee_n_est_due_qu_une_fois(lea_inscrite, repas, etat):
    reservation = ReservationFactory(
        enfant=lea_inscrite, prestation=repas, jour=PASSE, etat=etat, tardive=True, origine=Origine.REGULIERE
    )
    PointageFactory(reservation=reservation)
    (due,) = consommations(prestations=[repas], **NOVEMBRE)
    assert (due.nature, due.tardive, due.occasionnelle) == (N.HORS_CONTRAT, False, True)


def test_une_reservation_annulee_puis_reprise_n_est_due_qu_une_fois(lea_inscrite, repas):
    ancienne = ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=PASSE, etat=E.ANNULEE)
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=PASSE)
    PointageFactory(reservation=ancienne)
    assert [c.nature for c in consommations(prestations=[repas], **NOVEMBRE)] == [N.PRESENT]


@pytest.mark.parametrize(
    ("etat", "pointage", "nature"),
    [
        (E.RESERVEE, None, None),
        (E.RESERVEE, ABSENT, None),
        (E.ABSENT_FACTURE, None, None),
        (E.RESERVEE, PRESENT, N.PRESENT),
    ],
)
def test_un_jour_ferme_apres_coup_n_est_du_que_par_qui_fut_servi(lea_inscrite, repas, etat, pointage, nature):
    reservation = ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=PASSE, etat=etat)
    if pointage:
        PointageFactory(reservation=reservation, etat=pointage)
    Fermeture.objects.create(du=PASSE, au=PASSE, motif="Grève", prestation=repas)
    assert [c.nature for c in consommations(prestations=[repas], **NOVEMBRE)] == ([nature] if nature else [])


def test_un_jour_de_semaine_abandonne_depuis_reste_du(lea_inscrite, repas):
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=PASSE)
    repas.jours_ouverts = "124"
    repas.save()
    assert [c.nature for c in consommations(prestations=[repas], **NOVEMBRE)] == [N.NON_POINTE]


def test_les_bornes_sont_comprises_et_les_autres_services_exclus(lea_inscrite, prestations, repas):
    for jour in ("2026-10-30", "2026-11-02", "2026-11-24", "2026-12-01"):
        ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=date.fromisoformat(jour))
    ReservationFactory(
        enfant=lea_inscrite, prestation=prestations["Garderie Matin 7h30 – 8h30"], jour=date(2026, 11, 3)
    )
    lues = consommations(prestations=[repas], du=date(2026, 11, 2), au=date(2026, 11, 24))
    assert [c.jour.day for c in lues] == [2, 24]
    assert consommations(prestations=[], **NOVEMBRE) == []


# --- Two homes ---------------------------------------------------------------------------------------------


@pytest.fixture
def deux_inscriptions(enfant_alterne, repas, annee):
    """Nour’s two homes, each with its inscription: (even weeks’, odd weeks’)."""
    return [
        InscriptionFactory(enfant=enfant_alterne, prestation=repas, annee=annee, famille=r.famille)
        for mode in (ModeGarde.SEMAINES_PAIRES, ModeGarde.SEMAINES_IMPAIRES)
        for r in enfant_alterne.rattachements.filter(mode_garde=mode)
    ]


def test_chaque_foyer_doit_ses_jours(deux_inscriptions, repas):
    paire, impaire = deux_inscriptions
    ReservationFactory(inscription=paire, enfant=paire.enfant, prestation=repas, jour=date(2026, 11, 16))
    ReservationFactory(inscription=impaire, enfant=paire.enfant, prestation=repas, jour=date(2026, 11, 9))
    for inscription, jour in ((paire, 16), (impaire, 9)):
        lues = consommations(prestations=[repas], **NOVEMBRE, familles=[inscription.famille_id])
        assert [(c.famille_id, c.jour.day) for c in lues] == [(inscription.famille_id, jour)]


def test_une_reservation_d_un_foyer_pointee_au_nom_de_l_autre_est_un_seul_jour(deux_inscriptions, repas):
    """The register was taken before the booking was moved: one day, owed by the home that booked."""
    paire, impaire = deux_inscriptions
    ReservationFactory(inscription=paire, enfant=paire.enfant, prestation=repas, jour=PASSE)
    PointageFactory(reservation=None, inscription=impaire, jour=PASSE)
    ensemble = consommations(prestations=[repas], **NOVEMBRE)
    un_par_un = [
        c
        for i in deux_inscriptions
        for c in consommations(prestations=[repas], **NOVEMBRE, familles=[i.famille_id])
    ]
    assert ensemble == un_par_un
    assert [(c.famille_id, c.nature) for c in ensemble] == [(paire.famille_id, N.PRESENT)]


def test_une_presence_sans_inscription_est_due_par_la_famille_pointee(hugo, famille_martin, repas):
    PointageFactory(
        reservation=None,
        inscription=None,
        enfant=hugo,
        prestation=repas,
        jour=PASSE,
        famille=famille_martin,
    )
    for famille in (None, famille_martin):
        (due,) = consommations(
            prestations=[repas], **NOVEMBRE, familles=None if famille is None else [famille.pk]
        )
        assert (due.famille_id, due.inscription_id, due.nature) == (famille_martin.pk, None, N.HORS_CONTRAT)


# --- Cost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jours", [1, 20])
@pytest.mark.parametrize("une_famille", [True, False])
def test_deux_requetes_quel_que_soit_le_nombre_de_lignes(
    lea_inscrite, famille_dupont, repas, jours, une_famille, django_assert_num_queries
):
    autre = PrestationFactory(nom="Goûter")
    for n in range(jours):
        jour = NOVEMBRE["du"] + timedelta(days=n)
        PointageFactory(reservation=ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=jour))
    familles = [famille_dupont.pk] if une_famille else None
    consommations(prestations=[repas], **NOVEMBRE)
    # The version of the calendar, already read, then bookings and presences.
    with django_assert_num_queries(3):
        lues = consommations(prestations=[repas, autre], **NOVEMBRE, familles=familles)
    assert len(lues) == jours
