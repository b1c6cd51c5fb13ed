"""What the admin only shows: rows written once, whose pages are read."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path, reverse

from familles.admin.base import PageAdmin, Tableau
from familles.envois import envoyer_tableau
from familles.tableur import TYPES


class ListeExportee:
    """A list that leaves for a spreadsheet, as it is searched and filtered."""

    tableau = None  # facturation.exports

    def get_urls(self):
        nom = f"{self.opts.app_label}_{self.opts.model_name}_export"
        export = path("export/<str:format_>/", self.admin_site.admin_view(self.exporter), name=nom)
        return [*([export] if self.tableau else []), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        adresses = {}
        if self.tableau:
            nom = f"admin:{self.opts.app_label}_{self.opts.model_name}_export"
            adresses = {f"adresse_{format_}": reverse(nom, args=[format_]) for format_ in TYPES}
        return super().changelist_view(request, {**adresses, **(extra_context or {})})

    def exporter(self, request, format_):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            lignes = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters as erreur:
            raise Http404("Ce filtre n’existe pas.") from erreur
        return envoyer_tableau(self.tableau(lignes), format_)


class LectureSeuleAdmin(ListeExportee, PageAdmin):
    """Nothing is changed or deleted here; « Ajouter » opens the page of the action."""

    class Media:
        css = {"all": ["css/admin-facturation.css"]}

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        titre = self.opts.verbose_name.capitalize()
        return super().change_view(request, object_id, form_url, {"title": titre, **(extra_context or {})})


class DetailInline(Tableau):
    """Rows that are a part of the page, read by who may read it: they have no permission of their own."""

    extra = 0
    can_delete = False
    # What the names of the rows need.
    lies: tuple[str, ...] = ()

    def get_queryset(self, request):
        lignes = super().get_queryset(request)
        return lignes.select_related(*self.lies) if self.lies else lignes

    def has_view_permission(self, request, obj=None):
        parent = self.parent_model._meta
        return request.user.has_perm(f"{parent.app_label}.view_{parent.model_name}")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
