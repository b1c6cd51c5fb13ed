"""The background worker, which takes back at its start what it was doing when the machine stopped."""

import socket

from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from facturation import campagnes
from portail import memoire
from portail.recapitulatifs import programmer


def reprendre(nom: str) -> int:
    """Jobs that this worker had begun and never ended wait anew; how many. Every job may be run again."""
    abandonnes = [t.pk for t in DBTaskResult.objects.running() if t.worker_ids[-1:] == [nom]]
    return DBTaskResult.objects.filter(pk__in=abandonnes, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY
    )


class Command(db_worker.Command):
    help = (
        "Fait le travail de fond (factures d’un mois, PDF, courriels). Relancé après un arrêt brutal, il "
        "reprend ce qu’il faisait : donnez à chacun son nom quand il y en a plusieurs."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(worker_id=f"{socket.gethostname()[:50]}-1", startup_delay=False, reload=False)

    def handle(self, *, worker_id, **options):
        reprendre(worker_id)
        campagnes.reprendre()
        memoire.accorder()
        programmer()
        super().handle(worker_id=worker_id, **options)
