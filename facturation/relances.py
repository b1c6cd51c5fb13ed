"""Which invoices a level of reminder concerns, and what has already been sent."""

from datetime import date, timedelta

from django.db.models import F

from facturation.models import Facture, FactureRelancee, NiveauRelance
from familles.models import Regie


def a_relancer(regie: Regie, niveau: NiveauRelance, jour: date):
    """Unpaid, due for longer than the delay of the level, and never reminded at this level or above.

    A level follows the one before: the second is for what the first has reminded, when the first is in use.
    """
    factures = (
        Facture.objects.filter(regie=regie)
        .impayees()
        .filter(echeance__lt=jour - timedelta(days=niveau.delai_jours))
        .exclude(pk__in=FactureRelancee.objects.filter(niveau__gte=niveau.niveau).values("facture"))
    )
    avant = NiveauRelance.objects.filter(actif=True, niveau__lt=niveau.niveau).order_by("-niveau").first()
    if avant is not None:
        deja = FactureRelancee.objects.filter(niveau=avant.niveau).values("facture")
        factures = factures.filter(pk__in=deja)
    return factures.select_related("famille").order_by(F("date").asc(), "numero")
