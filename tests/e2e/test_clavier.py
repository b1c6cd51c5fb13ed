"""Without a mouse, and on a phone: all the tabs, a booking, a message deleted and taken back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from familles.models import Enfant
from messagerie.models import Message
from planning.models import Reservation
from tests.e2e.gestes import aller, case, onglet

ONGLETS = ["Mon compte", "Mes enfants", "Relevé de compte", "Boîte de réception"]
ONGLETS += ["Liste des demandes", "Accueil"]
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
ENTOURE = """() => {
  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  return { nom: e.innerText || e.ariaLabel || e.name,
           visible: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
           dans: b.width > 0 && b.bottom > 0 && b.top < innerHeight };
}"""


def tabuler(page: Page, jusqu_a: str, maximum: int = 60) -> None:
    """Tab until the element that holds these words, each stop seen: visible, and outlined."""
    # The outline comes with the style sheet.
    page.wait_for_load_state()
    for rang in range(maximum):
        page.keyboard.press("Tab")
        if not rang and page.evaluate("() => document.activeElement === document.body"):
            # Firefox, busy, may not have taken the first key of a page that it has just drawn.
            page.keyboard.press("Tab")
        arret = page.evaluate(ENTOURE)
        assert arret["visible"] and arret["dans"], f"focus qu’on ne voit pas : {arret}"
        if jusqu_a in (arret["nom"] or ""):
            return
    pytest.fail(f"« {jusqu_a} » n’est pas atteint au clavier")


def test_tout_le_portail_sans_souris(entrer):
    page = entrer("jean.dupont")
    for nom in ONGLETS:
        tabuler(page, nom)
        page.keyboard.press("Enter")
        expect(page.get_by_role("navigation", name="Onglets").locator("[aria-current]")).to_contain_text(nom)
        assert page.title() != "" and page.locator("h1").count() == 1
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    assert "Aller au contenu" in page.evaluate(ENTOURE)["nom"]
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "contenu"
    _reserver_au_clavier(page)


def _reserver_au_clavier(page: Page) -> None:
    lea = Enfant.objects.get(nom="DUPONT", prenom="Léa")
    aller(page, f"/enfants/{lea.pk}/planning/?mois=2026-12")
    case(page, "Repas, jeudi 10 décembre 2026 : libre").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name=re.compile("^Demande de Réservation"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    page.keyboard.press("Shift+F10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("est transmise")
    assert Reservation.objects.filter(enfant=lea, jour="2026-12-10", prestation__nom="Repas").count() == 1


def test_un_message_supprime_se_reprend(entrer):
    page = entrer("jean.dupont")
    onglet(page, "Boîte de réception")
    page.get_by_role("button", name="Supprimer « Photographie scolaire »").click()
    expect(page.get_by_role("status").first).to_contain_text("Messages supprimés")
    expect(page.get_by_role("link", name="Photographie scolaire")).to_have_count(0)
    page.get_by_role("link", name="Messages supprimés").click()
    assert Message.objects.supprimes().get().conversation.sujet == "Photographie scolaire"
    page.get_by_role("button", name=re.compile("Reprendre")).click()
    onglet(page, "Boîte de réception")
    expect(page.get_by_role("link", name="Photographie scolaire")).to_be_visible()
    assert not Message.objects.supprimes().filter(conversation__sujet="Photographie scolaire").exists()


def test_tous_les_onglets_sur_un_telephone(entrer, browser_name):
    # Firefox, driven, sends the touch and no click after it.
    toucher = Locator.tap if browser_name == "chromium" else Locator.click
    page = entrer("jean.dupont", **TELEPHONE)
    barre = page.get_by_role("navigation", name="Onglets")
    for nom in ONGLETS[:3]:
        toucher(barre.get_by_role("link", name=nom))
        expect(page.get_by_role("heading", name=nom, level=1)).to_be_visible()
    toucher(barre.get_by_role("link", name="Boîte de réception"))
    expect(page.get_by_role("heading", name="Messages reçus")).to_be_visible()
    toucher(barre.get_by_role("button", name="Plus"))
    toucher(page.get_by_role("link", name="Liste des demandes"))
    expect(page.get_by_role("heading", name="Liste des demandes", level=1)).to_be_visible()
    toucher(barre.get_by_role("link", name="Accueil"))
    expect(page.get_by_role("heading", name="Bienvenue sur votre page d’accueil")).to_be_visible()
    # The fixed bar never hides the bottom of the page.
    page.wait_for_function(
        """() => {
          scrollTo(0, 1e6);
          return document.querySelector(".pied").getBoundingClientRect().bottom <= innerHeight - 50;
        }"""
    )
    toucher(barre.get_by_role("button", name="Plus"))
    toucher(page.get_by_role("button", name="Déconnexion"))
    expect(page.get_by_role("heading", name="Accès famille")).to_be_visible()
