"""The dearest that a unit can be, against the real cost that the town declares. Pure."""

from decimal import Decimal

from facturation.enums import ModeMajoration, ModeTarif
from facturation.tarifs.grille import CENT, ZERO, Grille
from familles.francais import arrondir


def prix_maximal(grille: Grille) -> Decimal | None:
    """The most that a unit can cost with this grid, surcharge included; None when the grid is empty."""
    par_mode: dict[str, list[Decimal | None]] = {
        ModeTarif.FIXE: [grille.montant],
        ModeTarif.TRANCHES: [t.prix for t in grille.tranches],
        ModeTarif.TAUX: [grille.plafond],
    }
    remises = [r.valeur for r in grille.remises if r.en == ModeMajoration.PRIX]
    autres = (grille.prix_hors_commune, grille.prix_pai, grille.prix_occasionnel)
    ordinaires = [arrondir(p) for p in (*par_mode[grille.mode], *autres, *remises) if p is not None]
    candidats = [majore(grille, p) for p in ordinaires]
    if grille.prix_hors_contrat is not None:
        candidats.append(arrondir(grille.prix_hors_contrat))
    elif grille.coefficient_hors_contrat is not None:
        candidats += [arrondir(p * grille.coefficient_hors_contrat) for p in ordinaires]
    if grille.prix_absence is not None:
        candidats.append(arrondir(grille.prix_absence))
    return max(candidats, default=None)


def majore(grille: Grille, montant: Decimal) -> Decimal:
    """That price with the surcharge of a late booking."""
    if not grille.majoration:
        return montant
    if grille.majoration_en == ModeMajoration.POURCENT:
        return montant + arrondir(montant * grille.majoration / CENT)
    if grille.majoration_en == ModeMajoration.PRIX:
        return max(montant, arrondir(grille.majoration))
    return montant + arrondir(grille.majoration)


def depassement(grille: Grille) -> Decimal:
    """By how much the dearest price passes the declared real cost (school meals: never allowed)."""
    maximal = prix_maximal(grille)
    if grille.cout_reel is None or maximal is None:
        return ZERO
    return max(maximal - grille.cout_reel, ZERO)
