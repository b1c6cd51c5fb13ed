"""A group to whom the structure may write: the families with an invoice overdue."""

from facturation.models import Facture
from familles.horloge import aujourdhui
from familles.models import Famille
from messagerie.publics import Public


def en_retard(_valeur: str):
    echues = Facture.objects.impayees().filter(echeance__lt=aujourdhui()).order_by()
    return Famille.objects.actives().filter(pk__in=echues.values("famille"))


IMPAYES = Public(
    "impayes",
    "Factures impayées",
    lambda: [("oui", "dont l’échéance est passée")],
    en_retard,
    compte_seul=True,
)
