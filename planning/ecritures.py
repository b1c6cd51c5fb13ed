"""What every write of the planning begins with: who signs it, and the refusal of what is closed."""

from datetime import date

from familles.erreurs import Refus
from familles.horloge import aujourdhui
from familles.models import Prestation
from planning.models import Cloture, Reservation

SEUL_RECOURS = "seul le comptable peut encore {} rectifier (Factures, « Rectifier une journée »)."


def personne(compte):
    """The account to write down as who acts; None for the portal itself."""
    return compte if compte is not None and compte.pk else None


def refuser_les_jours_clos(reservations: list[Reservation]) -> None:
    """Only past days can be closed, so only they are worth the lock."""
    passees = [r for r in reservations if r.jour < aujourdhui()]
    if passees:
        prestations = sorted({r.prestation_id for r in passees})
        list(Prestation.objects.select_for_update(no_key=True).filter(pk__in=prestations).order_by("pk"))
        for prestation in prestations:
            jours = [r.jour for r in passees if r.prestation_id == prestation]
            for cloture in Cloture.objects.couvrant([prestation], min(jours), max(jours)):
                if any(cloture.du <= jour <= cloture.au for jour in jours):
                    raise Refus(f"Ces journées sont closes : {SEUL_RECOURS.format('les')}")


def refuser_la_cloture(prestations: list[int], du: date, au: date) -> None:
    if Cloture.objects.couvrant(prestations, du, au).exists():
        raise Refus(f"Cette journée est close : {SEUL_RECOURS.format('la')}")
