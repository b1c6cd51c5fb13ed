"""Credit notes, total or partial: what was issued stands, a new writing corrects it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from facturation import ecritures
from facturation.actions.annonces import annoncer
from facturation.apercu import reprise_de
from facturation.brouillons import composer
from facturation.copies import debiteur_de
from facturation.emission import Piece, ecrire
from facturation.enums import Serie
from facturation.models import CompteurNumero, Facture, UniteFacturee
from facturation.retours import a_rendre, unites_de
from familles.erreurs import DejaTraite, Refus
from familles.transactions import action


@action
def avoir(*, facture: Facture, motif: str, par, date: date | None = None) -> Facture:
    """Cancel a whole invoice, or what earlier credit notes and later invoices left of it: its days may be
    billed again, its payments pay the others.
    """
    jour, motif, compteur = _ouvrir(facture, motif, date)
    lignes = a_rendre(facture)
    if not lignes:
        raise DejaTraite(
            f"La facture {facture.numero_imprime} a déjà son avoir : il n’en reste rien à rendre."
        )
    return _ecrire(facture, lignes, motif, compteur, jour, par)


@action
def avoir_partiel(
    *,
    facture: Facture,
    unites: Collection[UniteFacturee],
    motif: str,
    par,
    refacturable: bool = False,
    date: date | None = None,
) -> Facture:
    """Give back some days of an invoice. `refacturable`: they may then be billed again, to whom owes them.

    A month billed as a whole (a cap, a flat) is given back as a whole.
    """
    jour, motif, compteur = _ouvrir(facture, motif, date)
    choisies = {u.pk for u in unites}
    restantes = list(unites_de(facture).dues())
    rendues = [u for u in restantes if u.pk in choisies]
    if not choisies:
        raise Refus("Choisissez au moins une journée à rendre.")
    if len(rendues) != len(choisies):
        raise DejaTraite("Une de ces journées a déjà été rendue, ou n’est pas de cette facture.")
    _refuser_un_mois_entame(restantes, rendues)
    reprises = [replace(reprise_de(u, ""), refacturable=refacturable) for u in rendues]
    lignes = composer([], reprises, facture.du, facture.au)
    return _ecrire(facture, lignes, motif, compteur, jour, par)


def _ouvrir(facture: Facture, motif: str, jour: date | None):
    """Judge, then lock: the family, the counter last."""
    jour = ecritures.date_d_ecriture(jour)
    motif = ecritures.motif_ecrit(motif)
    ecritures.verrouiller_famille(facture.famille)
    compteur = CompteurNumero.objects.verrouiller(facture.regie, Serie.FACTURE)
    if facture.est_avoir:
        raise Refus("Un avoir ne s’annule pas : facturez de nouveau.")
    return jour, motif, compteur


def _ecrire(facture: Facture, lignes, motif: str, compteur, jour: date, par) -> Facture:
    piece = Piece(
        facture.famille,
        debiteur_de(facture),
        facture.du,
        facture.au,
        lignes,
        avoir_de_id=facture.pk,
        motif=motif,
    )
    (ecrit,) = ecrire([piece], facture.regie, compteur, jour, par)
    annoncer(factures=[ecrit], par=par)
    return ecrit


def _refuser_un_mois_entame(restantes: Iterable[UniteFacturee], rendues: Iterable[UniteFacturee]) -> None:
    en_tout = Counter(u.ligne_id for u in restantes)
    choisies = Counter(u.ligne_id for u in rendues)
    for unite in rendues:
        ensemble = unite.ligne.quantite == 1 and en_tout[unite.ligne_id] > 1
        if ensemble and choisies[unite.ligne_id] != en_tout[unite.ligne_id]:
            raise Refus(
                f"{unite.ligne.libelle} est facturé pour le mois entier : rendez le mois, ou rectifiez "
                "le jour, qui le recalcule."
            )
