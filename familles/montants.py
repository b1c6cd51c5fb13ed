"""The field of every amount and quotient that is typed: one reading (`familles.validation.lire_nombre`)."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from familles.validation import lire_nombre


class ChampNombre(forms.DecimalField):
    """A text field: a browser’s own number field takes neither « 1 234,56 » nor a comma everywhere."""

    def __init__(self, **options):
        options["localize"] = True
        super().__init__(**options)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        return lire_nombre(str(value))

    def has_changed(self, initial, data):
        """« 3,50 » and « 3.5 » are the same amount."""
        try:
            saisi = self.to_python(data)
        except ValidationError:
            return True
        return saisi != (None if initial in self.empty_values else Decimal(str(initial)))
