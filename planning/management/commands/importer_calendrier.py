"""`manage.py importer_calendrier --zone C --du 2026 --au 2028`: public and school holidays of two years."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from familles.enums import Zone
from familles.erreurs import Refus
from familles.francais import jour_chiffres, pluriel
from familles.horloge import aujourdhui
from familles.models import Collectivite
from planning.actions import importer_calendrier
from planning.calendrier_officiel import TERRITOIRES


def _jour(texte: str, mois: int, quantieme: int) -> date:
    """A day, or a year: its September for the first day, its August for the last."""
    try:
        return date(int(texte), mois, quantieme) if texte.isdigit() else date.fromisoformat(texte)
    except ValueError:
        raise CommandError(
            f"« {texte} » n’est ni une année ni une date : écrivez 2026, ou 2026-09-01."
        ) from None


class Command(BaseCommand):
    help = (
        "Ajoute les jours fériés et les vacances scolaires du calendrier officiel. "
        "Ce qui est déjà là, corrigé ou non, n’est pas touché."
    )

    def add_arguments(self, parser):
        parser.add_argument("--du", help="Année de la rentrée (« 2026 ») ou premier jour.")
        parser.add_argument("--au", help="Année de la fin des classes (« 2028 ») ou dernier jour.")
        parser.add_argument("--zone", choices=Zone.values, help="Zone de vacances (celle de la ville).")
        parser.add_argument(
            "--territoire",
            choices=["", *TERRITOIRES],
            help="Jours fériés propres à : "
            + ", ".join(f"{cle} {nom}" for cle, nom in TERRITOIRES.items())
            + " (d’après le code INSEE de la collectivité).",
        )
        parser.add_argument(
            "--remplacer",
            action="store_true",
            help="Réécrit les lignes venues d’un import ; celles que la ville a saisies restent.",
        )

    def handle(self, *, du, au, zone, territoire, remplacer, verbosity, **options):
        with timezone.override(Collectivite.objects.courante().fuseau):
            rentree = aujourdhui().year - (aujourdhui().month < 9)
            debut = _jour(du or str(rentree), 9, 1)
            fin = _jour(au or str(debut.year + 2), 8, 31)
            if fin < debut:
                raise CommandError(
                    f"Rien entre {jour_chiffres(debut)} et {jour_chiffres(fin)} : l’année scolaire "
                    f"{debut.year}-{debut.year + 1} s’écrit « --du {debut.year} --au {debut.year + 1} »."
                )
            try:
                bilan = importer_calendrier(
                    du=debut, au=fin, zone=zone, territoire=territoire, remplacer=remplacer
                )
            except Refus as refus:
                raise CommandError(refus.message) from None
        if verbosity:
            self._annoncer(bilan)

    def _annoncer(self, bilan):
        self.stdout.write(
            f"{pluriel(bilan.feries, 'jour férié', 'jours fériés')} et "
            f"{pluriel(bilan.vacances, 'période', 'périodes')} de vacances écrits, "
            f"{pluriel(bilan.conservees, 'ligne laissée', 'lignes laissées')} comme la ville les a."
        )
        if bilan.provisoires:
            self.stdout.write(
                f"Sans arrêté connu, à vérifier : {pluriel(bilan.provisoires, 'période', 'périodes')}."
            )
        if bilan.inconnues:
            self.stdout.write("Vacances scolaires à saisir soi-même : " + ", ".join(bilan.inconnues) + ".")
