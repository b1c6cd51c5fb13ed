"""The money of the current year, month after month: closing, billing, and what families pay or do not."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from facturation.actions import emettre_periode, encaisser
from facturation.models import Facture
from familles.enums import ModeReglement
from familles.horloge import figer
from planning.actions import cloturer
from portail.demonstration.annee import Annee, MoisClos, ouvrable
from portail.demonstration.hasard import Hasard, a

UN_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Paiement:
    jour: date
    facture: Facture
    montant: Decimal
    mode: str


def facturer_les_mois(annee: Annee, dupont: int, hasard: Hasard) -> None:
    """Everything in the order of dates: numbers never go back. `dupont`: key of their family."""
    promis: list[Paiement] = []
    for mois in annee.mois_clos:
        promis = _recevoir(annee, promis, avant=mois.emission)
        promis += _promesses(_emettre(annee, mois), mois, dupont, hasard)
    _recevoir(annee, promis, avant=annee.le)


def _emettre(annee: Annee, mois: MoisClos) -> list[Facture]:
    ville = annee.ville
    with figer(a(mois.emission, 9)):
        for prestation in ville.prestations.values():
            cloturer(prestation=prestation, du=mois.du, au=mois.au, par=ville.comptable)
        bilan = emettre_periode(regie=ville.regie, du=mois.du, au=mois.au, par=ville.comptable)
    if bilan.echecs:
        raise RuntimeError(f"Factures du {mois.du} non émises : {bilan.echecs}")
    return bilan.emises


def _promesses(factures: list[Facture], mois: MoisClos, dupont: int, hasard: Hasard) -> list[Paiement]:
    """Most pay within the month, some after the due date, some a part, some not at all."""
    promesses = []
    for facture in factures:
        sort = hasard.randrange(100)
        delai = hasard.randrange(4, 26) if sort < 75 else hasard.randrange(35, 61)
        jour = ouvrable(mois.emission + timedelta(days=delai))
        part = facture.total
        if facture.famille_id == dupont:
            # AL-36 of 2015 alone stays unpaid, as in the manual.
            jour = mois.regle_aussitot
        elif sort >= 90:
            continue
        elif sort >= 85:
            part = (facture.total / 2).quantize(UN_CENT, rounding="ROUND_DOWN")
        mode = ModeReglement.ESPECES if part < 60 and hasard.chance(30) else ModeReglement.CHEQUE
        if part > 0:
            promesses.append(Paiement(jour, facture, part, mode))
    return promesses


def _recevoir(annee: Annee, promis: list[Paiement], avant: date) -> list[Paiement]:
    """Cash what comes before that day; returns what is still promised."""
    for paiement in sorted(promis, key=lambda p: (p.jour, p.facture.numero)):
        if paiement.jour < avant:
            _encaisser(annee, paiement)
    return [p for p in promis if p.jour >= avant]


def _encaisser(annee: Annee, paiement: Paiement) -> None:
    with figer(a(paiement.jour, 11)):
        encaisser(
            famille=paiement.facture.famille,
            regie=annee.ville.regie,
            mode=paiement.mode,
            montant=paiement.montant,
            recu_le=paiement.jour,
            par=annee.ville.comptable,
            factures=[paiement.facture],
        )
