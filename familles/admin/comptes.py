"""Logins and the town."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import URLField

from familles.admin.base import PageAdmin, PageHistorisee
from familles.admin.identite import PageIdentite
from familles.models import Collectivite, Utilisateur

admin.site.unregister(Group)


@admin.register(Group)
class GroupeAdmin(PageAdmin):
    """Checkboxes would be 200 lines and the two-list widget is not accessible: a searchable field."""

    search_fields = ["name"]
    fields = ["name"]


@admin.register(Utilisateur)
class UtilisateurAdmin(PageAdmin, UserAdmin):
    """Rights are given by groups alone: nobody remembers an odd permission given to one person."""

    filter_horizontal = ()
    autocomplete_fields = ["groups"]
    list_display = ["username", "last_name", "first_name", "email", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", "groups"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Personne", {"fields": ["last_name", "first_name", "email"]}),
        ("Courriels", {"fields": ["recapitulatif"]}),
        ("Droits", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def user_change_password(self, request, id, form_url=""):
        page = super().user_change_password(request, id, form_url)
        if request.method == "POST" and page.status_code == 200:  # shown again: it was refused
            page.status_code = 422
        return page

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser makes a superuser: otherwise any administrator could become one."""
        fixes = super().get_readonly_fields(request, obj)
        return fixes if request.user.is_superuser else [*fixes, "is_superuser"]

    def has_change_permission(self, request, obj=None):
        permis = super().has_change_permission(request, obj)
        return permis and (obj is None or request.user.is_superuser or not obj.is_superuser)


@admin.register(Collectivite)
class CollectiviteAdmin(PageIdentite, PageHistorisee):
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["nom", "adresse", "code_postal", "ville", "code_insee", "siret"]}),
        ("Contact", {"fields": ["service", "telephone", "email"]}),
        ("Calendrier", {"fields": ["zone", "fuseau"]}),
        ("Inscriptions", {"fields": ["documents_inscription"]}),
        ("Pages légales", {"fields": ["directeur_publication", "hebergeur", "contact_donnees"]}),
        ("Portail", {"fields": ["message_accueil", "url_apres_deconnexion", "jours_liste_demandes"]}),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Collectivite.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
