"""Coming in: the letter of first login, the forgotten password, a session that ends with a form half sent."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from familles.models import Responsable
from portail import lettres
from portail.models import Activation, Seance
from tests.e2e.gestes import aller, se_connecter

NOUVEAU = "une phrase qui se retient"


@pytest.fixture
def imprimees(monkeypatch):
    """What is on the letters, as who opens the envelope reads it: it is kept nowhere else."""
    lues, imprimer = [], lettres.imprimer
    monkeypatch.setattr(lettres, "imprimer", lambda invites: lues.extend(invites) or imprimer(invites))
    return lues


def _choisir(page: Page) -> None:
    page.get_by_label("Nouveau mot de passe*", exact=True).fill(NOUVEAU)
    page.get_by_label(re.compile("encore une fois")).fill(NOUVEAU)
    page.get_by_role("button", name="Enregistrer ce mot de passe").click()
    expect(page.get_by_role("heading", name="Accès famille")).to_be_visible()


def test_de_la_lettre_a_la_premiere_connexion(entrer, new_context, imprimees):
    agent = entrer("agent")
    aller(agent, "/admin/portail/activation/add/")
    agent.get_by_label("Un groupe").select_option(label="Groupe scolaire Térence Ridout, CM2")
    agent.get_by_role("button", name="Compter les lettres").click()
    with agent.expect_download() as telechargement:
        agent.get_by_role("button", name=re.compile("^Imprimer")).click()
    assert telechargement.value.path().read_bytes().startswith(b"%PDF-")
    (premier, par_code), (second, par_lien) = imprimees[:2]

    page = new_context().new_page()
    aller(page, "/connexion/")
    page.get_by_role("link", name="Première connexion").click()
    page.get_by_label("Identifiant").fill(premier.utilisateur.username)
    page.get_by_label("Code de la lettre").fill("AAAA-BBBB-CCCC")
    page.get_by_role("button", name="Choisir mon mot de passe").click()
    expect(page.get_by_role("alert")).to_contain_text("Identifiant ou code inconnu")
    page.get_by_label("Code de la lettre").fill(par_code.code.lower())
    page.get_by_role("button", name="Choisir mon mot de passe").click()
    _choisir(page)
    se_connecter(page, premier.utilisateur.username, NOUVEAU)
    expect(page.get_by_role("banner")).to_contain_text(f"Bienvenue {premier.appel}")

    autre = new_context().new_page()
    aller(autre, f"/premiere-connexion/{par_lien.lien}/")
    expect(autre.get_by_role("main")).to_contain_text(second.utilisateur.username)
    _choisir(autre)
    aller(autre, f"/premiere-connexion/{par_lien.lien}/")
    expect(autre.get_by_role("button", name="Enregistrer ce mot de passe")).to_have_count(0)
    assert Activation.objects.exclude(utilisee_le=None).count() == 2


def test_du_mot_de_passe_oublie_au_nouveau(new_context, ville, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    mail.outbox = []
    page = new_context().new_page()
    for saisie in ("personne.ici", "jean.dupont"):
        aller(page, "/connexion/")
        page.get_by_role("link", name="Mot de passe oublié").click()
        page.get_by_label(re.compile("Identifiant")).fill(saisie)
        page.get_by_role("button", name="M’envoyer le message").click()
        expect(page.get_by_role("main")).to_contain_text("Si un compte correspond à votre saisie")
    (message,) = mail.outbox
    aller(page, re.search(r"https?://[^/]+(/\S+)", message.body).group(1))
    _choisir(page)
    se_connecter(page, "jean.dupont", NOUVEAU)


def test_un_formulaire_survit_a_la_fin_de_la_session(entrer):
    jean = entrer("jean.dupont")
    aller(jean, "/demandes/modifier/responsable/")
    jean.get_by_label("Mobile").fill("06 12 34 56 78")
    compte = Responsable.objects.get(utilisateur__username="jean.dupont").utilisateur
    Seance.objects.filter(utilisateur_id=compte.pk).update(expire_date="2026-01-01T00:00Z")
    jean.get_by_role("button", name="Envoyer ma demande").click()
    se_connecter_ici(jean)
    expect(jean.get_by_role("heading", name="Votre saisie est gardée")).to_be_visible()
    jean.get_by_role("button", name="Envoyer ma saisie").click()
    expect(jean.get_by_role("status").first).to_contain_text("est transmise")


def se_connecter_ici(page: Page) -> None:
    page.get_by_label("Identifiant").fill("jean.dupont")
    page.get_by_label("Mot de passe").fill("portail-demo-31")
    page.get_by_role("button", name="Se connecter").click()


def test_un_envoi_qui_dure_le_dit(entrer):
    jean = entrer("jean.dupont")
    aller(jean, "/messages/nouveau/")
    # Without its navigation, during which a page cannot be looked at: stopped once the page has heard of it.
    envoi = """bouton => {
      addEventListener("submit", evenement => evenement.preventDefault(), { once: true });
      bouton.click();
    }"""
    jean.get_by_label("Sujet").fill("Piscine")
    jean.get_by_label("Message", exact=False).first.fill("Bonjour")
    jean.get_by_role("button", name="Envoyer mon message").evaluate(envoi)
    expect(jean.get_by_role("status").filter(has_text="Envoi en cours…")).to_be_visible()
