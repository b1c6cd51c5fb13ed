"""The secret address of a family's calendar: made, renewed, revoked by the adult whose it is."""

from familles.enums import VerbeTrace
from familles.models import Responsable, Trace
from familles.transactions import action
from planning.models import AbonnementCalendrier


@action
def abonner(*, responsable: Responsable, par) -> str:
    """A new address (its secret part), the former one no longer answers; it can be read this once."""
    Responsable.objects.select_for_update(no_key=True).get(pk=responsable.pk)
    abonnement = AbonnementCalendrier.objects.filter(responsable=responsable).first()
    verbe = VerbeTrace.MODIFIER if abonnement else VerbeTrace.DEPOSER
    abonnement = abonnement or AbonnementCalendrier(responsable=responsable)
    jeton = abonnement.renouveler()
    Trace.objects.inscrire(par=par, verbe=verbe, objet=abonnement, famille=responsable.famille)
    return jeton


@action
def desabonner(*, responsable: Responsable, par) -> None:
    """The address no longer answers; nothing is traced of an address that did not exist."""
    abonnement = AbonnementCalendrier.objects.filter(responsable=responsable).first()
    if abonnement is not None:
        Trace.objects.inscrire(
            par=par, verbe=VerbeTrace.RETIRER, objet=abonnement, famille=responsable.famille
        )
        abonnement.delete()
