"""Documents and news, published by staff."""

from django.contrib import admin
from django_tasks_db.admin import DBTaskResult

from portail import actions
from portail.forms import DocumentForm
from portail.models import Document, Nouvelle

# The jobs of the worker are for who runs the machine (manage.py), not for the staff.
admin.site.unregister(DBTaskResult)


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    form = DocumentForm
    list_display = ["titre", "rubrique", "ecole", "classe", "prestation", "publie_du", "publie_au"]
    list_filter = ["rubrique"]
    list_select_related = ["ecole", "prestation"]
    search_fields = ["titre", "description"]

    def save_model(self, request, obj, form, change):
        actions.publier(document=obj, contenu=form.cleaned_data.get("fichier"), par=request.user)


@admin.register(Nouvelle)
class NouvelleAdmin(admin.ModelAdmin):
    list_display = ["titre", "ecole", "classe", "prestation", "publie_du", "publie_au"]
    list_select_related = ["ecole", "prestation"]
    search_fields = ["titre", "texte"]
    date_hierarchy = "publie_du"
    autocomplete_fields = ["ecole", "prestation", "document"]
