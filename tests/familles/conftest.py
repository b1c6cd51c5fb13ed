"""The town into which the files of families come."""

import pytest

from tests.fabriques import familles as f


@pytest.fixture
def jour(figer, collectivite):
    figer("2026-11-24T10:00")


@pytest.fixture
def ridout(collectivite):
    return f.EcoleFactory(nom="Groupe scolaire Térence Ridout")
