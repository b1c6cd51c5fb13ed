"""An undefined variable in one of our templates is a bug, so it fails the test that renders it.

Django asks the truth of `string_if_invalid` at the very moment where a variable is missing: that is where we
look at which template asked. Those of the admin and of the libraries keep Django's leniency, and so does
`{{ variable|default:… }}`, which says in the open that the variable is optional.
"""

import sys
from pathlib import Path

from django.template.base import FilterExpression, Node

DOSSIER = str(Path(__file__).resolve().parent.parent / "templates")


class IndefinieInterdite(str):
    __slots__ = ()

    def __bool__(self) -> bool:
        cadre = sys._getframe(1)
        expression = cadre.f_locals.get("self")
        if not isinstance(expression, FilterExpression) or _est_facultative(expression):
            return False
        while cadre is not None:
            noeud = cadre.f_locals.get("self")
            origine = getattr(noeud, "origin", None) if isinstance(noeud, Node) else None
            if origine is not None:
                if str(origine.name).startswith(DOSSIER):
                    raise AssertionError(f"{origine.name} : la variable « {expression.token} » n’existe pas.")
                return False
            cadre = cadre.f_back
        return False


def _est_facultative(expression: FilterExpression) -> bool:
    return bool(expression.filters) and expression.filters[0][0].__name__ == "default"
