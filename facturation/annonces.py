"""Which invoices the families have not been told of, and who reads e-mails."""

from collections.abc import Sequence

from facturation.models import Facture
from familles.models import Famille
from messagerie.models import Message

# Of the staff, who reads the messages that tell of bills and payments.
LECTEURS = "facturation.view_facture"


def a_annoncer(factures: Sequence[Facture]) -> list[Facture]:
    """Those that no message has told yet: one query."""
    liens = {facture.get_absolute_url() for facture in factures}
    dits = set(Message.objects.filter(lien__in=liens).values_list("lien", flat=True))
    return [facture for facture in factures if facture.get_absolute_url() not in dits]


def accepte_le_courriel(famille: Famille) -> bool:
    """One of those who see the account accepts e-mails and has an address (adults already read)."""
    adultes = [a for a in famille.responsables.all() if a.rang == 1 or famille.vie_commune]
    return any(a.autorisation_courriel and a.email for a in adultes)
