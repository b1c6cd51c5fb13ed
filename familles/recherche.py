"""The search field of the admin, for our own forms: a forged key is nothing chosen, not an error."""

from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import BigIntegerField

PLUS_GRANDE_CLE = BigIntegerField.MAX_BIGINT


class ClesPossibles(AutocompleteMixin):
    """Django looks up whatever was posted; no database takes a key longer than its own."""

    def optgroups(self, name, value, attr=None):
        possibles = [v for v in value if v.isascii() and v.isdigit() and int(v) <= PLUS_GRANDE_CLE]
        return super().optgroups(name, possibles, attr)


class ChampDeRecherche(ClesPossibles, AutocompleteSelect):
    pass


class ChampDeRechercheMultiple(ClesPossibles, AutocompleteSelectMultiple):
    def value_from_datadict(self, data, files, name):
        """A key too long becomes one that is nobody's: the choice is refused, never taken for « all »."""
        cles = super().value_from_datadict(data, files, name) or []
        return [c if len(c) < len(str(PLUS_GRANDE_CLE)) else "0" for c in cles]
