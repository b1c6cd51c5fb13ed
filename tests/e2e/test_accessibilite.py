"""axe-core on every page of the access table, light and dark; 200 % and 320 px without scrolling sideways.

What a machine can see of RGAA 4.1 AA: about half. The keyboard has its own journeys (test_clavier.py).
"""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.e2e.gestes import BUREAU, aller
from tests.e2e.visites import adresses

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONSTATER = """async ([etiquettes, regles]) => {
  await new Promise(requestAnimationFrame);
  document.getAnimations().forEach(a => a.finish());  // colours of the theme that has just changed
  // Without preload: axe would copy the sheets into the page, which the content security policy refuses.
  const options = { preload: false, resultTypes: ['violations'] };
  options.runOnly = { type: 'tag', values: etiquettes };
  if (regles) options.runOnly = { type: 'rule', values: regles };
  const bilan = await axe.run(document, options);
  return bilan.violations.flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id} ${n.target.join(' ')}`));
}"""
# The fiftieth row of a list is made like the tenth, and the administration's menu is the same on each page.
ABREGER = """() => document.querySelectorAll(
  'tbody > tr:nth-child(n+11), #nav-sidebar tr:nth-child(n+2):not(.current-model)'
).forEach(ligne => ligne.remove())"""
# 320 px wide; 1280 px at 200 %, as browsers zoom: half the width.
LARGEURS = (320, 640)
DEBORDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


def constater(page: Page, regles: list[str] | None = None) -> list[str]:
    return page.evaluate(CONSTATER, [REGLES, regles])


@pytest.fixture
def seulement_chromium(browser_name):
    if browser_name != "chromium":
        pytest.skip("axe lit la page, pas le navigateur : un seul suffit.")


@pytest.mark.parametrize("role", ["anonyme", "jean", "agent", "comptable", "admin"])
def test_rien_a_redire_en_clair_en_sombre_ni_a_l_etroit(seulement_chromium, role, entrer, new_context, ville):
    """Jeanne's pages are Jean's, with less in them."""
    compte = "jean.dupont" if role == "jean" else role
    page = new_context().new_page() if role == "anonyme" else entrer(compte)
    page.add_init_script(AXE)
    constats = {
        nom: trouves for nom, adresse in adresses(role).items() if (trouves := visiter(page, adresse))
    }
    assert constats == {}


def visiter(page: Page, adresse: str) -> list[str]:
    page.set_viewport_size(BUREAU)
    page.emulate_media(color_scheme="light")
    aller(page, adresse)
    page.evaluate(ABREGER)
    trouves = constater(page)
    page.emulate_media(color_scheme="dark")
    trouves += [f"sombre : {constat}" for constat in constater(page, ["color-contrast"])]
    for largeur in LARGEURS:
        page.set_viewport_size({"width": largeur, "height": 720})
        if deborde := page.evaluate(DEBORDE):
            trouves.append(f"déborde de {deborde} px à {largeur} px")
    return trouves
