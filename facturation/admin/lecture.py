"""What the admin only shows: rows written once, whose pages are read."""

from django.contrib import admin


class LectureSeuleAdmin(admin.ModelAdmin):
    """Nothing is changed or deleted here; « Ajouter » opens the page of the action."""

    class Media:
        css = {"all": ["css/admin-facturation.css"]}

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": self.titre_liste, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        titre = self.opts.verbose_name.capitalize()
        return super().change_view(request, object_id, form_url, {"title": titre, **(extra_context or {})})

    def contexte(self, request, titre: str, **valeurs) -> dict:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": titre, **valeurs}
