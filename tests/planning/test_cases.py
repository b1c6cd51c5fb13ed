"""What a cell shows and allows: the table of the conception, booking × register, row by row."""

from datetime import date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from planning import cases
from planning.calendrier import Calendrier, Offre, PeriodeFermee, PeriodeVacances
from planning.cases import Fait, examiner_case
from planning.delais import Regle
from planning.enums import (
    ACTIFS,
    Consequence,
    EtatReservation,
    Origine,
    Retard,
)
from planning.reglement import Reglement, consequence_absence

E = EtatReservation
PARIS = ZoneInfo("Europe/Paris")
REPAS = Offre(prestation_id=1, structure_id=1, jours_ouverts="1245")
INSTANT = datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
HIER, AUJOURDHUI, SEMAINE_PROCHAINE = date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 3)
JEUDI_MIDI = Regle("RESERVER", "SEMAINE", nombre=1, jour_limite=4)
VEILLE = Regle("ABSENCE", "JOURS", nombre=1)
FERIE = Calendrier(feries={SEMAINE_PROCHAINE: "Fête", HIER: "Fête"})


def case(
    fait=None, jour=SEMAINE_PROCHAINE, regles=(JEUDI_MIDI, VEILLE), calendrier=None, offre=REPAS, **faits
):
    reglement = Reglement(calendrier or Calendrier(), tuple(regles), INSTANT)
    return examiner_case(Fait(**faits), offre, jour, reglement)


# --- What it shows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("etat", "present", "libelle"),
    [
        (E.DEMANDEE, None, "Réservation en cours de traitement"),
        (E.LISTE_ATTENTE, None, "Demande en attente"),
        (E.RESERVEE, None, "Réservé"),
        (E.RESERVEE, True, "Réservé"),
        (E.RESERVEE, False, "Absent facturé"),
        (E.REFUSEE, None, "Réservation refusée"),
        (E.REFUSEE, False, "Réservation refusée"),
        (E.ABSENCE_DEMANDEE, None, "Absence en cours de traitement"),
        (E.ABSENCE_DEMANDEE, True, "Absence en cours de traitement"),
        (E.ABSENCE_DEMANDEE, False, "Absence en cours de traitement"),
        (E.ABSENT_EXCUSE, None, "Absent excusé"),
        (E.ABSENT_EXCUSE, False, "Absent excusé"),
        (E.ABSENT_FACTURE, None, "Absent facturé"),
        (E.CONGE, None, "Congé"),
        (None, None, "Libre"),
        (None, False, "Libre"),
        (None, True, "Heure hors contrat"),
        (E.REFUSEE, True, "Heure hors contrat"),
        (E.DEMANDEE, True, "Heure hors contrat"),
        (E.LISTE_ATTENTE, True, "Heure hors contrat"),
        (E.ABSENT_EXCUSE, True, "Erreur"),
        (E.ABSENT_FACTURE, True, "Erreur"),
        (E.CONGE, True, "Erreur"),
    ],
)
def test_la_reservation_et_l_appel_donnent_un_mot_de_la_legende(etat, present, libelle):
    vue = case(etat=etat, present=present, jour=HIER)
    assert vue.affichage.libelle == libelle
    assert vue.present is (present is True)


@pytest.mark.parametrize("present", [None, True])
def test_le_rythme_de_la_semaine_se_voit_et_garde_sa_coche(present):
    vue = case(etat=E.RESERVEE, origine=Origine.REGULIERE, present=present, jour=HIER)
    assert (vue.affichage.libelle, vue.present) == ("Régulier", present is True)
    assert (
        case(etat=E.RESERVEE, origine=Origine.REGULIERE, present=False).affichage.libelle == "Absent facturé"
    )


@pytest.mark.parametrize(
    ("etat", "present", "libelle"),
    [
        (None, None, "Jour férié"),
        (E.REFUSEE, None, "Jour férié"),
        (E.RESERVEE, None, "Réservé"),
        (E.ABSENT_EXCUSE, None, "Jour férié"),
        (None, True, "Erreur"),
        (E.REFUSEE, True, "Erreur"),
        (E.RESERVEE, True, "Erreur"),
        (E.ABSENT_EXCUSE, True, "Erreur"),
    ],
)
def test_un_jour_ferme_montre_sa_raison_et_une_presence_y_est_une_erreur(etat, present, libelle):
    assert case(etat=etat, present=present, jour=HIER, calendrier=FERIE).affichage.libelle == libelle


def test_un_service_qui_n_ouvre_plus_ce_jour_de_la_semaine_ne_dement_pas_ce_qui_fut_reserve():
    mercredi = date(2026, 11, 18)
    assert case(etat=E.RESERVEE, present=True, jour=mercredi).affichage.libelle == "Réservé"
    assert case(present=True, jour=mercredi).affichage.libelle == "Erreur"
    assert case(jour=mercredi).affichage.libelle == "Pas de service"


@pytest.mark.parametrize(
    ("calendrier", "cle"),
    [
        (FERIE, "ferie"),
        (Calendrier(vacances=(PeriodeVacances("V", "P", HIER, SEMAINE_PROCHAINE),)), "petites"),
        (Calendrier(vacances=(PeriodeVacances("V", "G", HIER, SEMAINE_PROCHAINE),)), "grandes"),
        (Calendrier(fermetures=(PeriodeFermee("Grève", HIER, SEMAINE_PROCHAINE),)), "fermeture"),
    ],
)
def test_chaque_fermeture_a_son_signe_et_sa_phrase(calendrier, cle):
    vue = case(calendrier=calendrier)
    assert vue.affichage.cle == cle
    assert not vue.ouverte
    assert vue.phrase == vue.ferme.phrase


def test_l_autre_foyer_ne_montre_rien_de_plus():
    for etat, present in product(ACTIFS, (None, True, False)):
        vue = case(etat=etat, present=present, autre_foyer=True)
        assert vue.affichage.libelle == "Réservé par l’autre foyer"
        assert not vue.ouverte
        assert vue.phrase == cases.AUTRE_FOYER


def test_la_legende_a_un_signe_et_un_mot_par_etat():
    signes = [(a.glyphe, a.libelle) for a in cases.LEGENDE.values()]
    assert len(set(signes)) == len(cases.LEGENDE) == 16
    assert all(a.glyphe and a.cle == cle for cle, a in cases.LEGENDE.items())


# --- What it allows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", [None, E.REFUSEE])
def test_un_jour_libre_ou_refuse_se_reserve(etat):
    vue = case(etat=etat)
    assert vue.reserver.possible
    assert not vue.absence.possible
    assert vue.phrase == vue.reserver.phrase


@pytest.mark.parametrize("etat", sorted(ACTIFS))
def test_un_jour_deja_demande_ne_se_reserve_plus_et_dit_pourquoi(etat):
    vue = case(etat=etat, excusee=etat == E.ABSENT_EXCUSE)
    assert not vue.reserver.possible
    assert vue.reserver.phrase == cases.DEJA[etat]
    assert vue.absence.possible is (etat == E.RESERVEE)


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        (None, cases.PAS_RESERVE),
        (E.REFUSEE, cases.PAS_RESERVE),
        (E.DEMANDEE, cases.PAS_RESERVE),
        (E.ABSENCE_DEMANDEE, cases.DEJA[E.ABSENCE_DEMANDEE]),
        (E.ABSENT_EXCUSE, cases.EXCUSE_PAR_LA_STRUCTURE),
    ],
)
def test_une_absence_se_declare_sur_une_reservation_acceptee(etat, phrase):
    absence = case(etat=etat).absence
    assert (absence.possible, absence.phrase) == (False, phrase)


@pytest.mark.parametrize(
    ("faits", "jour", "phrase"),
    [
        ({}, HIER, cases.PASSE),
        ({"etat": E.RESERVEE}, HIER, cases.PASSE),
        ({"inscrit": False}, SEMAINE_PROCHAINE, cases.NON_INSCRIT),
        ({"etat": E.RESERVEE, "present": True}, AUJOURDHUI, cases.DEJA[E.RESERVEE]),
    ],
)
def test_ce_qui_ne_se_peut_pas_dit_pourquoi(faits, jour, phrase):
    vue = case(jour=jour, **faits)
    assert not vue.ouverte
    assert vue.phrase == phrase


def test_un_enfant_pointe_present_n_est_plus_absent():
    absence = case(etat=E.RESERVEE, present=True, jour=AUJOURDHUI).absence
    assert (absence.possible, absence.phrase) == (False, cases.PRESENT)
    assert case(etat=E.RESERVEE, present=False, jour=AUJOURDHUI).absence.possible


def test_un_service_arrete_ne_se_reserve_plus_mais_ses_absences_se_declarent():
    arrete = Offre(prestation_id=1, structure_id=1, jours_ouverts="1245", active=False)
    assert (case(offre=arrete).reserver.possible, case(offre=arrete).phrase) == (False, cases.ARRETEE)
    assert case(offre=arrete, etat=E.RESERVEE).absence.possible


@pytest.mark.parametrize(
    ("retard", "possible", "hors_delai", "tardive", "suite"),
    [
        (Retard.REFUSE, False, False, False, ""),
        (
            Retard.MAJORE,
            True,
            True,
            True,
            " Encore réservable jusqu’au jour même, au prix d’une réservation tardive.",
        ),
        (
            Retard.AGENT,
            True,
            True,
            False,
            " Une demande reste possible jusqu’au jour même : la structure appréciera.",
        ),
    ],
)
def test_apres_la_limite_selon_le_reglement(retard, possible, hors_delai, tardive, suite):
    regle = Regle("RESERVER", "SEMAINE", nombre=1, jour_limite=4, retard=retard)
    verdict = case(jour=date(2026, 11, 26), regles=[regle]).reserver
    assert (verdict.possible, verdict.hors_delai, verdict.tardive) == (possible, hors_delai, tardive)
    assert not verdict.a_temps
    assert verdict.phrase.endswith("12\xa0h\xa000." + suite)


@pytest.mark.parametrize(
    ("heures", "fin"),
    [(144, "jusqu’au mercredi 25 novembre 2026 à 12 h 00"), (24 * 30, "jusqu’au jour même")],
)
def test_un_retard_accepte_dit_jusqu_a_quand(heures, fin):
    regle = Regle("RESERVER", "SEMAINE", nombre=1, jour_limite=4, retard=Retard.MAJORE, retard_heures=heures)
    verdict = case(jour=date(2026, 11, 26), regles=[regle]).reserver
    assert f"Encore réservable {fin}, au prix" in verdict.phrase.replace("\xa0", " ")


def test_un_jour_reserve_puis_ferme_dit_la_fermeture_et_non_une_absence():
    greve = Calendrier(fermetures=(PeriodeFermee("Grève", SEMAINE_PROCHAINE, SEMAINE_PROCHAINE),))
    vue = case(etat=E.ABSENT_EXCUSE, calendrier=greve)
    assert vue.affichage.libelle == "Fermeture"
    for verdict in (vue.reserver, vue.absence):
        assert (verdict.possible, verdict.phrase) == (
            False,
            "Fermeture (Grève) : pas de service. Rien n’est facturé.",
        )


@pytest.mark.parametrize("etat", [E.DEMANDEE, E.LISTE_ATTENTE, E.RESERVEE, E.ABSENT_EXCUSE])
def test_un_jour_demande_ou_encore_reserve_dit_d_abord_la_fete(etat):
    assert case(etat=etat, calendrier=FERIE).phrase.startswith("Jour férié (Fête) : pas de service.")


def test_une_demande_sans_reponse_dit_comment_la_reprendre():
    vue = case(etat=E.DEMANDEE)
    assert vue.annulation_dite
    assert "retirez votre demande" in vue.annuler.phrase


def test_hors_de_ses_jours_de_garde_on_est_averti_et_non_refuse():
    verdict = case(chez_nous=False).reserver
    assert verdict.possible
    assert verdict.phrase.startswith("Réservable jusqu’au")
    assert verdict.phrase.endswith(cases.HORS_GARDE)
    assert not case(chez_nous=False, jour=HIER).reserver.possible


@pytest.mark.parametrize(
    ("jour", "a_temps", "debut"),
    [
        (SEMAINE_PROCHAINE, True, "Une absence se déclare jusqu’au mercredi 2 décembre 2026"),
        (AUJOURDHUI, False, "Une absence peut encore être déclarée ; depuis le lundi 23 novembre 2026"),
    ],
)
def test_une_absence_dite_trop_tard_se_declare_encore(jour, a_temps, debut):
    absence = case(etat=E.RESERVEE, jour=jour).absence
    assert (absence.possible, absence.a_temps) == (True, a_temps)
    assert absence.phrase.startswith(debut)


@pytest.mark.parametrize(
    ("consequence", "a_temps", "excusee"),
    [
        (Consequence.SELON_DELAI, True, True),
        (Consequence.SELON_DELAI, False, False),
        (Consequence.EXCUSEE, True, True),
        (Consequence.EXCUSEE, False, True),
        (Consequence.FACTUREE, True, False),
        (Consequence.FACTUREE, False, False),
    ],
)
def test_une_absence_est_excusee_ou_facturee_selon_sa_raison_et_le_delai(consequence, a_temps, excusee):
    assert consequence_absence(consequence, a_temps) is excusee


def test_ce_que_dit_une_case_se_lit_d_un_trait():
    libre = case().dite.replace("\xa0", " ")
    assert libre == "libre, réservable jusqu’au jeudi 26 novembre 2026 à 12 h 00"
    assert case(etat=E.RESERVEE, present=True, jour=HIER).dite == "réservé, présent, ce jour est passé"
