"""What the planning's pages share, and rows that the staff only read: the actions write them."""

from familles.admin.base import PageAdmin


class PagePlanning(PageAdmin):
    class Media:
        css = {"all": ["css/admin-planning.css"]}


class LectureSeuleAdmin(PagePlanning):
    """Nothing is changed or deleted by hand; « Ajouter » opens the page of the action, where there is one."""

    actions = None
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
