"""Documents and news, published by staff; letters of first login."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django_tasks_db.admin import DBTaskResult

from familles.admin.base import PageAdmin
from familles.models import Rattachement
from familles.recherche import ChampDeRecherche
from portail import actions, lettres
from portail.forms import DocumentForm, LettresForm
from portail.models import Activation, Document, Nouvelle

# A PDF of so many pages is still made while one waits.
LETTRES_MAXIMUM = 150

# The jobs of the worker are for who runs the machine (manage.py), not for the staff.
admin.site.unregister(DBTaskResult)


@admin.register(Document)
class DocumentAdmin(PageAdmin):
    form = DocumentForm
    list_display = ["titre", "rubrique", "ecole", "classe", "prestation", "publie_du", "publie_au"]
    list_filter = ["rubrique"]
    list_select_related = ["ecole", "prestation"]
    search_fields = ["titre", "description"]

    def save_model(self, request, obj, form, change):
        actions.publier(document=obj, contenu=form.cleaned_data.get("fichier"), par=request.user)


@admin.register(Nouvelle)
class NouvelleAdmin(PageAdmin):
    list_display = ["titre", "ecole", "classe", "prestation", "publie_du", "publie_au"]
    list_select_related = ["ecole", "prestation"]
    search_fields = ["titre", "texte"]
    date_hierarchy = "publie_du"
    autocomplete_fields = ["ecole", "prestation", "document"]


@admin.register(Activation)
class ActivationAdmin(PageAdmin):
    """Read here; « Ajouter » prints letters."""

    list_display = ["utilisateur", "creee_le", "creee_par", "expire_le", "utilisee_le"]
    list_select_related = ["utilisateur", "creee_par"]
    list_filter = [("utilisee_le", admin.EmptyFieldListFilter)]
    search_fields = ["utilisateur__username", "utilisateur__last_name"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        champ = Rattachement._meta.get_field("famille")
        form = LettresForm(request.POST or None, widget_famille=ChampDeRecherche(champ, self.admin_site))
        adultes = form.responsables() if form.is_valid() else []
        if form.is_valid() and not adultes:
            messages.info(request, "Tous ont déjà choisi leur mot de passe : aucune lettre à imprimer.")
        if len(adultes) > LETTRES_MAXIMUM:
            form.add_error("groupe", f"Plus de {LETTRES_MAXIMUM} lettres : imprimez-les classe par classe.")
        elif adultes and "imprimer" in request.POST:
            return self._imprimer(request, adultes)
        contexte = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Lettres de première connexion",
            "form": form,
            "media": self.media + form.media,
            "nombre": 0 if form.errors else len(adultes),
        }
        statut = 422 if form.errors else 200
        return TemplateResponse(request, "admin/portail/activation/lettres.html", contexte, status=statut)

    @staticmethod
    def _imprimer(request, adultes) -> HttpResponse:
        invites = actions.ouvrir_les_comptes(responsables=adultes, par=request.user)
        return HttpResponse(
            lettres.imprimer(invites),
            content_type="application/pdf",
            headers={
                "Content-Disposition": 'attachment; filename="lettres-premiere-connexion.pdf"',
                "Cache-Control": "private, no-store",
            },
        )
