"""What every setting of the admin must stand, whatever is typed: found by introspection, not listed."""

import pytest
from django.apps import apps

from tests.sources import APPS

MODELES = [m for m in apps.get_models() if m._meta.app_label in APPS]


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m._meta.label)
def test_la_phrase_de_chaque_contrainte_se_laisse_dire(modele):
    """Django formats it: a percent sign that stands alone is an error 500 in place of the sentence."""
    for contrainte in modele._meta.constraints:
        assert contrainte.get_violation_error_message().strip()
