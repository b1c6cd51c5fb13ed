"""What is paid, spread over the lines to the cent."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturation.ventilation import bases_nettes, par_annee, ventiler

montants = st.decimals(0, 1000, places=2)


@pytest.mark.parametrize(
    "montant, bases, parts",
    [
        ("10.00", ["30.00", "10.00"], ["7.50", "2.50"]),
        ("0.01", ["10.00", "10.00"], ["0.01", "0.00"]),
        ("100.00", ["0.10", "0.20", "99.70"], ["0.10", "0.20", "99.70"]),
        ("500.00", ["1.00", "2.00"], ["1.00", "2.00"]),
        ("5.00", ["0.00", "10.00"], ["0.00", "5.00"]),
        ("5.00", [], []),
        ("-5.00", ["10.00"], ["0.00"]),
    ],
)
def test_un_paiement_se_ventile_au_prorata(montant, bases, parts):
    assert ventiler(D(montant), list(map(D, bases))) == list(map(D, parts))


@given(montants, st.lists(montants))
def test_la_ventilation_ne_perd_pas_un_centime_et_ne_depasse_aucune_ligne(montant, bases):
    parts = ventiler(montant, bases)
    assert sum(parts, D(0)) == min(montant, sum(bases, D(0)))
    assert all(0 <= part <= base for part, base in zip(parts, bases, strict=True))


def test_un_avoir_se_deduit_d_abord_de_sa_ligne_puis_des_autres():
    lignes = [("garde", D(30)), ("repas", D(10)), ("garde", D(-12)), ("remise", D(-7))]
    assert bases_nettes(lignes) == {"garde": D("13.50"), "repas": D("7.50")}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.decimals(-100, 100, places=2))))
def test_les_bases_nettes_gardent_la_somme(lignes):
    nettes = bases_nettes(lignes)
    assert all(montant >= 0 for montant in nettes.values())
    assert sum(nettes.values(), D(0)) == max(sum((m for _, m in lignes), D(0)), D(0))


@given(
    st.dictionaries(st.sampled_from("abcd"), montants, min_size=1),
    st.dictionaries(st.integers(2020, 2026), montants),
)
def test_annee_apres_annee_rien_n_est_atteste_deux_fois(bases, paye):
    annees = par_annee(bases, paye)
    for annee, parts in annees.items():
        assert sum(parts.values(), D(0)) <= paye[annee]
    for cle, base in bases.items():
        assert 0 <= sum((parts[cle] for parts in annees.values()), D(0)) <= base
    atteste = sum((m for parts in annees.values() for m in parts.values()), D(0))
    assert atteste == min(sum(paye.values(), D(0)), sum(bases.values(), D(0)))
