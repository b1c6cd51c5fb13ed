"""What prices are made of: a dated grid, the facts of a day, the price and its sentence."""

from dataclasses import dataclass
from decimal import Decimal

from facturation.enums import Cas, ModeMajoration

ZERO = Decimal("0.00")
CENT = Decimal(100)


class SansPrix(Exception):
    """The dated price does not answer for these facts; the sentence says why."""


@dataclass(frozen=True)
class Tranche:
    """Price up to a quotient (included); None: no upper bound."""

    jusqu_a: Decimal | None
    prix: Decimal


@dataclass(frozen=True)
class Remise:
    """What a child of this rank and of the following ones pays less (or instead: PRIX)."""

    rang: int
    valeur: Decimal
    en: str = ModeMajoration.POURCENT


@dataclass(frozen=True)
class Grille:
    """A dated price out of the database. None: no price of its own, the ordinary one applies."""

    mode: str
    montant: Decimal | None = None
    tranches: tuple[Tranche, ...] = ()
    taux: Decimal | None = None  # percent of the quotient
    plancher: Decimal | None = None
    plafond: Decimal | None = None
    remises: tuple[Remise, ...] = ()
    prix_hors_commune: Decimal | None = None
    prix_pai: Decimal | None = None
    prix_occasionnel: Decimal | None = None
    occasionnel_jusqu_a: int | None = None  # presences in the month; None: the booking itself says so
    prix_hors_contrat: Decimal | None = None
    coefficient_hors_contrat: Decimal | None = None
    hors_contrat_des: int = 1  # the nth of the school year
    prix_absence: Decimal | None = None
    majoration: Decimal | None = None
    majoration_en: str = ModeMajoration.EUROS
    forfait_mensuel: Decimal | None = None
    forfait_au_dela: int | None = None  # presences in the month; None: as soon as the days cost more
    cout_reel: Decimal | None = None

    @property
    def juge_le_mois(self) -> bool:
        """Whether the price of a day depends on the other days of its month."""
        apres = self.prix_occasionnel is not None and self.occasionnel_jusqu_a is not None
        return apres or self.forfait_mensuel is not None


@dataclass(frozen=True)
class Faits:
    """What is true of the family and of the unit that very day."""

    quotient: Decimal | None = None
    dans_la_commune: bool = True
    pai: bool = False
    tardive: bool = False  # judged at the deposit of the request, never here
    cas: str = Cas.NORMAL
    rang: int = 1  # of the child among those of the paying family
    occasionnelle: bool = False
    presences: int = 0  # of the child in the month, this one included
    rang_hors_contrat: int = 1  # which unbooked presence of the school year it is
    pardon: str = ""  # « 1re des 3 de l’année »: the right to error forgives it
    quotient_prolonge: bool = False
    quotient_expire: bool = False  # known, but of no use any more


@dataclass(frozen=True)
class Prix:
    montant: Decimal
    explication: str
    majoration: Decimal = ZERO
    motif_majoration: str = ""
    ordinaire: bool = True  # False: a price of its own, that a monthly flat does not cover

    @property
    def total(self) -> Decimal:
        return self.montant + self.majoration


def nombre(valeur: Decimal) -> str:
    """« 512 », « 0,36 »: a French number without useless zeros."""
    texte = f"{valeur:f}"
    if "." in texte:
        texte = texte.rstrip("0").rstrip(".")
    return texte.replace(".", ",")
