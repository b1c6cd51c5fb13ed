"""The closing of days before they are billed: « Clôturer une période »."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from familles.erreurs import Refus
from familles.francais import jour_chiffres, mois_en_lettres
from planning import actions
from planning.admin.lecture import LectureSeuleAdmin
from planning.forms import ClotureForm
from planning.models import Cloture


@admin.register(Cloture)
class ClotureAdmin(LectureSeuleAdmin):
    list_display = ["prestation", "structure", "periode", "par", "le"]
    list_display_links = None
    list_filter = ["prestation__structure", "prestation"]
    list_select_related = ["prestation__structure", "par"]
    search_fields = ["prestation__nom"]
    search_help_text = "Nom de la prestation"
    date_hierarchy = "du"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        # The list says all of a closing.
        return redirect("admin:planning_cloture_changelist")

    @admin.display(description="structure", ordering="prestation__structure__nom")
    def structure(self, cloture):
        return cloture.prestation.structure

    @admin.display(description="période", ordering="du")
    def periode(self, cloture):
        """« novembre 2026 » when it is a whole month."""
        du, au = cloture.du, cloture.au
        if du.day == 1 and (du.year, du.month) == (au.year, au.month) and (au + timedelta(days=1)).day == 1:
            return mois_en_lettres(du)
        return f"{jour_chiffres(du)} – {jour_chiffres(au)}"

    def add_view(self, request, form_url="", extra_context=None):
        """« Clôturer une période »: each prestation apart, so that one refusal does not stop the others."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ClotureForm(request.POST or None)
        statut = 422 if form.is_bound else 200
        if form.is_valid():
            if self._cloturer(request, form):
                return redirect("admin:planning_cloture_changelist")
            statut = 409
        contexte = self.contexte(request, "Clôturer une période", form=form)
        return render(request, "admin/planning/cloturer.html", contexte, status=statut)

    @staticmethod
    def _cloturer(request, form) -> bool:
        """Whether all were closed; what was refused is said, prestation by prestation."""
        du, au = form.periode
        refusees = 0
        for prestation in form.cleaned_data["prestations"]:
            try:
                actions.cloturer(prestation=prestation, du=du, au=au, par=request.user)
            except Refus as refus:
                refusees += 1
                messages.error(request, f"{prestation.nom} ({prestation.structure}) : {refus.message}")
            else:
                messages.success(
                    request, f"{prestation.nom} ({prestation.structure}) : {mois_en_lettres(du)} est clos."
                )
        return not refusees
