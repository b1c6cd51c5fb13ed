"""Who read or decided what: read here, never edited."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.text import capfirst

from familles import traces
from familles.admin.base import ListeSure, PageAdmin
from familles.entiers import est_cle
from familles.models import Enfant, Trace


class ObjetFilter(admin.SimpleListFilter):
    title = "objet"
    parameter_name = "objet"

    def lookups(self, request, model_admin):
        labels = Trace.objects.order_by().values_list("objet", flat=True).distinct()
        return sorted(
            ((label, capfirst(traces.nom_du_modele(label))) for label in labels), key=lambda c: c[1]
        )

    def queryset(self, request, queryset):
        return queryset.filter(objet=self.value()) if self.value() else queryset


class EnfantFilter(admin.SimpleListFilter):
    """Of one child, named by the page that leads here; a search by name finds the others."""

    title = "enfant"
    parameter_name = "enfant"

    def lookups(self, request, model_admin):
        cle = request.GET.get("enfant", "")
        return [(str(e.pk), e.appel) for e in Enfant.objects.filter(pk=cle)] if est_cle(cle) else []

    def queryset(self, request, queryset):
        if not est_cle(self.value() or ""):
            return queryset
        return queryset.filter(traces.des_enfants(Enfant.objects.filter(pk=self.value())))


class ListeDesTraces(ListeSure):
    """What each one bears on is read for the whole page."""

    def get_results(self, request):
        super().get_results(request)
        dites = traces.dire(self.result_list)
        for trace in self.result_list:
            trace.dite = dites[trace.pk]


@admin.register(Trace)
class TraceAdmin(PageAdmin):
    list_display = ["quand", "par", "verbe", "ce_qui", "famille"]
    list_filter = ["verbe", ObjetFilter, EnfantFilter]
    date_hierarchy = "quand"
    search_fields = ["=famille__numero", "famille__responsables__nom", "par__username", "par__last_name"]
    search_help_text = "Numéro ou nom de famille, enfant, identifiant ou nom de la personne"
    list_select_related = ["par"]
    fields = ["quand", "par", "verbe", "ce_qui", "famille"]

    class Media:
        css = {"all": ["css/admin-demandes.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("famille__responsables")

    def get_changelist(self, request, **options):
        return ListeDesTraces

    def get_search_results(self, request, queryset, search_term):
        trouvees, _ = super().get_search_results(request, queryset, search_term)
        mots = search_term.replace("\0", "").strip()
        if mots and any(signe.isalpha() for signe in mots):
            trouvees |= queryset.filter(traces.des_enfants(Enfant.objects.nommes(mots)))
        return trouvees, True

    @admin.display(description="objet", ordering="objet")
    def ce_qui(self, trace):
        dite = getattr(trace, "dite", None) or traces.dire([trace])[trace.pk]
        return format_html('<a href="{}">{}</a>', dite.adresse, dite.texte) if dite.adresse else dite.texte

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
