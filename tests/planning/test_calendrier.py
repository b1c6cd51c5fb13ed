"""Which days a service opens, and the letter of the manual when it does not."""

from datetime import date

import pytest

from planning.calendrier import Calendrier, Offre, PeriodeFermee, PeriodeVacances

CANTINE = Offre(prestation_id=1, structure_id=10, jours_ouverts="1245")
CENTRE = Offre(prestation_id=2, structure_id=20, jours_ouverts="12345", ouverte_vacances=True)
CALENDRIER = Calendrier(
    feries={date(2026, 12, 25): "Noël", date(2026, 11, 11): "Armistice"},
    vacances=(
        PeriodeVacances("Vacances de Noël", "P", date(2026, 12, 19), date(2027, 1, 3)),
        PeriodeVacances("Vacances d’été", "G", date(2027, 7, 3), date(2027, 9, 1)),
    ),
    fermetures=(
        PeriodeFermee("Grève", date(2026, 12, 3), date(2026, 12, 4), structure_id=10),
        PeriodeFermee("Travaux", date(2026, 12, 7), date(2026, 12, 7), prestation_id=2),
        PeriodeFermee("Pont", date(2026, 12, 24), date(2026, 12, 26)),
    ),
)


@pytest.mark.parametrize(
    ("offre", "jour", "cause", "lettre"),
    [
        (CANTINE, "2026-12-01", None, ""),
        (CANTINE, "2026-12-02", "HORS_SEMAINE", ""),
        (CANTINE, "2026-12-05", "HORS_SEMAINE", ""),
        (CANTINE, "2026-11-11", "FERIE", "F"),
        (CENTRE, "2026-11-11", "FERIE", "F"),
        (CANTINE, "2026-12-03", "FERMETURE", ""),
        (CENTRE, "2026-12-03", None, ""),
        (CENTRE, "2026-12-07", "FERMETURE", ""),
        (CANTINE, "2026-12-07", None, ""),
        (CANTINE, "2026-12-18", None, ""),
        (CANTINE, "2026-12-19", "HORS_SEMAINE", ""),  # a Saturday: no letter where nobody looks for service
        (CANTINE, "2026-12-21", "VACANCES", "P"),
        (CANTINE, "2027-01-01", "VACANCES", "P"),
        (CANTINE, "2027-01-04", None, ""),
        (CENTRE, "2026-12-21", None, ""),
        (CENTRE, "2026-12-24", "FERMETURE", ""),
        (CANTINE, "2026-12-25", "FERIE", "F"),  # the most telling of three reasons
        (CANTINE, "2027-07-05", "VACANCES", "G"),
        (CANTINE, "2027-09-01", "VACANCES", "G"),
    ],
)
def test_chaque_jour_est_ouvert_ou_dit_pourquoi_il_ne_l_est_pas(offre, jour, cause, lettre):
    ferme = CALENDRIER.ferme(offre, date.fromisoformat(jour))
    assert CALENDRIER.ouvre(offre, date.fromisoformat(jour)) is (cause is None)
    if cause is None:
        assert ferme is None
    else:
        assert (ferme.cause, ferme.lettre) == (cause, lettre)
        assert ferme.phrase.endswith(".")


@pytest.mark.parametrize(
    ("jour", "phrase"),
    [
        ("2026-11-11", "Jour férié (Armistice) : pas de service."),
        ("2026-12-03", "Fermeture (Grève) : pas de service."),
        ("2026-12-21", "Vacances de Noël : pas de service pendant les vacances."),
        ("2026-12-02", "Ce service n’ouvre pas ce jour de la semaine."),
    ],
)
def test_la_phrase_nomme_la_raison(jour, phrase):
    assert CALENDRIER.ferme(CANTINE, date.fromisoformat(jour)).phrase == phrase


@pytest.mark.parametrize(
    ("offre", "jour", "avant"),
    [
        (CANTINE, "2026-12-01", "2026-11-30"),
        (CANTINE, "2026-12-03", "2026-12-01"),
        (CANTINE, "2026-12-07", "2026-12-01"),  # two days of strike
        (CANTINE, "2027-01-04", "2026-12-18"),
        (CENTRE, "2026-12-28", "2026-12-23"),
        (Offre(3, 10, ""), "2026-12-28", None),
    ],
)
def test_le_dernier_jour_d_ouverture_d_avant(offre, jour, avant):
    trouve = CALENDRIER.ouvre_avant(offre, date.fromisoformat(jour))
    assert trouve == (avant and date.fromisoformat(avant))


@pytest.mark.parametrize(
    ("jour", "ouvre"),
    [("2026-11-10", True), ("2026-11-11", False), ("2026-11-14", False), ("2026-12-21", True)],
)
def test_un_jour_ouvre_est_en_semaine_et_non_ferie(jour, ouvre):
    assert CALENDRIER.ouvre_en_semaine(date.fromisoformat(jour)) is ouvre
