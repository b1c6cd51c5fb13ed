"""`manage.py tourner_les_cles`: write all that is encrypted anew, with the first key of CLES_CHIFFREMENT."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from familles.francais import pluriel
from familles.rotation import colonnes_chiffrees, tourner_fichiers, tourner_lignes


class Command(BaseCommand):
    help = "Chiffre de nouveau toutes les données et tous les fichiers avec la première clé."

    def handle(self, *args, **options):
        try:
            lignes = sum(self._lignes(modele, champs) for modele, champs in colonnes_chiffrees())
            fichiers = sum(1 for _ in tourner_fichiers())
        except ImproperlyConfigured as erreur:
            raise CommandError(
                f"{erreur} Remettez-la dans la liste, puis recommencez : rien n’est perdu."
            ) from erreur
        self.stdout.write(
            f"{pluriel(lignes, 'ligne', 'lignes')} et {pluriel(fichiers, 'fichier', 'fichiers')} "
            "chiffrés avec la première clé."
        )
        if len(settings.CLES_CHIFFREMENT) > 1:
            self.stdout.write(
                "Les clés suivantes ne servent plus qu’aux sauvegardes faites jusqu’ici : "
                "retirez-les de CLES_CHIFFREMENT, et gardez-les avec ces sauvegardes."
            )

    def _lignes(self, modele, champs) -> int:
        nombre = sum(tourner_lignes(modele, champs))
        if nombre:
            self.stdout.write(f"{modele._meta.verbose_name} : {pluriel(nombre, 'ligne', 'lignes')}")
        return nombre
