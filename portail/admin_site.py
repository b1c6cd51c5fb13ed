"""The staff's workplace: one door with the families, the town's name, and what waits on the first page."""

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from portail.attente import ce_qui_attend
from portail.views.connexion import deconnexion

# In the order of a day's work; the others follow by name.
ORDRE = ["demandes", "planning", "messagerie", "familles", "facturation", "portail"]


class SitePortail(AdminSite):
    index_title = "Ce qui attend"
    site_title = "Administration du portail famille"
    empty_value_display = "–"

    def each_context(self, request):
        return {
            **super().each_context(request),
            "site_header": f"{request.collectivite.nom} – Administration",
            "site_url": "/" if request.acces.nombre_familles else None,
        }

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Staff log in where families do: one door, one lock against repeated attempts."""
        suite = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(suite, reverse("portail:connexion"))
        if not self.has_permission(request):
            raise PermissionDenied("L’administration est réservée aux agents.")
        return redirect("admin:index")

    def logout(self, request, extra_context=None):
        return deconnexion(request)

    def password_change(self, request, extra_context=None):
        return redirect("portail:mot_de_passe")

    def index(self, request, extra_context=None):
        attente = ce_qui_attend(request.user, request.collectivite.version)
        contexte = {"attente": attente, **(extra_context or {})}
        return super().index(request, contexte)

    def get_app_list(self, request, app_label=None):
        applications = super().get_app_list(request, app_label)
        return sorted(
            applications,
            key=lambda a: ORDRE.index(a["app_label"]) if a["app_label"] in ORDRE else len(ORDRE),
        )
