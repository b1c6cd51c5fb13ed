"""Lists with a title of their own, and rows that the staff only read: the actions write them."""

from familles.admin.base import PageAdmin


class ListeTitreeAdmin(PageAdmin):
    """« Jours fériés » at the top of the list, rather than Django's sentence."""

    titre_liste: str

    class Media:
        css = {"all": ["css/admin-planning.css"]}

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": self.titre_liste, **(extra_context or {})})


class LectureSeuleAdmin(ListeTitreeAdmin):
    """Nothing is changed or deleted by hand; « Ajouter » opens the page of the action, where there is one."""

    actions = None
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
