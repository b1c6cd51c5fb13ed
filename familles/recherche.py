"""The search field of the admin, for our own forms: a forged key is nothing chosen, not an error."""

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import BigIntegerField

PLUS_GRANDE_CLE = BigIntegerField.MAX_BIGINT


class ChampDeRecherche(AutocompleteSelect):
    """Django looks up whatever was posted; no database takes a key longer than its own."""

    def optgroups(self, name, value, attr=None):
        possibles = [v for v in value if v.isascii() and v.isdigit() and int(v) <= PLUS_GRANDE_CLE]
        return super().optgroups(name, possibles, attr)
