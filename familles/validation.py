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

# Departments 01 to 95, overseas 97 and 98.
code_postal = RegexValidator(
    r"^(0[1-9]|[1-8]\d|9[0-578])\d{3}$",
    "Un code postal français a cinq chiffres, les deux premiers d’un département.",
)
numero_famille = RegexValidator(r"^\d{13}$", "Un numéro de famille a treize chiffres.")
# Part of printed numbers, which stand in addresses.
prefixe = RegexValidator(
    r"^[A-Z0-9]+\Z", "Des lettres capitales sans accent et des chiffres : « AL », par exemple."
)
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


def normaliser_code_postal(saisie: str) -> str:
    """« 31 400 » → « 31400 »."""
    code = BLANCS.sub("", saisie)
    code_postal(code)
    return code


def naissance(valeur: date, aujourdhui: date) -> None:
    """A date on which somebody alive may have been born."""
    if not date(PREMIERE_ANNEE, 1, 1) <= valeur <= aujourdhui:
        raise ValidationError("Donnez une date de naissance passée.")


# Numbers of ten digits, with their leading zero: France, Réunion and Mayotte, the Antilles, Guyane.
FRANCAIS = {33, 262, 590, 594, 596}
MAJORITE = 18


def est_mineur(ne_le: date, aujourdhui: date) -> bool:
    majeur_le = (ne_le.year + MAJORITE, ne_le.month, ne_le.day)
    return majeur_le > (aujourdhui.year, aujourdhui.month, aujourdhui.day)


def naissance_d_enfant(valeur: date, aujourdhui: date) -> None:
    naissance(valeur, aujourdhui)
    if not est_mineur(valeur, aujourdhui):
        raise ValidationError(
            f"Cette date est celle d’une personne de {MAJORITE} ans ou plus : vérifiez l’année."
        )


def normaliser_telephone(saisie: str) -> str:
    """« 0102030405 », « +33 1 02 03 04 05 » → « 01.02.03.04.05 » (the manual's form); foreign: « +44 … ».

    Raise ValidationError when nobody could be called at it. The overseas French numbers of ten digits (+262,
    +590…) are kept in their national form too.
    """
    try:
        numero = phonenumbers.parse(saisie, "FR")
    except phonenumbers.NumberParseException as erreur:
        raise ValidationError(
            "Ce numéro de téléphone n’est pas reconnu : 01 02 03 04 05, par exemple."
        ) from erreur
    # A number that is only called from its own town is nobody's here.
    if phonenumbers.is_possible_number_with_reason(numero) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValidationError("Ce numéro de téléphone n’a pas le bon nombre de chiffres.")
    if numero.country_code in FRANCAIS:
        national = phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.NATIONAL)
        chiffres = "".join(c for c in national if c.isdigit())
        if not re.fullmatch(r"0[1-9][0-9]{8}", chiffres):
            raise ValidationError(
                "Ce numéro de téléphone n’est pas possible : un numéro français a dix chiffres, celui d’un "
                "autre pays commence par + et son indicatif."
            )
        return ".".join(chiffres[i : i + 2] for i in range(0, len(chiffres), 2))
    return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


# « 15 », « 119 », « 3975 », « 118 218 ».
NUMERO_COURT = re.compile(r"1[0-9]{1,2}|[13][0-9]{3}|1[0-9]{5}")


def normaliser_telephone_public(saisie: str) -> str:
    """That of a town hall, which may be a short one."""
    court = BLANCS.sub("", saisie)
    return court if NUMERO_COURT.fullmatch(court) else normaliser_telephone(saisie)


def normaliser_iban(saisie: str) -> str:
    """IBAN by groups of four; the RIB key of a French account is checked too (`validate_bban`).

    As a bank prints it: « IBAN : FR76-3000-… ».
    """
    serre = BLANCS.sub("", re.sub(r"^\s*IBAN\W*", "", saisie, flags=re.IGNORECASE))
    try:
        return IBAN(serre, validate_bban=True).formatted
    except SchwiftyException as erreur:
        raise ValidationError("Cet IBAN n’est pas valable : recopiez-le depuis votre RIB.") from erreur


def normaliser_bic(saisie: str) -> str:
    try:
        return str(BIC(saisie))
    except SchwiftyException as erreur:
        raise ValidationError(
            "Ce BIC n’est pas valable : huit ou onze caractères, sur votre RIB."
        ) from erreur


# Whose BIC may name another country than its IBAN: one banking system for several codes.
MEME_PLACE = {
    "FR": {"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "PF", "NC", "WF"},
    "GB": {"GB", "GG", "JE", "IM"},
}


def accorder_iban_bic(iban: str, bic: str) -> None:
    """Both of one account: of one country."""
    if iban and bic and bic[4:6] not in MEME_PLACE.get(iban[:2], {iban[:2]}):
        raise ValidationError(
            f"Ce BIC est celui d’une banque d’un autre pays ({bic[4:6]}) que l’IBAN ({iban[:2]}) : recopiez "
            "les deux depuis le même RIB."
        )


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
