"""The net itself: an undefined variable of ours fails, the libraries' leniency stays."""

import pytest
from django.template import Context, Engine
from django.template.base import Origin, Template

from tests import gabarits_stricts

NOTRE = gabarits_stricts.DOSSIER + "/essai.html"
AUTRE = "/ailleurs/admin/base.html"


def rendre(source: str, nom: str, **contexte) -> str:
    moteur = Engine(string_if_invalid=gabarits_stricts.IndefinieInterdite())
    return Template(source, origin=Origin(nom), engine=moteur).render(Context(contexte))


@pytest.mark.parametrize(
    "source",
    [
        "{{ absente }}",
        "{{ present.absent }}",
        "{{ absente|upper }}",
        "{% with x=absente %}{% endwith %}",
        "{% for x in present %}{{ x.rien }}{% endfor %}",
        "{% if True %}{% if absente == 1 %}{% else %}{{ absente }}{% endif %}{% endif %}",
    ],
)
def test_une_variable_indefinie_de_nos_gabarits_est_nommee(source):
    with pytest.raises(AssertionError, match=r"essai\.html : la variable « \w+"):
        rendre(source, NOTRE, present=[1])


@pytest.mark.parametrize(
    "source, attendu",
    [
        ("{{ absente|default:'rien' }}", "rien"),
        ("{% if absente %}x{% else %}y{% endif %}", "y"),
        ("{{ vide }}{{ nul }}", "None"),
        ("{{ present.0 }}", "1"),
    ],
)
def test_ce_qui_est_facultatif_se_dit_dans_le_gabarit(source, attendu):
    assert rendre(source, NOTRE, vide="", nul=None, present=[1]) == attendu


@pytest.mark.parametrize("source, attendu", [("{{ absente }}", ""), ("{{ absente|default:'z' }}", "z")])
def test_les_gabarits_des_bibliotheques_gardent_leur_indulgence(source, attendu):
    assert rendre(source, AUTRE) == attendu
