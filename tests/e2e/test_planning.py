"""The planning in a browser: its menu stays in the window, its ticks survive « précédent »."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.gestes import aller, planning


@pytest.fixture
def jean(entrer) -> Page:
    page = entrer("jean.dupont")
    page.set_viewport_size({"width": 1366, "height": 768})
    planning(page, "Léa", "2026-12")
    return page


def test_le_menu_d_une_case_s_ouvre_dans_la_fenetre_sans_la_faire_defiler(jean):
    """The last line of the grid stands at the bottom of a small screen: there the menu opens upwards."""
    cellule = jean.locator(".grille tbody tr").last.locator("td[aria-selected]").last
    cellule.scroll_into_view_if_needed()
    avant = jean.evaluate("scrollY")
    cellule.click(button="right")
    menu = jean.locator("[data-menu]")
    expect(menu).to_be_visible()
    cadre = menu.bounding_box()
    assert cadre["y"] >= 0
    assert cadre["y"] + cadre["height"] <= 768
    assert jean.evaluate("scrollY") == avant


def test_les_cases_choisies_se_retrouvent_apres_precedent(jean):
    for rang in (0, 3):
        jean.locator(".grille td[aria-selected]").nth(rang).click()
    choisies = jean.locator(".en-grille input:checked")
    valeurs = [choisies.nth(rang).input_value() for rang in range(2)]
    aller(jean, "/documents/")
    jean.go_back()
    expect(jean.locator(".en-grille [data-resume]")).to_contain_text("2 cases choisies")
    assert [choisies.nth(rang).input_value() for rang in range(2)] == valeurs
    planning(jean, "Léa", "2026-12")
    expect(jean.locator(".en-grille [data-resume]")).to_have_text("Aucune case choisie.")
