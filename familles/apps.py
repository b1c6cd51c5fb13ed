from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class FamillesConfig(AppConfig):
    name = "familles"
    verbose_name = "Familles"
    permissions_groupes = {
        "Agents": [
            "familles.view_famille",
            "familles.change_famille",
            "familles.add_famille",
            "familles.view_responsable",
            "familles.change_responsable",
            "familles.add_responsable",
            "familles.view_enfant",
            "familles.change_enfant",
            "familles.add_enfant",
            "familles.view_rattachement",
            "familles.change_rattachement",
            "familles.add_rattachement",
            "familles.view_lienparental",
            "familles.change_lienparental",
            "familles.add_lienparental",
            "familles.view_scolarite",
            "familles.change_scolarite",
            "familles.add_scolarite",
            "familles.view_personneautorisee",
            "familles.change_personneautorisee",
            "familles.add_personneautorisee",
            "familles.view_inscription",
            "familles.change_inscription",
            "familles.add_inscription",
            "familles.view_ecole",
            "familles.view_structure",
            "familles.view_prestation",
            "familles.view_anneescolaire",
            "familles.view_fichesanitaire",
            "familles.change_fichesanitaire",
            "familles.voir_sante",
        ],
        "Comptables": [
            "familles.view_famille",
            "familles.view_responsable",
            "familles.view_enfant",
            "familles.view_inscription",
            "familles.view_prestation",
            "familles.view_structure",
            "familles.view_anneescolaire",
            "familles.view_regie",
            "familles.view_quotientfamilial",
            "familles.add_quotientfamilial",
            "familles.change_quotientfamilial",
            "familles.view_residence",
            "familles.add_residence",
            "familles.change_residence",
            "familles.view_coordonneesbancaires",
            "familles.voir_banque",
        ],
    }

    def ready(self):
        from familles import contient, entiers, verifications  # noqa: F401  (lookups and checks)
        from familles.groupes import installer_groupes

        # The two signals allowed (CONTRIBUTING). Fixed rows are put in place after each migrate.
        post_migrate.connect(installer_groupes, dispatch_uid="familles.groupes")
        # SQLite learns our functions anew with each connection.
        connection_created.connect(contient.enseigner, dispatch_uid="familles.contient")
