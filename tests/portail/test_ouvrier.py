"""The background worker takes back what it was doing when it was killed, and nothing of the others."""

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from facturation.taches import rendre_pdfs

pytestmark = pytest.mark.django_db(transaction=True)


def abandonner(nom: str) -> DBTaskResult:
    """A job that this worker had begun when the machine stopped."""
    tache = DBTaskResult.objects.get(pk=rendre_pdfs.enqueue([]).id)
    tache.claim(nom)
    return tache


def test_un_ouvrier_relance_reprend_ce_qu_il_avait_commence(collectivite):
    sienne, autre = abandonner("ecoles-1"), abandonner("ecoles-2")
    call_command("ouvrier", "--worker-id", "ecoles-1", "--batch", verbosity=0)
    sienne.refresh_from_db()
    autre.refresh_from_db()
    assert (sienne.status, sienne.worker_ids) == ("SUCCESSFUL", ["ecoles-1", "ecoles-1"])
    assert autre.status == "RUNNING"
