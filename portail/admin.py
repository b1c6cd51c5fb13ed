"""Documents and news, published by staff; letters of first login."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django_tasks_db.admin import DBTaskResult

from familles.admin.base import PageAdmin
from familles.entiers import est_cle
from familles.francais import jour_en_lettres
from familles.models import Rattachement
from familles.recherche import ChampDeRecherche
from portail import actions, lettres
from portail.forms import DocumentForm, LettresForm
from portail.forms_menus import MenuForm
from portail.jours_de_cantine import sans_repas
from portail.menus import ALLERGENES, MARQUES
from portail.models import Activation, Document, Menu, Nouvelle
from portail.models.menus import JOURS

TOUS_ENTRES = (
    "Tous ont déjà choisi leur mot de passe : aucune lettre à imprimer. S’il est perdu, cochez la case "
    "ci-dessous."
)
TOUS_SERVIS = (
    "Tous ceux qui n’ont pas choisi de mot de passe ont une lettre qui sert encore : aucune lettre à "
    "imprimer. Pour les remplacer, cochez la case ci-dessous."
)

# The jobs of the worker are for who runs the machine (manage.py), not for the staff.
admin.site.unregister(DBTaskResult)


@admin.register(Document)
class DocumentAdmin(PageAdmin):
    form = DocumentForm
    libelle_ajout = "Publier un document"
    list_display = ["titre", "rubrique", "ecole", "classe", "prestation", "publie_du", "publie_au"]
    list_filter = ["rubrique"]
    list_select_related = ["ecole", "prestation"]
    search_fields = ["titre", "description"]

    def save_model(self, request, obj, form, change):
        actions.publier(document=obj, contenu=form.cleaned_data.get("fichier"), par=request.user)


@admin.register(Nouvelle)
class NouvelleAdmin(PageAdmin):
    libelle_ajout = "Publier une nouvelle"
    list_display = ["titre", "ecole", "classe", "prestation", "publie_du", "publie_au"]
    list_select_related = ["ecole", "prestation"]
    search_fields = ["titre", "texte"]
    date_hierarchy = "publie_du"
    autocomplete_fields = ["ecole", "prestation", "document"]


@admin.register(Menu)
class MenuAdmin(PageAdmin):
    """A week on one page, a dish per line; « Copier » begins the next one with the same dishes."""

    form = MenuForm
    change_form_template = "admin/portail/menu/change_form.html"
    change_list_template = "admin/portail/menu/change_list.html"
    list_display = ["semaine", "ecole", "prestation", "publie", "sans_allergenes"]
    list_filter = ["publie"]
    list_select_related = ["ecole", "prestation"]
    date_hierarchy = "semaine"
    fieldsets = [
        (None, {"fields": ["semaine", "ecole", "prestation"]}),
        ("Plats", {"fields": [*JOURS, "remarque", "publie"]}),
    ]

    @admin.display(description="plats sans allergènes renseignés")
    def sans_allergenes(self, menu):
        return sum(plat.allergenes is None for _, plats in menu.servis() for plat in plats)

    def has_view_permission(self, request, obj=None):
        # The lines of a day are fields of the form alone: nothing to show without it.
        return self.has_change_permission(request, obj)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        cle = request.GET.get("copier", "")
        modele = Menu.objects.filter(pk=cle).first() if est_cle(cle) else None
        return {**initial, **MenuForm.copie(modele)} if modele else initial

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"allergenes": ALLERGENES.values(), "marques": MARQUES}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(self, request, extra_context=None):
        dernier = Menu.objects.first() if self.has_add_permission(request) else None
        return super().changelist_view(request, {"dernier": dernier, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if inconnus := self.sans_allergenes(obj):
            messages.warning(
                request,
                f"{inconnus} plat{'s' if inconnus > 1 else ''} sans allergènes renseignés : les familles le "
                "lisent. Écrivez [aucun] quand il n’y en a pas.",
            )
        prestations = {"pk": obj.prestation_id} if obj.prestation_id else {}
        for jour, ferme in sans_repas([jour for jour, _ in obj.servis()], **prestations).items():
            messages.warning(request, f"{jour_en_lettres(jour).capitalize()} a des plats. {ferme.phrase}")


@admin.register(Activation)
class ActivationAdmin(PageAdmin):
    """Read here; the button prints letters."""

    libelle_ajout = "Imprimer des lettres"
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
            messages.info(request, TOUS_SERVIS if form.deja_servis else TOUS_ENTRES)
        lots = lettres.en_lots(adultes)
        if adultes and "imprimer" in request.POST:
            voulus = adultes if len(lots) == 1 else lettres.du_lot(adultes, request.POST["imprimer"])
            comment = {cle: form.cleaned_data[cle] for cle in ("remplacer", "perdu")}
            invites = voulus and actions.ouvrir_les_comptes(responsables=voulus, par=request.user, **comment)
            if invites:
                return self._imprimer(invites)
            form.add_error(None, "La liste a changé depuis son affichage : choisissez de nouveau un paquet.")
        contexte = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Lettres de première connexion",
            "form": form,
            "media": self.media + form.media,
            "nombre": len(adultes),
            "deja_servis": form.deja_servis,
            "lots": lots,
        }
        statut = 422 if form.errors else 200
        return TemplateResponse(request, "admin/portail/activation/lettres.html", contexte, status=statut)

    @staticmethod
    def _imprimer(invites) -> HttpResponse:
        return HttpResponse(
            lettres.imprimer(invites),
            content_type="application/pdf",
            headers={
                "Content-Disposition": 'attachment; filename="lettres-premiere-connexion.pdf"',
                "Cache-Control": "private, no-store",
            },
        )
