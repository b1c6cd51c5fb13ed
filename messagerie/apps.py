from django.apps import AppConfig


class MessagerieConfig(AppConfig):
    name = "messagerie"
    verbose_name = "Messagerie"
    permissions_groupes = {
        "Agents": [
            "messagerie.view_conversation",
            "messagerie.add_conversation",
            "messagerie.change_conversation",
            "messagerie.view_message",
            "messagerie.add_message",
            "messagerie.view_diffusion",
            "messagerie.add_diffusion",
            "messagerie.view_reponsetype",
            "messagerie.add_reponsetype",
            "messagerie.change_reponsetype",
            "messagerie.delete_reponsetype",
        ],
    }
