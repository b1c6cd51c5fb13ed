"""What people type without seeing it: removed before any form reads it, and one line where one is asked."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

# Marks without width or that turn the text round, and control characters; not the joiners of emoji and of
# Persian, nor NUL, which each form refuses with its own words.
INVISIBLES = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


def sans_invisibles(texte: str) -> str:
    """A number pasted from a telephone's contacts comes between two of them."""
    return INVISIBLES.sub("", texte)


def plier(texte: str) -> str:
    """What people mean whatever they type: « L’Œuf  à la coque » and « l'oeuf a la coque » are one."""
    simple = texte.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    brut = unicodedata.normalize("NFKD", simple)
    return " ".join("".join(c for c in brut if not unicodedata.combining(c)).split())


def une_ligne(valeur: str) -> None:
    if isinstance(valeur, str) and re.search("[\t\n\r\u2028\u2029]", valeur):
        raise ValidationError("Tenez sur une seule ligne, sans tabulation.")


class EnUneLigne:
    """For a form: each field shown on one line takes one."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for champ in self.fields.values():
            if isinstance(champ, forms.CharField) and isinstance(champ.widget, forms.TextInput):
                champ.validators.append(une_ligne)
