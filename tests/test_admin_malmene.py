"""Every address of the admin, by introspection, met with impossible keys, numbers, dates and texts."""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.fabriques import familles as f
from tests.sources import APPS
from tests.test_acces import a_jean, arguments

__all__ = ["a_jean", "arguments"]  # the scene of the access table, with a row of each model

LONG = str(10**30)
CLES = ["zz", LONG]
PARAMETRE = re.compile(r"<[^>]+>|\(\[\^/\]\+\)|\(\?P<[^>]*>[^)]*\)")
# Counts of an inline's management form: forms in all, forms that exist.
COMPTES = [("3", LONG), ("zz", "-1")]
# What reading a page leaves.
LECTURES = {"familles.Trace", "portail.Seance"}


def routes(resolveur=None, debut: str = "") -> Iterator[str]:
    """« admin/familles/famille/<cle:object_id>/change/ » and all the others."""
    for motif in (resolveur or get_resolver()).url_patterns:
        route = debut + str(motif.pattern)
        if isinstance(motif, URLPattern):
            yield route
        elif debut or getattr(motif, "namespace", None) == "admin":
            yield from routes(motif, route)


def chemin(route: str, valeur: str) -> str:
    return "/" + PARAMETRE.sub(lambda _: valeur, route).translate({ord("^"): None, ord("$"): None})


def filtres(modele_admin) -> Iterator[str]:
    for filtre in modele_admin.list_filter:
        champ = filtre[0] if isinstance(filtre, tuple) else filtre
        if isinstance(champ, str):
            yield from (champ, f"{champ}__exact", f"{champ}__id__exact", f"{champ}__in", f"{champ}__isempty")
        else:
            yield champ.parameter_name
    if modele_admin.date_hierarchy:
        yield from (f"{modele_admin.date_hierarchy}__{partie}" for partie in ("year", "gte"))


def empreinte() -> dict[str, list]:
    """Every row of every table of ours."""
    modeles = [m for app in APPS for m in apps.get_app_config(app).get_models()]
    return {
        m._meta.label: list(m._base_manager.order_by("pk").values_list())
        for m in modeles
        if m._meta.label not in LECTURES
    }


def saisies(page) -> Iterator[dict[str, str]]:
    """What to post to a page: too long a number everywhere, then texts and dates that no database keeps, then
    absurd counts of its inlines.
    """
    contexte = page.context or {}
    adminform = contexte.get("adminform")
    form = adminform.form if adminform else contexte.get("form")
    champs = dict(getattr(form, "fields", {}))
    lots, gestion = [lot.formset for lot in contexte.get("inline_admin_formsets") or ()], {}
    for lot in lots:
        gestion |= {f"{lot.prefix}-TOTAL_FORMS": "1", f"{lot.prefix}-INITIAL_FORMS": "0"}
        champs |= {f"{lot.prefix}-0-{nom}": champ for nom, champ in lot.empty_form.fields.items()}
    gestes = ("operation", "cloturer", "familles", "reglements")
    yield dict.fromkeys([*champs, *gestes], LONG) | gestion
    yield dict.fromkeys(gestes, "zz\0") | {nom: impossible(champ) for nom, champ in champs.items()} | gestion
    for lot in lots:
        for tous, anciens in COMPTES:
            yield gestion | {
                f"{lot.prefix}-TOTAL_FORMS": tous,
                f"{lot.prefix}-INITIAL_FORMS": anciens,
                f"{lot.prefix}-0-id": LONG,
            }


def impossible(champ: forms.Field) -> str:
    return "9999-12-31" if isinstance(champ, forms.DateField | forms.DateTimeField) else "zz\0"


@pytest.fixture
def chef(arguments) -> Client:
    """A superuser: nothing is refused for want of a right."""
    client = Client(raise_request_exception=False)
    client.force_login(f.UtilisateurFactory(username="chef", is_staff=True, is_superuser=True))
    return client


class Balayage:
    def __init__(self, client: Client):
        self.client, self.pannes, self.nombre = client, [], 0
        self.muettes: list[str] = []  # a form shown again with the status of a success

    def demander(self, methode: str, adresse: str, donnees: dict | None = None):
        page = getattr(self.client, methode)(adresse, donnees or {})
        self.nombre += 1
        if page.status_code >= 500:
            self.pannes.append(f"{methode} {adresse} {donnees or ''}")
        return page

    def cles_impossibles(self) -> None:
        for route in routes():
            if PARAMETRE.search(route):
                for cle in CLES:
                    self.demander("get", chemin(route, cle))

    def liste(self, modele_admin, adresse: str) -> None:
        for geste in ("delete_selected", *(modele_admin.actions or ())):
            for cle in (LONG, "zz"):
                self.demander("post", adresse, {"action": geste, "_selected_action": cle, "index": "0"})
        for nom in {*filtres(modele_admin), "q", "id__in"}:
            for valeur in [LONG, "1", "9999"] if nom.endswith("__year") else [LONG, "zz\0"]:
                self.demander("get", adresse, {nom: valeur})

    def page(self, adresse: str) -> None:
        donnees = list(saisies(self.demander("get", adresse)))
        if adresse.endswith("/delete/"):
            return  # whatever it holds, this POST confirms the deletion of a row that exists
        for saisie in donnees:
            page = self.demander("post", adresse, saisie)
            if page.status_code == 200 and adresse.endswith(("/add/", "/change/", "/password/")):
                self.muettes.append(adresse)
        self.demander("get", adresse, donnees[0])


@pytest.fixture
def sans_menu(monkeypatch) -> None:
    """The menu is the same on each page, whatever is sent to it: it would be a quarter of the sweep."""
    monkeypatch.setattr(admin.site, "get_app_list", lambda *_, **__: [])


@pytest.fixture
def balayage(chef) -> Iterator[Balayage]:
    balayage = Balayage(chef)
    yield balayage
    assert balayage.pannes == []


@pytest.fixture
def rien_d_ecrit(chef) -> Iterator[None]:
    avant = empreinte()
    yield
    apres = empreinte()
    assert {nom: lignes for nom, lignes in apres.items() if lignes != avant[nom]} == {}


def modeles_de(app: str) -> Iterator[tuple[str, admin.ModelAdmin, str]]:
    for modele, modele_admin in admin.site._registry.items():
        if modele._meta.app_label == app:
            nom = f"{app}_{modele._meta.model_name}"
            yield nom, modele_admin, reverse(f"admin:{nom}_changelist")


def test_une_cle_impossible_dans_une_adresse_ne_fait_rien_tomber(balayage, rien_d_ecrit):
    balayage.cles_impossibles()
    champ = {"app_label": "familles", "model_name": "rattachement", "field_name": "famille"}
    for mot in ("\0", LONG):
        balayage.demander("get", reverse("admin:autocomplete"), {"term": mot, **champ})
    assert balayage.nombre > 300, "le balayage ne trouve plus les adresses"


@pytest.mark.usefixtures("sans_menu")
@pytest.mark.parametrize("app", APPS)
def test_une_liste_malmenee_ne_tombe_pas_et_n_ecrit_rien(balayage, rien_d_ecrit, app):
    for _, modele_admin, adresse in modeles_de(app):
        balayage.liste(modele_admin, adresse)
    assert balayage.nombre >= 20, "le balayage ne trouve plus les listes"


@pytest.mark.usefixtures("sans_menu")
@pytest.mark.parametrize("app", APPS)
def test_une_page_malmenee_ne_tombe_pas(balayage, arguments, app):
    """Some of it may be written: an impossible date is a lawful name."""
    toutes = [f"/{route}" for route in routes() if "history" not in route]
    for nom, _, liste in modeles_de(app):
        for route in toutes:
            if route.startswith(liste) and route != liste:
                balayage.page(chemin(route[1:], str(arguments[nom])))
    assert balayage.nombre >= 10, "le balayage ne trouve plus les pages"
    assert balayage.muettes == []
