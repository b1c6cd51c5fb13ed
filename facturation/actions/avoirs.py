"""Credit notes, total or partial: what was issued stands, a new writing corrects it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from facturation import ecritures
from facturation.actions.annonces import annoncer
from facturation.apercu import reprise_de
from facturation.brouillons import Ligne, Unite, composer
from facturation.copies import debiteur_de
from facturation.emission import Piece, ecrire
from facturation.enums import Serie
from facturation.models import CompteurNumero, Facture, LigneFacture, UniteFacturee
from facturation.tarifs import Prix
from familles.erreurs import DejaTraite, Refus
from familles.francais import jour_chiffres
from familles.transactions import action

CLE = ("enfant", "prestation", "jour")


@action
def avoir(*, facture: Facture, motif: str, par, date: date | None = None) -> Facture:
    """Cancel a whole invoice, or what earlier credit notes and later invoices left of it: its days may be
    billed again, its payments pay the others.
    """
    jour, motif, compteur = _ouvrir(facture, motif, date)
    reprises = [reprise_de(u, "") for u in _unites(facture).dues()]
    lignes = composer(_retablies(facture), reprises, facture.du, facture.au) + _sans_unite(facture)
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
    restantes = list(_unites(facture).dues())
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


def _unites(facture: Facture):
    unites = UniteFacturee.objects.filter(facture=facture)
    return unites.select_related("enfant", "prestation", "frais", "facture", "ligne").order_by("jour", "pk")


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


def _retablies(facture: Facture) -> list[Unite]:
    """Days that this invoice had taken back are due again, as they were.

    Not when another invoice bills one anew since: cancelling them in their order keeps every amount true.
    """
    rendues = set(UniteFacturee.objects.filter(facture__avoir_de=facture, signe=1).values_list(*CLE))
    reprises = [
        u
        for u in _unites(facture).filter(signe=-1)
        if u.prestation_id and (u.enfant_id, u.prestation_id, u.jour) not in rendues
    ]
    _refuser_ce_qui_est_refacture(facture, reprises)
    return [
        Unite(
            u.enfant,
            u.prestation,
            u.jour,
            Prix(u.majoration - u.montant, "Rétabli : sa reprise est annulée.", -u.majoration, "Rétabli."),
            u.cas,
        )
        for u in reprises
    ]


def _refuser_ce_qui_est_refacture(facture: Facture, reprises: Iterable[UniteFacturee]) -> None:
    cles = {(u.enfant_id, u.prestation_id, u.jour) for u in reprises}
    ailleurs = UniteFacturee.objects.en_vigueur().filter(enfant__in={enfant for enfant, _, _ in cles})
    for unite in ailleurs.exclude(facture=facture).select_related("facture").order_by("jour"):
        if (unite.enfant_id, unite.prestation_id, unite.jour) in cles:
            raise Refus(
                f"La facture {facture.numero_imprime} avait repris le {jour_chiffres(unite.jour)}, que la "
                f"facture {unite.facture.numero_imprime} facture de nouveau : annulez d’abord celle-ci."
            )


def _sans_unite(facture: Facture) -> list[Ligne]:
    """Lines that bill no day (taken over from another program), unless a credit note gave them back."""
    lignes = LigneFacture.objects.filter(unites=None, unites_majorees=None)
    if lignes.filter(facture__avoir_de=facture).exists():
        return []
    return [
        Ligne(
            li.enfant,
            li.prestation,
            li.libelle,
            -li.quantite,
            li.prix_unitaire,
            li.explication,
            li.nature_fiscale,
        )
        for li in lignes.filter(facture=facture).select_related("enfant", "prestation").order_by("ordre")
    ]
