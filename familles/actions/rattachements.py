"""What follows the end of a household's hold on a child."""

from collections.abc import Iterable
from datetime import date

from django.db.models import ProtectedError

from familles.models import Inscription, Rattachement
from familles.transactions import action


@action
def arreter_les_inscriptions(*, enfants: Iterable[int], par) -> list[Inscription]:
    """A household that no longer holds a child books nothing for it: its inscriptions end with its hold.

    Returns those that were shortened, or taken away when they would begin later still; one whose days are
    booked already stays, to be settled by hand (the staff's anomalies list those days).
    """
    fins = _fins(enfants)
    lues = Inscription.objects.filter(enfant__in={enfant for enfant, _ in fins}).select_for_update(
        of=("self",)
    )
    arretees = []
    for inscription in lues.select_related("enfant", "prestation", "famille").order_by("pk"):
        fin = fins.get((inscription.enfant_id, inscription.famille_id))
        if fin is None or inscription.au <= fin:
            continue
        if inscription.du > fin:
            try:
                inscription.delete()
            except ProtectedError:
                continue
        else:
            inscription.au = fin
            inscription.save(update_fields=["au"])
        arretees.append(inscription)
    return arretees


def _fins(enfants: Iterable[int]) -> dict[tuple[int, int], date]:
    """(child, family) → the last day of its hold, where it has one."""
    fins: dict[tuple[int, int], date | None] = {}
    for rattachement in Rattachement.objects.filter(enfant__in=list(enfants)).order_by("du"):
        cle = (rattachement.enfant_id, rattachement.famille_id)
        connue = fins.get(cle, date.min)
        ouverte = connue is None or rattachement.au is None
        fins[cle] = None if ouverte else max(connue, rattachement.au)
    return {cle: fin for cle, fin in fins.items() if fin is not None}
