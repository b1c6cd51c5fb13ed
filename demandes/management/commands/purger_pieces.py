"""`manage.py purger_pieces`, every night: throw away what was never sent, and what was kept long enough."""

from django.core.management.base import BaseCommand, CommandError

from demandes.actions import purger_pieces
from familles import orphelins
from familles.actions import oublier_les_anciens
from familles.erreurs import Refus
from familles.francais import pluriel


class Command(BaseCommand):
    help = (
        "Jette les pièces jointes jamais envoyées depuis 24 heures, les fichiers de familles déposés il y a "
        "sept jours et ceux qui n’ont pas de propriétaire."
    )

    def handle(self, *args, **options):
        nombre = purger_pieces(par=None)
        self.stdout.write(f"{pluriel(nombre, 'pièce jetée', 'pièces jetées')}.")
        if nombre := oublier_les_anciens():
            self.stdout.write(f"{pluriel(nombre, 'import oublié', 'imports oubliés')}.")
        try:
            nombre = orphelins.purger()
        except Refus as refus:
            raise CommandError(refus.message) from refus
        if nombre:
            self.stdout.write(f"{pluriel(nombre, 'fichier', 'fichiers')} sans propriétaire.")
