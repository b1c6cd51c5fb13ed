"""Lines of the file → households: each cell read, each line judged, lines of one family put together. Pure.

A family is known by its number; without one, by its first adult's name and whatever else both lines share
(e-mail, telephone, address). Two homonyms that share nothing stay two families.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from familles.importation.champs import (
    CONJOINT,
    DE_L_ENFANT,
    DU_CONJOINT,
    ENFANT,
    FAMILLE,
    OBLIGATOIRES,
    PAR_CLE,
    RESPONSABLE,
)
from familles.importation.constats import Compte, Constat
from familles.importation.fichier import Feuille, nom_colonne
from familles.importation.valeurs import ABIME, pareil, propre

NUMERO = f"{FAMILLE}.numero"
ADULTES = (RESPONSABLE, CONJOINT)
PAS = 250  # lines between two signs of life
Cle = tuple[str, ...]
# Case, accents and dashes make no difference there.
EN_TOUTES_LETTRES = frozenset({"nom", "prenom", "adresse", "ville", "profession", "employeur", "classe"})


class Dits:
    """Values by field (« responsable.nom »)."""

    valeurs: dict[str, Any]

    def de(self, groupe: str) -> dict[str, Any]:
        """The values of one person: « nom », « prenom »…"""
        return {cle.split(".")[1]: v for cle, v in self.valeurs.items() if cle.startswith(f"{groupe}.")}


@dataclass(repr=False)
class Ligne(Dits):
    numero: int
    valeurs: dict[str, Any]


@dataclass(eq=False, repr=False)
class Foyer(Dits):
    """What the lines of one family say together; `origines`: which line said it."""

    numero: str = ""
    lignes: list[Ligne] = field(default_factory=list)
    valeurs: dict[str, Any] = field(default_factory=dict)
    origines: dict[str, int] = field(default_factory=dict)
    enfants: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def premiere(self) -> int:
        return self.lignes[0].numero


@dataclass
class Lecture:
    """Of a file whose columns are mapped: reads it, and says what does not hold."""

    feuille: Feuille
    correspondance: Mapping[int, str]
    jour: date
    compte: Compte
    # The same child in two families is one child (separated parents).
    partages: bool = False

    def __post_init__(self):
        self.rangs = {cle: rang for rang, cle in self.correspondance.items()}

    def colonne(self, cle: str) -> str:
        """The heading of the file, else our own words."""
        rang = self.rangs.get(cle)
        return PAR_CLE[cle].libelle_entier if rang is None else nom_colonne(self.feuille.titres, rang)

    def refuser(self, ligne: int, cle: str, phrase: str, valeur: str = "") -> None:
        self.compte.noter(Constat(ligne, self.colonne(cle), phrase, valeur))

    def avertir(self, ligne: int, cle: str, phrase: str) -> None:
        """Said, without keeping the line out."""
        self.compte.noter(Constat(ligne, self.colonne(cle), phrase, bloquant=False))

    def foyers(self, suivre: Callable[[int], None] = lambda fait: None) -> list[Foyer]:
        lignes = []
        for fait, ligne in enumerate(self._lignes(), start=1):
            if ligne is not None:
                lignes.append(ligne)
            if fait % PAS == 0:
                suivre(fait)
        return Regroupement(self).foyers(lignes)

    # --- One line ----------------------------------------------------------------------------------------

    def _lignes(self) -> Iterator[Ligne | None]:
        """None for a line that is refused by itself."""
        for numero, cellules in self.feuille.lignes:
            if cellules is None:
                self._refuser_la_largeur(numero)
                yield None
                continue
            ligne = Ligne(numero, {})
            illisibles = {
                cle
                for rang, cle in self.correspondance.items()
                if not self._lire(ligne, cle, propre(cellules[rang]))
            }
            self._exiger(ligne, illisibles)
            yield ligne if numero not in self.compte.refuses else None

    def _refuser_la_largeur(self, numero: int) -> None:
        lues, attendues = self.feuille.largeurs[numero], len(self.feuille.titres)
        rang = min(lues, attendues - 1)
        phrase = (
            f"{lues} valeurs au lieu de {attendues} : un séparateur se trouve sans doute dans une valeur "
            "sans guillemets."
            if lues > attendues
            else f"La ligne s’arrête avant cette colonne : {lues} valeurs au lieu de {attendues}."
        )
        self.compte.noter(Constat(numero, nom_colonne(self.feuille.titres, rang), phrase))

    def _lire(self, ligne: Ligne, cle: str, cellule: str) -> bool:
        """False when the cell is refused."""
        if not cellule:
            return True
        if ABIME.search(cellule):
            self.refuser(
                ligne.numero, cle, "Des caractères sont abîmés : le fichier a changé d’encodage.", cellule
            )
            return False
        try:
            ligne.valeurs[cle] = PAR_CLE[cle].lire(cellule, self.jour)
        except ValidationError as erreur:
            self.refuser(ligne.numero, cle, " ".join(erreur.messages), cellule)
            return False
        return True

    def _exiger(self, ligne: Ligne, illisibles: set[str]) -> None:
        """Who is there is there whole: an adult has both names, a child a date of birth as well."""
        voulues = [*OBLIGATOIRES]
        for groupe, cles in ((CONJOINT, DU_CONJOINT), (ENFANT, DE_L_ENFANT)):
            if ligne.valeurs.keys() & set(cles):
                voulues += cles
            else:
                self._oublier(ligne, groupe)
        for cle in voulues:
            if cle not in ligne.valeurs and cle not in illisibles:
                self.refuser(ligne.numero, cle, "Cette valeur manque.")
        self._joindre_le_complement(ligne)

    def _oublier(self, ligne: Ligne, groupe: str) -> None:
        """Values of nobody: an export often repeats the town of an adult who is not there."""
        for cle in [cle for cle in ligne.valeurs if cle.startswith(f"{groupe}.")]:
            del ligne.valeurs[cle]

    def _joindre_le_complement(self, ligne: Ligne) -> None:
        for groupe in ADULTES:
            complement = ligne.valeurs.pop(f"{groupe}.complement", "")
            adresse = ligne.valeurs.get(f"{groupe}.adresse", "")
            if not complement:
                continue
            entiere = ", ".join(filter(None, (adresse, complement)))
            try:
                ligne.valeurs[f"{groupe}.adresse"] = PAR_CLE[f"{groupe}.adresse"].lire(entiere, self.jour)
            except ValidationError as erreur:
                self.refuser(ligne.numero, f"{groupe}.complement", " ".join(erreur.messages))


def memes(nom: str, une: Any, autre: Any) -> bool:
    """Whether two values say the same: « 12, RUE DES BONBONS » and « 12 rue des Bonbons » do."""
    if une == autre:
        return True
    if nom in EN_TOUTES_LETTRES:
        return pareil(une) == pareil(autre)
    return nom == "email" and une.casefold() == autre.casefold()


def personne(valeurs: Mapping[str, Any]) -> Cle:
    return pareil(valeurs.get("nom", "")), pareil(valeurs.get("prenom", ""))


def enfant_de(valeurs: Mapping[str, Any]) -> Cle:
    naissance = valeurs.get("date_naissance")
    return (*personne(valeurs), naissance.isoformat() if naissance else "")


def indices(valeurs: Mapping[str, Any]) -> set[Cle]:
    """What tells an adult from a homonym."""
    trouves = {("telephone", valeurs[nom]) for nom in ("mobile", "telephone_domicile") if valeurs.get(nom)}
    if email := valeurs.get("email"):
        trouves.add(("email", email.casefold()))
    if (adresse := valeurs.get("adresse")) and (code := valeurs.get("code_postal")):
        trouves.add(("adresse", pareil(adresse), code))
    return trouves


class Regroupement:
    """Puts the lines of a family together; refuses those that contradict or repeat one another."""

    def __init__(self, lecture: Lecture):
        self.lecture = lecture
        self.par_numero: dict[str, Foyer] = {}
        self.par_personne: dict[Cle, list[Foyer]] = {}
        self.indices: dict[Foyer, set[Cle]] = {}
        self.vus: dict[Cle, tuple[Foyer, int]] = {}

    def foyers(self, lignes: list[Ligne]) -> list[Foyer]:
        trouves: list[Foyer] = []
        # Those with a number first: a line without one may belong to them.
        for ligne in sorted(lignes, key=lambda ligne: (NUMERO not in ligne.valeurs, ligne.numero)):
            foyer = self._foyer_de(ligne)
            if foyer is None:
                continue
            if not foyer.lignes:
                trouves.append(foyer)
            self._joindre(foyer, ligne)
        return sorted(trouves, key=lambda foyer: foyer.premiere)

    def _foyer_de(self, ligne: Ligne) -> Foyer | None:
        if numero := ligne.valeurs.get(NUMERO):
            return self.par_numero.setdefault(numero, Foyer(numero))
        adulte = ligne.de(RESPONSABLE)
        homonymes = self.par_personne.get(personne(adulte), [])
        communs = [foyer for foyer in homonymes if self.indices[foyer] & indices(adulte)]
        if len(communs) == 1:
            return communs[0]
        if homonymes and (communs or not indices(adulte)):
            autres = ", ".join(str(foyer.premiere) for foyer in homonymes[:3])
            self.lecture.refuser(
                ligne.numero,
                NUMERO,
                f"Rien ne dit si cette famille est celle du même nom (ligne {autres}) : donnez un numéro.",
            )
            return None
        return Foyer()

    def _joindre(self, foyer: Foyer, ligne: Ligne) -> None:
        foyer.lignes.append(ligne)
        for cle, valeur in ligne.valeurs.items():
            if cle.startswith(f"{ENFANT}."):
                continue
            connue = foyer.valeurs.setdefault(cle, valeur)
            origine = foyer.origines.setdefault(cle, ligne.numero)
            if not memes(cle.split(".")[1], connue, valeur):
                phrase = f"La ligne {origine}, de la même famille, donne une autre valeur."
                self.lecture.refuser(ligne.numero, cle, phrase, str(valeur))
        adulte = foyer.de(RESPONSABLE)
        self.indices.setdefault(foyer, set()).update(indices(adulte))
        homonymes = self.par_personne.setdefault(personne(adulte), [])
        if foyer not in homonymes:
            homonymes.append(foyer)
        if enfant := ligne.de(ENFANT):
            self._ajouter_l_enfant(foyer, ligne, enfant)

    def _ajouter_l_enfant(self, foyer: Foyer, ligne: Ligne, enfant: dict[str, Any]) -> None:
        cle = enfant_de(enfant)
        autre, premiere = self.vus.setdefault(cle, (foyer, ligne.numero))
        if any(enfant_de(connu) == cle for _, connu in foyer.enfants):
            phrase = (
                f"Double : cet enfant est déjà à la ligne {self._ligne_de(foyer, cle)}, dans cette famille."
            )
            self.lecture.refuser(ligne.numero, f"{ENFANT}.prenom", phrase)
        elif autre is not foyer and not self.lecture.partages:
            phrase = (
                f"Le même enfant est dans une autre famille, à la ligne {premiere}. Si c’est bien lui, "
                "cochez « Enfants de parents séparés » à l’étape des colonnes."
            )
            self.lecture.refuser(ligne.numero, f"{ENFANT}.prenom", phrase)
        foyer.enfants.append((ligne.numero, enfant))

    def _ligne_de(self, foyer: Foyer, cle: Cle) -> int:
        return next(numero for numero, connu in foyer.enfants if enfant_de(connu) == cle)
