from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturation.repartition import repartir


@pytest.mark.parametrize(
    "montant, restes, parts",
    [
        ("243.20", [("AL-12", "243.20"), ("AL-36", "120.60")], [("AL-12", "243.20")]),
        ("300.00", [("AL-12", "243.20"), ("AL-36", "120.60")], [("AL-12", "243.20"), ("AL-36", "56.80")]),
        ("50.00", [("AL-12", "20.00")], [("AL-12", "20.00")]),
        ("50.00", [], []),
        ("50.00", [("AL-12", "0.00"), ("AL-36", "10.00")], [("AL-36", "10.00")]),
    ],
)
def test_un_reglement_paie_les_factures_dans_l_ordre(montant, restes, parts):
    obtenues = repartir(D(montant), [(numero, D(reste)) for numero, reste in restes])
    assert obtenues == [(numero, D(part)) for numero, part in parts]


centimes = st.decimals(0, 1000, places=2)


@given(centimes, st.lists(centimes))
def test_rien_ne_se_perd_ni_ne_se_cree(montant, restes):
    parts = dict(repartir(montant, list(enumerate(restes))))
    assert sum(parts.values()) == min(montant, sum(restes))
    assert all(0 < part <= restes[rang] for rang, part in parts.items())
    # In order: an invoice is paid in part only by the last euro.
    partielles = [rang for rang, part in parts.items() if part < restes[rang]]
    assert partielles in ([], [max(parts)] if parts else [])
