"""Until when: each house rule, typed in its form, judged to the second on both sides of its limit."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from planning.calendrier import Calendrier, Offre
from planning.delais import Echeance, Regle, echeance, prochaine_echeance
from planning.enums import Operation, Retard
from planning.examen import reglement_a
from planning.models import RegleDelai
from planning.reglement_interieur import offre_de, reglement_interieur
from tests.fabriques.planning import EcheanceDateeFactory, FermetureFactory, RegleDelaiFactory
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


# --- The next deadline -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("calendrier_officiel")
@pytest.mark.parametrize(
    ("instant", "limite", "premier", "dernier"),
    [
        ("2026-11-24 10:00", "2026-11-26 12:00", "2026-11-30", "2026-12-04"),
        ("2026-11-26 12:00", "2026-11-26 12:00", "2026-11-30", "2026-12-04"),
        ("2026-11-26 12:00:01", "2026-12-03 12:00", "2026-12-07", "2026-12-11"),
        ("2026-12-10 12:00:01", "2026-12-31 12:00", "2027-01-04", "2027-01-08"),
        # Easter Monday and the bridge of the Ascension are no days of service.
        ("2027-03-24 10:00", "2027-03-25 12:00", "2027-03-30", "2027-04-02"),
        ("2027-04-28 10:00", "2027-04-29 12:00", "2027-05-03", "2027-05-04"),
    ],
)
def test_la_prochaine_echeance_et_les_jours_qu_elle_ferme(
    regler, services, heure_locale, instant, limite, premier, dernier
):
    regler(**semaine("RESERVER", 4, "12:00"))
    interieur = reglement_interieur()
    prochaine = prochaine_echeance(
        interieur.regles, [offre_de(services["cantine"])], interieur.calendrier, heure_locale(instant)
    )
    assert prochaine.limite == heure_locale(limite)
    assert (prochaine.jours[0], prochaine.jours[-1]) == (
        date.fromisoformat(premier),
        date.fromisoformat(dernier),
    )


def test_la_prochaine_echeance_est_la_plus_proche_de_toutes_les_prestations():
    matin = Offre(prestation_id=2, structure_id=1, jours_ouverts="12345")
    regles = [
        Regle("RESERVER", "SEMAINE", nombre=1, jour_limite=4),
        Regle("RESERVER", "JOURS", nombre=1, prestation_id=2),
        Regle("ABSENCE", "JOURS", nombre=0),
    ]
    instant = datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
    prochaine = prochaine_echeance(regles, [REPAS, matin], Calendrier(), instant)
    assert prochaine.jours == (date(2026, 11, 25),)


@pytest.mark.parametrize(
    ("regles", "horizon"),
    [
        ([], 60),
        ([Regle("RESERVER", "AUCUN")], 60),
        ([Regle("RESERVER", "JOURS", nombre=100)], 60),
        ([Regle("RESERVER", "JOURS", nombre=0)], 0),
    ],
)
def test_sans_limite_a_venir_il_n_y_a_rien_a_annoncer(regles, horizon):
    instant = datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
    assert prochaine_echeance(regles, [REPAS], Calendrier(), instant, horizon) is None


@pytest.mark.usefixtures("calendrier_officiel")
def test_une_fenetre_qui_n_est_pas_ouverte_ne_s_annonce_pas(regler, services, heure_locale):
    regler(**REGLEMENTS["R42"][0])
    interieur, centre = reglement_interieur(), [offre_de(services["centre"])]
    avant, apres = heure_locale("2026-12-31 10:00"), heure_locale("2027-01-02 00:00")
    assert prochaine_echeance(interieur.regles, centre, interieur.calendrier, avant) is None
    ouverte = prochaine_echeance(interieur.regles, centre, interieur.calendrier, apres)
    assert ouverte.limite.date() == date(2027, 1, 22)


def test_la_prochaine_echeance_demande_un_instant_avec_son_fuseau():
    with pytest.raises(ValueError, match="fuseau"):
        prochaine_echeance([], [REPAS], Calendrier(), datetime(2026, 11, 24, 10, 0))


# --- The rows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "champs",
    [
        {"jours": "18"},
        {"jours": "11"},
        {"nombre": 367},
        {"nombre": -1},
        {"quantieme": 0},
        {"quantieme": 32},
        {"jour_limite": 8},
        {"heure": "25:00"},
        {"mode": "JAMAIS"},
        {"operation": ""},
        {"retard_heures": -1},
    ],
)
def test_une_regle_insensee_est_refusee_par_son_formulaire(db, champs):
    with pytest.raises(ValidationError):
        RegleDelaiFactory.build(**champs).full_clean()


@pytest.mark.parametrize("prestation", [False, True])
def test_deux_regles_pour_les_memes_jours_sont_refusees(services, prestation):
    cible = services["cantine"] if prestation else None
    RegleDelaiFactory(prestation=cible, jours="12")
    with pytest.raises(ValidationError, match="Une règle existe déjà"):
        RegleDelaiFactory.build(prestation=cible, jours="12").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegleDelaiFactory(prestation=cible, jours="12")
    RegleDelaiFactory(prestation=cible, jours="45")
    assert RegleDelai.objects.count() == 2


def test_des_dates_a_rebours_sont_refusees(db):
    regle = RegleDelaiFactory(mode="DATES")
    with pytest.raises(ValidationError, match="La fin ne peut précéder"):
        EcheanceDateeFactory.build(regle=regle, au=date(2027, 1, 1)).full_clean()
    with pytest.raises(ValidationError, match="ne peut ouvrir après sa limite"):
        EcheanceDateeFactory.build(regle=regle, ouverture=date(2027, 1, 23)).full_clean()


def test_changer_une_regle_ou_une_date_se_voit_aussitot(regler, echeance_de, services, heure_locale):
    instant = heure_locale("2026-11-01 08:00")
    assert echeance_de("RESERVER", "cantine", "2027-02-08", instant).limite is None
    regle = regler(**REGLEMENTS["R42"][0] | {"prestation": "cantine"})
    assert echeance_de("RESERVER", "cantine", "2027-02-08", instant).limite.day == 22
    dates = regle.dates.get()
    dates.limite = date(2027, 1, 25)
    dates.save()
    assert echeance_de("RESERVER", "cantine", "2027-02-08", instant).limite.day == 25
    regle.delete()
    assert echeance_de("RESERVER", "cantine", "2027-02-08", instant).limite is None


def test_le_reglement_se_lit_en_quatre_requetes_puis_aucune(regler, collectivite, django_assert_num_queries):
    for rang in range(1, 8):
        EcheanceDateeFactory(regle__jours=str(rang))
    with django_assert_num_queries(4):
        assert len(reglement_interieur(collectivite.version).regles) == 7
    with django_assert_num_queries(0):
        reglement_interieur(collectivite.version)
