"""Whatever the rows and the rules: what a screen reader says of a cell is what may be done there."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from planning.calendrier import Calendrier, Offre, PeriodeFermee, PeriodeVacances
from planning.cases import Fait, examiner_case
from planning.delais import Fenetre, Regle
from planning.enums import Comptage, EtatReservation, ModeDelai, Operation, Origine, Retard
from planning.reglement import Reglement

E = EtatReservation
INSTANT = datetime(2026, 11, 24, tzinfo=ZoneInfo("Europe/Paris"))
AUTOUR = st.dates(date(2026, 10, 20), date(2027, 2, 28))
FAITS = st.builds(
    Fait,
    etat=st.none() | st.sampled_from([e for e in E if e != E.ANNULEE]),
    origine=st.sampled_from(Origine.values),
    present=st.sampled_from([None, True, False]),
    autre_foyer=st.booleans(),
    inscrit=st.booleans(),
    chez_nous=st.booleans(),
)
REGLES = st.builds(
    Regle,
    operation=st.sampled_from(Operation.values),
    mode=st.sampled_from(ModeDelai.values),
    nombre=st.integers(0, 30),
    comptage=st.sampled_from(Comptage.values),
    jour_limite=st.integers(1, 7),
    quantieme=st.integers(1, 31),
    heure=st.times(),
    retard=st.sampled_from(Retard.values),
    retard_heures=st.none() | st.integers(0, 72),
    jours=st.sampled_from(["", "1245", "3"]),
    dates=st.lists(st.builds(Fenetre, AUTOUR, AUTOUR, AUTOUR, st.none() | AUTOUR), max_size=2).map(tuple),
)
CALENDRIERS = st.builds(
    Calendrier,
    feries=st.dictionaries(AUTOUR, st.just("Fête"), max_size=3),
    vacances=st.just((PeriodeVacances("Noël", "P", date(2026, 12, 19), date(2027, 1, 3)),)),
    fermetures=st.lists(st.builds(PeriodeFermee, st.just("Grève"), AUTOUR, AUTOUR), max_size=2).map(tuple),
)
OFFRES = st.builds(
    Offre,
    st.just(1),
    st.just(1),
    st.sampled_from(["1245", "12345", "3", ""]),
    st.booleans(),
    st.booleans(),
)
PERMIS = ("Réservable", "Une absence se déclare jusqu’au", "Une absence peut encore", "Annulable")
PERMIS += ("Vous pouvez quitter la liste d’attente",)
MALGRE = ("Encore réservable", "Une demande reste possible")


def promet(phrase: str) -> bool:
    return phrase.startswith(PERMIS) or any(suite in phrase for suite in MALGRE)


@given(FAITS, OFFRES, AUTOUR, st.lists(REGLES, max_size=4), CALENDRIERS, st.integers(0, 86_399))
def test_la_phrase_lue_ne_dement_jamais_ce_qui_est_possible(fait, offre, jour, regles, calendrier, seconde):
    instant = INSTANT + timedelta(seconds=seconde)
    vue = examiner_case(fait, offre, jour, Reglement(calendrier, tuple(regles), instant))
    # A day that closed since says so first, then what can still be done.
    lue = vue.phrase.removeprefix(f"{vue.ferme.phrase} ") if vue.ferme else vue.phrase
    assert promet(lue) is vue.ouverte
    for verdict in (vue.reserver, vue.absence, vue.annuler):
        assert verdict.phrase.endswith(".")
        assert promet(verdict.phrase) is verdict.possible
    assert not (vue.reserver.possible and vue.absence.possible)
    if jour < instant.date() or fait.autre_foyer:
        assert not vue.ouverte
    if vue.reserver.possible:
        assert fait.inscrit and offre.active and vue.ferme is None and not fait.actif
        assert vue.reserver.a_temps is not vue.reserver.hors_delai
    if vue.absence.possible:
        assert fait.etat == E.RESERVEE
    assert vue.dite and not vue.dite.endswith(".")
