"""Checks of what people type: phone numbers, postcodes, IBAN and BIC, amounts, tax and CAF numbers. Pure."""

import re
from datetime import date
from decimal import Decimal

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

PREMIERE_ANNEE, DERNIERE_ANNEE = 1900, 2199

code_postal = RegexValidator(r"^\d{5}$", "Un code postal français a cinq chiffres.")
numero_famille = RegexValidator(r"^\d{13}$", "Un numéro de famille a treize chiffres.")
jours_semaine = RegexValidator(
    r"^(?!.*(.).*\1)[1-7]*$",
    "Donnez les jours par leurs chiffres, de 1 (lundi) à 7 (dimanche), une fois chacun.",
)


def nom_de_personne(valeur: str) -> None:
    """« -1 », « 123 »: nobody is called so."""
    if not any(signe.isalpha() for signe in valeur):
        raise ValidationError("Un nom ou un prénom a au moins une lettre.")


def jour_plausible(valeur: date) -> None:
    """A year typed in haste (0026, 20266) falls in no school year, and breaks the sums made on dates."""
    if not PREMIERE_ANNEE <= valeur.year <= DERNIERE_ANNEE:
        raise ValidationError(
            f"Cette date n’est pas possible : l’année s’écrit en quatre chiffres, de {PREMIERE_ANNEE} "
            f"à {DERNIERE_ANNEE}."
        )


def naissance(valeur: date, aujourdhui: date) -> None:
    """A date on which somebody alive may have been born."""
    if not date(PREMIERE_ANNEE, 1, 1) <= valeur <= aujourdhui:
        raise ValidationError("Donnez une date de naissance passée.")


def normaliser_telephone(saisie: str) -> str:
    """« 0102030405 », « +33 1 02 03 04 05 » → « 01.02.03.04.05 » (the manual's form); foreign: « +44 … ».

    Raise ValidationError when nobody could be called at it. Overseas French numbers (+262, +590…) are kept
    in their national form too.
    """
    try:
        numero = phonenumbers.parse(saisie, "FR")
    except phonenumbers.NumberParseException as erreur:
        raise ValidationError(
            "Ce numéro de téléphone n’est pas reconnu : 01 02 03 04 05, par exemple."
        ) from erreur
    if not phonenumbers.is_possible_number(numero):
        raise ValidationError("Ce numéro de téléphone n’a pas le bon nombre de chiffres.")
    if numero.country_code in {33, 262, 508, 590, 594, 596, 681, 687, 689}:
        national = phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.NATIONAL)
        chiffres = "".join(c for c in national if c.isdigit())
        return ".".join(chiffres[i : i + 2] for i in range(0, len(chiffres), 2))
    return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def normaliser_iban(saisie: str) -> str:
    """IBAN by groups of four; the RIB key of a French account is checked too (`validate_bban`)."""
    try:
        return IBAN(saisie, validate_bban=True).formatted
    except SchwiftyException as erreur:
        raise ValidationError("Cet IBAN n’est pas valable : recopiez-le depuis votre RIB.") from erreur


def normaliser_bic(saisie: str) -> str:
    try:
        return str(BIC(saisie))
    except SchwiftyException as erreur:
        raise ValidationError(
            "Ce BIC n’est pas valable : huit ou onze caractères, sur votre RIB."
        ) from erreur


BLANCS = re.compile(r"[\s\u00a0\u202f.\-]")
MONTANT = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
# Spaces between thousands, those of the keyboard and those that we print; the minus of both too.
GROUPES = re.compile(r"[\s\u00a0\u202f€%]")
NOMBRE = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")


def lire_nombre(saisie: str) -> Decimal:
    """« 1 234,56 », « 10,5 € », « −3 »: as numbers are written here; no exponent, no other digits."""
    ecrit = GROUPES.sub("", saisie).replace("\u2212", "-")
    if not NOMBRE.fullmatch(ecrit):
        raise ValidationError("Saisissez un nombre : 1 234,56, par exemple.")
    return Decimal(ecrit.replace(",", "."))


def normaliser_montant(saisie: str) -> str:
    """« 32450 », « 32 450,5 € » → « 32 450 », « 32 450,50 »."""
    trouve = MONTANT.fullmatch(GROUPES.sub("", saisie))
    if not trouve:
        raise ValidationError("Donnez un montant en euros : 32 450 ou 32 450,50, par exemple.")
    euros = f"{int(trouve[1]):,}".replace(",", " ")
    return f"{euros},{trouve[2]:0<2}" if trouve[2] else euros


def normaliser_parts(saisie: str) -> str:
    """« 2.5 » → « 2,5 »: parts go by quarters (CGI art. 194), from 1 to 20."""
    trouve = MONTANT.fullmatch(saisie.strip())
    parts = Decimal(f"{trouve[1]}.{trouve[2] or 0}") if trouve else Decimal(0)
    if not 1 <= parts <= 20 or parts % Decimal("0.25"):
        raise ValidationError(
            "Donnez un nombre de parts de votre avis d’impôt : 2, 2,5 ou 2,25, par exemple."
        )
    return f"{parts.normalize():f}".replace(".", ",")


def normaliser_numero_fiscal(saisie: str) -> str:
    """Thirteen digits, the first from 0 to 3."""
    numero = BLANCS.sub("", saisie)
    if not re.fullmatch(r"[0-3][0-9]{12}", numero):
        raise ValidationError(
            "Un numéro fiscal a treize chiffres, le premier de 0 à 3 : il est sur votre avis."
        )
    return numero


def normaliser_allocataire(saisie: str, caf: bool = True) -> str:
    """CAF: seven digits, with or without the letter of the key; other bodies: up to fifteen signs."""
    numero = BLANCS.sub("", saisie).upper()
    if not re.fullmatch(r"[0-9]{7}[A-Z]?" if caf else r"[0-9A-Z]{5,15}", numero):
        raise ValidationError(
            "Un numéro d’allocataire CAF a sept chiffres, parfois suivis d’une lettre."
            if caf
            else "Ce numéro n’est pas reconnu : de cinq à quinze chiffres ou lettres."
        )
    return numero


def siret(valeur: str) -> None:
    """Fourteen digits whose Luhn sum is a multiple of ten (INSEE)."""
    if not (valeur.isascii() and valeur.isdigit() and len(valeur) == 14):
        raise ValidationError("Un SIRET a quatorze chiffres.")
    doubles = (int(c) * (2 - i % 2) for i, c in enumerate(valeur))
    if sum(d - 9 if d > 9 else d for d in doubles) % 10:
        raise ValidationError("Ce SIRET n’est pas valable : vérifiez ses chiffres.")
