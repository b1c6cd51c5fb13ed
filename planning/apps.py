from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlanningConfig(AppConfig):
    name = "planning"
    verbose_name = "Planning"
    permissions_groupes = {
        "Agents": [
            "planning.view_vacances",
            "planning.view_jourferie",
            "planning.view_fermeture",
            "planning.add_fermeture",
            "planning.change_fermeture",
            "planning.delete_fermeture",
            "planning.view_regledelai",
            "planning.view_creneau",
            "planning.view_motifabsence",
            "planning.view_reservation",
            "planning.add_reservation",
            "planning.view_journee",
            "planning.add_journee",
            "planning.change_journee",
            "planning.view_pointage",
            "planning.add_pointage",
            "planning.change_pointage",
            "planning.view_cloture",
        ],
        # To settle a contested bill: what was booked and noted, without health nor reasons of absence.
        "Comptables": [
            "planning.view_reservation",
            "planning.view_pointage",
        ],
    }

    def ready(self):
        from planning.motifs import installer_motifs

        # A fixed row is put in place after migrate, like the groups (CONTRIBUTING): the nine reasons.
        post_migrate.connect(installer_motifs, sender=self, dispatch_uid="planning.motifs")
