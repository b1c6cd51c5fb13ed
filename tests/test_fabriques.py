"""The factories and the fixed cast hold together: every row passes its own checks."""

import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest
from factory.django import DjangoModelFactory

from familles.models import Enfant, Responsable
from tests import fabriques
from tests.fabriques.familles import EnfantFactory, FoyerFactory


def _toutes() -> list[type[DjangoModelFactory]]:
    modules = [import_module(f"tests.fabriques.{m.name}") for m in iter_modules(fabriques.__path__)]
    return [
        classe
        for module in modules
        for _, classe in inspect.getmembers(module, inspect.isclass)
        if issubclass(classe, DjangoModelFactory) and classe.__module__ == module.__name__
    ]


@pytest.fixture
def _ville(collectivite, annee):
    """What a few factories look for rather than make."""


@pytest.mark.parametrize("fabrique", _toutes(), ids=lambda classe: classe.__name__)
def test_chaque_fabrique_fait_une_ligne_valable(fabrique, _ville):
    fabrique().full_clean()


def test_les_noms_sont_les_memes_a_chaque_execution(db):
    premiers = [FoyerFactory().titulaire.appel for _ in range(3)]
    fabriques.reamorcer()
    assert [FoyerFactory().titulaire.appel for _ in range(3)] == premiers


def test_un_foyer_a_ses_deux_adultes_lies_a_leurs_enfants(db):
    famille = FoyerFactory()
    enfant = EnfantFactory(famille=famille)
    assert [r.rang for r in famille.responsables.all()] == [1, 2]
    assert enfant.liens.count() == 2
    assert FoyerFactory(conjoint=None).conjoint is None


@pytest.mark.usefixtures("jean", "jeanne", "martin", "alexandre", "cyril", "lea", "hugo", "enfant_alterne")
def test_la_distribution_est_valable():
    for ligne in [*Responsable.objects.all(), *Enfant.objects.all()]:
        ligne.full_clean()


def test_les_comptes_de_la_distribution_entrent(
    client_jean, client_jeanne, client_martin, client_agent, client_comptable, client_admin
):
    parents = [client_jean, client_jeanne, client_martin]
    personnel = [client_agent, client_comptable, client_admin]
    assert [c.get("/etat/").status_code for c in parents + personnel] == [200] * 6


def test_l_horloge_figee_est_celle_de_la_ville(figer):
    assert figer("2026-07-14T10:00").utcoffset().total_seconds() == 7200
