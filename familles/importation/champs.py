"""The fields that a file may bring, and which column most likely brings which. Pure.

A heading is read word by word: whose it is (« enfant », « conjoint », « responsable 2 »…), then what it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from familles.importation import valeurs
from familles.importation.valeurs import Lecteur, pareil
from familles.models import Ecole, Enfant, Responsable, Scolarite

FAMILLE, RESPONSABLE, CONJOINT, ENFANT = "famille", "responsable", "conjoint", "enfant"
GROUPES = {FAMILLE: "Famille", RESPONSABLE: "Responsable", CONJOINT: "Conjoint", ENFANT: "Enfant"}


@dataclass(frozen=True)
class Champ:
    """`noms`: what its column is usually called, without saying whose it is."""

    groupe: str
    nom: str
    libelle: str
    lire: Lecteur
    noms: tuple[str, ...]

    @property
    def cle(self) -> str:
        return f"{self.groupe}.{self.nom}"

    @property
    def libelle_entier(self) -> str:
        """« Nom du conjoint »."""
        de = {FAMILLE: "de la famille", RESPONSABLE: "du responsable", CONJOINT: "du conjoint"}
        return f"{self.libelle} {de.get(self.groupe, 'de l’enfant')}"


ADULTE = [
    ("civilite", "Civilité", valeurs.civilite, ("civilite", "titre", "civ")),
    ("nom", "Nom", valeurs.texte(Responsable, "nom"), ("nom", "nom de famille", "nom usuel", "nom usage")),
    ("prenom", "Prénom", valeurs.texte(Responsable, "prenom"), ("prenom", "prenoms")),
    ("qualite", "Qualité", valeurs.qualite, ("qualite", "lien", "lien parente", "parente", "role")),
    (
        "adresse",
        "Adresse",
        valeurs.texte(Responsable, "adresse"),
        ("adresse", "adresse 1", "adresse postale", "rue", "voie"),
    ),
    (
        "complement",
        "Complément d’adresse",
        valeurs.texte(Responsable, "adresse"),
        ("complement", "complement adresse", "adresse complement", "adresse 2"),
    ),
    ("code_postal", "Code postal", valeurs.code_postal, ("code postal", "cp", "codepostal")),
    ("ville", "Ville", valeurs.texte(Responsable, "ville"), ("ville", "commune", "localite")),
    (
        "telephone_domicile",
        "Téléphone domicile",
        valeurs.telephone,
        ("telephone", "tel", "telephone domicile", "tel domicile", "tel fixe", "telephone fixe", "fixe"),
    ),
    (
        "telephone_professionnel",
        "Téléphone prof.",
        valeurs.telephone,
        ("telephone professionnel", "telephone prof", "tel prof", "tel pro", "tel travail", "tel bureau"),
    ),
    (
        "mobile",
        "Mobile",
        valeurs.telephone,
        ("mobile", "portable", "tel portable", "telephone portable", "tel mobile", "telephone mobile", "gsm"),
    ),
    (
        "email",
        "E-mail",
        valeurs.texte(Responsable, "email"),
        ("email", "e mail", "mail", "courriel", "adresse mail", "adresse email", "adresse e mail"),
    ),
    ("profession", "Profession", valeurs.texte(Responsable, "profession"), ("profession", "metier")),
    ("employeur", "Employeur", valeurs.texte(Responsable, "employeur"), ("employeur",)),
]

CHAMPS: tuple[Champ, ...] = (
    Champ(
        FAMILLE,
        "numero",
        "Numéro",
        valeurs.numero_famille,
        (
            "numero",
            "n",
            "no",
            "num",
            "numero famille",
            "code",
            "identifiant",
            "id",
            "dossier",
            "numero dossier",
        ),
    ),
    Champ(FAMILLE, "situation", "Situation", valeurs.situation, ("situation", "situation familiale")),
    *(Champ(RESPONSABLE, *champ) for champ in ADULTE),
    *(Champ(CONJOINT, *champ) for champ in ADULTE),
    Champ(ENFANT, "nom", "Nom", valeurs.texte(Enfant, "nom"), ("nom", "nom de famille")),
    Champ(ENFANT, "prenom", "Prénom", valeurs.texte(Enfant, "prenom"), ("prenom", "prenoms")),
    Champ(ENFANT, "sexe", "Sexe", valeurs.sexe, ("sexe", "genre")),
    Champ(
        ENFANT,
        "date_naissance",
        "Date de naissance",
        valeurs.naissance,
        (
            "date de naissance",
            "date naissance",
            "naissance",
            "ne le",
            "nee le",
            "ne e le",
            "ddn",
            "date naiss",
        ),
    ),
    Champ(
        ENFANT,
        "ecole",
        "École",
        valeurs.texte(Ecole, "nom"),
        ("ecole", "etablissement", "etablissement scolaire", "nom ecole", "groupe scolaire"),
    ),
    Champ(ENFANT, "classe", "Classe", valeurs.texte(Scolarite, "classe"), ("classe", "nom classe")),
    Champ(ENFANT, "niveau", "Niveau", valeurs.texte(Scolarite, "niveau"), ("niveau", "niveau scolaire")),
)
PAR_CLE = {champ.cle: champ for champ in CHAMPS}
OBLIGATOIRES = (f"{RESPONSABLE}.nom", f"{RESPONSABLE}.prenom")
# Who is there at all is there whole.
DU_CONJOINT = (f"{CONJOINT}.nom", f"{CONJOINT}.prenom")
DE_L_ENFANT = (f"{ENFANT}.nom", f"{ENFANT}.prenom", f"{ENFANT}.date_naissance")

# --- What is never brought in ----------------------------------------------------------------------------

SANTE = "donnée de santé"
BANQUE = "coordonnée bancaire"
INTERDITS = {
    BANQUE: re.compile(r"\b(iban|bic|rib|swift|rum|mandat|banque|bancaire|compte bancaire|domiciliation)\b"),
    SANTE: re.compile(
        r"\b(allerg\w*|regime|alimentaire|pai|p a i|medecin\w*|medical\w*|medicament\w*|sante|sanitaire\w*"
        r"|vaccin\w*|dtp|maladie\w*|traitement\w*|handicap\w*|mdph|lunettes|asthme|groupe sanguin"
        r"|securite sociale|num secu|secu|nir|mutuelle)\b"
    ),
}


def interdit(titre: str, echantillon: Sequence[str]) -> str:
    """Why a column is never read: its heading says so, or what it holds; else an empty text."""
    mots = pareil(titre)
    for raison, motif in INTERDITS.items():
        if motif.search(mots):
            return raison
    ibans = [cellule for cellule in echantillon if cellule.strip()]
    return BANQUE if ibans and all(_est_iban(cellule) for cellule in ibans) else ""


def _est_iban(cellule: str) -> bool:
    try:
        IBAN(cellule)
    except SchwiftyException:
        return False
    return True


# --- Guessing --------------------------------------------------------------------------------------------

# The first that is found says whose the column is.
SUJETS = [
    (ENFANT, re.compile(r"\b(enfant|eleve|enf)\b")),
    (
        CONJOINT,
        re.compile(r"\b(conjoint|conjointe|(?:responsable|resp|parent|representant|adulte)(?: legal)? ?2)\b"),
    ),
    (
        RESPONSABLE,
        re.compile(
            r"\b((?:responsable|resp|parent|representant|adulte)(?: legal)? ?1?"
            r"|titulaire|payeur|redevable|allocataire)\b"
        ),
    ),
    (FAMILLE, re.compile(r"\b(famille|foyer|dossier)\b")),
]
LIAISONS = {"de", "du", "des", "la", "le", "l", "d"}


def _sujet(titre: str) -> tuple[str, str]:
    """Whose the column is (empty: it does not say), and what remains of its heading."""
    mots = pareil(titre)
    for groupe, motif in SUJETS:
        if motif.search(mots):
            return groupe, _sans_liaison(motif.sub(" ", mots))
    return "", mots


def _sans_liaison(mots: str) -> str:
    restants = mots.split()
    while restants and restants[0] in LIAISONS:
        restants.pop(0)
    while restants and restants[-1] in LIAISONS:
        restants.pop()
    return " ".join(restants)


def deviner(titres: Sequence[str], ecartees: Sequence[int] = ()) -> dict[int, str]:
    """Column → field; a column that says nothing known is left out, a field is given once."""
    trouves: dict[int, str] = {}
    muets: list[tuple[int, str]] = []
    for rang, titre in enumerate(titres):
        if rang in ecartees:
            continue
        groupe, reste = _sujet(titre)
        # « N° famille », « Dossier »: the number; « Adresse famille »: the first adult's.
        groupes = [groupe] if groupe != FAMILLE else [FAMILLE, RESPONSABLE]
        if not groupe:
            muets.append((rang, reste))
        elif cle := _champ(reste or "numero", groupes, trouves):
            trouves[rang] = cle
    adultes_nommes = f"{RESPONSABLE}.nom" in trouves.values()
    for rang, reste in muets:
        premiers = [ENFANT, RESPONSABLE] if adultes_nommes else [RESPONSABLE, ENFANT]
        if cle := _champ(reste, [FAMILLE, *premiers], trouves):
            trouves[rang] = cle
    return trouves


def _champ(nom: str, groupes: Sequence[str], trouves: dict[int, str]) -> str:
    for groupe in groupes:
        for champ in CHAMPS:
            if champ.groupe == groupe and nom in champ.noms and champ.cle not in trouves.values():
                return champ.cle
    return ""
