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


class PortailAdminConfig(AdminConfig):
    default = False
    default_site = "portail.admin_site.SitePortail"
