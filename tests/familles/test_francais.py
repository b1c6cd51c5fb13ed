from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familles import francais


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2017, 6, 8), "jeudi 8 juin 2017"),
        (date(2026, 12, 10), "jeudi 10 décembre 2026"),
        (date(2026, 5, 1), "vendredi 1er mai 2026"),
        (date(2028, 2, 29), "mardi 29 février 2028"),
    ],
)
def test_un_jour_se_lit_en_lettres(jour, attendu):
    assert francais.jour_en_lettres(jour) == attendu


def test_un_moment_dit_le_jour_et_l_heure():
    assert francais.moment(datetime(2017, 6, 8, 12, 0)) == "jeudi 8 juin 2017 à 12\u00a0h\u00a000"


def test_l_heure_garde_ses_minutes_sur_deux_chiffres():
    assert francais.heure(time(7, 5)) == "7\u00a0h\u00a005"


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [
        ("120.60", "120,60\u00a0€"),
        ("0", "0,00\u00a0€"),
        ("1204.5", "1\u202f204,50\u00a0€"),
        ("1234567.005", "1\u202f234\u202f567,01\u00a0€"),
        ("-3.2", "\u22123,20\u00a0€"),
    ],
)
def test_une_somme_s_ecrit_a_la_francaise(montant, attendu):
    assert francais.euros(Decimal(montant)) == attendu


@pytest.mark.parametrize(
    ("exact", "arrondi"), [("0.005", "0.01"), ("0.015", "0.02"), ("2.675", "2.68"), ("-0.005", "-0.01")]
)
def test_l_arrondi_monte_a_la_moitie(exact, arrondi):
    assert francais.arrondir(Decimal(exact)) == Decimal(arrondi)


@given(st.decimals(min_value=-(10**7), max_value=10**7, places=4))
def test_l_arrondi_ne_s_ecarte_jamais_de_plus_d_un_demi_centime(montant):
    assert abs(francais.arrondir(montant) - montant) <= Decimal("0.005")


@pytest.mark.parametrize(("n", "attendu"), [(0, "0\u00a0jour"), (1, "1\u00a0jour"), (2, "2\u00a0jours")])
def test_le_pluriel_commence_a_deux(n, attendu):
    assert francais.pluriel(n, "jour", "jours") == attendu


@pytest.mark.parametrize(
    ("mots", "attendu"),
    [([], ""), (["Léa"], "Léa"), (["Cyril", "Léa"], "Cyril et Léa"), (["A", "B", "C"], "A, B et C")],
)
def test_une_liste_s_enumere_avec_et(mots, attendu):
    assert francais.enumerer(mots) == attendu


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Léa", "de Léa"),
        ("Alexandre", "d’Alexandre"),
        ("Élise", "d’Élise"),
        ("Œdipe", "d’Œdipe"),
        ("Hugo", "de Hugo"),
        ("", "de "),
    ],
)
def test_de_s_elide_devant_une_voyelle(nom, attendu):
    assert francais.de(nom) == attendu


@pytest.mark.parametrize(
    ("service", "dit"),
    [
        ("Service enfance", "le service enfance"),
        ("Mairie de Saint-Jean", "la mairie de Saint-Jean"),
        ("Accueil périscolaire", "l’accueil périscolaire"),
        ("Les P’tiots Lanniaux", "Les P’tiots Lanniaux"),
        ("", ""),
    ],
)
def test_un_service_prend_son_article_un_nom_propre_n_en_prend_pas(service, dit):
    assert francais.avec_article(service) == dit


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (1, "1\u00a0octet"),
        (900, "900\u00a0octets"),
        (603_852, "589,7\u00a0Ko"),
        (7_340_032, "7,0\u00a0Mo"),
        (8_388_608, "8,0\u00a0Mo"),
    ],
)
def test_une_taille_s_ecrit_dans_l_unite_des_limites(octets, dit):
    assert francais.taille(octets) == dit


def test_un_libelle_dans_une_phrase_garde_ses_sigles():
    assert francais.minuscule("Informations CAF") == "informations CAF"
