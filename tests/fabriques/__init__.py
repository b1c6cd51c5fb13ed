"""Factories of the tests, one module per app: `from tests.fabriques.familles import FamilleFactory`.

Names are French and the same at each run: the random state is set again before each test (tests/conftest.py).
"""

import factory
import factory.random

GRAINE = "portail-31"


def faker(fournisseur: str, **options) -> factory.Faker:
    """A French Faker."""
    return factory.Faker(fournisseur, locale="fr_FR", **options)


def reamorcer() -> None:
    factory.random.reseed_random(GRAINE)
