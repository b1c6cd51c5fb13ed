"""What « Réserver pour l’année scolaire » shows: a sheet of ticks per child, then what they make."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from demandes.natures.jours import en_bref
from familles.francais import JOURS
from familles.models import Enfant, Inscription, Prestation

PAIRES, IMPAIRES = "paires", "impaires"
TITRES = {PAIRES: "semaines paires", IMPAIRES: "semaines impaires"}

Cle = tuple[int, int]  # (child id, prestation id)


def nom_du_champ(semaine: str, cle: Cle) -> str:
    return f"{semaine}-{cle[0]}-{cle[1]}"


@dataclass(frozen=True)
class Coche:
    nom: str
    valeur: str
    cochee: bool

    @property
    def jour(self) -> str:
        return JOURS[int(self.valeur) - 1]


@dataclass(frozen=True)
class ServiceDeLEnfant:
    """A prestation of a child and its ticks, by kind of week."""

    prestation: Prestation
    semaines: tuple[tuple[str, str, tuple[Coche, ...]], ...]  # (key, title, ticks)


@dataclass
class FeuilleDeLEnfant:
    enfant: Enfant
    services: list[ServiceDeLEnfant] = field(default_factory=list)
    modeles: list[Enfant] = field(default_factory=list)  # siblings whose pattern may be copied


@dataclass
class LigneDuRecap:
    """What is asked for a child at a prestation."""

    enfant: Enfant
    prestation: str
    jours: list[date] = field(default_factory=list)
    hors_garde: int = 0


@dataclass
class Ecart:
    """Days left out for the same reason."""

    phrase: str
    jours: set[date] = field(default_factory=set)
    qui: dict[tuple[str, str], None] = field(default_factory=dict)
    de_tous: bool = False  # of all that was ticked: nobody needs to be named

    @property
    def quand(self) -> str:
        return en_bref(self.jours)

    @property
    def pour(self) -> str:
        """« Léa, Repas ; Cyril, Garderie »."""
        return "" if self.de_tous else " ; ".join(f"{prenom}, {service}" for prenom, service in self.qui)


def copier(donnees, inscriptions: Iterable[Inscription]):
    """The data posted, with the ticks of a child given to another (« copier »: "<from>-<to>").

    At the same prestation, else at the one of the same name: two children rarely share a structure.
    """
    copie = donnees.copy()
    source, _, cible = donnees.get("copier", "").partition("-")
    connues = list(inscriptions)
    de = [i for i in connues if str(i.enfant_id) == source]
    for vers in (i for i in connues if str(i.enfant_id) == cible):
        modele = next((i for i in de if i.prestation_id == vers.prestation_id), None) or next(
            (i for i in de if i.prestation.nom == vers.prestation.nom), None
        )
        if modele is None:
            continue
        for semaine in (PAIRES, IMPAIRES):
            jours = donnees.getlist(nom_du_champ(semaine, (modele.enfant_id, modele.prestation_id)))
            ouverts = [j for j in jours if j in vers.prestation.jours_ouverts]
            copie.setlist(nom_du_champ(semaine, (vers.enfant_id, vers.prestation_id)), ouverts)
    return copie
