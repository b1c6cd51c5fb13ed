from django.apps import AppConfig


class DemandesConfig(AppConfig):
    name = "demandes"
    verbose_name = "Demandes"
    permissions_groupes = {
        "Agents": ["demandes.view_demande", "demandes.change_demande", "demandes.voir_raison"],
    }
