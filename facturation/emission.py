"""Invoices and credit notes written together, inside the transaction of an action and under its locks.

A bounded number of queries, whatever the number of families.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from facturation import ecritures
from facturation.brouillons import Ligne
from facturation.copies import emetteur, mentions
from facturation.enums import NatureFacture
from facturation.models import CompteurNumero, Facture, Imputation, Reglement
from facturation.tarifs import ZERO
from familles.francais import arrondir
from familles.models import Collectivite, Famille, Regie

REGULARISATION = "Journées facturées d’avance qui ne sont plus dues"


@dataclass
class Piece:
    """An invoice or a credit note to write: what it says, to whom."""

    famille: Famille
    copie: dict
    du: date
    au: date
    lignes: list[Ligne] = field(default_factory=list)
    echeance: date | None = None
    avoir_de_id: int | None = None
    motif: str = ""

    @property
    def total(self) -> Decimal:
        """The sum of its lines, never anything else."""
        return sum((ligne.montant for ligne in self.lignes), ZERO)


def pieces(
    famille: Famille, lignes: list[Ligne], copie: dict, du: date, au: date, echeance: date, separer=False
) -> list[Piece]:
    """What a draft becomes: one invoice, differences included.

    When more is taken back than is due (or on demand), what is taken back goes to a credit note of each
    invoice it comes from, and what is due to an invoice of its own.
    """
    total = sum((ligne.montant for ligne in lignes), ZERO)
    if total >= 0 and not separer:
        return [Piece(famille, copie, du, au, lignes, echeance=echeance)]
    reprises: dict[int, list[Ligne]] = defaultdict(list)
    dues = []
    for ligne in lignes:
        if ligne.reprises:
            reprises[ligne.reprises[0].facture_id].append(ligne)
        else:
            dues.append(ligne)
    ecrites = [
        Piece(famille, copie, du, au, siennes, avoir_de_id=facture_id, motif=REGULARISATION)
        for facture_id, siennes in sorted(reprises.items())
    ]
    if dues:
        ecrites.append(Piece(famille, copie, du, au, dues, echeance=echeance))
    return ecrites


def ecrire(a_ecrire: list[Piece], regie: Regie, compteur: CompteurNumero, jour: date, par) -> list[Facture]:
    """The frozen rows, numbered in the order given, their lines and units; credits then pay what is due."""
    if not a_ecrire:
        return []
    familles = {p.famille.pk for p in a_ecrire}
    comptes = soldes(familles, regie)
    commun = emetteur(Collectivite.objects.courante(), regie)
    dites = {avoir: mentions(commun, avoir=avoir) for avoir in (False, True)}
    factures = []
    for piece, numero in zip(a_ecrire, compteur.prendre(len(a_ecrire), jour), strict=True):
        factures.append(
            Facture(
                regie=regie,
                famille=piece.famille,
                numero=numero,
                numero_imprime=f"{regie.prefixe}-{numero}",
                nature=NatureFacture.AVOIR if piece.avoir_de_id else NatureFacture.FACTURE,
                avoir_de_id=piece.avoir_de_id,
                motif=piece.motif,
                date=jour,
                du=piece.du,
                au=piece.au,
                echeance=piece.echeance,
                total=piece.total,
                solde_anterieur=comptes[piece.famille.pk],
                emise_par=par,
                mentions=dites[piece.avoir_de_id is not None],
                **commun,
                **piece.copie,
            )
        )
        comptes[piece.famille.pk] += piece.total
    Facture.objects.bulk_create(factures)
    ecritures.ecrire_en_nombre([(f, p.lignes) for f, p in zip(factures, a_ecrire, strict=True)])
    rendre_le_trop_paye({p.avoir_de_id for p in a_ecrire if p.avoir_de_id})
    ecritures.imputer_les_credits(familles, regie)
    return factures


def soldes(familles: Collection[int], regie: Regie) -> dict[int, Decimal]:
    """What each family owes to a régie before these writings: two queries."""
    comptes = dict.fromkeys(familles, ZERO)
    for modele, champ, sens in ((Facture, "total", 1), (Reglement, "montant", -1)):
        sommes = modele.objects.filter(famille__in=familles, regie=regie).order_by().values_list("famille")
        for famille_id, somme in sommes.annotate(Sum(champ)):
            comptes[famille_id] += sens * arrondir(somme)
    return comptes


def rendre_le_trop_paye(factures: Iterable[int]) -> None:
    """What payments had paid of an invoice and a credit note no longer leaves due, the latest first."""
    contraires = []
    for facture in Facture.objects.filter(pk__in=factures).avec_reste().filter(reste__lt=0):
        trop = -facture.reste
        nettes = Imputation.objects.filter(facture=facture).order_by().values_list("reglement")
        for reglement_id, net in nettes.annotate(net=Sum("montant")).order_by("-reglement"):
            part = min(arrondir(net), trop)
            if part > 0:
                contraires.append(Imputation(reglement_id=reglement_id, facture=facture, montant=-part))
                trop -= part
    Imputation.objects.bulk_create(contraires)
