"""The file itself: bytes → headings and lines, whatever spreadsheet wrote it. Pure.

Encodings: UTF-8, with or without its mark, and Windows-1252. Separators: semicolon, comma, tabulation.
"""

import codecs
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from familles.erreurs import Invalide
from familles.francais import pluriel
from familles.importation.champs import interdit
from familles.importation.valeurs import pareil

TAILLE_MAXIMALE = 10 * 1024 * 1024
TROP_GROS = "Ce fichier dépasse 10 Mo : partagez-le en plusieurs, familles entières."
VIDE = "Ce fichier est vide."
SANS_SEPARATEUR = (
    "Ligne 1, colonne « {} » : aucun séparateur reconnu. Les colonnes se séparent par un point-virgule, une "
    "virgule ou une tabulation."
)
# What it is whatever its name says, by its first bytes.
AUTRES = {
    b"PK\x03\x04": "un classeur",
    b"\xd0\xcf\x11\xe0": "un classeur",
    b"%PDF": "un PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
    b"{\\rtf": "un texte mis en forme",
    b"\x1f\x8b": "une archive",
    b"Rar!": "une archive",
    b"7z\xbc\xaf": "une archive",
}
LIGNES_MAXIMUM = 30_000
COLONNES_MAXIMUM = 120
SEPARATEURS = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}
UTF8, UTF8_MARQUE, WINDOWS = "UTF-8", "UTF-8 avec marque", "Windows-1252"
CODECS = {UTF8: "utf-8", UTF8_MARQUE: "utf-8-sig", WINDOWS: "cp1252"}
# How many cells tell what a column holds.
ECHANTILLON = 50
MONTRES = 5


@dataclass(repr=False)
class Feuille:
    """`lignes`: number in the file and cells; None instead of the cells when there are more or fewer of them
    than headings (`largeurs` says how many).
    """

    titres: list[str]
    encodage: str
    separateur: str
    lignes: list[tuple[int, list[str] | None]] = field(default_factory=list)
    largeurs: dict[int, int] = field(default_factory=dict)
    ecartees: dict[int, str] = field(default_factory=dict)

    def exemples(self, rang: int, nombre: int = 3) -> list[str]:
        """The first different values of a column."""
        vus: dict[str, None] = {}
        for _, cellules in self.lignes:
            if cellules and cellules[rang].strip():
                vus[cellules[rang].strip()] = None
                if len(vus) == nombre:
                    break
        return list(vus)

    def en_octets(self) -> bytes:
        return json.dumps(vars(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def depuis_octets(cls, contenu: bytes) -> "Feuille":
        lue = cls(**json.loads(contenu))
        lue.lignes = [(numero, cellules) for numero, cellules in lue.lignes]
        lue.largeurs = {int(numero): largeur for numero, largeur in lue.largeurs.items()}
        lue.ecartees = {int(rang): raison for rang, raison in lue.ecartees.items()}
        return lue


def nom_colonne(titres: Sequence[str], rang: int) -> str:
    """« Nom », or « Nom (colonne C) » when several columns are called so."""
    titre = titres[rang] or "sans titre"
    pareils = [t for t in titres if t == titres[rang]]
    return f"{titre} (colonne {lettre(rang)})" if len(pareils) > 1 or not titres[rang] else titre


def lettre(rang: int) -> str:
    """A, B… Z, AA: as a spreadsheet calls its columns."""
    lettres = ""
    rang += 1
    while rang:
        rang, reste = divmod(rang - 1, 26)
        lettres = chr(65 + reste) + lettres
    return lettres


def empreinte(titres: Sequence[str]) -> str:
    """The same for two files of the same software."""
    return hashlib.sha256("|".join(pareil(titre) for titre in titres).encode()).hexdigest()


def lire(contenu: bytes) -> Feuille:
    """Raise Invalide with a sentence that names the line and the column, when the file cannot be read."""
    if not contenu.removeprefix(codecs.BOM_UTF8).strip():
        raise Invalide(VIDE)
    if len(contenu) > TAILLE_MAXIMALE:
        raise Invalide(TROP_GROS)
    if quoi := next((quoi for debut, quoi in AUTRES.items() if contenu.startswith(debut)), ""):
        raise Invalide(f"Ce fichier est {quoi} : enregistrez-le au format CSV, puis choisissez-le.")
    texte, encodage = _decoder(contenu)
    separateur = _separateur(texte)
    lignes = _lignes(texte, separateur)
    _, titres = next(lignes, (1, []))
    if not titres:
        raise Invalide(VIDE)
    titres = [" ".join(titre.split()) for titre in titres]
    while titres and not titres[-1]:
        titres.pop()
    _verifier_titres(titres)
    feuille = Feuille(titres, encodage, separateur)
    for numero, cellules in lignes:
        _ajouter(feuille, numero, cellules)
    if not feuille.lignes:
        raise Invalide("Ce fichier n’a que sa ligne de titres.")
    _ecarter(feuille)
    return feuille


# --- Encoding --------------------------------------------------------------------------------------------


def _decoder(contenu: bytes) -> tuple[str, str]:
    debut = contenu[:1000]
    if debut[:2] in (b"\xff\xfe", b"\xfe\xff") or debut.count(0) > len(debut) // 4:
        # Without its mark, half of the bytes of a Latin text are null.
        raise Invalide("Ce fichier est en UTF-16 (« Texte Unicode ») : enregistrez-le en « CSV UTF-8 ».")
    encodage = UTF8_MARQUE if contenu.startswith(codecs.BOM_UTF8) else UTF8
    try:
        return contenu.decode(CODECS[encodage]), encodage
    except UnicodeDecodeError:
        if encodage == UTF8 and not any(_multioctet(ligne) for ligne in contenu.split(b"\n")):
            encodage = WINDOWS
    try:
        if encodage == WINDOWS:
            return contenu.decode(CODECS[WINDOWS]), WINDOWS
    except UnicodeDecodeError:
        pass
    raise Invalide(_lieux_illisibles(contenu, CODECS[encodage]))


def _multioctet(ligne: bytes) -> bool:
    """Accents that are UTF-8's: the chance that Windows-1252 writes the same is nil."""
    if ligne.isascii():
        return False
    try:
        ligne.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lieux_illisibles(contenu: bytes, codec: str) -> str:
    lignes = contenu.split(b"\n")
    separateur = max(SEPARATEURS, key=lambda s: lignes[0].count(s.encode()))
    titres = lignes[0].decode(codec, "replace").lstrip("\ufeff").strip("\r").split(separateur)
    lieux = []
    for numero, ligne in enumerate(lignes, start=1):
        try:
            ligne.decode(codec)
        except UnicodeDecodeError as erreur:
            rang = ligne[: erreur.start].count(separateur.encode())
            titre = titres[rang].strip(' "') if rang < len(titres) else lettre(rang)
            lieux.append(f"ligne {numero}, colonne « {titre} »")
    reste = len(lieux) - MONTRES
    suite = f" et {pluriel(reste, 'autre ligne', 'autres lignes')}" if reste > 0 else ""
    return (
        f"Des caractères ne se lisent pas ({' ; '.join(lieux[:MONTRES])}{suite}) : le fichier mêle deux "
        "encodages. Enregistrez-le de nouveau en « CSV UTF-8 »."
    )


# --- Separator and lines ---------------------------------------------------------------------------------


def _separateur(texte: str) -> str:
    premiere = texte.lstrip("\r\n").splitlines()[0]
    try:
        comptes = {s: len(next(csv.reader([premiere], delimiter=s))) for s in SEPARATEURS}
    except csv.Error:  # a value longer than the module reads
        comptes = dict.fromkeys(SEPARATEURS, 1)
    meilleur = max(comptes, key=lambda s: comptes[s])
    if comptes[meilleur] < 2:
        raise Invalide(SANS_SEPARATEUR.format(premiere[:60]))
    return meilleur


def _lignes(texte: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
    """Number of the line in the file, and its cells; blank lines are passed over."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    debut = 1
    try:
        for cellules in lecteur:
            if any(cellule.strip() for cellule in cellules):
                yield debut, cellules
            debut = lecteur.line_num + 1
    except csv.Error as erreur:
        if "field limit" in str(erreur):
            raise Invalide(f"Ligne {debut} : une valeur est bien trop longue pour être lue.") from None
        raise Invalide(
            f"Ligne {debut} : les guillemets ne se lisent pas à partir d’ici. Un guillemet ouvert doit être "
            "fermé, et doublé à l’intérieur d’une valeur."
        ) from None


def _verifier_titres(titres: list[str]) -> None:
    if len(titres) > COLONNES_MAXIMUM:
        raise Invalide(f"Ligne 1 : plus de {COLONNES_MAXIMUM} colonnes.")
    for rang, titre in enumerate(titres):
        # The first line is kept as headings, in clear: it must not be somebody's.
        if re.search(r"@|\d{2}[/.-]\d{2}[/.-]\d{2}|\d{5}", titre) or len(titre) > 80:
            raise Invalide(
                f"Ligne 1, colonne {lettre(rang)} : la première ligne doit porter les titres des colonnes, "
                "pas une famille."
            )


def _ajouter(feuille: Feuille, numero: int, cellules: list[str]) -> None:
    if len(feuille.lignes) == LIGNES_MAXIMUM:
        raise Invalide(f"Plus de {LIGNES_MAXIMUM} lignes : partagez le fichier, familles entières.")
    largeur = len(feuille.titres)
    while len(cellules) > largeur and not cellules[-1].strip():
        cellules.pop()
    if len(cellules) == largeur:
        feuille.lignes.append((numero, cellules))
    else:
        feuille.lignes.append((numero, None))
        feuille.largeurs[numero] = len(cellules)


def _ecarter(feuille: Feuille) -> None:
    """Empty the columns of health and bank data: what is not kept cannot leak."""
    for rang, titre in enumerate(feuille.titres):
        echantillon = [cellules[rang] for _, cellules in feuille.lignes[:ECHANTILLON] if cellules]
        if raison := interdit(titre, echantillon):
            feuille.ecartees[rang] = raison
    for _, cellules in feuille.lignes:
        for rang in feuille.ecartees:
            if cellules:
                cellules[rang] = ""
