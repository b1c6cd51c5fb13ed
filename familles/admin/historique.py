"""The former versions of rows, in French: what changed from one to the next, whichever model it is of."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import Field
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper, ObjDiffDisplay

from familles.francais import jour_chiffres
from familles.horloge import fuseau

RIEN = "—"


def lisible(champ: Field, valeur: Any) -> str:
    """A value as a person reads it."""
    if valeur is None or valeur == "":
        return RIEN
    if isinstance(valeur, DeletedObject):
        return f"n° {valeur.pk}, qui n’existe plus"
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(valeur, datetime):
        return f"{valeur.astimezone(fuseau()):%d/%m/%Y %H:%M}"
    if isinstance(valeur, date):
        return jour_chiffres(valeur)
    return str(dict(champ.flatchoices or ()).get(valeur, valeur))


class Raccourci(ObjDiffDisplay):
    def shortened_str(self, prefix: str, num_skipped_chars: int, suffix: str) -> str:
        return f"{prefix}[…]{suffix}"


class Changements(HistoricalRecordContextHelper):
    def prepare_delta_change_value(self, change, value):
        champ = self.model._meta.get_field(change.field)
        return value if isinstance(value, list) else lisible(champ, value)

    def get_obj_diff_display(self):
        return Raccourci(max_length=self.max_displayed_delta_change_chars)


def versions(modele, **de_qui) -> list:
    """Of the rows of a model that these filters find, each with its changes; the latest first."""
    trouvees = modele.history.filter(**de_qui).select_related("history_user")
    trouvees = trouvees._select_related_history_tracked_objs().order_by("id", "-history_date", "-history_id")
    for recente, ancienne in _suites(list(trouvees)):
        ecart = recente.diff_against(ancienne, foreign_keys_are_objs=True)
        recente.history_delta_changes = Changements(modele, recente).context_for_delta_changes(ecart)
    return sorted(trouvees, key=lambda version: version.history_date, reverse=True)


def _suites(lignes: Sequence) -> Iterator[tuple]:
    return ((une, autre) for une, autre in pairwise(lignes) if une.id == autre.id)
