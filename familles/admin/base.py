"""What every page of the admin refuses, whoever forged its address or its form: never a 500, nothing written.

Each ModelAdmin and each inline of the project comes from one of the classes below (tests/test_coherence.py).
"""

import json

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import EmptyResultSet, PermissionDenied
from django.db import models, transaction
from django.forms.models import BaseInlineFormSet, BaseModelFormSet
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import register_converter
from django.urls.resolvers import RoutePattern
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from familles.acces import concerne_les_siens
from familles.admin.historique import Changements
from familles.entiers import est_cle
from familles.francais import du, un
from familles.montants import ChampNombre
from familles.recherche import ChampDeRecherche, ChampDeRechercheMultiple
from familles.saisies import LignesSures
from familles.textes import une_ligne
from familles.validation import jour_plausible


class CleConverter:
    """The key of a row in an address: anything else is no address, before any page is asked."""

    regex = "[^/]+"

    def to_python(self, valeur: str) -> str:
        if not est_cle(valeur):
            raise ValueError
        return valeur

    def to_url(self, valeur) -> str:
        # Django's own widgets ask for the address of « __fk__ », which their script replaces.
        return str(valeur)


register_converter(CleConverter, "cle")


class ChampsSurs:
    """Fields that take a forged key, or an impossible date, for a wrong choice (pages and inlines alike)."""

    def formfield_for_foreignkey(self, db_field, request, **options):
        if db_field.name in self.get_autocomplete_fields(request):
            options.setdefault("widget", ChampDeRecherche(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_manytomany(self, db_field, request, **options):
        if db_field.name in self.get_autocomplete_fields(request):
            options.setdefault("widget", ChampDeRechercheMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **options)

    def formfield_for_dbfield(self, db_field, request, **options):
        if isinstance(db_field, models.DecimalField):
            options.setdefault("form_class", ChampNombre)
        champ = super().formfield_for_dbfield(db_field, request, **options)
        if champ is not None and isinstance(db_field, models.DateField):
            champ.validators.append(jour_plausible)
        if isinstance(db_field, models.CharField) and isinstance(champ, forms.CharField):
            champ.validators.append(une_ligne)
        return champ


LES_SIENS = "C’est le dossier de votre propre famille : laissez une ou un collègue le modifier."


class LignesDeLaListe(LignesSures, BaseModelFormSet):
    pass


class LignesDeLaFiche(LignesSures, BaseInlineFormSet):
    pass


class LotAffiche(helpers.InlineAdminFormSet):
    """Its button says « Ajouter un rattachement », rather than « un objet Rattachement supplémentaire »."""

    def inline_formset_data(self):
        donnees = json.loads(super().inline_formset_data())
        donnees["options"]["addText"] = f"Ajouter {un(self.opts.verbose_name)}"
        return json.dumps(donnees)


class Tableau(ChampsSurs, admin.TabularInline):
    formset = LignesDeLaFiche


class Fiche(ChampsSurs, admin.StackedInline):
    formset = LignesDeLaFiche


class ListeSure(ChangeList):
    """Filters typed in the address: what no database could read is a filter that does not exist."""

    def get_queryset(self, request, exclude_parameters=None):
        if any("\0" in valeur for _, valeurs in request.GET.lists() for valeur in valeurs):
            raise IncorrectLookupParameters
        try:
            lignes = super().get_queryset(request, exclude_parameters)
            # Django reads a year (0, 9999, thirty digits) without minding it: only its SQL tells.
            lignes.query.get_compiler(lignes.db).as_sql()
        except EmptyResultSet:
            return lignes
        except (ValueError, OverflowError) as erreur:
            raise IncorrectLookupParameters from erreur
        return lignes


class PageAdmin(ChampsSurs, admin.ModelAdmin):
    """Base of every ModelAdmin."""

    # The families' pages are not the staff's.
    view_on_site = False
    # What the button above the list says; empty: « Ajouter » and the name of the model.
    libelle_ajout = ""
    # What the list is called; empty: the plural name of the model.
    titre_liste = ""

    def get_urls(self):
        """« …/zz/change/ » is no address: 404, whatever the page does of its key."""
        adresses = super().get_urls()
        for adresse in adresses:
            if isinstance(adresse.pattern, RoutePattern) and "<path:object_id>" in adresse.pattern._route:
                route = adresse.pattern._route.replace("<path:object_id>", "<cle:object_id>")
                adresse.pattern = RoutePattern(route, name=adresse.pattern.name, is_endpoint=True)
        return adresses

    def get_changelist(self, request, **options):
        return ListeSure

    def get_actions(self, request):
        """« Supprimer les années sélectionnés »: Django agrees with nobody."""
        gestes = super().get_actions(request)
        if "delete_selected" in gestes:
            fonction, nom, _ = gestes["delete_selected"]
            gestes["delete_selected"] = (fonction, nom, "Supprimer la sélection")
        return gestes

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self._est_le_sien(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self._est_le_sien(request, obj)

    def save_model(self, request, obj, form, change):
        if not change and self._est_le_sien(request, obj):
            raise PermissionDenied(LES_SIENS)
        super().save_model(request, obj, form, change)

    def _est_le_sien(self, request, ligne) -> bool:
        """Of the file of one's own family; asked several times a page, read once."""
        if ligne is None or self.opts.app_label != "familles":
            return False
        if not hasattr(ligne, "_est_le_sien"):
            ligne._est_le_sien = concerne_les_siens(request.user, ligne)
        return ligne._est_le_sien

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """« Modification de l’enfant »: Django’s own title says « de enfant »."""
        page = super().changeform_view(request, object_id, form_url, extra_context)
        # Not after a saving, nor what closes a « + » window: they show no row.
        montree = isinstance(page, TemplateResponse) and "original" in (page.context_data or {})
        if montree and "title" not in (extra_context or {}):
            ligne = page.context_data["original"]
            page.context_data["title"] = self._titre(request, ligne)
            if self._est_le_sien(request, ligne):
                messages.info(request, LES_SIENS)
        return page

    def _titre(self, request, ligne) -> str:
        if ligne is None:
            return f"Ajouter {un(self.opts.verbose_name)}"
        geste = "Modification" if self.has_change_permission(request, ligne) else "Lecture"
        return f"{geste} {du(self.opts.verbose_name)}"

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        lots = super().get_inline_formsets(request, formsets, inline_instances, obj)
        for lot in lots:
            lot.__class__ = LotAffiche
        return lots

    def render_change_form(self, request, context, *args, **kwargs):
        page = super().render_change_form(request, context, *args, **kwargs)
        if context["errors"]:  # shown again for them; without any, it was only looked at
            page.status_code = 422
        return page

    def get_changelist_formset(self, request, **options):
        return super().get_changelist_formset(request, formset=LignesDeLaListe, **options)

    def changelist_view(self, request, extra_context=None):
        """A list is named after what it holds, rather than « Sélectionnez l’objet … à changer »."""
        titre = self.titre_liste or capfirst(self.opts.verbose_name_plural)
        contexte = {"title": titre, "libelle_ajout": self.libelle_ajout, **(extra_context or {})}
        page = super().changelist_view(request, contexte)
        lignes = (getattr(page, "context_data", None) or {}).get("cl")
        if lignes and lignes.formset and lignes.formset.is_bound:
            page.status_code = 422
        return page

    def get_changeform_initial_data(self, request):
        """What the address proposes, but for instants: Django splits them in two, and falls on a text."""
        instants = {c.name for c in self.opts.get_fields() if isinstance(c, models.DateTimeField)}
        proposees = super().get_changeform_initial_data(request)
        return {nom: valeur for nom, valeur in proposees.items() if nom not in instants}

    def get_search_results(self, request, queryset, search_term):
        """No database keeps a NUL: it is never part of what is searched."""
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def delete_queryset(self, request, queryset):
        """One by one: the setting that goes must tell every process to read again."""
        with transaction.atomic():
            for ligne in queryset:
                ligne.delete()

    def response_action(self, request, queryset):
        if not all(est_cle(cle) for cle in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            messages.error(request, "Cette sélection n’existe plus : cochez de nouveau, rien n’a été fait.")
            return None
        return super().response_action(request, queryset)

    def contexte(self, request, titre: str, **valeurs) -> dict:
        """What a page of our own needs to stand in the admin's frame."""
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": titre, **valeurs}


class PageHistorisee(PageAdmin, SimpleHistoryAdmin):
    """The same, with the former versions of each row."""

    def get_historical_record_context_helper(self, request, historical_record):
        return Changements(self.model, historical_record)

    def history_view_title(self, request, obj):
        return f"Historique : {obj}"

    def history_form_view_title(self, request, obj):
        return f"Ancienne version : {obj}"

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if not (est_cle(object_id) and est_cle(version_id)):
            raise Http404("Cette version n’existe pas.")
        return super().history_form_view(request, object_id, version_id, extra_context)
