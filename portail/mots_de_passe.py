"""Passwords that anybody would try first, in French; beside Django's own validators (in English mostly).

Source: CNIL, délibération n° 2022-100 (length, list of known passwords).
"""

import re

from django.core.exceptions import ValidationError

MAXIMUM = 128
SIGNES_DIFFERENTS = 5
# Whatever digits and signs go around: « motdepasse12 », « Soleil-2026! ».
_MOTS = """
    motdepasse monmotdepasse motdepassemotdepasse azerty azertyuiop azertyazerty qwertyuiop bonjour
    bonjourbonjour soleil soleilsoleil doudou doudoudoudou loulou loulouloulou chouchou nicolas jetaime
    jetaimejetaime cantine garderie portail portailfamille famille mafamille ecole periscolaire mairie
    password passwordpassword administrateur administrator admin marseille
"""
CONNUS = frozenset(_MOTS.split())


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
