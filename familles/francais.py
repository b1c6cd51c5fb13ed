"""French words for days, hours and money. Pure: the screens, the e-mails and the PDFs call the same."""

import unicodedata
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
CENTIME = Decimal("0.01")
ESPACE_FINE = "\u202f"
INSECABLE = "\u00a0"


def _quantieme(jour: date) -> str:
    return "1er" if jour.day == 1 else str(jour.day)


def jour_en_lettres(jour: date) -> str:
    """« jeudi 10 décembre 2026 »."""
    return f"{JOURS[jour.weekday()]} {_quantieme(jour)} {MOIS[jour.month - 1]} {jour.year}"


def jour_sans_annee(jour: date) -> str:
    """« jeudi 10 décembre »."""
    return f"{JOURS[jour.weekday()]} {_quantieme(jour)} {MOIS[jour.month - 1]}"


def jour_court(jour: date) -> str:
    """« lun. 23 »."""
    return f"{JOURS[jour.weekday()][:3]}. {jour.day}"


def jour_chiffres(jour: date) -> str:
    """« 08/04/2015 »."""
    return jour.strftime("%d/%m/%Y")


def mois_en_lettres(jour: date) -> str:
    """« décembre 2026 »."""
    return f"{MOIS[jour.month - 1]} {jour.year}"


def de_mois(jour: date) -> str:
    """« de décembre 2026 », « d’octobre 2026 »."""
    return f"{'d’' if MOIS[jour.month - 1][0] in 'ao' else 'de '}{mois_en_lettres(jour)}"


def heure(moment_: time | datetime) -> str:
    """« 12 h 00 »."""
    return f"{moment_.hour}{INSECABLE}h{INSECABLE}{moment_.minute:02d}"


def moment(instant: datetime) -> str:
    """« jeudi 3 décembre 2026 à 12 h 00 », in the zone that `instant` carries."""
    return f"{jour_en_lettres(instant.date())} à {heure(instant)}"


def arrondir(montant: Decimal) -> Decimal:
    """Two places, half up (the règlement's rounding)."""
    return Decimal(montant).quantize(CENTIME, rounding=ROUND_HALF_UP)


def sens(solde: Decimal) -> str:
    """« à payer », « en votre faveur »: what follows a balance (debit less credit), for a parent to read."""
    if not solde:
        return ""
    return f"{INSECABLE}{'à payer' if solde > 0 else 'en votre faveur'}"


def euros(montant: Decimal) -> str:
    """« 1 204,50 € »."""
    arrondi = arrondir(montant)
    entier, centimes = f"{abs(arrondi):.2f}".split(".")
    groupes = f"{int(entier):,}".replace(",", ESPACE_FINE)
    signe = "\u2212" if arrondi < 0 else ""
    return f"{signe}{groupes},{centimes}{INSECABLE}€"


def nombre(valeur: int | Decimal) -> str:
    """« −5 », with the true minus."""
    return f"{valeur}".replace("-", "\u2212")


def pluriel(nombre: int, singulier: str, plusieurs: str) -> str:
    """« 1 jour », « 3 jours »: French plural starts at two."""
    return f"{nombre}{INSECABLE}{singulier if abs(nombre) < 2 else plusieurs}"


def de(nom: str) -> str:
    """« de Léa », « d’Alexandre ». An h keeps its « de »: no rule tells « de Hugo » from « d’Hélène »."""
    initiale = unicodedata.normalize("NFD", nom[:1])[:1].lower()
    return f"d’{nom}" if initiale and initiale in "aeiouyœæ" else f"de {nom}"


def minuscule(libelle: str) -> str:
    """« informations CAF »: a label inside a sentence, its acronyms kept."""
    return libelle[:1].lower() + libelle[1:]


def majuscule(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


# How the service of a town is called, by its first word; any other is a name of its own.
ARTICLES = {
    **dict.fromkeys(("service", "guichet", "pôle", "bureau", "secrétariat", "centre", "syndicat"), "le "),
    **dict.fromkeys(("mairie", "direction", "régie", "structure", "maison", "commune", "ville"), "la "),
    **dict.fromkeys(("accueil", "espace", "association", "équipe", "agence"), "l’"),
}


def avec_article(nom: str) -> str:
    """« Service enfance » → « le service enfance »; « Les P’tiots » stays as it is."""
    premier = (nom.split() or [""])[0].lower()
    return f"{ARTICLES[premier]}{minuscule(nom)}" if premier in ARTICLES else nom


def taille(octets: int) -> str:
    """« 589,7 Ko », « 7,0 Mo »: as the limits are written."""
    if octets < 1024:
        return pluriel(octets, "octet", "octets")
    unites = octets / 1024, "Ko"
    if octets >= 1024 * 1024:
        unites = octets / (1024 * 1024), "Mo"
    return f"{unites[0]:.1f}{INSECABLE}{unites[1]}".replace(".", ",")


# First words of the names of the models that the staff see; those in -s are plural.
FEMININS = frozenset(
    [
        "année",
        "clôture",
        "collectivité",
        "conversation",
        "demande",
        "exception",
        "facturation",
        "facture",
        "famille",
        "fermeture",
        "fiche",
        "imputation",
        "inscription",
        "ligne",
        "nouvelle",
        "personne",
        "première",
        "prestation",
        "raison",
        "relance",
        "remise",
        "règle",
        "régie",
        "réponse",
        "réservation",
        "résidence",
        "scolarité",
        "structure",
        "suite",
        "trace",
        "tranche",
        "version",
        "échéance",
        "école",
    ]
)
MASCULINS = frozenset(
    [
        "arrêté",
        "compte",
        "courriel",
        "créneau",
        "document",
        "enfant",
        "groupe",
        "import",
        "jour",
        "lien",
        "menu",
        "message",
        "motif",
        "mouvement",
        "niveau",
        "pointage",
        "quotient",
        "rattachement",
        "responsable",
        "règlement",
        "tarif",
        "versement",
    ]
)


def du(nom: str) -> str:
    """« de l’enfant », « de la famille », « du tarif », « des vacances »."""
    premier = nom.split()[0]
    if premier.endswith("s"):
        return f"des {nom}"
    if de(nom).startswith("d’"):
        return f"de l’{nom}"
    return f"de la {nom}" if premier in FEMININS else f"du {nom}"


def un(nom: str) -> str:
    """« un enfant », « une famille », « des vacances »."""
    premier = nom.split()[0]
    return f"{'des' if premier.endswith('s') else 'une' if premier in FEMININS else 'un'} {nom}"


def enumerer(mots: list[str]) -> str:
    """« Alexandre, Cyril et Léa »."""
    return " et ".join(filter(None, [", ".join(mots[:-1]), *mots[-1:]]))
