"""The price of one unit (a day, a flat), and the sentence that explains it. Pure, in Decimal, half up.

The same function serves the simulator, the preview and the invoice. Order of the questions: is it forgiven,
was the presence unbooked, is it a billed absence with a price of its own, is the meal brought from home, does
the family live elsewhere, is it occasional, and only then the ordinary price, less what the rank gives.
"""

from collections.abc import Sequence
from decimal import Decimal

from facturation.enums import Cas, ModeMajoration, ModeTarif
from facturation.tarifs.grille import CENT, ZERO, Faits, Grille, Prix, Remise, SansPrix, Tranche, nombre
from familles.francais import arrondir, euros


def prix(grille: Grille, faits: Faits) -> Prix:
    """Price of one unit. Raises SansPrix when the grid has no answer."""
    if faits.cas == Cas.HORS_CONTRAT:
        return _hors_contrat(grille, faits)
    if faits.cas == Cas.ABSENCE:
        return _absence(grille, faits)
    montant, explication = _prix_du_jour(grille, faits)
    majoration, motif = _majoration(grille, faits, montant)
    if majoration and faits.pardon:
        pardon = f"Réservation tardive sans majoration : {faits.pardon}."
        return Prix(montant, f"{explication} {pardon}")
    return Prix(montant, explication, majoration, motif)


def _hors_contrat(grille: Grille, faits: Faits) -> Prix:
    """Unbooked: its own price, or the ordinary one times a coefficient, from the nth of the school year."""
    penalise = grille.prix_hors_contrat is not None or grille.coefficient_hors_contrat is not None
    if not penalise or faits.pardon or faits.rang_hors_contrat < grille.hors_contrat_des:
        montant, explication = _prix_du_jour(grille, faits)
        suite = ""
        if penalise:
            suite = f" ({faits.pardon or f'la {nieme(faits.rang_hors_contrat)} de l’année'})"
        return Prix(montant, f"Présence sans réservation, au prix ordinaire{suite}. {explication}")
    des = f", la {nieme(faits.rang_hors_contrat)} de l’année" if grille.hors_contrat_des > 1 else ""
    if grille.prix_hors_contrat is not None:
        return Prix(arrondir(grille.prix_hors_contrat), f"Présence sans réservation{des}.", ordinaire=False)
    coefficient = grille.coefficient_hors_contrat or Decimal(1)
    montant, explication = _prix_du_jour(grille, faits)
    return Prix(
        arrondir(montant * coefficient),
        f"Présence sans réservation{des} : {euros(montant)} × {nombre(coefficient)}. {explication}",
        ordinaire=False,
    )


def _absence(grille: Grille, faits: Faits) -> Prix:
    if faits.pardon:
        return Prix(ZERO, f"Absence non signalée, pardonnée : {faits.pardon}.", ordinaire=False)
    if grille.prix_absence is not None:
        return Prix(arrondir(grille.prix_absence), "Absence facturée.", ordinaire=False)
    montant, explication = _prix_du_jour(grille, faits)
    majoration, motif = _majoration(grille, faits, montant)
    return Prix(montant, f"Absence facturée au prix de la journée. {explication}", majoration, motif)


def nieme(rang: int) -> str:
    return "1re" if rang == 1 else f"{rang}e"


def _prix_du_jour(grille: Grille, faits: Faits) -> tuple[Decimal, str]:
    if faits.pai and grille.prix_pai is not None:
        # The invoice never says what the care plan is for.
        return arrondir(grille.prix_pai), "Panier fourni par la famille."
    if not faits.dans_la_commune and grille.prix_hors_commune is not None:
        return arrondir(grille.prix_hors_commune), "Famille domiciliée hors de la commune."
    if grille.prix_occasionnel is not None and _est_occasionnelle(grille, faits):
        return arrondir(grille.prix_occasionnel), _phrase_occasionnelle(grille, faits)
    montant, explication = _prix_ordinaire(grille, faits)
    remise = next(
        (r for r in sorted(grille.remises, key=lambda r: -r.rang) if r.rang <= faits.rang),
        None,
    )
    return _remettre(remise, montant, explication, faits.rang) if remise else (montant, explication)


def _est_occasionnelle(grille: Grille, faits: Faits) -> bool:
    """Decided before (the booking itself) or after (few presences in the month)."""
    if grille.occasionnel_jusqu_a is None:
        return faits.occasionnelle
    return faits.presences <= grille.occasionnel_jusqu_a


def _phrase_occasionnelle(grille: Grille, faits: Faits) -> str:
    if grille.occasionnel_jusqu_a is None:
        return "Réservation occasionnelle."
    jours = "jour" if faits.presences < 2 else "jours"
    return (
        f"Fréquentation occasionnelle : {faits.presences} {jours} dans le mois "
        f"(jusqu’à {grille.occasionnel_jusqu_a})."
    )


def _remettre(remise: Remise, montant: Decimal, explication: str, rang: int) -> tuple[Decimal, str]:
    """Half up once, on what is paid: the sentence shows the whole computation."""
    if remise.en == ModeMajoration.PRIX:
        return arrondir(remise.valeur), f"Prix du {rang}e enfant."
    if remise.en == ModeMajoration.POURCENT:
        paye = arrondir(montant * (CENT - remise.valeur) / CENT)
        return paye, f"{explication} {rang}e enfant : − {nombre(remise.valeur)} % de {euros(montant)}."
    paye = max(arrondir(montant - remise.valeur), ZERO)
    return paye, f"{explication} {rang}e enfant : − {euros(remise.valeur)}."


def _prix_ordinaire(grille: Grille, faits: Faits) -> tuple[Decimal, str]:
    if grille.mode == ModeTarif.TRANCHES:
        montant, explication = _par_tranches(grille.tranches, faits)
    elif grille.mode == ModeTarif.TAUX:
        montant, explication = _au_taux(grille, faits)
    elif grille.montant is None:
        raise SansPrix("Le prix unique n’est pas renseigné.")
    else:
        return arrondir(grille.montant), "Prix unique."
    if faits.quotient_prolonge:
        explication = f"{explication} Dernier quotient connu, gardé faute d’un plus récent."
    return montant, explication


def _sans_quotient(faits: Faits) -> str:
    return f"Quotient familial {'expiré' if faits.quotient_expire else 'inconnu'}"


def _par_tranches(tranches: Sequence[Tranche], faits: Faits) -> tuple[Decimal, str]:
    quotient = faits.quotient
    triees = sorted(tranches, key=lambda t: (t.jusqu_a is None, t.jusqu_a or ZERO))
    if not triees:
        raise SansPrix("Aucune tranche de quotient n’est renseignée.")
    if quotient is None:
        return arrondir(triees[-1].prix), f"{_sans_quotient(faits)} : tranche la plus haute."
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


def _au_taux(grille: Grille, faits: Faits) -> tuple[Decimal, str]:
    quotient = faits.quotient
    if grille.taux is None or grille.plancher is None or grille.plafond is None:
        raise SansPrix("Le taux, le plancher ou le plafond n’est pas renseigné.")
    if quotient is None:
        return arrondir(grille.plafond), f"{_sans_quotient(faits)} : prix plafond."
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
    if grille.majoration_en == ModeMajoration.PRIX:
        return (
            max(arrondir(grille.majoration) - montant, ZERO),
            f"Réservation tardive : {euros(grille.majoration)} au lieu de {euros(montant)}.",
        )
    return arrondir(grille.majoration), f"Réservation tardive : + {euros(grille.majoration)}."
