"""What is said of a line: where, what, and whether it keeps the file out. Pure."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    CREEE = "Créée"
    MODIFIEE = "Modifiée"
    INCHANGEE = "Inchangée"
    REFUSEE = "Refusée"


@dataclass(frozen=True, repr=False)
class Constat:
    """`valeur`: the cell as it was read. Without `repr`: it never ends in a log."""

    ligne: int
    colonne: str
    phrase: str
    valeur: str = ""
    bloquant: bool = True


@dataclass
class Compte:
    """Line by line, what was found and what comes of it."""

    constats: list[Constat] = field(default_factory=list)
    # What happens to the line, in a few words: « Enfant créé », « Mobile modifié ».
    effets: dict[int, list[str]] = field(default_factory=dict)
    crees: set[int] = field(default_factory=set)
    modifies: set[int] = field(default_factory=set)
    refuses: set[int] = field(default_factory=set)

    def copie(self) -> "Compte":
        """Of what the file alone says, before it is compared: each comparison begins with one."""
        return Compte([*self.constats], {}, set(), set(), {*self.refuses})

    def noter(self, constat: Constat) -> None:
        self.constats.append(constat)
        if constat.bloquant:
            self.refuses.add(constat.ligne)

    def entrainer(self, ligne: int, effet: str) -> None:
        """Nothing is wrong with it, but it stays out with another one."""
        self.refuses.add(ligne)
        self.effets[ligne] = [effet]

    def creer(self, ligne: int, effet: str) -> None:
        self.crees.add(ligne)
        self.effets.setdefault(ligne, []).append(effet)

    def modifier(self, ligne: int, effet: str) -> None:
        self.modifies.add(ligne)
        self.effets.setdefault(ligne, []).append(effet)

    def verdict(self, ligne: int) -> Verdict:
        if ligne in self.refuses:
            return Verdict.REFUSEE
        if ligne in self.crees:
            return Verdict.CREEE
        return Verdict.MODIFIEE if ligne in self.modifies else Verdict.INCHANGEE

    def empreinte(self, numeros: list[int]) -> str:
        """Of every verdict and of its reasons: what is written is what was shown."""
        somme = hashlib.sha256()
        for numero in numeros:
            texte = f"{numero} {self.verdict(numero)} {' '.join(self.effets.get(numero, ()))}\n"
            somme.update(texte.encode())
        for constat in sorted(self.constats, key=lambda c: (c.ligne, c.colonne, c.phrase)):
            somme.update(f"{constat.ligne} {constat.colonne} {constat.phrase}\n".encode())
        return somme.hexdigest()
