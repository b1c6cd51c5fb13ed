from django.apps import AppConfig
from django.db.models.signals import post_migrate


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
            "facturation.view_remiserang",
            "facturation.add_remiserang",
            "facturation.change_remiserang",
            "facturation.delete_remiserang",
            "facturation.view_reglesfacturation",
            "facturation.add_reglesfacturation",
            "facturation.change_reglesfacturation",
            "facturation.view_fraisannuels",
            "facturation.add_fraisannuels",
            "facturation.change_fraisannuels",
            "facturation.view_facture",
            "facturation.add_facture",
            "facturation.view_campagne",
            "facturation.view_reglement",
            "facturation.add_reglement",
            "facturation.view_versement",
            "facturation.add_versement",
            "facturation.view_cloturecaisse",
            "facturation.add_cloturecaisse",
            "facturation.view_relance",
            "facturation.add_relance",
            "facturation.view_niveaurelance",
            "facturation.change_niveaurelance",
            "facturation.view_comptecomptable",
            "facturation.add_comptecomptable",
            "facturation.change_comptecomptable",
            "facturation.delete_comptecomptable",
            # The step before billing in arrears.
            "planning.view_cloture",
            "planning.add_cloture",
        ],
    }

    def ready(self):
        from facturation import verifications  # noqa: F401  (registers the system check)
        from facturation.defauts import installer_reglages
        from facturation.emplois import avis_sur_la_prestation, refus_de_changer_le_prefixe
        from facturation.publics import IMPAYES
        from familles.avis import donner_son_avis, retenir_le_prefixe
        from messagerie.publics import ajouter

        ajouter(IMPAYES)
        donner_son_avis(avis_sur_la_prestation)
        retenir_le_prefixe(refus_de_changer_le_prefixe)

        # Rows put in place after migrate, like the groups: reminder levels and accounts.
        post_migrate.connect(installer_reglages, sender=self, dispatch_uid="facturation.reglages")
