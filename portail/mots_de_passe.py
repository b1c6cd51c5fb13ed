"""Passwords that anybody would try first, in French; beside Django's own validators (in English mostly).

Source: CNIL, délibération n° 2022-100 (length, list of known passwords).
"""

import re

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

from familles.models import Collectivite
from familles.textes import plier

MAXIMUM = 128
SIGNES_DIFFERENTS = 5
LETTRES_EN_PLUS = 5
# Whatever digits and signs go around: « motdepasse12 », « Soleil-2026! ».
_MOTS = """
    motdepasse monmotdepasse motdepassemotdepasse azerty azertyuiop azertyazerty qwertyuiop bonjour
    bonjourbonjour soleil soleilsoleil doudou doudoudoudou loulou loulouloulou chouchou nicolas jetaime
    jetaimejetaime cantine garderie portail portailfamille famille mafamille ecole periscolaire mairie
    password passwordpassword administrateur administrator admin marseille
"""
CONNUS = frozenset(_MOTS.split())


def lettres(texte: str) -> str:
    return re.sub("[^a-z]", "", plier(texte))


class MotDePasseSemblable(UserAttributeSimilarityValidator):
    """Django's, in our words; and the names of the person and of the structure put together are no secret."""

    def validate(self, password: str, user=None) -> None:
        super().validate(password, user)
        noms = [user.first_name, user.last_name, user.username] if user is not None else []
        noms.append(Collectivite.objects.courante().nom)
        mots = " ".join(noms).replace("-", " ").split()
        connus = sorted({lettres(nom) for nom in (*noms, *mots)}, key=len, reverse=True)
        reste = lu = lettres(password)
        for nom in filter(None, connus):
            reste = reste.replace(nom, "")
        if reste != lu and len(reste) < LETTRES_EN_PLUS:
            raise ValidationError(self.get_error_message(), code="password_too_similar")

    def get_error_message(self) -> str:
        return "Ce mot de passe ressemble trop à votre nom, à votre identifiant ou à celui de la structure."


class MotDePasseDevinable:
    """Refuse a password made of few signs, of a French word that everybody tries, or endless."""

    def validate(self, password: str, user=None) -> None:
        if len(password) > MAXIMUM:
            raise ValidationError(f"Ce mot de passe est trop long : {MAXIMUM} caractères au plus.")
        if len(set(password.lower())) < SIGNES_DIFFERENTS:
            raise ValidationError("Ce mot de passe répète trop les mêmes caractères.")
        if re.sub(r"[^a-zà-ÿ]", "", password.lower()) in CONNUS:
            raise ValidationError("Ce mot de passe est trop courant.")

    def get_help_text(self) -> str:
        return "Votre mot de passe ne peut être un mot courant, ni les mêmes caractères répétés."
