"""Model fields whose values are checked and written in one form: a parent’s, the staff’s, a file’s.

What is typed is judged by familles.validation, in the form that the field makes and in `full_clean`.
"""

from collections.abc import Callable
from typing import ClassVar

from django import forms
from django.db import models

from familles import validation
from familles.chiffrement import TexteChiffre

# As typed: « 00 33 (0)5 61 22 33 44 », « 31 400 ».
SAISIE_AU_PLUS = 40


class ChampVerifie(forms.CharField):
    """Text that a function of familles.validation checks and writes in its usual form."""

    def __init__(self, *, normaliser: Callable[[str], str], **options):
        super().__init__(**options)
        self.normaliser = normaliser

    def clean(self, value):
        saisie = super().clean(value)
        return self.normaliser(saisie) if saisie else ""


class Normalise(models.Field):
    """For a text column: `normaliser` writes what is typed as it is kept, or refuses it."""

    normaliser: ClassVar[Callable[[str], str]]
    attributs: ClassVar[dict[str, str]] = {}
    origine: ClassVar[str] = "django.db.models.CharField"  # what it is for the database

    def clean(self, value, model_instance):
        return super().clean(self.normaliser(value) if value else value, model_instance)

    def formfield(self, **options):
        propres = {
            "form_class": ChampVerifie,
            "normaliser": self.normaliser,
            "max_length": SAISIE_AU_PLUS,
            "widget": forms.TextInput(attrs=self.attributs),
        }
        return super().formfield(**propres | options)

    def deconstruct(self):
        nom, _, args, options = super().deconstruct()
        return nom, self.origine, args, options


class Telephone(Normalise, models.CharField):
    normaliser = staticmethod(validation.normaliser_telephone)
    attributs = {"type": "tel"}


class TelephonePublic(Telephone):
    """Of the town hall: « 3975 » too."""

    normaliser = staticmethod(validation.normaliser_telephone_public)


class TelephoneChiffre(Normalise, TexteChiffre):
    normaliser = staticmethod(validation.normaliser_telephone)
    attributs = {"type": "tel"}
    origine = "familles.chiffrement.TexteChiffre"

    def formfield(self, **options):
        # The admin gives a text column several lines.
        return super().formfield(**options | {"widget": forms.TextInput(attrs=self.attributs)})


class CodePostal(Normalise, models.CharField):
    normaliser = staticmethod(validation.normaliser_code_postal)

    def __init__(self, *args, **options):
        super().__init__(*args, **{"max_length": 5, "validators": [validation.code_postal]} | options)
