from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familles.enums import ModeGarde, MoitieVacances
from familles.garde import Garde, desaccords, foyers_du_jour, payeur_du_jour

DEBUT = date(2026, 9, 1)
PERE, MERE = 1, 2
NOEL = [(date(2026, 12, 19), date(2027, 1, 3))]  # 16 days: 8 and 8


def alternance(**commun):
    return [
        Garde(PERE, DEBUT, mode=ModeGarde.SEMAINES_PAIRES, **commun),
        Garde(MERE, DEBUT, mode=ModeGarde.SEMAINES_IMPAIRES, **commun),
    ]


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 11, 23), PERE),  # Monday of ISO week 48
        (date(2026, 11, 29), PERE),  # Sunday of the same week
        (date(2026, 11, 30), MERE),  # week 49
        (date(2026, 12, 31), MERE),  # week 53: odd
        (date(2027, 1, 4), MERE),  # week 1: two odd weeks in a row, as the calendar has it
    ],
)
def test_les_semaines_paires_vont_a_l_un_et_les_impaires_a_l_autre(jour, attendu):
    assert payeur_du_jour(alternance(), jour) == attendu


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 11, 26), MERE),  # Thursday of week 48: still the week of Friday 20 (47)
        (date(2026, 11, 27), PERE),  # Friday: the child changes home
        (date(2026, 12, 3), PERE),
        (date(2026, 12, 4), MERE),
    ],
)
def test_l_enfant_change_de_foyer_le_jour_de_bascule(jour, attendu):
    assert payeur_du_jour(alternance(jour_bascule=5), jour) == attendu


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 12, 19), PERE),
        (date(2026, 12, 26), PERE),
        (date(2026, 12, 27), MERE),
        (date(2027, 1, 3), MERE),
        (date(2027, 1, 4), MERE),  # after the holidays the weeks decide again (week 1)
    ],
)
def test_les_vacances_se_partagent_par_moities_selon_l_annee_de_leur_debut(jour, attendu):
    gardes = [
        Garde(
            PERE,
            DEBUT,
            mode=ModeGarde.SEMAINES_PAIRES,
            moitie_vacances=MoitieVacances.PREMIERE_ANNEES_PAIRES,
        ),
        Garde(
            MERE,
            DEBUT,
            mode=ModeGarde.SEMAINES_IMPAIRES,
            moitie_vacances=MoitieVacances.PREMIERE_ANNEES_IMPAIRES,
        ),
    ]
    assert payeur_du_jour(gardes, jour, NOEL) == attendu


def test_une_exception_passe_avant_la_semaine():
    fete_des_peres = date(2026, 11, 30)
    gardes = alternance()
    gardes[0] = Garde(
        PERE,
        DEBUT,
        mode=ModeGarde.SEMAINES_PAIRES,
        exceptions=((fete_des_peres, fete_des_peres),),
    )
    assert payeur_du_jour(gardes, fete_des_peres) == PERE
    assert payeur_du_jour(gardes, fete_des_peres + timedelta(days=1)) == MERE


def test_un_enfant_d_un_seul_foyer_lui_revient_toujours():
    assert payeur_du_jour([Garde(PERE, DEBUT)], date(2026, 11, 30)) == PERE


def test_avant_et_apres_le_rattachement_personne_ne_paie():
    gardes = [Garde(PERE, DEBUT, au=date(2026, 10, 1))]
    assert payeur_du_jour(gardes, date(2026, 8, 31)) is None
    assert payeur_du_jour(gardes, date(2026, 10, 2)) is None


@given(st.dates(DEBUT, date(2040, 12, 31)), st.integers(1, 7))
def test_chaque_jour_a_un_foyer_et_un_seul_en_alternance(jour, bascule):
    gardes = alternance(jour_bascule=bascule)
    assert payeur_du_jour(gardes, jour) == payeur_du_jour(gardes[::-1], jour) in (PERE, MERE)


# --- Calendars that contradict each other ---------------------------------------------------------------

LUNDI, DIMANCHE = date(2026, 11, 23), date(2026, 12, 6)  # weeks 48 and 49


def test_deux_calendriers_qui_se_completent_n_ont_pas_de_desaccord():
    assert desaccords(alternance(), DEBUT, date(2027, 8, 31)) == ([], [])


def test_deux_foyers_aux_memes_semaines_laissent_les_autres_a_personne():
    gardes = [Garde(foyer, DEBUT, mode=ModeGarde.SEMAINES_PAIRES) for foyer in (PERE, MERE)]
    personne, plusieurs = desaccords(gardes, LUNDI, DIMANCHE)
    assert (plusieurs[0], plusieurs[-1], len(plusieurs)) == (LUNDI, date(2026, 11, 29), 7)
    assert (personne[0], personne[-1], len(personne)) == (date(2026, 11, 30), DIMANCHE, 7)
    assert payeur_du_jour(gardes, LUNDI) == PERE


def test_deux_jours_de_bascule_font_des_jours_a_personne_et_des_jours_aux_deux():
    gardes = [
        Garde(PERE, DEBUT, mode=ModeGarde.SEMAINES_PAIRES, jour_bascule=1),
        Garde(MERE, DEBUT, mode=ModeGarde.SEMAINES_IMPAIRES, jour_bascule=5),
    ]
    personne, plusieurs = desaccords(gardes, LUNDI, DIMANCHE)
    # Monday to Thursday of week 48: still the week of Friday 20, an odd one, for the mother.
    assert plusieurs == [date(2026, 11, jour) for jour in (23, 24, 25, 26)]
    assert personne == [date(2026, 11, 30), *(date(2026, 12, jour) for jour in (1, 2, 3))]


def test_un_seul_foyer_sur_le_portail_n_est_en_desaccord_avec_personne():
    assert desaccords([Garde(PERE, DEBUT, mode=ModeGarde.SEMAINES_PAIRES)], LUNDI, DIMANCHE) == ([], [])


def test_une_exception_tranche_entre_deux_foyers_qui_l_ont_toujours():
    gardes = [Garde(PERE, DEBUT), Garde(MERE, DEBUT, exceptions=((LUNDI, LUNDI),))]
    assert foyers_du_jour(gardes, LUNDI) == [MERE]
    assert desaccords(gardes, LUNDI, DIMANCHE)[1][0] == date(2026, 11, 24)


ALTERNANCE, PAIRES = MoitieVacances.ALTERNANCE, MoitieVacances.PREMIERE_ANNEES_PAIRES
IMPAIRES = MoitieVacances.PREMIERE_ANNEES_IMPAIRES


def en_vacances(du_pere, de_la_mere):
    return [
        Garde(PERE, DEBUT, mode=ModeGarde.SEMAINES_PAIRES, moitie_vacances=du_pere),
        Garde(MERE, DEBUT, mode=ModeGarde.SEMAINES_IMPAIRES, moitie_vacances=de_la_mere),
    ]


@pytest.mark.parametrize("moities", [(PAIRES, IMPAIRES), (PAIRES, ALTERNANCE), (ALTERNANCE, IMPAIRES)])
def test_la_moitie_que_l_un_n_a_pas_est_a_l_autre_qui_n_en_dit_rien(moities):
    gardes = en_vacances(*moities)
    assert [payeur_du_jour(gardes, jour, NOEL) for jour in (NOEL[0][0], NOEL[0][1])] == [PERE, MERE]
    assert desaccords(gardes, *NOEL[0], NOEL) == ([], [])


def test_deux_foyers_a_la_meme_moitie_laissent_l_autre_a_personne():
    personne, plusieurs = desaccords(en_vacances(PAIRES, PAIRES), *NOEL[0], NOEL)
    assert (plusieurs[0], personne[-1]) == NOEL[0]
    assert len(plusieurs) - len(personne) in (0, 1)
    # Out of the holidays the weeks agree.
    veille = NOEL[0][0] - timedelta(days=1)
    assert desaccords(en_vacances(PAIRES, PAIRES), DEBUT, veille, NOEL) == ([], [])
