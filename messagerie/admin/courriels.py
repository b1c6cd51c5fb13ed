"""The outbox, and the ready-made answers."""

from django.contrib import admin

from familles.admin.base import PageAdmin
from messagerie.models import Courriel, ReponseType


@admin.register(ReponseType)
class ReponseTypeAdmin(PageAdmin):
    list_display = ["titre"]
    search_fields = ["titre", "texte"]


@admin.register(Courriel)
class CourrielAdmin(PageAdmin):
    """The outbox, to see what does not leave; nothing is edited here."""

    list_display = ["sujet", "destinataire", "cree_le", "tentatives", "envoye_le", "derniere_erreur"]
    list_filter = [("envoye_le", admin.EmptyFieldListFilter)]
    search_fields = ["destinataire"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
