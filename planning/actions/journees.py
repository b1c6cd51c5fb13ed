"""The places of one day, when they are not the prestation's own."""

from datetime import date

from familles.enums import VerbeTrace
from familles.erreurs import Invalide
from familles.horloge import aujourdhui
from familles.models import Prestation, Trace
from familles.transactions import action
from planning.models import Journee


@action
def fixer_places(*, prestation: Prestation, jour: date, capacite: int | None, par) -> Journee:
    """Give a day its own number of places; None: those of the prestation again.

    Nobody loses a place: with fewer than are taken, the day is merely full.
    """
    if jour < aujourdhui():
        raise Invalide("Ce jour est passé : ses places ne changent plus.")
    (journee,) = Journee.objects.verrouiller([(prestation.pk, jour)]).values()
    if journee.capacite != capacite:
        journee.capacite = capacite
        journee.save(update_fields=["capacite"])
        Trace.objects.inscrire(par=par, verbe=VerbeTrace.MODIFIER, objet=journee)
    return journee
