"""The staff's workplace: one door with the families, the town's name, and what waits on the first page."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator

from portail import aide
from portail.attente import ce_qui_attend
from portail.forms import RecapitulatifForm
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

    def get_urls(self):
        propres = [
            path("recapitulatif/", self.admin_view(self.recapitulatif), name="recapitulatif"),
            path("aide/", self.admin_view(self.aide), name="aide"),
            path("aide/<slug:cle>/", self.admin_view(self.aide), name="aide_page"),
        ]
        return propres + super().get_urls()

    def aide(self, request, cle=None):
        """The staff's own help: its contents, or one of its pages."""
        lue = aide.page(aide.PERSONNEL, cle) if cle else None
        if cle and lue is None:
            raise Http404("Cette page d’aide n’existe pas.")
        contexte = {
            **self.each_context(request),
            "title": lue.titre if lue else "Aide",
            "pages": aide.PERSONNEL,
            "lue": lue,
        }
        return TemplateResponse(request, "admin/aide.html", contexte)

    def recapitulatif(self, request):
        """One's own digest by e-mail."""
        form = RecapitulatifForm(request.POST or None, instance=request.user)
        if form.is_valid():
            form.save()
            messages.success(request, "Votre choix est enregistré.")
            return redirect("admin:index")
        contexte = {
            **self.each_context(request),
            "title": "Mon récapitulatif par courriel",
            "form": form,
            "adresse": request.user.email,
        }
        return TemplateResponse(
            request, "admin/recapitulatif.html", contexte, status=422 if form.is_bound else 200
        )

    def index(self, request, extra_context=None):
        attente = ce_qui_attend(request.user, request.collectivite)
        contexte = {"attente": attente, **(extra_context or {})}
        return super().index(request, contexte)

    def get_app_list(self, request, app_label=None):
        applications = super().get_app_list(request, app_label)
        return sorted(
            applications,
            key=lambda a: ORDRE.index(a["app_label"]) if a["app_label"] in ORDRE else len(ORDRE),
        )
