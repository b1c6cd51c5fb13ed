"""The staff's digest by e-mail: how much waits, and where; never who nor what.

One job a day, which writes the e-mails of the day to the outbox, and the job of the next day. Run twice, it
writes nothing twice: an e-mail is unique by its day and its address.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from familles.enums import RythmeRecapitulatif
from familles.horloge import fuseau, instant_reel, maintenant
from familles.models import Collectivite, Utilisateur
from familles.transactions import action
from messagerie.models import Courriel
from messagerie.taches import relever
from portail.attente import ce_qui_attend

HEURE = 7
LUNDI = 0
GABARIT = "portail/courriels/recapitulatif"
SUJET = "Ce qui vous attend sur le portail"


@task()
def recapituler() -> None:
    """Background job of each morning."""
    with timezone.override(Collectivite.objects.courante().fuseau):
        programmer()
        ecrire_les_recapitulatifs(le=maintenant())


def programmer() -> None:
    """The job of the next morning, unless it waits already. Of the real one: the worker knows no other, and
    under a clock frozen in the past each run would call the next at once.
    """
    with timezone.override(Collectivite.objects.courante().fuseau):
        demain = prochain_matin(instant_reel().astimezone(fuseau()))
        attendus = DBTaskResult.objects.filter(
            task_path=recapituler.module_path, status=TaskResultStatus.READY, run_after__gte=demain
        )
        if not attendus.exists():
            recapituler.using(run_after=demain).enqueue()


def prochain_matin(instant: datetime) -> datetime:
    """Seven o'clock, the next time that it is."""
    matin = instant.replace(hour=HEURE, minute=0, second=0, microsecond=0)
    return matin if instant < matin else matin + timedelta(days=1)


@action
def ecrire_les_recapitulatifs(*, le: datetime) -> int:
    """One e-mail for each member of the staff who wants one that day and has work waiting; how many."""
    rythmes = [RythmeRecapitulatif.JOUR] + ([RythmeRecapitulatif.SEMAINE] if le.weekday() == LUNDI else [])
    comptes = Utilisateur.objects.recapitules().filter(recapitulatif__in=rythmes).order_by("pk")
    courriels = [_courriel(compte, cartes, le) for compte in comptes if (cartes := _cartes(compte))]
    Courriel.objects.bulk_create(courriels, ignore_conflicts=True)
    if courriels:
        relever.enqueue()
    return len(courriels)


def _cartes(compte: Utilisateur) -> list[dict]:
    return [
        {"libelle": carte.libelle, "nombre": carte.nombre, "adresse": carte.adresse, "urgent": carte.urgent}
        for carte in ce_qui_attend(compte)
        if carte.nombre
    ]


def _courriel(compte: Utilisateur, cartes: list[dict], le: datetime) -> Courriel:
    return Courriel(
        evenement=f"recapitulatif:{le:%Y-%m-%d}:{compte.pk}",
        destinataire=compte.email.lower(),
        sujet=SUJET,
        gabarit=GABARIT,
        contexte={"cartes": cartes, "compte": compte.pk},
        cree_le=le,
        prochain_essai=le,
    )
