"""Cells as another software writes them → values of the family file. Pure but for the models' own checks.

A value is judged by what judges a parent's request: familles.validation, and the fields of the models.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Model

from familles import validation
from familles.enums import Civilite, Qualite, Sexe, Situation
from familles.francais import MOIS
from familles.textes import sans_invisibles

# What reads a cell; the day is today's, which tells a birth from a date to come.
Lecteur = Callable[[str, date], object]

LONGUEUR_NUMERO = 13
ANCIEN_NUMERO = re.compile(r"(?=.*[A-Z])[A-Z0-9][A-Z0-9./_-]{0,19}", re.ASCII)
EN_CHIFFRES = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
EN_LETTRES = re.compile(r"(\d{1,2})(?:er)? ([a-zûé]+)\.? (\d{4})")
HEURE_NULLE = re.compile(r"[T ]0?0:00(:00(\.0+)?)?$")
# UTF-8 read as Windows-1252 and saved so, or what could not be read at all.
ABIME = re.compile(
    "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a"
    "\u20ac\u2122]|â€|Â[\u00a0-\u00bf]|\ufffd|\x00"
)


def propre(cellule: str) -> str:
    """Without the blanks around, nor those that follow one another, nor what nobody sees."""
    return " ".join(sans_invisibles(cellule).split())


def pareil(texte: str) -> str:
    """What two spellings of a name have in common: neither case, accents, nor dashes."""
    sans = "".join(c for c in unicodedata.normalize("NFD", texte.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", sans.replace("œ", "oe").replace("æ", "ae")).split())


def texte(modele: type[Model], nom: str) -> Lecteur:
    """Length and validators are those of the field."""
    champ = modele._meta.get_field(nom)

    def lire(cellule: str, jour: date) -> str:
        return champ.clean(cellule, None)

    return lire


def telephone(cellule: str, jour: date) -> str:
    return validation.normaliser_telephone(cellule)


def code_postal(cellule: str, jour: date) -> str:
    # A spreadsheet takes « 01000 » for a number.
    code = cellule.zfill(5) if len(cellule) == 4 and cellule.isdigit() else cellule
    return validation.normaliser_code_postal(code)


def numero_famille(cellule: str, jour: date) -> str:
    """The town's own number, brought to thirteen digits by leading zeros; that of another software, which
    holds letters (« F012 »), as it is.
    """
    if re.fullmatch(r"\d+[.,]\d+E\+?\d+", cellule, re.IGNORECASE):
        raise ValidationError("Le tableur a abîmé ce numéro : mettez la colonne au format « Texte ».")
    numero = cellule.replace(" ", "").upper()
    if ANCIEN_NUMERO.fullmatch(numero):
        return numero
    if not (numero.isascii() and numero.isdigit()) or not int(numero):
        raise ValidationError("Un numéro de famille a des chiffres, et au besoin des lettres : F012.")
    numero = numero.zfill(LONGUEUR_NUMERO)
    validation.numero_famille(numero)
    return numero


def jour(cellule: str, aujourdhui: date) -> date:
    """« 03/04/2018 », « 3-4-18 », « 2018-04-03 », « 3 avril 2018 »."""
    saisie = HEURE_NULLE.sub("", cellule)
    if trouve := EN_CHIFFRES.fullmatch(saisie):
        quantieme, mois, annee = (int(partie) for partie in trouve.groups())
        if len(trouve[3]) == 2:
            # Of two centuries, the one that is not to come.
            annee += 2000 if 2000 + annee <= aujourdhui.year else 1900
    elif trouve := ISO.fullmatch(saisie):
        annee, mois, quantieme = (int(partie) for partie in trouve.groups())
    elif (trouve := EN_LETTRES.fullmatch(saisie.lower())) and trouve[2] in MOIS:
        quantieme, mois, annee = int(trouve[1]), MOIS.index(trouve[2]) + 1, int(trouve[3])
    else:
        raise ValidationError("Cette date n’est pas reconnue : 03/04/2018, par exemple.")
    try:
        lu = date(annee, mois, quantieme)
    except ValueError:
        raise ValidationError("Cette date n’existe pas au calendrier.") from None
    validation.jour_plausible(lu)
    return lu


def naissance(cellule: str, aujourdhui: date) -> date:
    lue = jour(cellule, aujourdhui)
    validation.naissance(lue, aujourdhui)
    return lue


def choix(mots: dict[str, str], attendus: str) -> Lecteur:
    def lire(cellule: str, jour: date) -> str:
        try:
            return mots[pareil(cellule)]
        except KeyError:
            raise ValidationError(f"Cette valeur n’est pas reconnue : {attendus}.") from None

    return lire


def _mots(valeurs: dict[str, str]) -> dict[str, str]:
    """« un, deux » → VALEUR, one word each."""
    return {pareil(mot): valeur for mots, valeur in valeurs.items() for mot in mots.split(",")}


civilite = choix(
    _mots({"M,Mr,Monsieur": Civilite.MONSIEUR, "Mme,Madame,Mlle,Melle,Mademoiselle": Civilite.MADAME}),
    "M. ou Mme",
)
sexe = choix(
    _mots({"M,H,G,Masculin,Garçon,Homme": Sexe.M, "F,Féminin,Fille,Femme": Sexe.F}),
    "M ou F, garçon ou fille",
)
situation = choix(
    _mots(
        {
            "Marié,Mariée,Mariés,Marié(e),Marié(e)s": Situation.MARIE,
            "Pacsé,Pacsée,Pacsés,Pacsé(e),Pacs,Pacsé(e)s": Situation.PACSE,
            "Union libre,Vie maritale,Concubinage,Concubin,Concubins,Concubin(e),En couple": (
                Situation.UNION_LIBRE
            ),
            "Séparé,Séparée,Séparés,Séparé(e),Séparé(e)s": Situation.SEPARE,
            "Divorcé,Divorcée,Divorcés,Divorcé(e),Divorcé(e)s": Situation.DIVORCE,
            "Célibataire,Seul,Seule,Seul(e),Monoparentale,Parent isolé": Situation.CELIBATAIRE,
            "Veuf,Veuve,Veuf(ve),Veuf/Veuve": Situation.VEUF,
        }
    ),
    "marié, pacsé, union libre, séparé, divorcé, célibataire ou veuf",
)
qualite = choix(
    _mots(
        {
            "Père,Papa": Qualite.PERE,
            "Mère,Maman": Qualite.MERE,
            "Beau-parent,Beau-père,Belle-mère": Qualite.BEAU_PARENT,
            "Tuteur,Tutrice,Tuteur légal,Tuteur(trice)": Qualite.TUTEUR,
            "Grand-parent,Grand-père,Grand-mère,Grands-parents": Qualite.GRAND_PARENT,
            "Famille d’accueil,Assistante familiale,Assistant familial": Qualite.FAMILLE_ACCUEIL,
            "Autre": Qualite.AUTRE,
        }
    ),
    "père, mère, beau-parent, tuteur, grand-parent, famille d’accueil ou autre",
)
