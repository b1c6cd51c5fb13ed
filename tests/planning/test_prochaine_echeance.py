"""The deadline that the home page and the planning announce, and the days that close with it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from planning.calendrier import Calendrier, Offre
from planning.delais import ProchaineEcheance, Regle, prochaine_echeance
from planning.examen import reglement_a
from planning.reglement import Reglement
from planning.reglement_interieur import offre_de
from tests.planning.reglements import REGLEMENTS, semaine

PARIS = ZoneInfo("Europe/Paris")
REPAS = Offre(prestation_id=1, structure_id=1, jours_ouverts="1245")


def annoncer(reglement: Reglement, offres: list[Offre], **options) -> ProchaineEcheance | None:
    return prochaine_echeance(
        reglement.limite_pour_reserver, offres, reglement.calendrier, reglement.instant, **options
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
