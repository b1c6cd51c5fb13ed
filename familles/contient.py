"""« leveque » finds LÉVÊQUE: what people search never has to bear the accents of what was written.

Neither database folds accents by itself (PostgreSQL's `unaccent` is an extension that a town's host may not
allow), so `icontains` does it here, for every search of the portal, the administration's included: in SQL on
PostgreSQL, by `plier` itself on SQLite, whose parser stops at a hundred calls within each other.
"""

import unicodedata
from functools import reduce

from django.db.models import CharField, TextField
from django.db.models.lookups import IContains, Lookup

from familles.textes import plier

ACCENTUEES = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ"
ACCENTUEES += ACCENTUEES.upper()
SIMPLES = "".join(unicodedata.normalize("NFD", lettre)[0].lower() for lettre in ACCENTUEES)
EN_DEUX = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "''"}


def _remplacer(sql: str, paire: tuple[str, str]) -> str:
    return f"replace({sql}, '{paire[0]}', '{paire[1]}')"


def plier_en_sql(sql: str, vendeur: str) -> str:
    """As `familles.textes.plier` does, of a column."""
    if vendeur == "sqlite":
        return f"plier({sql})"
    return f"translate({reduce(_remplacer, EN_DEUX.items(), f'lower({sql})')}, '{ACCENTUEES}', '{SIMPLES}')"


def _plie(texte: str | None) -> str | None:
    return None if texte is None else plier(texte)


def enseigner(connection, **_) -> None:
    """Called at each connection that opens."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("plier", 1, _plie, deterministic=True)


@CharField.register_lookup
@TextField.register_lookup
class ContientSansAccents(IContains):
    def as_sql(self, compiler, connection):
        if not self.rhs_is_direct_value():
            return super().as_sql(compiler, connection)
        colonne, parametres = Lookup.process_lhs(self, compiler, connection)
        motif = f"%{connection.ops.prep_for_like_query(plier(str(self.rhs)))}%"
        return f"{plier_en_sql(colonne, connection.vendor)} LIKE %s ESCAPE '\\'", [*parametres, motif]
