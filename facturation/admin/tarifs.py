"""Dated prices, with their brackets and what the rank gives; fees of the year; what a day would cost."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path

from facturation.admin.lecture import ListeExportee
from facturation.emplois import refus_de_changer, refus_de_changer_les_frais
from facturation.exports import des_frais, des_tarifs
from facturation.forms import (
    FraisForm,
    RemiseForm,
    RemisesFormSet,
    SimulationForm,
    TarifForm,
    TrancheForm,
    TranchesFormSet,
)
from facturation.models import FraisAnnuels, ReglesFacturation, RemiseRang, Tarif, TrancheTarif
from facturation.simulation import simuler
from familles.admin.base import PageHistorisee, Tableau
from familles.erreurs import Refus
from familles.francais import euros


class TrancheInline(Tableau):
    model = TrancheTarif
    form = TrancheForm
    formset = TranchesFormSet
    extra = 0


class RemiseInline(Tableau):
    model = RemiseRang
    form = RemiseForm
    formset = RemisesFormSet
    extra = 0


class PageEmployee(PageHistorisee):
    """What is billed at it stays as it is: said when its page opens, refused when it is deleted."""

    refus_de_changer: Callable[[int], str]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        objet = self.get_object(request, object_id)
        if request.method == "GET" and objet and (refus := self.refus_de_changer(objet.pk)):
            messages.warning(request, refus)
        return super().change_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        objet = self.get_object(request, object_id)
        if (
            objet
            and self.has_delete_permission(request, objet)
            and (refus := self.refus_de_changer(objet.pk))
        ):
            messages.error(request, refus)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", objet.pk)
        return super().delete_view(request, object_id, extra_context)

    def delete_queryset(self, request, queryset):
        """All of them or none."""
        for objet in queryset.order_by("pk"):
            if refus := self.refus_de_changer(objet.pk):
                raise Refus(f"{objet}. {refus}")
        super().delete_queryset(request, queryset)


@admin.register(Tarif)
class TarifAdmin(ListeExportee, PageEmployee):
    tableau = staticmethod(des_tarifs)
    refus_de_changer = staticmethod(refus_de_changer)
    form = TarifForm

    class Media:
        css = {"all": ["css/admin-facturation.css"]}

    list_display = ["prestation", "niveaux", "du", "mode", "prix_affiche", "cout_affiche"]
    list_filter = ["prestation__structure", "mode"]
    list_select_related = ["prestation"]
    search_fields = ["prestation__nom"]
    autocomplete_fields = ["prestation"]
    date_hierarchy = "du"
    inlines = [TrancheInline, RemiseInline]
    save_as = True
    fieldsets = [
        (None, {"fields": ["prestation", "du", "niveaux", "mode"]}),
        ("Prix unique", {"fields": ["montant"]}),
        ("Taux appliqué au quotient", {"fields": ["taux", "plancher", "plafond"]}),
        ("Qui paie un autre prix", {"fields": ["prix_hors_commune", "prix_pai"]}),
        (
            "Régulier ou occasionnel, forfait du mois",
            {"fields": ["prix_occasionnel", "occasionnel_jusqu_a", "forfait_mensuel", "forfait_au_dela"]},
        ),
        (
            "Sans réservation, en retard, absent",
            {
                "fields": [
                    "prix_hors_contrat",
                    "coefficient_hors_contrat",
                    "hors_contrat_des",
                    "majoration",
                    "majoration_en",
                    "prix_absence",
                    "jours_carence",
                    "facturer_non_pointe",
                ]
            },
        ),
        ("Ce que la loi demande", {"fields": ["cout_reel"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("tranches")

    def get_urls(self):
        simuler_ = self.admin_site.admin_view(self.simuler)
        return [path("simuler/", simuler_, name="facturation_tarif_simuler"), *super().get_urls()]

    @admin.display(description="prix")
    def prix_affiche(self, tarif):
        """« 3,50 € », or the lowest and the highest."""
        if tarif.montant is not None and tarif.mode == "FIXE":
            return euros(tarif.montant)
        if tarif.mode == "TAUX":
            return f"{euros(tarif.plancher)} à {euros(tarif.plafond)}"
        prix = [t.prix for t in tarif.tranches.all()]
        return f"{euros(min(prix))} à {euros(max(prix))}" if prix else "aucune tranche"

    @admin.display(description="coût réel", ordering="cout_reel", empty_value="–")
    def cout_affiche(self, tarif):
        return None if tarif.cout_reel is None else euros(tarif.cout_reel)

    def simuler(self, request):
        """This child, this day, this quotient: the price, and the sentence that the invoice would print."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = SimulationForm(request.GET or None, initial={"prestation": request.GET.get("prestation")})
        simulation = None
        if form.is_bound and form.is_valid():
            suppositions = form.suppositions
            simulation = simuler(
                prestation=suppositions.pop("prestation"),
                jour=suppositions.pop("jour"),
                enfant=suppositions.pop("enfant"),
                suppositions=suppositions,
            )
        contexte = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Simuler un prix",
            "form": form,
            "simulation": simulation,
            "media": self.media + form.media,
        }
        return render(request, "admin/facturation/simuler.html", contexte)


@admin.register(ReglesFacturation)
class ReglesFacturationAdmin(PageHistorisee):
    list_display = ["regie", "erreurs_pardonnees", "effet_quotient", "mois_quotient_garde"]
    list_select_related = ["regie"]


@admin.register(FraisAnnuels)
class FraisAnnuelsAdmin(ListeExportee, PageEmployee):
    tableau = staticmethod(des_frais)
    refus_de_changer = staticmethod(refus_de_changer_les_frais)
    form = FraisForm
    list_display = ["libelle", "regie", "montant", "assiette", "du", "au", "inscrits_apres"]
    list_filter = ["regie", "assiette"]
    list_select_related = ["regie"]
    search_fields = ["libelle"]
