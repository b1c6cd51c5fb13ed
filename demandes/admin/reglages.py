"""Reasons of refusal, what silence means, the texts to sign."""

from django.contrib import admin
from django.db.models import Count

from demandes.models import MotifRefus, SuiteDuSilence, VersionReglement


@admin.register(MotifRefus)
class MotifRefusAdmin(admin.ModelAdmin):
    list_display = ["texte", "nature"]
    list_filter = ["nature"]
    search_fields = ["texte"]


@admin.register(SuiteDuSilence)
class SuiteDuSilenceAdmin(admin.ModelAdmin):
    list_display = ["nature", "texte"]


@admin.register(VersionReglement)
class VersionReglementAdmin(admin.ModelAdmin):
    """A text that families have signed is read, and no longer edited."""

    list_display = ["titre", "du", "signatures"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(nombre=Count("signatures"))

    @admin.display(description="signatures", ordering="nombre")
    def signatures(self, version):
        return version.nombre

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.signee)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.signee)
