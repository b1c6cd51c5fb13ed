"""A key too long for its column is nobody's.

Django answers so of a whole number compared with another; a list of numbers, or the key of another table,
still goes to the database, which breaks on it (SQLite: OverflowError). Every form, list and address of the
portal is healed here at once.
"""

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, ForeignObject, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In

PLUS_GRAND = BigIntegerField.MAX_BIGINT


def tient(valeur) -> bool:
    return not isinstance(valeur, int) or -PLUS_GRAND <= valeur <= PLUS_GRAND


def est_cle(valeur: str) -> bool:
    """Whether this text, come from a browser, may be the key of a row."""
    return valeur.isascii() and valeur.isdigit() and len(valeur) < len(str(PLUS_GRAND))


class Parmi:
    def get_prep_lookup(self):
        valeurs = super().get_prep_lookup()
        return [v for v in valeurs if tient(v)] if self.rhs_is_direct_value() else valeurs


@IntegerField.register_lookup
class EntierParmi(Parmi, In):
    pass


@ForeignObject.register_lookup
class CleParmi(Parmi, RelatedIn):
    pass


@ForeignObject.register_lookup
class CleExacte(RelatedExact):
    def process_rhs(self, compiler, connection):
        if not tient(self.rhs):
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)
