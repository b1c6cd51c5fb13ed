"""`manage.py purger_pieces`, every night: throw away the documents that were chosen and never sent."""

from django.core.management.base import BaseCommand

from demandes.actions import purger_pieces
from familles.francais import pluriel


class Command(BaseCommand):
    help = "Jette les pièces jointes choisies il y a plus de 24 heures et jamais envoyées."

    def handle(self, *args, **options):
        nombre = purger_pieces(par=None)
        self.stdout.write(f"{pluriel(nombre, 'pièce jetée', 'pièces jetées')}.")
