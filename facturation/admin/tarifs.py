"""Dated prices, with their brackets."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from facturation.forms import TarifForm, TrancheForm, TranchesFormSet
from facturation.models import Tarif, TrancheTarif
from familles.francais import euros


class TrancheInline(admin.TabularInline):
    model = TrancheTarif
    form = TrancheForm
    formset = TranchesFormSet
    extra = 0


@admin.register(Tarif)
class TarifAdmin(SimpleHistoryAdmin):
    form = TarifForm

    class Media:
        css = {"all": ["css/admin-facturation.css"]}

    list_display = ["prestation", "du", "mode", "prix_affiche", "cout_reel"]
    list_filter = ["prestation__structure", "mode"]
    list_select_related = ["prestation"]
    search_fields = ["prestation__nom"]
    autocomplete_fields = ["prestation"]
    date_hierarchy = "du"
    inlines = [TrancheInline]
    save_as = True
    fieldsets = [
        (None, {"fields": ["prestation", "du", "mode"]}),
        ("Prix unique", {"fields": ["montant"]}),
        ("Taux appliqué au quotient", {"fields": ["taux", "plancher", "plafond"]}),
        (
            "Cas particuliers",
            {
                "fields": [
                    "prix_hors_commune",
                    "prix_pai",
                    "prix_hors_contrat",
                    "prix_absence",
                    "majoration",
                    "majoration_en",
                    "facturer_non_pointe",
                    "cout_reel",
                ]
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("tranches")

    @admin.display(description="prix")
    def prix_affiche(self, tarif):
        """« 3,50 € », or the lowest and the highest."""
        if tarif.montant is not None and tarif.mode == "FIXE":
            return euros(tarif.montant)
        if tarif.mode == "TAUX":
            return f"{euros(tarif.plancher)} à {euros(tarif.plafond)}"
        prix = [t.prix for t in tarif.tranches.all()]
        return f"{euros(min(prix))} à {euros(max(prix))}" if prix else "aucune tranche"
