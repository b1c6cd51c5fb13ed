"""Prices that depend on more than a day: the rank, the month, the year, the quotient in force."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturation.enums import Assiette, Cas, EffetQuotient, ModeMajoration, ModeTarif
from facturation.tarifs import (
    Ecart,
    Faits,
    Grille,
    Prix,
    QuotientConnu,
    ReglesFrais,
    Remise,
    Tranche,
    debut_annee,
    depassement,
    forfait,
    frais_dus,
    pardons,
    partager,
    plus_mois,
    prix,
    prix_maximal,
    quotient_du_jour,
    rangs_hors_contrat,
)

STRASBOURG = Grille(
    ModeTarif.TRANCHES,
    tranches=(Tranche(D(500), D("2.00")), Tranche(None, D("4.00"))),
    coefficient_hors_contrat=D(2),
    hors_contrat_des=7,
)
FRATRIE = Grille(
    ModeTarif.FIXE,
    montant=D("3.33"),
    remises=(Remise(2, D(10)), Remise(3, D("0.50"), ModeMajoration.EUROS), Remise(5, D(1), "PRIX")),
)
VILLAGE = Grille(ModeTarif.FIXE, montant=D(4), forfait_mensuel=D("19.80"), forfait_au_dela=5)
OCCASIONNEL_AVANT = Grille(ModeTarif.FIXE, montant=D(3), prix_occasionnel=D(4))
OCCASIONNEL_APRES = Grille(ModeTarif.FIXE, montant=D(3), prix_occasionnel=D(4), occasionnel_jusqu_a=5)
TARDIF_PRIX = Grille(ModeTarif.FIXE, montant=D(4), majoration=D(6), majoration_en=ModeMajoration.PRIX)


@pytest.mark.parametrize(
    "grille, faits, total, phrase",
    [
        (STRASBOURG, Faits(D(300), cas=Cas.HORS_CONTRAT, rang_hors_contrat=6), "2.00", "6e de l’année"),
        (STRASBOURG, Faits(D(300), cas=Cas.HORS_CONTRAT, rang_hors_contrat=7), "4.00", "× 2"),
        (STRASBOURG, Faits(D(900), cas=Cas.HORS_CONTRAT, rang_hors_contrat=8), "8.00", "8e de l’année"),
        (FRATRIE, Faits(rang=1), "3.33", "Prix unique."),
        (FRATRIE, Faits(rang=2), "3.00", "2e enfant : − 10 % de 3,33"),
        (FRATRIE, Faits(rang=4), "2.83", "4e enfant : − 0,50"),
        (FRATRIE, Faits(rang=5), "1.00", "Prix du 5e enfant."),
        (OCCASIONNEL_AVANT, Faits(occasionnelle=True), "4.00", "Réservation occasionnelle."),
        (OCCASIONNEL_AVANT, Faits(), "3.00", "Prix unique."),
        (OCCASIONNEL_APRES, Faits(presences=5), "4.00", "5 jours dans le mois (jusqu’à 5)"),
        (OCCASIONNEL_APRES, Faits(presences=6, occasionnelle=True), "3.00", "Prix unique."),
        (TARDIF_PRIX, Faits(tardive=True), "6.00", "Prix unique."),
        (TARDIF_PRIX, Faits(tardive=True, pardon="1re erreur"), "4.00", "sans majoration : 1re erreur"),
        (STRASBOURG, Faits(D(300), quotient_prolonge=True), "2.00", "Dernier quotient connu"),
        (
            Grille(ModeTarif.FIXE, montant=D(4), prix_absence=D("2.99")),
            Faits(cas=Cas.ABSENCE, pardon="2e erreur de l’année, 3 pardonnées"),
            "0.00",
            "pardonnée : 2e erreur",
        ),
        (
            Grille(ModeTarif.FIXE, montant=D(4), prix_hors_contrat=D(10)),
            Faits(cas=Cas.HORS_CONTRAT, pardon="1re erreur de l’année, 3 pardonnées"),
            "4.00",
            "au prix ordinaire (1re erreur",
        ),
    ],
)
def test_le_prix_suit_le_rang_le_mois_et_l_annee(grille, faits, total, phrase):
    calcule = prix(grille, faits)
    assert calcule.total == D(total)
    assert phrase in calcule.explication.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "grille, maximal",
    [(STRASBOURG, "8.00"), (FRATRIE, "3.33"), (OCCASIONNEL_AVANT, "4.00"), (TARDIF_PRIX, "6.00")],
)
def test_le_plus_haut_prix_compte_ces_cas_aussi(grille, maximal):
    assert prix_maximal(grille) == D(maximal)
    dearest = Grille(**{**vars(grille), "cout_reel": D(maximal) - D("0.01")})
    assert depassement(dearest) == D("0.01")


# --- The month -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("presences, total", [(1, "4.00"), (5, "20.00"), (6, "19.80"), (20, "19.80")])
def test_au_dela_de_cinq_presences_le_forfait_s_applique(presences, total):
    """R39."""
    jours = [prix(VILLAGE, Faits())] * presences
    du_mois = forfait(VILLAGE, jours, presences)
    du = sum(du_mois.parts) if du_mois else sum(j.total for j in jours)
    assert du == D(total)
    assert (du_mois is not None) == (presences > 5)


@pytest.mark.parametrize("jours, total", [(6, None), (7, "20.00")])
def test_un_plafond_mensuel_devient_un_forfait(jours, total):
    plafonne = Grille(ModeTarif.FIXE, montant=D("3.20"), forfait_mensuel=D(20))
    du_mois = forfait(plafonne, [Prix(D("3.20"), "Prix unique.")] * jours, jours)
    assert (du_mois and du_mois.montant) == (D(total) if total else None)
    assert du_mois is None or "Plafond mensuel" in du_mois.explication


@given(st.decimals(0, 500, places=2), st.integers(1, 31))
def test_les_parts_d_un_forfait_font_le_forfait(montant, nombre):
    parts = partager(montant, nombre)
    assert sum(parts) == montant
    assert max(parts) - min(parts) <= D("0.01")


# --- The year ------------------------------------------------------------------------------------------


def ecart(jour: int, enfant=1, prestation=1, famille=1, hors_contrat=False, mois=11) -> Ecart:
    return Ecart(date(2026, mois, jour), enfant, prestation, famille, hors_contrat)


def test_les_premieres_erreurs_de_la_famille_sont_pardonnees_et_comptees():
    ecarts = [ecart(9, enfant=2), ecart(2), ecart(5), ecart(3, famille=2), ecart(31, mois=8)]
    pardonnes = pardons(ecarts, 2)
    assert {cle[2].day: phrase for cle, phrase in pardonnes.items() if cle[2].month == 11} == {
        2: "1re erreur de l’année, 2 pardonnées",
        5: "2e erreur de l’année, 2 pardonnées",
        3: "1re erreur de l’année, 2 pardonnées",
    }
    assert (1, 1, date(2026, 8, 31)) in pardonnes  # the school year before
    assert pardons(ecarts, 0) == {}


def test_les_presences_sans_reservation_se_comptent_par_enfant_et_prestation():
    ecarts = [ecart(j, hors_contrat=True) for j in range(2, 10)]
    ecarts += [ecart(2, enfant=2, hors_contrat=True), ecart(10)]
    rangs = rangs_hors_contrat(reversed(ecarts))
    assert rangs[1, 1, date(2026, 11, 8)] == 7
    assert rangs[2, 1, date(2026, 11, 2)] == 1
    assert (1, 1, date(2026, 11, 10)) not in rangs


PAR_FAMILLE = ReglesFrais(Assiette.FAMILLE, date(2026, 9, 1))
TARDIFS = ReglesFrais(Assiette.FAMILLE, date(2026, 9, 1), date(2027, 8, 31), date(2026, 7, 15))
JOURS = {1: date(2026, 9, 3), 2: date(2026, 9, 2)}


@pytest.mark.parametrize(
    "regles, inscriptions, dus",
    [
        (PAR_FAMILLE, {}, {None: date(2026, 9, 2)}),
        (ReglesFrais(Assiette.ENFANT, date(2026, 9, 1)), {}, JOURS),
        (ReglesFrais(Assiette.ENFANT, date(2026, 9, 3)), {}, {1: date(2026, 9, 3)}),
        (ReglesFrais(Assiette.FAMILLE, date(2025, 9, 1), date(2026, 8, 31)), {}, {}),
        (TARDIFS, {1: date(2026, 7, 16), 2: date(2026, 8, 1)}, {None: date(2026, 9, 2)}),
        (TARDIFS, {1: date(2026, 7, 15), 2: date(2026, 8, 1)}, {}),
        (TARDIFS, {}, {}),
    ],
)
def test_les_frais_de_l_annee_sont_dus_une_fois(regles, inscriptions, dus):
    """R10: 10 € per family and year; R28: 25 € for a late registration."""
    assert frais_dus(regles, JOURS, inscriptions) == dus


@pytest.mark.parametrize(
    "jour, debut",
    [
        (date(2026, 8, 31), date(2025, 9, 1)),
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2027, 1, 1), date(2026, 9, 1)),
    ],
)
def test_l_annee_scolaire_commence_en_septembre(jour, debut):
    assert debut_annee(jour) == debut


@pytest.mark.parametrize(
    "jour, nombre, attendu",
    [
        (date(2026, 9, 30), 1, date(2026, 10, 31)),
        (date(2026, 9, 30), 3, date(2026, 12, 31)),
        (date(2026, 2, 28), 1, date(2026, 3, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2028, 2, 28), 1, date(2028, 3, 28)),  # not the last day of that month
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 9, 29), 1, date(2026, 10, 29)),
        (date(2027, 1, 30), 1, date(2027, 2, 28)),
        (date(2026, 11, 1), -12, date(2025, 11, 1)),
        (date(2026, 9, 30), 0, date(2026, 9, 30)),
    ],
)
def test_le_dernier_jour_d_un_mois_reste_le_dernier_jour(jour, nombre, attendu):
    assert plus_mois(jour, nombre) == attendu


# --- The quotient --------------------------------------------------------------------------------------

ANCIEN = QuotientConnu(D(500), date(2026, 1, 1), date(2026, 1, 5))
NOUVEAU = QuotientConnu(D(900), date(2026, 10, 1), date(2026, 11, 20))
EXPIRE = QuotientConnu(D(700), date(2026, 1, 1), date(2026, 1, 1), date(2026, 8, 31))
EN_SEPTEMBRE = QuotientConnu(D(700), date(2026, 1, 1), date(2026, 1, 1), date(2026, 9, 30))
SUIVANT = EffetQuotient.MOIS_SUIVANT


@pytest.mark.parametrize(
    "connus, jour, effet, gardes, valeur, expire",
    [
        ([], date(2026, 11, 2), SUIVANT, 0, None, False),
        ([ANCIEN], date(2025, 12, 31), SUIVANT, 0, None, False),
        ([ANCIEN], date(2026, 1, 1), SUIVANT, 0, 500, False),  # a first one counts from its date
        ([NOUVEAU, ANCIEN], date(2026, 11, 30), SUIVANT, 0, 500, False),  # never backwards
        ([NOUVEAU, ANCIEN], date(2026, 12, 1), SUIVANT, 0, 900, False),
        ([NOUVEAU, ANCIEN], date(2026, 11, 2), EffetQuotient.SA_DATE, 0, 900, False),
        ([EXPIRE], date(2026, 8, 31), SUIVANT, 0, 700, False),
        ([EXPIRE], date(2026, 9, 1), SUIVANT, 0, None, True),
        ([EXPIRE], date(2026, 11, 30), SUIVANT, 3, 700, True),
        ([EXPIRE], date(2026, 12, 1), SUIVANT, 3, None, True),
        ([EN_SEPTEMBRE], date(2026, 10, 31), SUIVANT, 1, 700, True),
        ([EN_SEPTEMBRE], date(2026, 11, 1), SUIVANT, 1, None, True),
        ([EN_SEPTEMBRE], date(2026, 12, 31), SUIVANT, 3, 700, True),
        ([EXPIRE, NOUVEAU], date(2026, 11, 2), SUIVANT, 0, 700, False),  # the next one is known
        ([EXPIRE, NOUVEAU], date(2026, 9, 2), SUIVANT, 0, None, True),
    ],
)
def test_un_quotient_ne_revient_pas_en_arriere_et_peut_etre_garde(
    connus, jour, effet, gardes, valeur, expire
):
    """R34."""
    trouve = quotient_du_jour(connus, jour, effet, gardes)
    assert (trouve.valeur, trouve.expire) == (None if valeur is None else D(valeur), expire)
    assert trouve.prolonge == (trouve.expire and trouve.valeur is not None)
