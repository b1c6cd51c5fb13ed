"""The answer of an agent; the forms of the families are in natures/, one per nature."""

from django import forms
from django.core.exceptions import ValidationError


class ClesField(forms.Field):
    """Keys of rows, repeated; the action looks at those of its own request alone."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value) -> set[int]:
        textes = value or []
        if not all(texte.isascii() and texte.isdigit() and len(texte) < 19 for texte in textes):
            raise ValidationError("Les jours cochés n’ont pas pu être lus : cochez-les de nouveau.")
        return {int(texte) for texte in textes}


class DecisionForm(forms.Form):
    """Which days, why not the others, and the fingerprint of what the page showed."""

    motif = forms.CharField(
        label="Motif du refus",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Obligatoire pour refuser, en tout ou en partie ; la famille le lira.",
        error_messages={"max_length": "Le motif tient en 500 caractères au plus."},
    )
    lignes = ClesField(required=False)
    vu = forms.CharField(required=False, max_length=64)
