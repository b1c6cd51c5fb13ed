"""Every address of the admin, by introspection, met with impossible keys, numbers, dates and texts."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.forms import ChoiceField, DateField, DateTimeField, IntegerField, ModelChoiceField
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.fabriques import familles as f
from tests.sources import APPS
from tests.test_acces import a_jean, arguments

__all__ = ["a_jean", "arguments"]  # the scene of the access table, with a row of each model

LONG = str(10**30)
CLES = ["zz", LONG]
# Two values that no field of its kind can hold: keys and numbers, days, then all that is written freely.
IMPOSSIBLES = {"cle": (LONG, "zz"), "jour": ("0001-01-01", LONG), "texte": ("zz\0", "\0")}
PARAMETRE = re.compile(r"<[^>]+>|\(\[\^/\]\+\)|\(\?P<[^>]*>[^)]*\)")
# Counts of an inline's management form: forms in all, forms that exist.
COMPTES = [("3", LONG), ("zz", "-1")]
# What reading a page leaves.
LECTURES = {"familles.Trace", "planning.Journee", "portail.Seance"}


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
        if not isinstance(champ, str):
            yield champ.parameter_name
        elif isinstance(filtre, tuple):
            yield f"{champ}__isempty"
        else:
            relation = modele_admin.model._meta.get_field(champ.split("__")[0]).is_relation
            yield from (f"{champ}__id__exact" if relation else f"{champ}__exact", f"{champ}__in")
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


def genre(champ) -> str:
    if isinstance(champ, DateField | DateTimeField):
        return "jour"
    return "cle" if isinstance(champ, ChoiceField | ModelChoiceField | IntegerField) else "texte"


def saisies(page) -> Iterator[dict[str, str]]:
    """What to post to a page: impossible values in all its fields, then absurd counts of its inlines."""
    contexte = page.context or {}
    adminform = contexte.get("adminform")
    form = adminform.form if adminform else contexte.get("form")
    champs, gestion = dict(getattr(form, "fields", ())), {}
    lots = [lot.formset for lot in contexte.get("inline_admin_formsets") or ()]
    if not champs and not lots:
        return  # a page of buttons alone (delete, go on): what they do is meant
    for lot in lots:
        gestion |= {f"{lot.prefix}-TOTAL_FORMS": "1", f"{lot.prefix}-INITIAL_FORMS": "0"}
        champs |= {f"{lot.prefix}-0-{nom}": champ for nom, champ in lot.empty_form.fields.items()}
    for rang in (0, 1):
        gestes = dict.fromkeys(["operation", "cloturer", "familles", "reglements"], CLES[rang])
        yield {nom: IMPOSSIBLES[genre(champ)][rang] for nom, champ in champs.items()} | gestes | gestion
    for rang, lot in enumerate(lots):
        tous, anciens = COMPTES[rang % 2]
        yield gestion | {
            f"{lot.prefix}-TOTAL_FORMS": tous,
            f"{lot.prefix}-INITIAL_FORMS": anciens,
            f"{lot.prefix}-0-id": LONG,
        }


@pytest.fixture
def chef(arguments) -> Client:
    """A superuser: nothing is refused for want of a right."""
    client = Client(raise_request_exception=False)
    client.force_login(f.UtilisateurFactory(username="chef", is_staff=True, is_superuser=True))
    return client


class Balayage:
    def __init__(self, client: Client):
        self.client, self.pannes, self.nombre = client, [], 0

    def demander(self, methode: str, adresse: str, donnees: dict | None = None):
        page = getattr(self.client, methode)(adresse, donnees or {})
        self.nombre += 1
        if page.status_code >= 500:
            self.pannes.append(f"{methode} {adresse} {donnees or ''}")
        return page

    def cles_impossibles(self) -> None:
        """Each address with one of the keys in turn: all refuse them at the same place."""
        for rang, route in enumerate(r for r in routes() if PARAMETRE.search(r)):
            self.demander("get", chemin(route, CLES[rang % 2]))

    def liste(self, modele_admin, adresse: str) -> None:
        for rang, geste in enumerate(("delete_selected", *(modele_admin.actions or ()))):
            self.demander(
                "post", adresse, {"action": geste, "_selected_action": CLES[rang % 2], "index": "0"}
            )
        self.demander("get", adresse, {"q": "zz\0"})
        self.demander("get", adresse, {"q": LONG})
        for nom in {*filtres(modele_admin), "id__in"}:
            for valeur in [LONG, "1", "9999"] if nom.endswith("__year") else [LONG]:
                self.demander("get", adresse, {nom: valeur})

    def page(self, adresse: str) -> None:
        donnees = list(saisies(self.demander("get", adresse)))
        for saisie in donnees:
            self.demander("post", adresse, saisie)
        if adresse.endswith("/add/") and donnees:
            self.demander("get", adresse, donnees[0])
            self.demander("get", adresse, donnees[1])


@pytest.fixture
def balayage(chef) -> Iterator[Balayage]:
    """What falls, or writes, fails the test."""
    balayage, avant = Balayage(chef), empreinte()
    yield balayage
    assert balayage.pannes == []
    apres = empreinte()
    changes = {nom: (avant[nom], apres[nom]) for nom in avant if apres[nom] != avant[nom]}
    assert not changes, changes


def test_une_cle_impossible_dans_une_adresse_ne_fait_rien_tomber(balayage):
    balayage.cles_impossibles()
    champ = {"app_label": "familles", "model_name": "rattachement", "field_name": "famille"}
    for mot in ("\0", LONG):
        balayage.demander("get", reverse("admin:autocomplete"), {"term": mot, **champ})
    assert balayage.nombre > 120, "le balayage ne trouve plus les adresses"


@pytest.mark.parametrize("app", APPS)
def test_aucune_page_de_l_administration_ne_tombe_ni_n_ecrit(balayage, arguments, app):
    toutes = list(routes())
    modeles = {m: a for m, a in admin.site._registry.items() if m._meta.app_label == app}
    for modele, modele_admin in modeles.items():
        nom = f"{app}_{modele._meta.model_name}"
        liste = reverse(f"admin:{nom}_changelist")
        balayage.liste(modele_admin, liste)
        for route in toutes:
            if f"/{route}".startswith(liste) and f"/{route}" != liste and "history" not in route:
                balayage.page(chemin(route, str(arguments[nom])))
    assert balayage.nombre >= 10 * len(modeles), "le balayage ne trouve plus les adresses"
