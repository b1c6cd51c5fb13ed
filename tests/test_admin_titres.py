"""What the administration calls its rows and its pages: names, in French; never the key of a row."""

import json
import re
from html import unescape

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from familles.francais import FEMININS, MASCULINS, du, un
from tests.fabriques import familles as f
from tests.test_acces import a_jean, arguments

__all__ = ["a_jean", "arguments"]  # the scene of the access table, with a row of each model

PREMIERE_CLE = 7_650_001
CLE = re.compile(r"\b76[5-9]\d{4}\b")
# « Demande n° 12 » is the number that the family reads and quotes.
NUMERO = re.compile(r"\b[dD]emande n°\s\d+")
SANS_ELISION = re.compile(r"\b[dD]e (?=[aeiouyéèêœ])")


@pytest.fixture(autouse=True)
def cles_reconnaissables(db):
    """Keys that nothing else looks like, from before the first row of the test."""
    avec_cle = connection.introspection.installed_models(connection.introspection.table_names())
    with connection.cursor() as curseur:
        for modele in avec_cle:
            if modele._meta.pk.get_internal_type() not in {"AutoField", "BigAutoField"}:
                continue
            table, colonne = modele._meta.db_table, modele._meta.pk.column
            if connection.vendor == "sqlite":
                curseur.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                curseur.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, PREMIERE_CLE])
            else:
                sequence = "SELECT setval(pg_get_serial_sequence(%s, %s), %s)"
                curseur.execute(sequence, [f'"{table}"', colonne, PREMIERE_CLE])


@pytest.fixture
def chef(arguments) -> Client:
    client = Client()
    client.force_login(f.UtilisateurFactory(username="chef", is_staff=True, is_superuser=True))
    return client


def modeles_montres() -> set:
    pages = admin.site._registry
    return {*pages, *(lignes.model for page in pages.values() for lignes in page.inlines)}


def test_aucune_ligne_ne_se_nomme_par_sa_cle(arguments):
    muettes = []
    for modele in modeles_montres():
        for ligne in modele._base_manager.order_by("-pk")[:3]:
            if not str(ligne).strip() or str(ligne).isdigit() or CLE.search(NUMERO.sub("", str(ligne))):
                muettes.append(f"{modele._meta.label} : {ligne}")
    assert muettes == []


def test_une_ligne_qui_n_est_encore_liee_a_rien_se_nomme_quand_meme(db):
    for modele in (f.RattachementFactory, f.InscriptionFactory, f.FicheSanitaireFactory):
        assert isinstance(str(modele._meta.model()), str)


def test_le_genre_de_chaque_nom_est_connu():
    premiers = {str(modele._meta.verbose_name).split()[0] for modele in modeles_montres()}
    assert {mot for mot in premiers if not mot.endswith("s")} <= FEMININS | MASCULINS
    assert not FEMININS & MASCULINS


@pytest.mark.parametrize(
    ("nom", "de_lui", "un_autre"),
    [
        ("enfant", "de l’enfant", "un enfant"),
        ("inscription", "de l’inscription", "une inscription"),
        ("école", "de l’école", "une école"),
        ("famille", "de la famille", "une famille"),
        ("tarif", "du tarif", "un tarif"),
        ("règlement versé", "du règlement versé", "un règlement versé"),
        ("règles de facturation", "des règles de facturation", "des règles de facturation"),
    ],
)
def test_un_nom_s_accorde(nom, de_lui, un_autre):
    assert (du(nom), un(nom)) == (de_lui, un_autre)


def textes(page) -> list[str]:
    """The titles of a page, and what its rows are called."""
    contenu = page.content.decode()
    titres = re.findall(r"<(?:title|h1|h2|h3)\b[^>]*>(.*?)</(?:title|h1|h2|h3)>", contenu, re.DOTALL)
    originaux = re.findall(r'<td class="original">(.*?)</td>', contenu, re.DOTALL)
    bruts = [unescape(re.sub(r"<[^>]+>", " ", texte)) for texte in (*titres, *originaux)]
    return [" ".join(texte.split()) for texte in bruts]


def test_chaque_page_a_un_titre_sans_cle_et_en_francais(chef, arguments):
    fautes = []
    for modele in admin.site._registry:
        nom = f"{modele._meta.app_label}_{modele._meta.model_name}"
        adresses = [reverse(f"admin:{nom}_changelist"), reverse(f"admin:{nom}_add")]
        adresses += [reverse(f"admin:{nom}_{page}", args=[arguments[nom]]) for page in ("change", "history")]
        for adresse in adresses:
            page = chef.get(adresse, follow=True)
            if page.status_code != 200:
                continue
            fautes += [
                f"{adresse} : {texte}"
                for texte in textes(page)
                if CLE.search(NUMERO.sub("", texte)) or SANS_ELISION.search(texte) or "objet" in texte
            ]
    assert fautes == []


def test_le_bouton_d_une_ligne_de_plus_parle_francais(chef, arguments):
    page = chef.get(reverse("admin:familles_famille_change", args=[arguments["familles_famille"]]))
    lots = re.findall(r'data-inline-formset="([^"]*)"', page.content.decode())
    boutons = {json.loads(unescape(lot))["options"]["addText"] for lot in lots}
    assert {"Ajouter un rattachement", "Ajouter un responsable", "Ajouter une résidence"} <= boutons


def test_les_titres_des_fiches(chef, arguments, lea_inscrite):
    page = chef.get(reverse("admin:familles_enfant_change", args=[lea_inscrite.pk]))
    assert page.context["title"] == "Modification de l’enfant"
    assert page.context["subtitle"] == "DUPONT Léa"
    inscription = lea_inscrite.inscriptions.select_related("prestation").first()
    page = chef.get(reverse("admin:familles_inscription_change", args=[inscription.pk]))
    assert page.context["title"] == "Modification de l’inscription"
    assert page.context["subtitle"] == f"DUPONT Léa, {inscription.prestation.nom}, 2026-2027"
    assert chef.get(reverse("admin:familles_famille_add")).context["title"] == "Ajouter une famille"


def test_nommer_les_lignes_d_une_page_ne_coute_aucune_requete(rf, arguments):
    request = rf.get("/")
    request.user = f.UtilisateurFactory(is_staff=True, is_superuser=True)
    lues = 0
    for modele, page in admin.site._registry.items():
        for lignes in page.inlines:
            trouvees = list(lignes(modele, admin.site).get_queryset(request))
            with CaptureQueriesContext(connection) as requetes:
                noms = [str(ligne) for ligne in trouvees]
            assert len(requetes) == 0, f"{page.__class__.__name__}, {lignes.__name__} : {noms[:1]}"
            lues += len(noms)
    assert lues >= 10, "le test ne trouve plus de lignes"
