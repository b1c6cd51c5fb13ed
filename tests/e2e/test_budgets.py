"""What a first visit costs, measured by the browser: bytes on the wire, requests, layout shift, sites."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from familles.models import Enfant
from tests.e2e.gestes import aller

OCTETS, REQUETES = 150_000, 19
# Half a pixel row here or there: a tenth of a hundredth of what browsers call good.
INSENSIBLE = 0.001
# The performance entries of the browser itself; a shift that follows a gesture is asked for, so not counted.
DECALAGE = """() => new Promise(rendre => {
  let total = 0;
  const compter = e => { if (!e.hadRecentInput) total += e.value; };
  const veille = new PerformanceObserver(liste => liste.getEntries().forEach(compter));
  veille.observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => rendre(total), 400);
})"""


def _planning() -> str:
    return f"/enfants/{Enfant.objects.get(nom='DUPONT', prenom='Léa').pk}/planning/?mois=2026-12"


@pytest.mark.parametrize("taille", [(1366, 900), (390, 844)], ids=["bureau", "telephone"])
@pytest.mark.parametrize("adresse", [lambda: "/", _planning], ids=["accueil", "planning"])
def test_une_premiere_visite_reste_legere_et_ne_bouge_pas(browser_name, entrer, new_context, adresse, taille):
    if browser_name != "chromium":
        pytest.skip("Seul Chromium mesure le décalage de la page et les octets reçus.")
    taille = {"width": taille[0], "height": taille[1]}
    # The session of one browser, in another whose cache is empty.
    temoins = entrer("jean.dupont").context.storage_state()
    page: Page = new_context(storage_state=temoins, viewport=taille).new_page()
    mesure = page.context.new_cdp_session(page)
    mesure.send("Network.enable")
    recues, octets = [], []
    mesure.on("Network.requestWillBeSent", lambda e: recues.append(e["request"]["url"]))
    mesure.on("Network.loadingFinished", lambda e: octets.append(e["encodedDataLength"]))
    aller(page, adresse())
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Bienvenue|Planning"))
    page.wait_for_load_state("networkidle")
    assert page.evaluate(DECALAGE) < INSENSIBLE
    assert {urlsplit(r).netloc for r in recues if not r.startswith("data:")} == {urlsplit(page.url).netloc}
    assert len([r for r in recues if not r.startswith("data:")]) <= REQUETES
    assert sum(octets) <= OCTETS
    print(f"{page.url} {taille} : {len(recues)} requêtes, {sum(octets)} octets")
