"""What a person does on any page, found by role and label."""

import re

from playwright.sync_api import Error, Page, expect

BUREAU = {"width": 1366, "height": 900}
MOT_DE_PASSE = "portail-demo-31"
INTERROMPUE = re.compile(r'Navigation to "(.+?)" is interrupted by another navigation to "\1"')


def aller(page: Page, adresse: str) -> None:
    """Firefox may announce a navigation twice, the second interrupting the first towards the same page."""
    page.wait_for_load_state()
    try:
        page.goto(adresse)
    except Error as erreur:
        if not INTERROMPUE.search(erreur.message):
            raise
        page.wait_for_url(lambda lue: lue.endswith(adresse))


def se_connecter(page: Page, identifiant: str, mot_de_passe: str = MOT_DE_PASSE) -> None:
    aller(page, "/connexion/")
    expect(page.get_by_role("heading", name="Accès famille")).to_be_visible()
    page.get_by_label("Identifiant").fill(identifiant)
    page.get_by_label("Mot de passe").fill(mot_de_passe)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).not_to_have_url(re.compile("/connexion/"))


def onglet(page: Page, nom: str) -> None:
    page.get_by_role("navigation", name="Onglets").get_by_role("link", name=nom).click()


def planning(page: Page, prenom: str, mois: str) -> None:
    onglet(page, "Mes enfants")
    page.get_by_role("link", name=f"Planning de {prenom}").click()
    aller(page, page.url.split("?")[0] + f"?mois={mois}")


def case(page: Page, debut: str):
    """The cell whose accessible name begins so."""
    return page.get_by_role("gridcell", name=re.compile("^" + re.escape(debut)))
