"""Filters of the admin's own templates: `{% load administration %}`."""

from django import template
from django.contrib import admin
from django.contrib.admin.utils import lookup_field

register = template.Library()


@register.filter
def contenu_pour(champ, request):
    """A read-only field; Django links a key to its page, even for those to whom that page is closed."""
    nom = champ.field["field"]
    relation = getattr(champ.form.instance._meta.model, str(nom), None)
    modele = getattr(getattr(relation, "field", None), "related_model", None)
    page = admin.site._registry.get(modele)
    if page is None or page.has_view_permission(request):
        return champ.contents()
    _, _, valeur = lookup_field(nom, champ.form.instance, champ.model_admin)
    return champ.empty_value_display if valeur is None else str(valeur)
