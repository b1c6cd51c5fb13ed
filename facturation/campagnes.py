"""The worker's side of a month's billing: batch after batch, until the last family."""

from django.utils import timezone
from django_tasks import task

from facturation.actions import avancer
from familles.models import Collectivite


@task()
def facturer(campagne_id: int) -> None:
    """Run again after a crash, or by two workers at once, it issues nothing twice."""
    with timezone.override(Collectivite.objects.courante().fuseau):
        while avancer(campagne_id=campagne_id).en_cours:
            pass
