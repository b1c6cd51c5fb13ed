"""The search field of the admin, for our own forms: a forged key is nothing chosen, not an error."""

from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple

from familles.entiers import est_cle


class ClesPossibles(AutocompleteMixin):
    """Django looks up whatever was posted, words included."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [v for v in value if est_cle(v)], attr)


class ChampDeRecherche(ClesPossibles, AutocompleteSelect):
    pass


class ChampDeRechercheMultiple(ClesPossibles, AutocompleteSelectMultiple):
    pass
