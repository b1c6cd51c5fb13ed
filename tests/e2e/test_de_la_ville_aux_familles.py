"""What the town sets reaches the families: menus, colours, logo; and an e-mail’s own link stops e-mails."""

import io
import re

from django.core import mail
from PIL import Image
from playwright.sync_api import expect

from familles.models import Collectivite, Responsable
from messagerie import taches
from messagerie.actions import informer
from messagerie.models import Courriel
from portail.models import Menu
from tests.e2e.gestes import aller, onglet

PRUNE = "#8a1c5b"
FOND = "e => getComputedStyle(e).backgroundColor"


def test_un_menu_publie_se_lit_avec_ses_allergenes(entrer):
    agent = entrer("agent")
    aller(agent, "/admin/portail/menu/add/")
    agent.get_by_label("Semaine du").fill("09/12/2026")
    agent.get_by_label("Prestation").select_option(label="Repas")
    agent.get_by_label("Jeudi").fill("Gratin [laitt]\nPoire [aucun]")
    agent.get_by_label("Publié").check()
    agent.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(agent.get_by_text("n’est ni l’un des quatorze allergènes")).to_be_visible()
    agent.get_by_label("Jeudi").fill("Gratin dauphinois [lait, fait maison]\nPoire [aucun]")
    agent.get_by_role("button", name="Enregistrer", exact=True).click()
    assert Menu.objects.filter(semaine="2026-12-07", publie=True).count() == 1

    jean = entrer("jean.dupont")
    jean.get_by_role("link", name="Infos./Documents").click()
    jean.get_by_role("link", name="Semaine du lundi 7 décembre").click()
    jeudi = jean.get_by_role("region", name="Jeudi 10 décembre")
    expect(jeudi.get_by_role("listitem").filter(has_text="Gratin")).to_contain_text("Allergènes : lait")
    expect(jeudi.get_by_role("listitem").filter(has_text="Poire")).to_contain_text("Aucun des 14 allergènes")


def test_les_couleurs_et_le_logo_de_la_ville_sont_sur_chaque_page(entrer):
    jean = entrer("jean.dupont")
    bandeau = jean.get_by_role("banner")
    avant = bandeau.evaluate(FOND)
    admin = entrer("admin")
    aller(admin, "/admin/familles/collectivite/identite/")
    image = io.BytesIO()
    Image.new("RGB", (300, 150), PRUNE).save(image, "PNG")
    logo = {"name": "logo.png", "mimeType": "image/png", "buffer": image.getvalue()}
    admin.get_by_label("Couleur principale").fill(PRUNE)
    admin.get_by_label(re.compile("^Logo")).set_input_files(logo)
    admin.get_by_role("button", name="Voir l’aperçu").click()
    expect(admin.get_by_role("heading", name="Aperçu de ce qui n’est pas encore enregistré")).to_be_visible()
    admin.get_by_role("button", name="Enregistrer").click()
    expect(admin.get_by_text("L’identité visuelle est enregistrée")).to_be_visible()
    assert Collectivite.objects.courante().couleur == PRUNE

    onglet(jean, "Mes enfants")
    # The picture comes after the page.
    jean.wait_for_function("() => document.querySelector('.tete .logo')?.naturalWidth === 240")
    assert bandeau.evaluate(FOND) != avant


def test_un_lien_du_courriel_suffit_pour_n_en_plus_recevoir(ville, new_context):
    jean = Responsable.objects.get(utilisateur__username="jean.dupont")
    annonce = {"famille": jean.famille, "sujet": "Sortie", "corps": "Bonjour", "annonce": "Un message"}
    mail.outbox = []
    informer(**annonce)
    taches.vider_la_boite()
    (message,) = (m for m in mail.outbox if jean.email in m.to)
    page = new_context().new_page()
    aller(page, re.search(r"https?://[^/\s]+(/courriels/desinscription/\S+/)", message.body).group(1))
    page.get_by_role("button", name="Ne plus recevoir de courriels").click()
    expect(page.get_by_role("heading", name="C’est fait")).to_be_visible()
    jean.refresh_from_db()
    assert not jean.autorisation_courriel
    informer(**annonce)
    assert not Courriel.objects.filter(destinataire=jean.email, envoye_le=None).exists()
