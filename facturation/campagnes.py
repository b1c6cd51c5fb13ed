"""The worker's side of a month's billing: batch after batch, until the last family."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from facturation.actions import avancer, lancer
from facturation.enums import EtatCampagne
from facturation.models import Campagne
from familles.erreurs import Indisponible
from familles.horloge import maintenant
from familles.models import Collectivite
from familles.transactions import action

# When the database could not serve: somebody else holds what the batch needs.
ATTENTE = timedelta(minutes=1)
EN_FILE = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


@task()
def facturer(campagne_id: int) -> None:
    """Run again after a crash, or by two workers at once, it issues nothing twice."""
    with timezone.override(Collectivite.objects.courante().fuseau):
        try:
            while avancer(campagne_id=campagne_id).en_cours:
                pass
        except Indisponible:
            facturer.using(run_after=maintenant() + ATTENTE).enqueue(campagne_id)


@action
def lancer_en_fond(**campagne) -> Campagne:
    """`lancer` and its job together: a crash leaves both, or neither."""
    lancee = lancer(**campagne)
    facturer.enqueue(lancee.pk)
    return lancee


def attend_l_ouvrier(campagne: Campagne) -> bool:
    """Whether a job of the queue will go on with it."""
    return campagne.pk in _attendues()


def _attendues() -> set[int]:
    travaux = DBTaskResult.objects.filter(task_path=facturer.module_path, status__in=EN_FILE)
    return {cle for travail in travaux for cle in travail.args_kwargs["args"]}


@action
def reprendre() -> int:
    """At a worker's start: a new job for what is under way and lost its own (it failed). How many."""
    attendues = _attendues()
    perdues = Campagne.objects.filter(etat=EtatCampagne.EN_COURS).exclude(pk__in=attendues)
    for campagne in perdues:
        facturer.enqueue(campagne.pk)
    return len(perdues)
