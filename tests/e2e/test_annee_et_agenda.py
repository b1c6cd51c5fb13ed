"""The year’s booking, the cancelling, the calendar’s address: with the keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from demandes.models import Demande
from familles.models import Enfant
from planning.models import AbonnementCalendrier, Reservation
from tests.e2e.gestes import aller
from tests.e2e.test_accessibilite import AXE, constater

SANS_SCRIPT = {"java_script_enabled": False}


@pytest.fixture
def lea(ville) -> Enfant:
    return Enfant.objects.get(nom="DUPONT", prenom="Léa")


def presser(page: Page, role: str, nom: str) -> None:
    """With the keyboard alone, once there."""
    cible = page.get_by_role(role, name=nom).first
    cible.focus()
    expect(cible).to_be_focused()
    page.keyboard.press("Space" if role == "checkbox" else "Enter")


@pytest.mark.parametrize("options", [{}, SANS_SCRIPT], ids=["clavier", "sans script"])
def test_reserver_pour_l_annee(entrer, lea, options):
    page = entrer("jean.dupont", **options)
    aller(page, f"/enfants/{lea.pk}/planning/?mois=2026-12")
    presser(page, "link", "Réserver pour l’année scolaire")
    expect(page.get_by_role("heading", level=1)).to_contain_text("année scolaire")
    case = page.locator(".rythme input[type=checkbox]:visible:not(:checked)").first
    case.focus()
    page.keyboard.press("Space")
    expect(page.locator(".rythme input[type=checkbox]:checked").first).to_be_checked()
    presser(page, "button", "Voir le récapitulatif")
    expect(page.get_by_role("heading", name="Récapitulatif de ma demande")).to_be_visible()
    presser(page, "button", "Envoyer ma demande")
    expect(page.get_by_role("status").first).to_contain_text("Votre demande n°")
    assert Demande.objects.order_by("pk").last().lignes.count() > 10


@pytest.mark.parametrize("options", [{}, SANS_SCRIPT], ids=["clavier", "sans script"])
def test_annuler_une_reservation(entrer, lea, options):
    page = entrer("jean.dupont", **options)
    aller(page, f"/enfants/{lea.pk}/planning/?mois=2026-12")
    if options:
        page.locator(".en-grille td.regulier input").first.check()
        page.locator(".en-grille").get_by_role("button", name="Annuler la réservation").click()
    else:
        page.locator(".grille td.regulier").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("End")
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ce qui sera annulé")).to_be_visible()
    presser(page, "button", "Annuler cette réservation")
    expect(page.get_by_role("status").first).to_contain_text("1 réservation est annulée")
    assert Reservation.objects.filter(enfant=lea, etat="ANNULEE", jour__gte="2026-12-01").count() == 1


@pytest.mark.parametrize("options", [{}, SANS_SCRIPT], ids=["clavier", "sans script"])
def test_l_adresse_de_l_agenda(entrer, options):
    page = entrer("jean.dupont", **options)
    aller(page, "/agenda/")
    presser(page, "button", "Créer mon adresse")
    adresse = page.get_by_label(re.compile("Copiez-la maintenant")).input_value()
    lu = page.context.request.get(adresse)
    assert lu.status == 200
    assert lu.text().startswith("BEGIN:VCALENDAR")
    presser(page, "button", "Supprimer l’adresse")
    expect(page.get_by_role("status").first).to_contain_text("L’adresse est supprimée")
    assert not AbonnementCalendrier.objects.exists()


def _regarder(page: Page) -> list[str]:
    page.wait_for_load_state()
    return constater(page)


def test_axe_n_a_rien_a_redire_d_aucun_etat_du_planning(entrer, lea, browser_name):
    """The menu open, cells chosen, what was refused, the recap, what is about to be cancelled."""
    if browser_name != "chromium":
        pytest.skip("axe lit la page, pas le navigateur : un seul suffit.")
    page = entrer("jean.dupont")
    page.add_init_script(AXE)
    planning = f"/enfants/{lea.pk}/planning/?mois=2026-12"
    aller(page, planning)
    page.locator(".grille td.regulier").first.click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    constats = {"menu": constater(page)}
    page.get_by_role("menuitem", name=re.compile("^Annuler la réservation")).click()
    expect(page.get_by_role("heading", name="Ce qui sera annulé")).to_be_visible()
    constats["annulation"] = _regarder(page)
    aller(page, planning)
    page.locator(".grille tbody th.ligne").first.click()
    constats["ligne choisie"] = _regarder(page)
    # A day that closed in between: sent by hand, it comes back with its reason.
    page.locator(".en-grille input[name=cases]:checked").first.evaluate(
        "coche => { coche.value = coche.value.replace(/2026-12-../, '2026-12-25') }"
    )
    page.locator(".en-grille").get_by_role("button", name="Demande de Réservation").click()
    expect(page.get_by_role("heading", name="Ce qui ne peut pas être demandé")).to_be_visible()
    constats["refus"] = _regarder(page)
    assert {etat: trouves for etat, trouves in constats.items() if trouves} == {}
