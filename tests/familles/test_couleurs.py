"""A town's colours: readable wherever they are used, whatever was chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familles import couleurs as c

COULEURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    "une, autre, attendu",
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48)],
)
def test_le_contraste_est_celui_du_w3c(une, autre, attendu):
    assert c.contraste(une, autre) == pytest.approx(attendu, abs=0.005)
    assert c.contraste(autre, une) == c.contraste(une, autre)


@given(COULEURS, st.one_of(st.just(""), COULEURS))
def test_chaque_teinte_se_lit_ou_elle_sert(couleur, bandeau):
    palette = c.palette(couleur, bandeau)
    claire, sombre = palette.claire, palette.sombre
    for teintes, fonds in ((claire, c.FONDS_CLAIRS), (sombre, c.FONDS_SOMBRES)):
        for fond in (*fonds, teintes.clair, teintes.sur_ville):
            assert c.contraste(teintes.ville, fond) >= 4.5
            assert c.contraste(teintes.survol, fond) >= 4.5
        assert c.contraste("#ffffff", teintes.bandeau) >= 4.5
        assert c.contraste("#ffd9a8", teintes.bandeau) >= 3  # the focus, in the header
    assert c.contraste("#17242b", claire.clair) >= 4.5  # plain text on what is chosen
    assert c.contraste("#e8efed", sombre.clair) >= 4.5


def test_une_couleur_lisible_est_gardee_telle_quelle():
    assert c.palette("#8a1c5b").claire.ville == "#8a1c5b"
    assert c.avertissements("#8a1c5b", "#333333") == []


def test_une_couleur_trop_claire_est_foncee_et_la_phrase_dit_le_contraste():
    (phrase,) = c.avertissements("#ffcc00")
    assert phrase.startswith("La couleur principale #ffcc00 ne se lit pas assez : son contraste est de 1,3:1")
    assert "il en faut 4,5:1" in phrase and c.palette("#ffcc00").claire.ville in phrase
    assert "bandeau" in c.avertissements("", "#ff9900")[0]


@pytest.mark.parametrize("saisie", ["#0F5C63", "0f5c63", " #0f5c63 "])
def test_une_couleur_se_lit_comme_on_l_ecrit(saisie):
    assert c.normaliser(saisie) == "#0f5c63"
    assert c.normaliser("#abc") == "#aabbcc"


@pytest.mark.parametrize("saisie", ["", "rouge", "#12345", "#12345g", "red;}*{color:red", "#0f5c63\n}"])
def test_ce_qui_n_est_pas_une_couleur_est_refuse(saisie):
    with pytest.raises(ValueError):
        c.normaliser(saisie)
