"""Until when: each house rule, typed in its form, judged to the second on both sides of its limit."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from planning.calendrier import Calendrier, Offre
from planning.delais import Echeance, Regle, echeance
from planning.enums import Operation, Retard
from planning.examen import reglement_a
from planning.reglement_interieur import offre_de
from tests.fabriques.planning import FermetureFactory
from tests.planning.reglements import LIMITES, REGLEMENTS, jours, semaine

SECONDE = timedelta(seconds=1)
PARIS = ZoneInfo("Europe/Paris")
REPAS = Offre(prestation_id=1, structure_id=1, jours_ouverts="1245")


@pytest.mark.usefixtures("calendrier_officiel")
@pytest.mark.parametrize(
    ("ville", "operation", "service", "jour", "limite"),
    LIMITES,
    ids=[f"{v}-{o}-{s}-{j}" for v, o, s, j, _ in LIMITES],
)
def test_chaque_reglement_s_arrete_a_la_seconde_pres(
    regler, echeance_de, heure_locale, ville, operation, service, jour, limite
):
    for regle in REGLEMENTS[ville]:
        regler(**regle)
    trouvee = echeance_de(operation, service, jour, heure_locale("2026-09-01 08:00"))
    if limite is None:
        assert trouvee.limite is None
        assert not trouvee.est_passee(heure_locale("2030-01-01 00:00"))
        return
    derniere = heure_locale(limite)
    assert trouvee.limite.replace(second=0, microsecond=0) == derniere.replace(second=0)
    assert not trouvee.est_passee(derniere)
    assert not trouvee.est_passee(derniere + timedelta(microseconds=999_999))
    assert trouvee.est_passee(derniere + SECONDE)


# --- The sentences -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("calendrier_officiel")
@pytest.mark.parametrize(
    ("operation", "instant", "phrase"),
    [
        ("RESERVER", "2017-06-06 09:00", "Réservable jusqu’au jeudi 8 juin 2017 à 12 h 00."),
        (
            "RESERVER",
            "2017-06-08 12:00:01",
            "Le délai pour réserver est passé depuis le jeudi 8 juin 2017 à 12 h 00.",
        ),
        ("ANNULER", "2017-06-06 09:00", "Annulable jusqu’au jeudi 8 juin 2017 à 12 h 00."),
        (
            "ABSENCE",
            "2017-06-06 09:00",
            "Une absence se déclare jusqu’au jeudi 8 juin 2017 à 12 h 00 ; "
            "ensuite elle est facturée, sauf raison excusée.",
        ),
        (
            "ABSENCE",
            "2017-06-08 12:00:01",
            "Une absence peut encore être déclarée ; depuis le jeudi 8 juin 2017 à 12 h 00, "
            "elle est facturée, sauf raison excusée.",
        ),
    ],
)
def test_la_phrase_dit_jusqu_a_quand(regler, echeance_de, heure_locale, operation, instant, phrase):
    regler(**semaine(operation, 4, "12:00"))
    quand = heure_locale(instant)
    assert echeance_de(operation, "cantine", "2017-06-12", quand).phrase(quand).replace("\xa0", " ") == phrase


@pytest.mark.parametrize("operation", Operation.values)
def test_sans_limite_la_phrase_dit_le_jour_meme(operation):
    assert "jusqu’au jour même" in Echeance(operation, None).phrase(datetime(2026, 12, 1, tzinfo=PARIS))


def test_le_premier_du_mois_et_minuit_moins_une_s_ecrivent_en_francais():
    limite = datetime(2026, 12, 1, 23, 59, 59, tzinfo=PARIS)
    phrase = Echeance("RESERVER", limite).phrase(datetime(2026, 11, 25, tzinfo=PARIS))
    assert phrase.replace("\xa0", " ") == "Réservable jusqu’au mardi 1er décembre 2026 à 23 h 59."


# --- Which rule --------------------------------------------------------------------------------------------


def _regle(heure: str, **champs) -> Regle:
    return Regle("RESERVER", "JOURS", heure=datetime.strptime(heure, "%H:%M").time(), **champs)


@pytest.mark.parametrize(
    ("presentes", "gagnante"),
    [
        ("générale", "générale"),
        ("générale lundi-mardi", "lundi-mardi"),
        ("générale lundi-mardi lundi", "lundi"),
        ("générale lundi sienne", "sienne"),
        ("générale lundi sienne sienne-lundi-mardi", "sienne-lundi-mardi"),
        ("générale lundi sienne-lundi-mardi sienne-lundi sienne", "sienne-lundi"),
        ("autre-lundi jeudi générale", "générale"),
    ],
)
@pytest.mark.parametrize("sens", [1, -1])
def test_la_regle_la_plus_precise_l_emporte_quel_que_soit_l_ordre(presentes, gagnante, sens):
    regles = {
        "générale": _regle("08:00"),
        "jeudi": _regle("08:01", jours="4"),
        "lundi-mardi": _regle("08:02", jours="12"),
        "lundi": _regle("08:03", jours="1"),
        "sienne": _regle("08:04", prestation_id=1),
        "sienne-lundi-mardi": _regle("08:05", prestation_id=1, jours="12"),
        "sienne-lundi": _regle("08:06", prestation_id=1, jours="1"),
        "autre-lundi": _regle("08:07", prestation_id=2, jours="1"),
    }
    en_vigueur = [regles[nom] for nom in presentes.split()][::sens]
    trouvee = echeance(en_vigueur, "RESERVER", date(2026, 12, 7), REPAS, Calendrier(), PARIS)
    assert trouvee.limite.time() == regles[gagnante].heure


def test_sans_limite_d_une_prestation_l_emporte_sur_la_regle_generale():
    regles = [_regle("12:00"), Regle("RESERVER", "AUCUN", prestation_id=1)]
    assert echeance(regles, "RESERVER", date(2026, 12, 7), REPAS, Calendrier(), PARIS).limite is None


def test_la_regle_d_absence_l_emporte_sur_celle_d_annulation():
    regles = [Regle("ANNULER", "JOURS", nombre=3), Regle("ABSENCE", "JOURS", nombre=1)]
    trouvee = echeance(regles, "ABSENCE", date(2026, 12, 10), REPAS, Calendrier(), PARIS)
    assert (trouvee.operation, trouvee.limite.day) == ("ABSENCE", 9)
    seule = echeance(regles[:1], "ABSENCE", date(2026, 12, 10), REPAS, Calendrier(), PARIS)
    assert (seule.operation, seule.limite.day) == ("ABSENCE", 7)


def test_une_limite_n_est_jamais_apres_le_jour_lui_meme():
    """« Le jeudi de la semaine même » says nothing more for a Monday than Monday itself."""
    regles = [Regle("RESERVER", "SEMAINE", nombre=0, jour_limite=4)]
    trouvee = echeance(regles, "RESERVER", date(2026, 12, 7), REPAS, Calendrier(), PARIS)
    assert trouvee.limite == datetime(2026, 12, 7, 23, 59, 59, 999_999, tzinfo=PARIS)


def test_un_service_qui_n_ouvre_jamais_ne_fait_pas_chercher_sans_fin():
    ferme = Offre(prestation_id=1, structure_id=1, jours_ouverts="")
    regles = [Regle("RESERVER", "JOURS", nombre=366, comptage="OUVERTURE")]
    assert echeance(regles, "RESERVER", date(2026, 12, 7), ferme, Calendrier(), PARIS).limite is None


@pytest.mark.usefixtures("calendrier_officiel")
def test_une_fermeture_compte_parmi_les_jours_sans_service(regler, echeance_de, services, heure_locale):
    regler(**jours("RESERVER", 1, "11:00", "OUVERTURE"))
    FermetureFactory(du=date(2026, 11, 26), au=date(2026, 11, 27), structure=services["cantine"].structure)
    limite = echeance_de("RESERVER", "cantine", "2026-11-30", heure_locale("2026-11-01 08:00")).limite
    assert limite == heure_locale("2026-11-24 11:00")


# --- Windows and late requests -----------------------------------------------------------------------------


@pytest.mark.usefixtures("calendrier_officiel")
@pytest.mark.parametrize(
    ("instant", "possible", "tardive", "debut"),
    [
        ("2027-01-01 23:59", False, False, "Les réservations de ce jour ouvrent le samedi 2 janvier 2027."),
        ("2027-01-02 00:00", True, False, "Réservable jusqu’au vendredi 22 janvier 2027 à 23 h 59."),
        ("2027-01-22 23:59", True, False, "Réservable jusqu’au vendredi 22 janvier 2027"),
        ("2027-01-23 00:00", True, True, "Le délai pour réserver est passé depuis le vendredi 22 janvier"),
        ("2027-01-24 23:59", True, True, "Le délai pour réserver est passé"),
        ("2027-01-25 00:00", False, False, "Le délai pour réserver est passé"),
    ],
)
def test_une_fenetre_de_vacances_ouvre_ferme_et_prend_les_retards_48_heures(
    regler, case_de, heure_locale, instant, possible, tardive, debut
):
    for regle in REGLEMENTS["R42"]:
        regler(**regle)
    verdict = case_de("centre", "2027-02-08", heure_locale(instant)).reserver
    assert (verdict.possible, verdict.tardive) == (possible, tardive)
    assert verdict.phrase.replace("\xa0", " ").startswith(debut)


@pytest.mark.parametrize(
    ("retard", "heures", "apres", "accepte"),
    [
        (Retard.REFUSE, None, timedelta(seconds=1), False),
        (Retard.REFUSE, 48, timedelta(seconds=1), False),
        (Retard.MAJORE, None, timedelta(days=20), True),
        (Retard.AGENT, None, timedelta(days=20), True),
        (Retard.MAJORE, 48, timedelta(hours=48), True),
        (Retard.MAJORE, 48, timedelta(hours=48, seconds=1), False),
        (Retard.AGENT, 0, timedelta(seconds=1), False),
    ],
)
def test_un_retard_est_pris_ou_non(retard, heures, apres, accepte):
    # 48 hours are hours: the night of the 28 March 2027 has one less on the wall.
    limite = datetime(2027, 3, 27, 12, 0, tzinfo=PARIS)
    instant = (limite.astimezone(UTC) + apres).astimezone(PARIS)
    assert Echeance("RESERVER", limite, retard, heures).accepte_le_retard(instant) is accepte


def test_la_nuit_du_changement_d_heure_se_compte_en_temps_vrai():
    """2:15 comes twice on 25 October 2026: the second is after a limit at 2:30, whatever the wall says."""
    trouvee = Echeance("RESERVER", datetime(2026, 10, 25, 2, 30, tzinfo=PARIS))
    assert not trouvee.est_passee(datetime(2026, 10, 25, 2, 15, tzinfo=PARIS))
    assert trouvee.est_passee(datetime(2026, 10, 25, 2, 15, tzinfo=PARIS, fold=1))


# --- The town's zone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("Europe/Paris", "2026-11-26T11:00:00"),
        ("Indian/Reunion", "2026-11-26T08:00:00"),
        ("America/Martinique", "2026-11-26T16:00:00"),
        ("Pacific/Tahiti", "2026-11-26T22:00:00"),
    ],
)
def test_midi_est_celui_de_la_ville_meme_pour_un_instant_en_utc(regler, services, zone, utc):
    """An instant out of the database is in UTC: the deadline is still read in the town."""
    regler(**semaine("RESERVER", 4, "12:00"))
    midi = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    with timezone.override(zone):
        reglement = reglement_a(midi)
    trouvee = reglement.echeance("RESERVER", offre_de(services["cantine"]), date(2026, 12, 3))
    assert trouvee.limite == midi
    assert "jeudi 26 novembre 2026 à 12\xa0h\xa000" in trouvee.phrase(reglement.instant)
    assert not trouvee.est_passee(midi)
    assert trouvee.est_passee(midi + SECONDE)


@pytest.mark.parametrize(
    ("zone", "instant", "passe"),
    [
        ("Pacific/Tahiti", "2026-12-04T09:59:59", False),
        ("Pacific/Tahiti", "2026-12-04T10:00:00", True),
        ("Indian/Reunion", "2026-12-03T19:59:59", False),
        ("Indian/Reunion", "2026-12-03T20:00:00", True),
    ],
)
def test_aujourd_hui_finit_a_minuit_dans_la_ville(services, case_de, zone, instant, passe):
    with timezone.override(zone):
        case = case_de("cantine", "2026-12-03", datetime.fromisoformat(instant).replace(tzinfo=UTC))
    assert case.reserver.possible is not passe
