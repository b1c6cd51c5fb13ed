"""`manage.py purger_pieces`, every night: throw away what was never sent, and the files that nobody names."""

from django.core.management.base import BaseCommand, CommandError

from demandes.actions import purger_pieces
from familles import orphelins
from familles.erreurs import Refus
from familles.francais import pluriel


class Command(BaseCommand):
    help = "Jette les pièces jointes jamais envoyées depuis 24 heures, et les fichiers sans propriétaire."

    def handle(self, *args, **options):
        nombre = purger_pieces(par=None)
        self.stdout.write(f"{pluriel(nombre, 'pièce jetée', 'pièces jetées')}.")
        try:
            nombre = orphelins.purger()
        except Refus as refus:
            raise CommandError(refus.message) from refus
        if nombre:
            self.stdout.write(f"{pluriel(nombre, 'fichier', 'fichiers')} sans propriétaire.")
