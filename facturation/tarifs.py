"""The price of one unit (a day, a flat), and the sentence that explains it. Pure, in Decimal, half up.

The same function serves the simulator, the preview and the invoice. Order of the questions: was the presence
unbooked, is it a billed absence with a price of its own, is the meal brought from home, does the family live
elsewhere, and only then the ordinary price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from facturation.enums import Cas, ModeMajoration, ModeTarif
from familles.francais import arrondir, euros

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
class Grille:
    """A dated price out of the database. None: no price of its own, the ordinary one applies."""

    mode: str
    montant: Decimal | None = None
    tranches: tuple[Tranche, ...] = ()
    taux: Decimal | None = None  # percent of the quotient
    plancher: Decimal | None = None
    plafond: Decimal | None = None
    prix_hors_commune: Decimal | None = None
    prix_pai: Decimal | None = None
    prix_hors_contrat: Decimal | None = None
    prix_absence: Decimal | None = None
    majoration: Decimal | None = None
    majoration_en: str = ModeMajoration.EUROS
    cout_reel: Decimal | None = None


@dataclass(frozen=True)
class Faits:
    """What is true of the family and of the unit that very day."""

    quotient: Decimal | None = None
    dans_la_commune: bool = True
    pai: bool = False
    tardive: bool = False  # judged at the deposit of the request, never here
    cas: str = Cas.NORMAL


@dataclass(frozen=True)
class Prix:
    montant: Decimal
    explication: str
    majoration: Decimal = ZERO
    motif_majoration: str = ""

    @property
    def total(self) -> Decimal:
        return self.montant + self.majoration


def prix(grille: Grille, faits: Faits) -> Prix:
    """Price of one unit. Raises SansPrix when the grid has no answer."""
    if faits.cas == Cas.HORS_CONTRAT and grille.prix_hors_contrat is not None:
        return Prix(arrondir(grille.prix_hors_contrat), "Présence sans réservation.")
    if faits.cas == Cas.ABSENCE and grille.prix_absence is not None:
        return Prix(arrondir(grille.prix_absence), "Absence facturée.")
    montant, explication = _prix_du_jour(grille, faits)
    if faits.cas == Cas.HORS_CONTRAT:
        explication = f"Présence sans réservation, au prix ordinaire. {explication}"
    elif faits.cas == Cas.ABSENCE:
        explication = f"Absence facturée au prix de la journée. {explication}"
    majoration, motif = _majoration(grille, faits, montant)
    return Prix(montant, explication, majoration, motif)


def _prix_du_jour(grille: Grille, faits: Faits) -> tuple[Decimal, str]:
    if faits.pai and grille.prix_pai is not None:
        # The invoice never says what the care plan is for.
        return arrondir(grille.prix_pai), "Panier fourni par la famille."
    if not faits.dans_la_commune and grille.prix_hors_commune is not None:
        return arrondir(grille.prix_hors_commune), "Famille domiciliée hors de la commune."
    if grille.mode == ModeTarif.TRANCHES:
        return _par_tranches(grille.tranches, faits.quotient)
    if grille.mode == ModeTarif.TAUX:
        return _au_taux(grille, faits.quotient)
    if grille.montant is None:
        raise SansPrix("Le prix unique n’est pas renseigné.")
    return arrondir(grille.montant), "Prix unique."


def _par_tranches(tranches: Sequence[Tranche], quotient: Decimal | None) -> tuple[Decimal, str]:
    triees = sorted(tranches, key=lambda t: (t.jusqu_a is None, t.jusqu_a or ZERO))
    if not triees:
        raise SansPrix("Aucune tranche de quotient n’est renseignée.")
    if quotient is None:
        return arrondir(triees[-1].prix), "Quotient familial inconnu : tranche la plus haute."
    precedente: Decimal | None = None
    for tranche in triees:
        if tranche.jusqu_a is None or quotient <= tranche.jusqu_a:
            return arrondir(tranche.prix), (
                f"Quotient familial {nombre(quotient)} : tranche {_nom_tranche(precedente, tranche.jusqu_a)}."
            )
        precedente = tranche.jusqu_a
    raise SansPrix(f"Le quotient {nombre(quotient)} dépasse la dernière tranche.")


def _nom_tranche(precedente: Decimal | None, jusqu_a: Decimal | None) -> str:
    if precedente is None:
        return "unique" if jusqu_a is None else f"jusqu’à {nombre(jusqu_a)}"
    if jusqu_a is None:
        return f"au-dessus de {nombre(precedente)}"
    return f"de plus de {nombre(precedente)} à {nombre(jusqu_a)}"


def _au_taux(grille: Grille, quotient: Decimal | None) -> tuple[Decimal, str]:
    if grille.taux is None or grille.plancher is None or grille.plafond is None:
        raise SansPrix("Le taux, le plancher ou le plafond n’est pas renseigné.")
    if quotient is None:
        return arrondir(grille.plafond), "Quotient familial inconnu : prix plafond."
    calcule = arrondir(quotient * grille.taux / CENT)
    calcul = f"{nombre(grille.taux)} % du quotient familial {nombre(quotient)} = {euros(calcule)}"
    if calcule < grille.plancher:
        return arrondir(grille.plancher), f"{calcul}, porté au plancher."
    if calcule > grille.plafond:
        return arrondir(grille.plafond), f"{calcul}, ramené au plafond."
    return calcule, f"{calcul}."


def _majoration(grille: Grille, faits: Faits, montant: Decimal) -> tuple[Decimal, str]:
    """Surcharge of a late booking; an unbooked presence was never booked late."""
    if not faits.tardive or not grille.majoration or faits.cas == Cas.HORS_CONTRAT:
        return ZERO, ""
    if grille.majoration_en == ModeMajoration.POURCENT:
        return (
            arrondir(montant * grille.majoration / CENT),
            f"Réservation tardive : + {nombre(grille.majoration)} % de {euros(montant)}.",
        )
    return arrondir(grille.majoration), f"Réservation tardive : + {euros(grille.majoration)}."


def prix_maximal(grille: Grille) -> Decimal | None:
    """The most that a unit can cost with this grid, surcharge included; None when the grid is empty."""
    par_mode: dict[str, list[Decimal | None]] = {
        ModeTarif.FIXE: [grille.montant],
        ModeTarif.TRANCHES: [t.prix for t in grille.tranches],
        ModeTarif.TAUX: [grille.plafond],
    }
    ordinaires = par_mode[grille.mode]
    majorables = [p for p in (*ordinaires, grille.prix_hors_commune, grille.prix_pai) if p is not None]
    tardif = Faits(tardive=True)
    majores = [arrondir(p) + _majoration(grille, tardif, arrondir(p))[0] for p in majorables]
    seuls = [arrondir(p) for p in (grille.prix_hors_contrat, grille.prix_absence) if p is not None]
    return max([*majores, *seuls], default=None)


def depassement(grille: Grille) -> Decimal:
    """By how much the dearest price passes the declared real cost (school meals: never allowed)."""
    maximal = prix_maximal(grille)
    if grille.cout_reel is None or maximal is None:
        return ZERO
    return max(maximal - grille.cout_reel, ZERO)


def nombre(valeur: Decimal) -> str:
    """« 512 », « 0,36 »: a French number without useless zeros."""
    texte = f"{valeur:f}"
    if "." in texte:
        texte = texte.rstrip("0").rstrip(".")
    return texte.replace(".", ",")
