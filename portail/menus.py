"""What is eaten, and the fourteen allergens that must be told (EU 1169/2011, annex II). Pure.

Staff write a day as lines: « Gratin dauphinois [lait, bio] ». Between square brackets, allergens and marks; a
dish without any allergen says so, « [aucun] ». Without either, they are not known, and the page says that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from familles.textes import plier

ALLERGENES = {
    "GLUTEN": ("gluten", "Céréales contenant du gluten (blé, seigle, orge, avoine…)"),
    "CRUSTACES": ("crustacés", "Crustacés"),
    "OEUFS": ("œufs", "Œufs"),
    "POISSONS": ("poissons", "Poissons"),
    "ARACHIDES": ("arachides", "Arachides"),
    "SOJA": ("soja", "Soja"),
    "LAIT": ("lait", "Lait, lactose compris"),
    "FRUITS_A_COQUE": ("fruits à coque", "Fruits à coque (amandes, noisettes, noix…)"),
    "CELERI": ("céleri", "Céleri"),
    "MOUTARDE": ("moutarde", "Moutarde"),
    "SESAME": ("sésame", "Graines de sésame"),
    "SULFITES": ("sulfites", "Anhydride sulfureux et sulfites"),
    "LUPIN": ("lupin", "Lupin"),
    "MOLLUSQUES": ("mollusques", "Mollusques"),
}
MARQUES = (
    "bio",
    "label rouge",
    "AOP",
    "IGP",
    "HVE",
    "pêche durable",
    "local",
    "fait maison",
    "végétarien",
)
AUCUN = "aucun"
# Other ways to write the same, without accents.
SYNONYMES = {
    "ble": "GLUTEN",
    "crustace": "CRUSTACES",
    "oeuf": "OEUFS",
    "poisson": "POISSONS",
    "arachide": "ARACHIDES",
    "cacahuetes": "ARACHIDES",
    "lactose": "LAIT",
    "noix": "FRUITS_A_COQUE",
    "noisettes": "FRUITS_A_COQUE",
    "amandes": "FRUITS_A_COQUE",
    "mollusque": "MOLLUSQUES",
    "sulfite": "SULFITES",
}
LIGNE = re.compile(r"^(?P<nom>[^\[\]]+?)\s*(?:\[(?P<precisions>[^\[\]]*)\])?$")
NOM_MAXIMAL, PLATS_MAXIMUM = 120, 12
NOMS = tuple(court for court, _ in ALLERGENES.values())


@dataclass(frozen=True)
class Plat:
    """`allergenes` None: not known; empty: none of the fourteen."""

    nom: str
    allergenes: tuple[str, ...] | None = None
    marques: tuple[str, ...] = ()

    @property
    def noms_des_allergenes(self) -> list[str]:
        return [ALLERGENES[code][0] for code in self.allergenes or ()]

    def en_json(self) -> dict:
        connus = None if self.allergenes is None else list(self.allergenes)
        return {"nom": self.nom, "allergenes": connus, "marques": list(self.marques)}

    @classmethod
    def de_json(cls, valeur: dict) -> "Plat":
        connus = valeur["allergenes"]
        return cls(
            valeur["nom"], None if connus is None else tuple(connus), tuple(valeur.get("marques") or ())
        )


_ALLERGENES = {plier(court): code for code, (court, _) in ALLERGENES.items()} | SYNONYMES
_MARQUES = {plier(marque): marque for marque in MARQUES}


def lire(texte: str) -> list[Plat]:
    """The dishes of a day; ValueError with a sentence that names the line."""
    lignes = [ligne.strip() for ligne in texte.splitlines() if ligne.strip()]
    if len(lignes) > PLATS_MAXIMUM:
        raise ValueError(f"Plus de {PLATS_MAXIMUM} plats dans un jour : un plat par ligne.")
    return [_lire_un(ligne) for ligne in lignes]


def _lire_un(ligne: str) -> Plat:
    trouve = LIGNE.match(ligne)
    if trouve is None:
        raise ValueError(
            f"« {ligne[:60]} » : écrivez le plat, puis ses allergènes entre crochets, "
            "« Gratin [lait] », par exemple."
        )
    nom = trouve["nom"].strip()
    if len(nom) > NOM_MAXIMAL:
        raise ValueError(f"« {nom[:40]}… » : un plat se nomme en {NOM_MAXIMAL} caractères au plus.")
    allergenes, marques, aucun = set(), set(), False
    for mot in filter(None, map(plier, (trouve["precisions"] or "").split(","))):
        if mot == AUCUN:
            aucun = True
        elif mot in _ALLERGENES:
            allergenes.add(_ALLERGENES[mot])
        elif mot in _MARQUES:
            marques.add(_MARQUES[mot])
        else:
            raise ValueError(
                f"« {nom} » : « {mot[:40]} » n’est ni l’un des quatorze allergènes, ni une mention connue. "
                f"Allergènes : {', '.join(NOMS)}, ou {AUCUN}. Mentions : {', '.join(MARQUES)}."
            )
    if aucun and allergenes:
        raise ValueError(f"« {nom} » : « {AUCUN} » ne va avec aucun allergène.")
    connus = tuple(code for code in ALLERGENES if code in allergenes) if allergenes or aucun else None
    return Plat(nom, connus, tuple(marque for marque in MARQUES if marque in marques))


def ecrire(plats: Iterable[Plat]) -> str:
    """As `lire` reads it."""
    lignes = []
    for plat in plats:
        precisions = [*plat.noms_des_allergenes, *plat.marques]
        if plat.allergenes == ():
            precisions.insert(0, AUCUN)
        lignes.append(f"{plat.nom} [{', '.join(precisions)}]" if precisions else plat.nom)
    return "\n".join(lignes)
