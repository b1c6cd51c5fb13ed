"""Checks of what people type: French phone numbers, postcodes, IBAN and BIC, SIRET. Pure."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

code_postal = RegexValidator(r"^\d{5}$", "Un code postal français a cinq chiffres.")
numero_famille = RegexValidator(r"^\d{13}$", "Un numéro de famille a treize chiffres.")
jours_semaine = RegexValidator(
    r"^(?!.*(.).*\1)[1-7]*$",
    "Donnez les jours par leurs chiffres, de 1 (lundi) à 7 (dimanche), une fois chacun.",
)


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


def siret(valeur: str) -> None:
    """Fourteen digits whose Luhn sum is a multiple of ten (INSEE)."""
    if not (valeur.isascii() and valeur.isdigit() and len(valeur) == 14):
        raise ValidationError("Un SIRET a quatorze chiffres.")
    doubles = (int(c) * (2 - i % 2) for i, c in enumerate(valeur))
    if sum(d - 9 if d > 9 else d for d in doubles) % 10:
        raise ValidationError("Ce SIRET n’est pas valable : vérifiez ses chiffres.")
