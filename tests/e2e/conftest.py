"""Journeys in Debian's own browsers, on a served portal that is what production serves.

    NAVIGATEUR=firefox python -m tests.base_postgresql python -m pytest tests/e2e

`ville` gives the demonstration town, as new for each test; `page` and `new_context` come from
pytest-playwright, with relative addresses, a frozen clock, and an eye on what must never happen.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as reglages
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.testcases import LiveServerThread
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import BrowserContext, Page

from tests.e2e.gestes import BUREAU, se_connecter
from tests.e2e.instantane import Instantane

JOUR = date(2026, 11, 24)
INSTANT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
# As in outils/preparer.py: Debian's name first.
PROGRAMMES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}
DELAI_MS = 15_000
# NS_BINDING_ABORTED
INTERROMPU = "status=2152398850"

# Playwright's synchronous API runs a loop in our thread; the journeys look at the database from there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_configure(config: pytest.Config) -> None:
    config.option.browser = config.option.browser or [os.environ.get("NAVIGATEUR", "chromium")]
    # Each browser its own: both may run at the same time, and each empties it when it starts.
    if config.option.output == "test-results":
        config.option.output = f"test-results/{config.option.browser[0]}"
    if config.option.screenshot == "off":
        config.option.screenshot = "only-on-failure"


# --- The browser ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict, browser_name: str) -> dict:
    programme = next(filter(None, map(shutil.which, PROGRAMMES[browser_name])), None)
    if programme is None:
        pytest.fail(f"Aucun navigateur {browser_name} : installez {PROGRAMMES[browser_name][0]}.")
    propres = {
        "chromium": {"args": ["--no-sandbox", "--disable-dev-shm-usage"]},
        "firefox": {"channel": "moz-firefox"},
    }[browser_name]
    return {**browser_type_launch_args, "executable_path": programme, **propres}


@pytest.fixture(scope="session")
def base_url(serveur: str) -> str:
    """`page.goto("/connexion/")` is enough."""
    return serveur


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {
        **browser_context_args,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
    }


class Surveillance:
    """What a page does and must not: ask another site, break, fail to load one of its own parts."""

    def __init__(self, hote: str) -> None:
        self.hote = hote
        self.fautes: list[str] = []

    def suivre(self, contexte: BrowserContext) -> None:
        contexte.route(self._est_ailleurs, self._bloquer)
        contexte.on("weberror", self._erreur)
        contexte.on("console", self._console)
        contexte.on("response", self._reponse)

    def _est_ailleurs(self, adresse: str) -> bool:
        morceaux = urlsplit(adresse)
        return morceaux.scheme in {"http", "https", "ws", "wss"} and morceaux.netloc != self.hote

    def _bloquer(self, route) -> None:
        self.fautes.append(f"requête vers un autre site : {route.request.url}")
        route.abort()

    def _erreur(self, erreur) -> None:
        # Firefox tells as an error a font that it stopped loading because the person had already gone on.
        if INTERROMPU not in str(erreur.error):
            self.fautes.append(f"erreur de script : {erreur.error}")

    def _console(self, message) -> None:
        # « Failed to load resource » also says a 404 that the journey asked for: see _reponse.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.fautes.append(f"erreur dans la console : {message.text}")

    def _reponse(self, reponse) -> None:
        page = reponse.request.is_navigation_request()
        if reponse.status >= 500 or (reponse.status >= 400 and not page and "favicon" not in reponse.url):
            self.fautes.append(f"réponse {reponse.status} : {reponse.url}")


@pytest.fixture
def surveillance(serveur: str) -> Surveillance:
    return Surveillance(urlsplit(serveur).netloc)


@pytest.fixture
def new_context(
    new_context: Callable, surveillance: Surveillance, horloge: datetime, browser_name: str
) -> Iterator[Callable]:
    """Every context of a test is watched, and reads the time of the server."""

    def ouvrir(**options) -> BrowserContext:
        contexte = new_context(**{"viewport": BUREAU, **options})
        contexte.set_default_timeout(DELAI_MS)
        contexte.clock.set_fixed_time(horloge)
        surveillance.suivre(contexte)
        if browser_name == "firefox" and not options.get("java_script_enabled", True):
            # WebDriver BiDi cannot stop its scripts (it takes the option and does nothing): none reaches it.
            contexte.route("**/*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
        return contexte

    yield ouvrir
    assert not surveillance.fautes, "\n".join(surveillance.fautes)


# --- The portal ----------------------------------------------------------------------------------------


@pytest.fixture
def horloge(settings) -> datetime:
    """Tuesday 24 November 2026, 10:00 in the town, for the server and for the browser."""
    settings.HORLOGE_FIGEE = INSTANT
    return INSTANT


@pytest.fixture(scope="session")
def statiques(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Hashed and compressed files, served by WhiteNoise as in production."""
    dossier = tmp_path_factory.mktemp("statiques")
    stockages = {**reglages.STORAGES, "staticfiles": {"BACKEND": "portail.statiques.StatiquesCompresses"}}
    with override_settings(STATIC_ROOT=dossier, STORAGES=stockages, WHITENOISE_AUTOREFRESH=False):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield dossier


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings
) -> Iterator[None]:
    """No transaction around each test, as pytest-django would have it: the server must see the data."""
    with django_db_blocker.unblock():
        bases = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    yield
    with django_db_blocker.unblock():
        Instantane(connection).congedier()
        teardown_databases(bases, verbosity=0)


@pytest.fixture(scope="session")
def serveur(django_db_setup, django_db_blocker, statiques: Path) -> Iterator[str]:
    """Address of a threaded server of the whole application, each request on its own connection."""
    fil = LiveServerThread("127.0.0.1", static_handler=lambda application: application)
    fil.daemon = True
    fil.start()
    fil.is_ready.wait()
    if fil.error:
        raise fil.error
    with django_db_blocker.unblock():
        yield f"http://{fil.host}:{fil.port}"
        fil.terminate()


@pytest.fixture(scope="session")
def _modele(django_db_setup, django_db_blocker) -> Iterator[Instantane]:
    """The demonstration town, filled once, kept as a snapshot."""
    with django_db_blocker.unblock():
        call_command("demo", "--le", JOUR.isoformat(), verbosity=0)
        instantane = Instantane(connection)
        instantane.prendre()
    yield instantane
    with django_db_blocker.unblock():
        instantane.jeter()


@pytest.fixture
def ville(_modele: Instantane, django_db_blocker, horloge: datetime) -> Iterator[None]:
    """The town as the demonstration made it; what the previous journey did is forgotten."""
    with django_db_blocker.unblock():
        _modele.rendre()
        cache.clear()
        yield
        connection.close()


@pytest.fixture
def entrer(new_context: Callable, ville: None) -> Callable[..., Page]:
    """`entrer("agent")`: that person's browser, logged in; options are those of a context."""

    def _entrer(identifiant: str, **options) -> Page:
        page = new_context(**options).new_page()
        se_connecter(page, identifiant)
        return page

    return _entrer
