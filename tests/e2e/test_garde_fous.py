"""The nets of the journeys themselves: what they forbid is really seen, in both browsers."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests.e2e.instantane import Instantane

PAGE = "/etat/"


@pytest.fixture
def page_libre(new_context):
    """A page that obeys no CSP: it may misbehave."""
    page = new_context(bypass_csp=True).new_page()
    page.goto(PAGE)
    return page


@pytest.mark.parametrize(
    "geste, indice",
    [
        # Firefox lets the CSP stop the first two before our own net does: either way they are seen.
        ("fetch('http://exemple.invalid/espion').catch(() => 0)", "exemple.invalid"),
        ("new Image().src = 'https://exemple.invalid/pixel.png'", "exemple.invalid"),
        ("setTimeout(() => { throw new Error('cassé') })", "erreur"),
        ("console.error('oups')", "erreur dans la console"),
        ("fetch('/rien-de-tel.js')", "réponse 40"),
    ],
)
def test_un_ecart_est_vu(page_libre, surveillance, geste, indice):
    page_libre.evaluate(f"() => {{ {geste} }}")
    page_libre.wait_for_timeout(700)
    vues, surveillance.fautes = surveillance.fautes, []
    assert any(indice in vue for vue in vues), vues


def test_le_navigateur_et_le_serveur_ont_la_meme_heure(page, horloge):
    page.goto(PAGE)
    assert page.evaluate("() => new Date().toISOString()") == "2026-11-24T09:00:00.000Z"


def test_la_base_est_rendue_comme_elle_etait(django_db_setup, django_db_blocker, serveur):
    with django_db_blocker.unblock():
        instantane = Instantane(connection)
        instantane.prendre()
        get_user_model().objects.create(username="de-passage")
        instantane.rendre()
        assert not get_user_model().objects.filter(username="de-passage").exists()
        instantane.jeter()
        connection.close()
