"""The demonstration town, for the quick start, the browser journeys and the measures."""

from datetime import date
from time import perf_counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from familles.models import Famille
from portail.demonstration import remplissage
from portail.demonstration.ville import MOT_DE_PASSE

MODES = ("demonstration", "developpement")
COMPTES = [
    ("jean.dupont", "parent, responsable de la famille Dupont"),
    ("jeanne.dupont", "parent, conjointe séparée de Jean"),
    ("martin", "parent d’une autre famille"),
    ("agent", "agent du service enfance"),
    ("comptable", "comptable de la régie"),
    ("admin", "administratrice"),
]


def jour(texte: str) -> date:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise CommandError(f"« {texte} » n’est pas une date : écrivez 2026-11-24, par exemple.") from None


class Command(BaseCommand):
    help = "Remplit une base vide avec la ville de démonstration, toujours la même pour une même date."

    def add_arguments(self, parser):
        parser.add_argument("--le", type=jour, help="Jour autour duquel la ville vit (aujourd’hui).")
        parser.add_argument("--familles", type=int, default=remplissage.FAMILLES, help="Nombre de familles.")
        parser.add_argument(
            "--effacer", action="store_true", help="Efface d’abord tout ce que la base contient."
        )
        parser.add_argument(
            "--si-vide", action="store_true", help="Ne touche à rien si la base contient déjà des familles."
        )

    def handle(self, *, le, familles, effacer, si_vide, verbosity, **options):
        if settings.MODE not in MODES:
            raise CommandError(
                "La ville de démonstration n’existe qu’en mode « demonstration » ou « developpement » : "
                "ses mots de passe sont publics. Rien n’a été changé."
            )
        habitee = Famille.objects.exists()
        if habitee and not (effacer or si_vide):
            raise CommandError(
                "Cette base contient déjà des familles : rien n’a été changé. "
                "Ajoutez --effacer pour tout remplacer par la ville de démonstration."
            )
        if effacer or not habitee:
            self._remplir(le, familles, effacer, verbosity)
        if verbosity:
            self._annoncer()

    def _remplir(self, le, familles, effacer, verbosity):
        depart = perf_counter()
        try:
            ville = remplissage.remplir(le=le, familles=familles, effacer=effacer)
        except remplissage.Impossible as refus:
            raise CommandError(str(refus)) from None
        if verbosity:
            self.stdout.write(f"{ville} Créée en {perf_counter() - depart:.0f} s.")

    def _annoncer(self):
        adresse = settings.ADRESSE_PORTAIL
        self.stdout.write(f"\nPortail des familles : {adresse}/")
        self.stdout.write(f"Personnel            : {adresse}/admin/")
        self.stdout.write(f"\nComptes (mot de passe : {MOT_DE_PASSE})")
        for identifiant, role in COMPTES:
            self.stdout.write(f"  {identifiant:<14} {role}")
