"""What the pages of the family file show: pairs (label, value) in the manual's order. No database."""

from datetime import date

from familles.francais import jour_chiffres
from familles.models import CoordonneesBancaires, InformationsCaf, InformationsFiscales, Responsable

Champs = list[tuple[str, str]]

IDENTITE = ("civilite", "nom", "prenom", "qualite")
COORDONNEES = (
    "adresse",
    "code_postal",
    "ville",
    "telephone_domicile",
    "telephone_professionnel",
    "mobile",
    "email",
    "profession",
    "csp",
    "employeur",
    "adresse_employeur",
    "autorisation_courriel",
    "autorisation_sms",
)
SANTE = (
    "medecin",
    "telephone_medecin",
    "lunettes",
    "allergies",
    "regime",
    "pai",
    "pai_consignes",
    "pai_fin",
    "vaccins",
    "autorisation_photo",
    "autorisation_sorties",
    "autorisation_soins",
)


def valeur(objet, champ: str) -> str:
    """A field as a person reads it: the label of a choice, Oui or Non, empty when unknown."""
    lue = getattr(objet, champ)
    if isinstance(lue, bool):
        return "Oui" if lue else "Non"
    if isinstance(lue, date):
        return jour_chiffres(lue)
    libelle = getattr(objet, f"get_{champ}_display", None)
    return "" if lue is None else str(libelle() if libelle and lue != "" else lue)


def champs(objet, noms) -> Champs:
    """(label, value) of each field; the label is the model's, capitalised."""
    libelles = ((nom, objet._meta.get_field(nom).verbose_name) for nom in noms)
    return [(libelle[0].upper() + libelle[1:], valeur(objet, nom)) for nom, libelle in libelles]


def du_responsable(responsable: Responsable, *, coordonnees: bool, organisme: bool = False) -> Champs:
    """The card of an adult; without `coordonnees` the identity alone (who sees what: familles.acces)."""
    noms = IDENTITE + (COORDONNEES if coordonnees else ())
    return champs(responsable, noms + (("organisme_rattachement",) if coordonnees and organisme else ()))


def fiscales(infos: InformationsFiscales | None) -> Champs:
    noms = ("annee_revenus", "numero_fiscal", "revenu_fiscal_reference", "nombre_parts")
    return champs(infos or InformationsFiscales(), noms)


def caf(infos: InformationsCaf | None) -> Champs:
    return champs(infos, ("regime", "organisme", "numero_allocataire", "allocataire")) if infos else []


def iban_masque(iban: str) -> str:
    """« FR76 •••• 0189 »: enough to recognise one's account, not enough to use it."""
    serre = iban.replace(" ", "")
    return f"{serre[:4]} •••• {serre[-4:]}" if serre else ""


def bancaires(infos: CoordonneesBancaires | None) -> Champs:
    infos = infos or CoordonneesBancaires()
    return [
        *champs(infos, ("titulaire", "nom_banque")),
        ("IBAN", iban_masque(infos.iban)),
        ("BIC", infos.bic),
    ]
