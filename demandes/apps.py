from django.apps import AppConfig


class DemandesConfig(AppConfig):
    name = "demandes"
    verbose_name = "Demandes"
    permissions_groupes = {
        "Agents": [
            "demandes.view_demande",
            "demandes.change_demande",
            "demandes.voir_raison",
            "demandes.view_motifrefus",
            "demandes.add_motifrefus",
            "demandes.change_motifrefus",
            "demandes.delete_motifrefus",
        ],
        # They see those that they decide, and no other.
        "Comptables": ["demandes.decider_comptes"],
    }
