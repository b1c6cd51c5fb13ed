"""The worker's side of an import of families: the examination, then the writing."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone
from django_tasks import task

from familles import actions
from familles.enums import EtatImport
from familles.erreurs import Indisponible, Refus
from familles.horloge import maintenant
from familles.models import Collectivite, ImportFamilles
from familles.transactions import action

# When the database could not serve: somebody else holds what the import needs.
ATTENTE = timedelta(minutes=1)
REFUSE = (
    "La base a refusé l’écriture : un dossier a sans doute été créé entre-temps. Rien n’a été écrit ; "
    "examinez de nouveau le fichier."
)


@contextmanager
def _en_rendant_compte(travail, import_id: int):
    """In the town's zone; what stops the job is told on the import, or the job is tried again later."""
    with timezone.override(Collectivite.objects.courante().fuseau):
        try:
            yield
        except Indisponible:
            travail.using(run_after=maintenant() + ATTENTE).enqueue(import_id)
        except Refus as refus:
            actions.signaler(import_id=import_id, incident=refus.message)


@task()
def examiner_import(import_id: int) -> None:
    with _en_rendant_compte(examiner_import, import_id):
        actions.examiner(import_id=import_id)


@task()
def ecrire_import(import_id: int) -> None:
    """Run again after a crash, or by two workers at once, it writes once."""
    with _en_rendant_compte(ecrire_import, import_id):
        try:
            actions.ecrire(import_id=import_id)
        except IntegrityError:
            # Two agents wrote the same number or the same adult: the constraints keep what came first.
            actions.signaler(import_id=import_id, incident=REFUSE)


@action
def associer_en_fond(*, import_id: int, correspondance: dict[str, str], options: dict, par) -> ImportFamilles:
    """Write the choice and its job together: a crash leaves both, or neither."""
    importation = actions.associer(
        import_id=import_id, correspondance=correspondance, options=options, par=par
    )
    examiner_import.enqueue(import_id)
    return importation


@action
def lancer_en_fond(*, import_id: int, par) -> ImportFamilles:
    importation = actions.lancer(import_id=import_id, par=par)
    ecrire_import.enqueue(import_id)
    return importation


@action
def relancer(*, import_id: int, par) -> None:
    """A job more for an import that nobody works on any more; two of them do the work once."""
    importation = ImportFamilles.objects.get(pk=import_id)
    if importation.en_travail:
        (examiner_import if importation.etat == EtatImport.EXAMEN else ecrire_import).enqueue(import_id)
