"""The deadline that the home page and the planning announce, and the days that close with it."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from planning.calendrier import Calendrier, Offre
from planning.delais import Regle
from planning.examen import reglement_a
from planning.navigation import prochaine_ouverte
from planning.prochaine import ProchaineEcheance, prochaine_echeance
from planning.reglement import Reglement
from planning.reglement_interieur import offre_de
from tests.planning.reglements import REGLEMENTS, semaine

PARIS = ZoneInfo("Europe/Paris")
REPAS = Offre(prestation_id=1, structure_id=1, jours_ouverts="1245")


def annoncer(reglement: Reglement, offres: list[Offre], **options) -> ProchaineEcheance | None:
    return prochaine_echeance(
        lambda offre, jour: reglement.limite_pour_reserver(offre, jour, True),
        offres,
        reglement.calendrier,
        reglement.instant,
        **options,
    )


def reglement_de(regles: list[Regle], instant: datetime) -> Reglement:
    return Reglement(Calendrier(), tuple(regles), instant)


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
    prochaine = annoncer(reglement_a(heure_locale(instant)), [offre_de(services["cantine"])])
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
    prochaine = annoncer(reglement_de(regles, instant), [REPAS, matin])
    assert prochaine.jours == (date(2026, 11, 25),)


def test_une_limite_qui_ne_vaut_pas_pour_tout_dit_pour_quoi():
    matin = Offre(prestation_id=2, structure_id=1, jours_ouverts="12345")
    regles = [
        Regle("RESERVER", "SEMAINE", nombre=1, jour_limite=4),
        Regle("RESERVER", "JOURS", nombre=1, prestation_id=2),
    ]
    instant = datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
    noms = {1: "Repas", 2: "Garderie Matin"}
    seule = annoncer(reglement_de(regles, instant), [REPAS, matin])
    assert seule.noms(noms) == ["Garderie Matin"]
    ensemble = annoncer(reglement_de(regles[:1], instant), [REPAS, matin])
    assert ensemble.noms(noms) == []


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
    assert annoncer(reglement_de(regles, instant), [REPAS], horizon_jours=horizon) is None


@pytest.mark.usefixtures("calendrier_officiel")
def test_une_fenetre_qui_n_est_pas_ouverte_ne_s_annonce_pas(regler, services, heure_locale):
    regler(**REGLEMENTS["R42"][0])
    centre = [offre_de(services["centre"])]
    avant, apres = heure_locale("2026-12-31 10:00"), heure_locale("2027-01-02 00:00")
    assert annoncer(reglement_a(avant), centre) is None
    ouverte = annoncer(reglement_a(apres), centre)
    assert ouverte.limite.date() == date(2027, 1, 22)


def test_la_prochaine_echeance_demande_un_instant_avec_son_fuseau():
    with pytest.raises(ValueError, match="fuseau"):
        annoncer(reglement_de([], datetime(2026, 11, 24, 10, 0)), [REPAS])


@pytest.mark.parametrize("jour", [date(2026, 11, 26), date(2026, 10, 25), date(2026, 12, 31)])
def test_une_echeance_retenue_est_celle_qu_on_trouverait_a_neuf(jour):
    """From minute to minute, back in time too, over a limit, midnight and the night of winter time."""
    regles = [
        Regle("RESERVER", "SEMAINE", nombre=1, jour_limite=4),
        Regle("RESERVER", "JOURS", nombre=1, prestation_id=2),
        Regle("RESERVER", "JOURS", nombre=0, prestation_id=3, heure=datetime(2026, 1, 1, 2, 20).time()),
    ]
    tous = [Offre(prestation_id=pk, structure_id=1, jours_ouverts="1234567") for pk in (1, 2, 3)]
    reglement = reglement_de(regles, datetime(2026, 11, 24, 10, 0, tzinfo=PARIS))
    depart = datetime(jour.year, jour.month, jour.day, tzinfo=PARIS).timestamp()
    minutes = [*range(-30, 1500, 15), 719, 720, 721, 200, 10, 1439]
    for foyer in ({tous[0]: [(date(2026, 9, 1), date(2027, 7, 6))]}, {o: [(jour, jour)] for o in tous}):
        for instant in (datetime.fromtimestamp(depart + 60 * m, PARIS) for m in minutes):
            memoire = replace(reglement, instant=instant)
            a_neuf = replace(memoire, connues={})
            assert prochaine_ouverte(memoire, foyer, False) == prochaine_ouverte(a_neuf, foyer, False)
    gardees = [cle for cle in reglement.connues if cle[0] == "prochaine"]
    assert 0 < len(gardees) < 12


def test_deux_foyers_inscrits_autrement_n_ont_pas_la_meme_echeance():
    reglement = reglement_de(
        [Regle("RESERVER", "JOURS", nombre=1)], datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
    )
    demain, lundi = date(2026, 11, 26), date(2026, 11, 30)
    for _ in range(2):
        assert prochaine_ouverte(reglement, {REPAS: [(demain, demain)]}, False).jours == (demain,)
        assert prochaine_ouverte(reglement, {REPAS: [(lundi, lundi)]}, False).jours == (lundi,)
        assert prochaine_ouverte(reglement, {}, False) is None
