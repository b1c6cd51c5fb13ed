from django.apps import AppConfig


class FacturationConfig(AppConfig):
    name = "facturation"
    verbose_name = "Facturation"
    permissions_groupes = {
        "Comptables": [
            "facturation.view_tarif",
            "facturation.add_tarif",
            "facturation.change_tarif",
            "facturation.view_tranchetarif",
            "facturation.add_tranchetarif",
            "facturation.change_tranchetarif",
            "facturation.delete_tranchetarif",
            "facturation.view_facture",
            "facturation.add_facture",
            "facturation.view_reglement",
            "facturation.add_reglement",
            # The step before billing in arrears.
            "planning.view_cloture",
            "planning.add_cloture",
        ],
    }

    def ready(self):
        from facturation import verifications  # noqa: F401  (registers the system check)
