"""Infos./Documents, published by staff."""

from django.contrib import admin

from portail import actions
from portail.forms import DocumentForm
from portail.models import Document


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    form = DocumentForm
    list_display = ["titre", "publie_du", "publie_au"]
    search_fields = ["titre", "description"]

    def save_model(self, request, obj, form, change):
        actions.publier(document=obj, contenu=form.cleaned_data.get("fichier"), par=request.user)
