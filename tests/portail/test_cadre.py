"""The frame: tabs, greeting, headers, error pages, the town's zone, the choice of a family."""

import logging
import re

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from familles.enums import Situation
from familles.erreurs import DejaTraite, HorsDelai, Indisponible, Invalide, Refus
from familles.models import Famille, Responsable
from portail.journal import SansSecrets
from portail.middleware import AccesMiddleware, RefusMiddleware

ONGLETS = [
    "Accueil",
    "Mon compte",
    "Mes enfants",
    "Relevé de compte",
    "Boîte de réception",
    "Liste des demandes",
    "Déconnexion",
]


@pytest.fixture
def chez_jean(client, jean):
    client.force_login(jean.utilisateur)
    return client


def lire(client, adresse="/documents/"):
    return client.get(adresse).content.decode()


# --- What the manual shows at the top of each page -----------------------------------------------------


def test_les_sept_onglets_du_manuel_sont_la_dans_son_ordre(chez_jean):
    page = lire(chez_jean)
    places = [page.index(f'<span class="entier">{onglet}</span>') for onglet in ONGLETS]
    assert places == sorted(places)


def test_l_onglet_courant_est_marque(chez_jean):
    assert re.search(r'<a href="/" aria-current="page">', lire(chez_jean))
    assert "aria-current" not in lire(chez_jean, "/aide/")


def test_l_en_tete_salue_et_dit_le_jour_en_toutes_lettres(chez_jean, collectivite, settings):
    settings.HORLOGE_FIGEE = timezone.datetime(2015, 5, 4, 10)
    page = " ".join(lire(chez_jean).split())
    assert '<span class="bienvenue">Bienvenue</span> <b>Jean DUPONT</b>, vous avez' in page
    assert "Nouveau(x) Message(s)" in page
    assert "lundi 4 mai 2015" in page
    assert "Les P’tiots Lanniaux" in page


def test_une_page_publique_n_a_ni_onglets_ni_salut(client, db):
    page = lire(client, "/aide/")
    assert 'class="onglets"' not in page
    assert "Bienvenue" not in page


@pytest.mark.parametrize("mode, bandeau", [("demonstration", True), ("developpement", False)])
def test_le_bandeau_de_demonstration_est_sur_chaque_page(client, chez_jean, settings, mode, bandeau):
    settings.MODE = mode
    for adresse in ("/documents/", "/aide/", "/nulle-part/"):
        # A landmark: a screen reader lists it, and axe wants every word of a page inside one.
        assert (
            '<aside class="demonstration" aria-label="Démonstration">' in lire(client, adresse)
        ) is bandeau


def test_le_jour_est_celui_de_la_ville(chez_jean, collectivite, settings):
    settings.HORLOGE_FIGEE = timezone.datetime(2026, 11, 24, 23, 30, tzinfo=timezone.get_fixed_timezone(0))
    assert "mercredi 25 novembre 2026" in lire(chez_jean)
    collectivite.fuseau = "America/Cayenne"
    collectivite.save()
    assert "mardi 24 novembre 2026" in lire(chez_jean)
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize(
    "page, mots",
    [
        ("mentions-legales", ["Éditeur", "SIRET 73282932000074", "M. le Maire", "Serveurs du Midi"]),
        ("donnees-personnelles", ["CNIL", "dpd@mairie.example"]),
        ("accessibilite", ["RGAA 4.1", "Défenseur des droits"]),
    ],
)
def test_les_pages_legales_disent_ce_que_la_ville_a_rempli(client, collectivite, page, mots):
    assert "à compléter par la structure" in lire(client, "/legal/mentions-legales/")
    collectivite.siret = "73282932000074"
    collectivite.directeur_publication = "M. le Maire"
    collectivite.hebergeur = "Serveurs du Midi, 31000 Toulouse"
    collectivite.contact_donnees = "dpd@mairie.example"
    collectivite.save()
    contenu = lire(client, f"/legal/{page}/")
    assert all(mot in contenu for mot in mots)
    assert client.get("/legal/rien/").status_code == 404


# --- Costs and headers ---------------------------------------------------------------------------------


def test_le_cadre_coute_quatre_requetes(chez_jean, collectivite, django_assert_num_queries):
    # session, user, responsable and family with both counters, collectivité; the documents, the menus
    with django_assert_num_queries(6):
        lire(chez_jean)


def test_une_page_publique_ne_lit_que_la_ville(client, collectivite, django_assert_num_queries):
    with django_assert_num_queries(1):
        lire(client, "/aide/")


def test_les_en_tetes_protegent_la_page(chez_jean):
    en_tetes = chez_jean.get("/documents/").headers
    assert "camera=()" in en_tetes["Permissions-Policy"]
    assert en_tetes["Cache-Control"] == "private, no-store"
    assert en_tetes["X-Content-Type-Options"] == "nosniff"
    assert en_tetes["X-Frame-Options"] == "DENY"
    politique = en_tetes["Content-Security-Policy"]
    assert "unsafe-inline" not in politique
    assert "form-action 'self';" in politique + ";"


def test_la_page_de_la_ville_est_permise_apres_deconnexion(chez_jean, collectivite):
    """Browsers apply form-action to the redirect that follows a form."""
    collectivite.url_apres_deconnexion = "https://mairie.example/ptiots/?a=1"
    collectivite.save()
    politique = chez_jean.get("/documents/").headers["Content-Security-Policy"]
    assert re.search(r"form-action 'self' https://mairie\.example(;|$)", politique)


def test_une_page_publique_peut_rester_en_cache(client, db):
    assert "no-store" not in client.get("/aide/").headers.get("Cache-Control", "")


# --- Errors --------------------------------------------------------------------------------------------


def test_une_adresse_inconnue_a_sa_page(client, chez_jean):
    reponse = chez_jean.get("/nulle-part/")
    assert reponse.status_code == 404
    assert "Page introuvable" in reponse.content.decode()
    client.logout()
    assert client.get("/nulle-part/").status_code == 404


@pytest.mark.parametrize(
    "refus, statut, titre",
    [
        (HorsDelai("Trop tard depuis jeudi."), 409, "Cette demande n’est plus possible"),
        (DejaTraite("Déjà fait."), 409, "Cette demande n’est plus possible"),
        (Invalide("Mois inconnu."), 422, "Cette saisie ne convient pas"),
        (Indisponible(), 503, "Un instant"),
        (Refus("Non.", 404), 404, "Page introuvable"),
        (Refus("Cette demande est à l’autre parent.", 403), 403, "Cette page ne vous est pas ouverte"),
    ],
)
def test_un_refus_devient_une_page_avec_sa_phrase_et_son_statut(db, refus, statut, titre):
    def vue(requete):
        return RefusMiddleware(lambda r: None).process_exception(requete, refus)

    requete = RequestFactory().get("/")
    requete.user = type("Anonyme", (), {"is_authenticated": False, "is_staff": False})()
    reponse = AccesMiddleware(vue)(requete)
    assert reponse.status_code == statut
    page = reponse.content.decode()
    assert titre in page
    assert statut == 404 or refus.message in page


def test_une_adresse_qui_ne_prend_que_des_envois_le_dit(chez_jean):
    reponse = chez_jean.get(reverse("portail:deconnexion"))
    assert (reponse.status_code, reponse.headers["Allow"]) == (405, "POST")
    assert "ne s’ouvre pas directement" in reponse.content.decode()


def test_une_autre_erreur_n_est_pas_cachee():
    assert RefusMiddleware(lambda r: None).process_exception(None, ValueError("panne")) is None


def test_une_erreur_du_serveur_a_sa_page_meme_sans_base(client, db, monkeypatch):
    def tomber(*args, **kwargs):
        raise OperationalError("plus de base")

    monkeypatch.setattr("portail.middleware.Collectivite.objects.courante", tomber)
    client.raise_request_exception = False
    reponse = client.get("/aide/")
    assert reponse.status_code == 500
    page = reponse.content.decode()
    assert "Le portail a rencontré une erreur" in page
    assert "plus de base" not in page


def test_un_formulaire_sans_jeton_est_refuse_avec_une_explication(db):
    reponse = Client(enforce_csrf_checks=True).post(reverse("portail:connexion"), {})
    assert reponse.status_code == 403
    assert "Formulaire trop ancien" in reponse.content.decode()


@override_settings(ALLOWED_HOSTS=["famille.exemple.fr"])
def test_un_nom_de_site_inconnu_recoit_une_page_sobre(client, db):
    reponse = client.get("/aide/")
    assert reponse.status_code == 400
    assert "Demande incompréhensible" in reponse.content.decode()


# --- Health check --------------------------------------------------------------------------------------


def test_l_etat_dit_ok_et_rien_d_autre(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        reponse = client.get("/etat/")
    assert (reponse.status_code, reponse.content) == (200, b"ok")


def test_l_etat_dit_indisponible_quand_la_base_ne_repond_pas(client, db, monkeypatch):
    class Panne:
        def cursor(self):
            raise OperationalError("mot de passe : secret")

    monkeypatch.setattr("portail.views.pages.connection", Panne())
    reponse = client.get("/etat/")
    assert (reponse.status_code, reponse.content) == (503, b"indisponible")


# --- Several families ----------------------------------------------------------------------------------


@pytest.fixture
def seconde_famille(jean):
    famille = Famille.objects.create(numero="2002002002002", situation=Situation.VEUF)
    Responsable.objects.create(
        famille=famille, rang=1, utilisateur=jean.utilisateur, nom="Dupont", prenom="Jean"
    )
    return famille


def test_un_compte_qui_ouvre_deux_familles_choisit(chez_jean, jean, seconde_famille):
    assert chez_jean.get("/").url == reverse("portail:choisir_famille")
    page = lire(chez_jean, "/famille/")
    assert seconde_famille.numero in page and jean.famille.numero in page
    assert chez_jean.post("/famille/", {"famille": seconde_famille.pk}).url == "/"
    assert seconde_famille.numero in lire(chez_jean, "/fiche-inscription/")
    assert "Changer de famille" in lire(chez_jean)


@pytest.mark.parametrize("choix", ["", "abc", "999999"])
def test_une_famille_qui_n_est_pas_la_sienne_ne_se_choisit_pas(chez_jean, seconde_famille, choix):
    etrangere = Famille.objects.create(numero="3003003003003")
    for valeur in (choix, etrangere.pk):
        assert chez_jean.post("/famille/", {"famille": valeur}).status_code == 422
    assert chez_jean.get("/").url == reverse("portail:choisir_famille")


def test_un_seul_dossier_ne_propose_pas_de_changer(chez_jean):
    assert "Changer de famille" not in lire(chez_jean)


def test_le_journal_ne_garde_aucun_secret_d_une_adresse():
    secret = "3f9a" * 8
    for chemin in (f"/premiere-connexion/{secret}/", f"/mot-de-passe/nouveau/MQ/c2x-{secret}/"):
        ligne = logging.makeLogRecord({"msg": "%s: %s", "args": ("Not Found", chemin)})
        assert SansSecrets().filter(ligne)
        assert ligne.getMessage() == f"Not Found: {chemin.rsplit('/', 2)[0]}/…/"
    ligne = logging.makeLogRecord({"msg": "%s: %s", "args": ("Not Found", "/enfants/12/planning/")})
    assert SansSecrets().filter(ligne) and ligne.getMessage() == "Not Found: /enfants/12/planning/"
