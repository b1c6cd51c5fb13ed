"""Encryption at rest: one key list (`CLES_CHIFFREMENT`, the first writes, all read), fields that use it.

An encrypted column is never filtered, sorted nor unique: the same value gives another text each time.
"""

import json
from datetime import date
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


@lru_cache(maxsize=4)
def _trousseau(cles: tuple[str, ...]) -> MultiFernet:
    if not cles:
        raise ImproperlyConfigured("CLES_CHIFFREMENT est vide : donnez au moins une clé Fernet.")
    try:
        return MultiFernet([Fernet(cle) for cle in cles])
    except ValueError as erreur:
        raise ImproperlyConfigured(
            "CLES_CHIFFREMENT : chaque clé fait 32 octets en base64 (Fernet.generate_key)."
        ) from erreur


def trousseau() -> MultiFernet:
    return _trousseau(tuple(settings.CLES_CHIFFREMENT))


def chiffrer(contenu: bytes) -> bytes:
    return trousseau().encrypt(contenu)


def dechiffrer(contenu: bytes) -> bytes:
    """Raise ImproperlyConfigured when no key of the list opens it (a key was lost or withdrawn too soon)."""
    try:
        return trousseau().decrypt(contenu)
    except InvalidToken as erreur:
        raise ImproperlyConfigured(
            "Une donnée chiffrée ne s’ouvre avec aucune clé de CLES_CHIFFREMENT."
        ) from erreur


class ChampChiffre(models.TextField):
    """Base of the encrypted columns: Python value ↔ text ↔ Fernet token. Empty text stays empty."""

    def vers_texte(self, valeur) -> str:
        return valeur

    def depuis_texte(self, texte: str):
        return texte

    def from_db_value(self, valeur, expression, connection):
        if valeur is None or valeur == "":
            return valeur
        return self.depuis_texte(dechiffrer(valeur.encode()).decode())

    def get_prep_value(self, valeur):
        if valeur is None or valeur == "":
            return valeur
        return chiffrer(self.vers_texte(valeur).encode()).decode()

    def get_lookup(self, nom):
        # Comparing ciphertexts would answer « no » to everything, in silence.
        if nom != "isnull":
            raise FieldError(f"Le champ chiffré {self.name} ne se compare pas ({nom}).")
        return super().get_lookup(nom)


class TexteChiffre(ChampChiffre):
    """Encrypted text."""


class BooleenChiffre(ChampChiffre):
    """Encrypted yes / no / unknown (null)."""

    def vers_texte(self, valeur) -> str:
        return "1" if valeur else "0"

    def depuis_texte(self, texte: str) -> bool:
        return texte == "1"

    def to_python(self, valeur):
        if valeur in (None, ""):
            return None
        return valeur in (True, "1", "True", "on")

    def formfield(self, **kwargs):
        return models.BooleanField(
            null=self.null, blank=self.blank, verbose_name=self.verbose_name
        ).formfield(help_text=self.help_text)


class DateChiffree(ChampChiffre):
    """Encrypted date."""

    def vers_texte(self, valeur) -> str:
        return valeur.isoformat()

    def depuis_texte(self, texte: str) -> date:
        return date.fromisoformat(texte)

    def to_python(self, valeur):
        return models.DateField().to_python(valeur)

    def formfield(self, **kwargs):
        return models.DateField(null=self.null, blank=self.blank, verbose_name=self.verbose_name).formfield(
            help_text=self.help_text
        )


class JSONChiffre(ChampChiffre):
    """Encrypted JSON (dates and Decimals as text)."""

    def vers_texte(self, valeur) -> str:
        return json.dumps(valeur, cls=DjangoJSONEncoder, ensure_ascii=False)

    def depuis_texte(self, texte: str):
        return json.loads(texte)

    def to_python(self, valeur):
        return valeur


class CleFichier(models.CharField):
    """Key of a private file on the row that owns it; a file that no row names is an orphan."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"max_length": 32, "editable": False} | options)

    def deconstruct(self):
        nom, _, args, options = super().deconstruct()
        return nom, "django.db.models.CharField", args, options
