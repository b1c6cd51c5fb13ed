from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortailConfig(AppConfig):
    name = "portail"
    verbose_name = "Portail"
    default = True
    permissions_groupes = {
        "Agents": [
            "portail.view_document",
            "portail.add_document",
            "portail.change_document",
            "portail.view_activation",
            "portail.add_activation",
            "portail.view_nouvelle",
            "portail.add_nouvelle",
            "portail.change_nouvelle",
            "portail.delete_nouvelle",
            "portail.view_menu",
            "portail.add_menu",
            "portail.change_menu",
            "portail.delete_menu",
        ],
    }

    def ready(self):
        from familles.gardes import lire_les_vacances
        from planning.models import Vacances

        # familles warns of custody calendars that disagree, and knows no holidays.
        lire_les_vacances(
            lambda du, au: list(
                Vacances.objects.filter(du__lte=au, au__gte=du).order_by("du").values_list("du", "au")
            )
        )


class PortailAdminConfig(AdminConfig):
    default = False
    default_site = "portail.admin_site.SitePortail"
