"""The colours of a town, and what they must be to be read (WCAG 2.1, contrast of 4.5 for text). Pure.

A town gives one or two colours; the shades of each use, light and dark, are made from them, darker or lighter
until they are readable wherever they are used.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

SEUIL = 4.5
FORME = re.compile(r"^#[0-9a-f]{6}$")
BLANC, NOIR = "#ffffff", "#000000"
# Where text of the town's colour is read (static/css/jetons.css): paper, page, hollow.
FONDS_CLAIRS = (BLANC, "#f4f6f5", "#eaefed")
FONDS_SOMBRES = ("#16211f", "#0e1615", "#1f2d2a")
SUR_SOMBRE = "#06211f"
PAS = 50


@dataclass(frozen=True)
class Teintes:
    """The tokens of a town, in one of the two modes."""

    ville: str  # links, buttons, what is chosen
    survol: str
    clair: str  # behind what is chosen
    sur_ville: str  # the text of a button
    bandeau: str


@dataclass(frozen=True)
class Palette:
    claire: Teintes
    sombre: Teintes


# Those of static/css/jetons.css, for what has no stylesheet: e-mails, the preview.
ORIGINE = Palette(
    Teintes("#0f5c63", "#0a464c", "#e3f0ef", BLANC, "#0a4348"),
    Teintes("#6fc3bf", "#93d8d4", "#17302f", SUR_SOMBRE, "#0b2f32"),
)


def normaliser(saisie: str) -> str:
    """« 0F5C63 », « #0f5c63 », « #abc » → « #0f5c63 »; ValueError for anything else."""
    chiffres = saisie.strip().lower().removeprefix("#")
    if len(chiffres) == 3:
        chiffres = "".join(c * 2 for c in chiffres)
    couleur = f"#{chiffres}"
    if not FORME.match(couleur):
        raise ValueError("Une couleur s’écrit avec un dièse et six chiffres : #0f5c63, par exemple.")
    return couleur


def contraste(une: str, autre: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    claire, sombre = sorted((_luminance(une), _luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


def _composantes(couleur: str) -> tuple[int, int, int]:
    return int(couleur[1:3], 16), int(couleur[3:5], 16), int(couleur[5:7], 16)


def _luminance(couleur: str) -> float:
    lineaires = [
        c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4
        for c in _composantes(couleur)
    ]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def melanger(couleur: str, autre: str, part: float) -> str:
    """`part` of the other one."""
    paires = zip(_composantes(couleur), _composantes(autre), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in paires)


def ajuster(couleur: str, vers: str, fonds: tuple[str, ...], seuil: float = SEUIL) -> str:
    """The nearest shade towards black or white that is readable on each of these backgrounds."""
    for pas in range(PAS + 1):
        teinte = melanger(couleur, vers, pas / PAS)
        if all(contraste(teinte, fond) >= seuil for fond in fonds):
            return teinte
    return vers


@lru_cache(64)
def palette(couleur: str, bandeau: str = "") -> Palette:
    """Every shade of a town, readable; `couleur` empty: the colours of the portal itself."""
    if not couleur and not bandeau:
        return ORIGINE
    principale = couleur or ORIGINE.claire.ville
    clair = melanger(principale, BLANC, 0.9)
    ville = ajuster(principale, NOIR, (*FONDS_CLAIRS, clair))
    fond = melanger(FONDS_SOMBRES[0], principale, 0.12)
    # The text of the button is fixed: the shade is lightened until it reads there as well.
    ville_sombre = ajuster(principale, BLANC, (*FONDS_SOMBRES, fond, SUR_SOMBRE))
    tete = ajuster(bandeau or melanger(ville, NOIR, 0.25), NOIR, (BLANC,))
    return Palette(
        Teintes(ville, melanger(ville, NOIR, 0.25), clair, BLANC, tete),
        Teintes(
            ville_sombre, melanger(ville_sombre, BLANC, 0.3), fond, SUR_SOMBRE, melanger(tete, NOIR, 0.3)
        ),
    )


def avertissements(couleur: str, bandeau: str = "") -> list[str]:
    """What was darkened, with its contrast before and after, in a sentence for who chose it."""
    phrases = []
    nuances = palette(couleur, bandeau).claire
    if couleur and nuances.ville != couleur:
        fonds = (*FONDS_CLAIRS, nuances.clair)
        phrases.append(_phrase("La couleur principale", couleur, nuances.ville, fonds))
    if bandeau and nuances.bandeau != bandeau:
        phrases.append(_phrase("La couleur du bandeau", bandeau, nuances.bandeau, (BLANC,)))
    return phrases


def _phrase(quoi: str, choisie: str, employee: str, fonds: tuple[str, ...]) -> str:
    avant, apres = (min(contraste(c, fond) for fond in fonds) for c in (choisie, employee))
    return (
        f"{quoi} {choisie} ne se lit pas assez : son contraste est de {ratio(avant)} et il en faut "
        f"{ratio(SEUIL)}. Le portail emploie {employee}, plus foncée ({ratio(apres)})."
    )


def ratio(valeur: float) -> str:
    """« 4,5:1 », rounded down: nobody is told that 4.46 is enough."""
    return f"{int(valeur * 10) / 10:.1f}:1".replace(".", ",", 1)
