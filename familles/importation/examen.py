"""A file from its columns to what it would write: the dry run and the real one are this same reading."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date

from familles.enums import SansQualite
from familles.horloge import aujourdhui
from familles.importation.constats import Compte, Constat, Verdict
from familles.importation.existant import Existant
from familles.importation.fichier import Feuille
from familles.importation.foyers import Foyer, Lecture
from familles.importation.plan import Plan
from familles.importation.rapprochement import Options, Rapprochement
from familles.models import ImportFamilles
from familles.tableur import Tableau

ENTETES = ("Ligne", "Résultat", "Colonne", "Explication", "Valeur lue")
Suivi = Callable[[int], None]


@dataclass
class Examen:
    numeros: list[int]
    compte: Compte
    plan: Plan
    existant: Existant

    @property
    def empreinte(self) -> str:
        return self.compte.empreinte(self.numeros)

    def combien(self, verdict: Verdict) -> int:
        return sum(self.compte.verdict(numero) == verdict for numero in self.numeros)

    def rapport(self) -> bytes:
        """Every line with what becomes of it, and every remark."""
        lignes = [
            [n, self.compte.verdict(n), " ; ".join(self.compte.effets.get(n, ()))] for n in self.numeros
        ]
        constats = sorted(self.compte.constats, key=lambda c: (c.ligne, not c.bloquant))
        return json.dumps(
            {"lignes": lignes, "constats": [asdict(c) for c in constats]}, ensure_ascii=False
        ).encode()


@dataclass(frozen=True)
class Rapport:
    """As it was put away."""

    lignes: list[tuple[int, str, str]]
    constats: list[Constat]

    @classmethod
    def depuis_octets(cls, contenu: bytes) -> "Rapport":
        lu = json.loads(contenu)
        return cls([tuple(ligne) for ligne in lu["lignes"]], [Constat(**c) for c in lu["constats"]])

    @property
    def refus(self) -> list[Constat]:
        return [constat for constat in self.constats if constat.bloquant]

    @property
    def remarques(self) -> list[Constat]:
        return [constat for constat in self.constats if not constat.bloquant]

    def tableau(self, nom: str) -> Tableau:
        dits: dict[int, list[Constat]] = {}
        for constat in self.constats:
            dits.setdefault(constat.ligne, []).append(constat)
        lignes: list[tuple] = []
        for numero, verdict, effets in self.lignes:
            refusee = verdict == Verdict.REFUSEE
            if (effets and not refusee) or numero not in dits:
                lignes.append((numero, verdict, "", effets, ""))
            for c in dits.get(numero, ()):
                lignes.append((numero, verdict, c.colonne, c.phrase, c.valeur))
        return Tableau(nom, ENTETES, lignes)


def lire(importation: ImportFamilles, feuille: Feuille, suivre: Suivi) -> tuple[Lecture, list[Foyer]]:
    """What the file says by itself; nothing is asked of the database."""
    lecture = Lecture(
        feuille,
        {int(rang): cle for rang, cle in importation.correspondance.items()},
        aujourdhui(),
        Compte(),
        partages=importation.options["partages"],
    )
    return lecture, lecture.foyers(suivre)


def comparer(
    importation: ImportFamilles, lecture: Lecture, foyers: list[Foyer], suivre: Suivi, verrou: bool = False
) -> Examen:
    """What it would change in the portal of today. May be asked again of the same reading."""
    lecture = replace(lecture, compte=lecture.compte.copie())
    options = Options(
        du=date.fromisoformat(importation.options["du"]),
        situation=importation.options["situation"],
        parents=importation.options.get("sans_qualite") == SansQualite.PARENTS,
    )
    existant = Existant(foyers, verrou=verrou)
    plan = Rapprochement(lecture, foyers, existant, options).planifier(suivre)
    return Examen([numero for numero, _ in lecture.feuille.lignes], lecture.compte, plan, existant)
