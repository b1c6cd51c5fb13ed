"""Reading a child's days: what each family sees, what it may ask, and how many queries that takes."""

from datetime import UTC, date, datetime

import pytest

from familles.enums import ModeGarde
from planning import cases
from planning.enums import EtatReservation, Operation
from planning.examen import examiner
from planning.models import RegleDelai
from tests.fabriques.familles import InscriptionFactory, PrestationFactory, RattachementFactory
from tests.fabriques.planning import (
    FermetureFactory,
    JourFerieFactory,
    PointageFactory,
    RegleDelaiFactory,
    ReservationFactory,
    VacancesFactory,
)
from tests.planning.mois import grille_de

E = EtatReservation
DECEMBRE = date(2026, 12, 1)
JEUDI = date(2026, 12, 3)


@pytest.fixture
def instant(figer):
    return figer("2026-11-24T10:00")


@pytest.fixture
def nour(enfant_alterne, famille_martin, repas, annee):
    """Even weeks at the Martins’, who alone inscribed the child."""
    InscriptionFactory(enfant=enfant_alterne, prestation=repas, annee=annee, famille=famille_martin)
    return enfant_alterne


@pytest.fixture
def autre_foyer(nour, repas, annee):
    rattachement = nour.rattachements.get(mode_garde=ModeGarde.SEMAINES_IMPAIRES)
    return InscriptionFactory(enfant=nour, prestation=repas, annee=annee, famille=rattachement.famille)


def cellule(grille, prestation, jour):
    ligne = next(li for li in grille.lignes if li.offre.prestation_id == prestation.pk)
    return ligne.cases[jour.day - 1]


# --- The grid ----------------------------------------------------------------------------------------------


def test_les_six_lignes_du_manuel_dans_leur_ordre(lea_inscrite, acces_jean, prestations, instant):
    grille = grille_de(acces_jean, lea_inscrite, DECEMBRE, instant)
    assert [ligne.prestation for ligne in grille.lignes] == list(prestations)
    assert {ligne.responsable for ligne in grille.lignes} == {"DUPONT JEAN"}
    assert {len(ligne.cases) for ligne in grille.lignes} == {31}
    assert (grille.premier, grille.dernier) == (DECEMBRE, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("premier", "jours"), [("2026-12-01", 31), ("2027-02-01", 28), ("2028-02-01", 29), ("9999-12-01", 31)]
)
def test_un_mois_a_ses_jours(lea_inscrite, acces_jean, instant, premier, jours):
    premier = date.fromisoformat(premier)
    grille = grille_de(acces_jean, lea_inscrite, premier, instant)
    assert len(grille.jours) == jours
    assert sum(len(semaine) for semaine in grille.semaines) == jours


def test_les_colonnes_portent_les_lettres_du_manuel(lea_inscrite, acces_jean, repas, instant):
    VacancesFactory()
    JourFerieFactory()
    grille = grille_de(acces_jean, lea_inscrite, DECEMBRE, instant)
    lettres = {jour.jour.day: jour.lettre for jour in grille.jours}
    assert (lettres[18], lettres[19], lettres[21], lettres[25], lettres[26]) == ("", "P", "P", "F", "P")
    assert cellule(grille, repas, date(2026, 12, 25)).affichage.libelle == "Jour férié"


def test_la_reservation_active_l_emporte_sur_l_ancienne_refusee(lea_inscrite, acces_jean, repas, instant):
    for etat in (E.REFUSEE, E.ANNULEE, E.DEMANDEE):
        ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=JEUDI, etat=etat)
    for etat in (E.ANNULEE, E.REFUSEE):
        ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=date(2026, 12, 4), etat=etat)
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=date(2026, 12, 7), etat=E.ANNULEE)
    grille = grille_de(acces_jean, lea_inscrite, DECEMBRE, instant)
    libelles = [cellule(grille, repas, date(2026, 12, j)).affichage.libelle for j in (3, 4, 7)]
    assert libelles == ["Réservation en cours de traitement", "Réservation refusée", "Libre"]


def test_une_presence_sans_inscription_a_sa_ligne(hugo, acces_martin, famille_martin, repas, instant):
    PointageFactory(
        reservation=None,
        inscription=None,
        enfant=hugo,
        prestation=repas,
        famille=famille_martin,
        jour=date(2026, 11, 20),
    )
    grille = grille_de(acces_martin, hugo, date(2026, 11, 1), instant)
    assert cellule(grille, repas, date(2026, 11, 20)).affichage.libelle == "Heure hors contrat"
    assert not any(case.ouverte for case in grille.lignes[0].cases)


def test_hors_de_l_inscription_le_jour_ne_se_reserve_pas(lea, acces_jean, repas, annee, instant):
    InscriptionFactory(enfant=lea, prestation=repas, annee=annee, du=date(2026, 12, 7), au=date(2026, 12, 11))
    grille = grille_de(acces_jean, lea, DECEMBRE, instant)
    assert cellule(grille, repas, JEUDI).phrase == cases.NON_INSCRIT
    assert [c.jour.day for c in grille.lignes[0].cases if c.reserver.possible] == [7, 8, 9, 10, 11]


# --- Two homes ---------------------------------------------------------------------------------------------


def test_le_jour_reserve_par_l_autre_foyer_ne_dit_rien_de_plus(
    nour, autre_foyer, acces_martin, repas, instant
):
    ReservationFactory(inscription=autre_foyer, enfant=nour, prestation=repas, jour=JEUDI)
    ReservationFactory(
        inscription=autre_foyer, enfant=nour, prestation=repas, jour=date(2026, 12, 4), etat=E.REFUSEE
    )
    grille = grille_de(acces_martin, nour, DECEMBRE, instant)
    assert len(grille.lignes) == 1
    assert cellule(grille, repas, JEUDI).affichage.libelle == "Réservé par l’autre foyer"
    assert not cellule(grille, repas, JEUDI).ouverte
    # What the other home was refused is free for ours, and nobody’s news.
    assert cellule(grille, repas, date(2026, 12, 4)).affichage.libelle == "Libre"
    assert cellule(grille, repas, date(2026, 12, 4)).reserver.possible


@pytest.mark.parametrize("jour", ["2026-12-03", "2026-12-10"])
def test_hors_de_la_semaine_de_garde_on_est_averti(nour, acces_martin, repas, instant, jour):
    """Week 49 is odd, week 50 even; the custody calendar speaks even for a home without inscription."""
    jour = date.fromisoformat(jour)
    verdict = cellule(grille_de(acces_martin, nour, DECEMBRE, instant), repas, jour).reserver
    assert verdict.possible
    assert (cases.HORS_GARDE in verdict.phrase) is (jour.isocalendar().week % 2 == 1)


def test_un_ancien_rattachement_n_avertit_plus(
    lea_inscrite, acces_jean, repas, instant, django_assert_num_queries
):
    RattachementFactory(enfant=lea_inscrite, du=date(2020, 1, 1), au=date(2025, 12, 31))
    grille = grille_de(acces_jean, lea_inscrite, DECEMBRE, instant)
    assert cases.HORS_GARDE not in cellule(grille, repas, JEUDI).phrase


# --- The cells of a form -----------------------------------------------------------------------------------


def juger(acces, enfant, cellules, instant, operation=Operation.RESERVER):
    return examiner(acces=acces, enfant=enfant, cellules=cellules, operation=operation, instant=instant)


def test_les_cellules_sont_jugees_dans_l_ordre_des_jours_et_une_seule_fois(
    lea_inscrite, acces_jean, repas, garderie_matin, instant
):
    demandees = [
        (repas.pk, date(2026, 12, 4)),
        (repas.pk, JEUDI),
        (garderie_matin.pk, JEUDI),
        (repas.pk, JEUDI),
    ]
    examens = juger(acces_jean, lea_inscrite, demandees, instant)
    assert [(e.jour, e.prestation) for e in examens] == [
        (JEUDI, garderie_matin.nom),
        (JEUDI, "Repas"),
        (date(2026, 12, 4), "Repas"),
    ]
    assert all(e.possible and e.inscription.enfant_id == lea_inscrite.pk for e in examens)
    assert juger(acces_jean, lea_inscrite, [], instant) == []


def test_le_service_d_un_autre_n_est_pas_nomme(lea_inscrite, acces_jean, instant):
    secret = PrestationFactory(nom="Étude du soir")
    for prestation_id in (secret.pk, 0, 10**9):
        (examen,) = juger(acces_jean, lea_inscrite, [(prestation_id, JEUDI)], instant)
        assert (examen.possible, examen.prestation, examen.inscription) == (False, "Ce service", None)
        assert examen.phrase == "L’enfant n’est pas inscrit à ce service."


def test_une_etrangere_ne_reserve_rien_pour_l_enfant_d_un_autre(lea_inscrite, acces_martin, repas, instant):
    (examen,) = juger(acces_martin, lea_inscrite, [(repas.pk, JEUDI)], instant)
    assert not examen.possible


def test_une_absence_porte_sur_la_reservation_active(lea_inscrite, acces_jean, repas, instant):
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=JEUDI, etat=E.REFUSEE)
    reservee = ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=JEUDI)
    (examen,) = juger(acces_jean, lea_inscrite, [(repas.pk, JEUDI)], instant, Operation.ABSENCE)
    assert (examen.possible, examen.reservation) == (True, reservee)


def test_la_grille_et_le_formulaire_disent_la_meme_chose(
    lea_inscrite, acces_jean, prestations, repas, instant
):
    RegleDelaiFactory(retard="MAJORE")
    FermetureFactory(du=date(2026, 12, 7), prestation=repas)
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=JEUDI)
    grille = grille_de(acces_jean, lea_inscrite, DECEMBRE, instant)
    for operation, lu in ((Operation.RESERVER, "reserver"), (Operation.ABSENCE, "absence")):
        dessinees = {
            (ligne.offre.prestation_id, case.jour): getattr(case, lu)
            for ligne in grille.lignes
            for case in ligne.cases
        }
        examens = juger(acces_jean, lea_inscrite, dessinees, instant, operation)
        assert {(e.prestation_id, e.jour): e.verdict for e in examens} == dessinees


def test_un_instant_en_utc_est_juge_a_l_heure_de_la_ville(lea_inscrite, acces_jean, repas, figer):
    """The deposit comes back from the database in UTC: 11:30 there is half past noon here."""
    figer("2026-12-01T08:00")
    RegleDelaiFactory()
    for minute, possible in ((0, True), (30, False)):
        depot = datetime(2026, 11, 26, 11, minute, tzinfo=UTC)
        (examen,) = juger(acces_jean, lea_inscrite, [(repas.pk, JEUDI)], depot)
        assert examen.possible is possible


# --- Cost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jours", [1, 20])
def test_un_mois_se_lit_en_quatre_requetes(
    lea_inscrite, acces_jean, collectivite, prestations, instant, jours, django_assert_num_queries
):
    RegleDelai.objects.all().delete()
    version = type(collectivite).objects.version()
    for prestation in prestations.values():
        for n in range(jours):
            jour = date(2026, 12, n + 1)
            PointageFactory(
                reservation=ReservationFactory(enfant=lea_inscrite, prestation=prestation, jour=jour)
            )
    grille_de(acces_jean, lea_inscrite, DECEMBRE, instant, version=version)
    with django_assert_num_queries(4):
        grille_de(acces_jean, lea_inscrite, DECEMBRE, instant, version=version)


@pytest.mark.usefixtures("autre_foyer")
def test_un_enfant_de_deux_familles_ne_coute_pas_plus(
    nour, acces_martin, collectivite, instant, django_assert_num_queries
):
    version = type(collectivite).objects.version()
    grille_de(acces_martin, nour, DECEMBRE, instant, version=version)
    with django_assert_num_queries(4):
        grille_de(acces_martin, nour, DECEMBRE, instant, version=version)
