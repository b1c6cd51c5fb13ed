"""The walk that takes the pictures of the help (tests/e2e/captures.py)."""

import re

import pytest
from playwright.sync_api import Page, expect

from demandes.models import Demande
from familles.models import Famille
from messagerie.models import Conversation
from portail import actions
from tests.e2e.captures import Album
from tests.e2e.gestes import aller, case, onglet, planning

LARGE = {"viewport": {"width": 1120, "height": 800}}
TELEPHONE = {"viewport": {"width": 390, "height": 760}}


@pytest.fixture
def album(browser_name):
    if browser_name != "chromium":
        pytest.skip("Les captures se prennent dans un seul navigateur, Chromium.")
    album = Album()
    yield album
    album.fermer()


def test_les_captures_de_l_aide(album, entrer, new_context):
    _a_la_porte(album, new_context(**LARGE).new_page())
    jean = entrer("jean.dupont", **LARGE)
    _compte_et_accueil(album, jean)
    _enfants(album, jean)
    _planning(album, jean)
    _suivi(album, jean)
    _telephone(album, entrer("jean.dupont", **TELEPHONE))
    _appareils(album, jean)
    _agent(album, entrer("agent", **LARGE))
    _comptable(album, entrer("comptable", **LARGE))


def _a_la_porte(album: Album, page: Page) -> None:
    aller(page, "/connexion/")
    album.prendre(page, "connexion", page.locator(".carte"))
    aller(page, "/premiere-connexion/")
    album.prendre(page, "premiere-connexion", page.locator(".carte"))
    compte = Famille.objects.get(numero="1001001818331").responsables.get(rang=2).utilisateur
    (invitation,) = actions.inviter(comptes=[compte], par=None)
    aller(page, f"/premiere-connexion/{invitation.lien}/")
    page.get_by_label("Nouveau mot de passe*", exact=True).fill("une phrase qui se retient")
    album.prendre(page, "premier-mot-de-passe", page.locator(".carte"))


def _compte_et_accueil(album: Album, page: Page) -> None:
    onglet(page, "Accueil")
    album.prendre(page, "accueil", page.get_by_role("main"))
    page.get_by_role("link", name="Infos./Documents").click()
    album.prendre(page, "documents", page.locator("main .carte").last)
    onglet(page, "Mon compte")
    album.prendre(page, "mon-compte", hauteur=620)
    page.get_by_role("region", name="Infos responsable").get_by_role(
        "link", name="Demander une modification"
    ).click()
    page.get_by_label("Mobile").fill("06 12 34 56 78")
    album.prendre(page, "modification", page.get_by_role("main"))


def _enfants(album: Album, page: Page) -> None:
    onglet(page, "Mes enfants")
    album.prendre(page, "mes-enfants", page.locator("main .carte"))
    page.get_by_role("link", name="LÉA", exact=True).click()
    album.prendre(page, "enfant", page.locator("main .carte").last)


def _planning(album: Album, page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    planning(page, "Léa", "2026-12")
    album.prendre(page, "planning", page.locator(".legende"))
    case(page, "Repas, jeudi 10 décembre 2026 : libre").click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    album.prendre(page, "planning-menu", hauteur=900)
    page.keyboard.press("Escape")
    case(page, "Repas, mardi 8 décembre 2026").click(button="right")
    page.get_by_role("menuitem", name=re.compile("^Déclarer une absence")).click()
    expect(page.get_by_role("heading", name="Déclarer une absence de Léa")).to_be_visible()
    page.set_viewport_size(LARGE["viewport"])
    album.prendre(page, "absence", page.locator("fieldset.raisons"))


def _suivi(album: Album, page: Page) -> None:
    aller(page, "/releve/?annee=2014-2015")
    album.prendre(page, "releve", hauteur=760)
    onglet(page, "Boîte de réception")
    album.prendre(page, "messages", hauteur=560)
    page.get_by_role("link", name="Nouveau message").click()
    album.prendre(page, "nouveau-message", page.get_by_role("main"))
    onglet(page, "Liste des demandes")
    album.prendre(page, "demandes", page.get_by_role("main"))


def _telephone(album: Album, page: Page) -> None:
    album.prendre(page, "telephone")
    aller(page, f"/enfants/{_enfant_lea()}/planning/?mois=2026-12")
    album.prendre(page, "planning-telephone")


def _enfant_lea() -> int:
    return Famille.objects.get(numero="1001001818331").rattachements.get(enfant__prenom="Léa").enfant_id


def _appareils(album: Album, page: Page) -> None:
    aller(page, "/appareils/")
    album.prendre(page, "appareils", page.get_by_role("main"))


# --- The staff -------------------------------------------------------------------------------------------


def _agent(album: Album, page: Page) -> None:
    album.prendre(page, "agent-accueil", hauteur=640)
    aller(page, "/admin/demandes/demande/")
    album.prendre(page, "agent-demandes", hauteur=560)
    demande = Demande.objects.en_attente().filter(nature="responsable").first()
    aller(page, f"/admin/demandes/demande/{demande.pk}/decider/")
    album.prendre(page, "agent-decision", page.locator("#decision"))
    aller(page, "/admin/planning/pointage/appel/")
    page.get_by_role("link", name=re.compile("^Repas(?! de la semaine)")).first.click()
    album.prendre(page, "agent-appel", hauteur=720)
    aller(page, "/admin/messagerie/conversation/?reponse=attendue")
    album.prendre(page, "agent-messages", hauteur=420)
    conversation = Conversation.objects.a_traiter().first()
    aller(page, f"/admin/messagerie/conversation/{conversation.pk}/lire/")
    page.locator("summary", has_text="Réponses types").click()
    album.prendre(page, "agent-conversation", page.get_by_role("button", name="Garder la note"))
    aller(page, "/admin/messagerie/diffusion/add/")
    page.get_by_label("À qui").select_option(label="Repas")
    page.get_by_label("Sujet").fill("Repas de Noël")
    page.get_by_label("Message").fill("Le jeudi 17 décembre, le repas de Noël remplace le menu.")
    page.get_by_role("button", name="Voir les destinataires").click()
    album.prendre(page, "agent-groupe", page.locator(".submit-row"))
    aller(page, "/admin/familles/famille/")
    album.prendre(page, "agent-familles", hauteur=520)
    aller(page, "/admin/portail/activation/add/")
    album.prendre(page, "agent-lettres", hauteur=480)
    aller(page, "/admin/portail/document/add/")
    album.prendre(page, "agent-document", hauteur=760)


def _comptable(album: Album, page: Page) -> None:
    aller(page, "/admin/facturation/facture/add/")
    page.get_by_label("Mois").select_option("2026-11")
    page.get_by_role("button", name="Voir ce qui serait facturé").click()
    album.prendre(page, "comptable-facturer", hauteur=900)
    aller(page, "/admin/facturation/reglement/add/?facture=AL-36")
    album.prendre(page, "comptable-reglement", hauteur=560)
    aller(page, "/admin/facturation/relance/add/")
    page.get_by_role("button", name="Voir les impayés").click()
    album.prendre(page, "comptable-impayes", hauteur=760)
    aller(page, "/admin/facturation/facture/rectifier/")
    album.prendre(page, "comptable-rectifier", hauteur=640)
