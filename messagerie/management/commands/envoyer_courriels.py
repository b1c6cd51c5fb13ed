from django.core.management.base import BaseCommand

from messagerie.taches import vider_la_boite


class Command(BaseCommand):
    help = "Envoie les courriels en attente et reprend ceux d’un ouvrier arrêté (par cron, ou à la main)."

    def handle(self, *args, **options):
        bilan = vider_la_boite()
        self.stdout.write(
            f"Courriels envoyés : {bilan['envoyes']} ; échecs, réessayés plus tard : {bilan['echecs']} ; "
            f"repris d’un ouvrier arrêté : {bilan['repris']}."
        )
