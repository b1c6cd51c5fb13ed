"""Invoices: issued under locks by batches of families, never edited afterwards."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import OperationalError, transaction

from facturation import ecritures
from facturation.actions.annonces import annoncer
from facturation.apercu import Apercu, apercevoir
from facturation.brouillons import Brouillon
from facturation.copies import debiteur, redevables
from facturation.emission import Piece, ecrire, pieces
from facturation.enums import Serie
from facturation.models import CompteurNumero, Facture
from familles.erreurs import Refus
from familles.francais import jour_chiffres
from familles.lots import par_lots
from familles.models import Famille, Regie
from familles.transactions import action

# Families billed in one transaction: what a killed process leaves to do again.
LOT = 100
IMPREVUE = "Erreur imprévue, consignée au journal du serveur."

journal = logging.getLogger(__name__)


@dataclass
class Bilan:
    """What a billing did: invoices issued, families that failed and why."""

    emises: list[Facture] = field(default_factory=list)
    echecs: list[tuple[Famille, str]] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((f.total for f in self.emises), Decimal("0.00"))

    def ajouter(self, autre: "Bilan") -> None:
        self.emises += autre.emises
        self.echecs += autre.echecs


def emettre_periode(
    *, regie: Regie, du: date, au: date, par, familles: Collection[int] | None = None
) -> Bilan:
    """Bill every family of a period, by batches: a failure stops no other and stays billable.

    Killed half-way and run again, it goes on where it was.
    """
    bilan = Bilan()
    pks = [f.pk for f, _ in apercevoir(regie=regie, du=du, au=au, familles=familles).lignes]
    for lot in par_lots(pks, LOT):
        bilan.ajouter(emettre_lot(familles=lot, regie=regie, du=du, au=au, par=par))
    return bilan


@action
def emettre(
    *,
    famille: Famille,
    regie: Regie,
    du: date,
    au: date,
    par,
    date: date | None = None,
    echeance: date | None = None,
    prevenir: bool = True,
) -> Facture | None:
    """Bill a family for a period: its days that no invoice bills yet. None when there is nothing to bill."""
    emission = Emission(regie, du, au, par, date, echeance)
    bilan = emission.lancer([famille.pk], un_par_un=True)
    annoncer(factures=bilan.emises, par=par, prevenir=prevenir)
    return bilan.emises[0] if bilan.emises else None


@action
def emettre_lot(
    *,
    familles: Collection[int],
    regie: Regie,
    du: date,
    au: date,
    par,
    date: date | None = None,
    echeance: date | None = None,
    prevenir: bool = True,
) -> Bilan:
    """Bill some families in one transaction: those that fail are named, and the numbers have no gap."""
    emission = Emission(regie, du, au, par, date, echeance)
    bilan = emission.lancer(familles)
    annoncer(factures=bilan.emises, par=par, prevenir=prevenir)
    return bilan


class Emission:
    """One transaction of billing. A second run finds the days billed; two at once wait at the locks.

    No number is taken for nothing.
    """

    def __init__(self, regie: Regie, du: date, au: date, par, jour: date | None, echeance: date | None):
        self.regie, self.du, self.au, self.par = regie, du, au, par
        self.jour = ecritures.date_d_ecriture(jour)
        self.echeance = echeance or ecritures.echeance_de(regie, self.jour)

    def lancer(self, familles: Collection[int], un_par_un: bool = False) -> Bilan:
        list(Famille.objects.select_for_update().filter(pk__in=familles).order_by("pk"))
        self.compteur = CompteurNumero.objects.verrouiller(self.regie, Serie.FACTURE)
        bilan, prets = Bilan(), []
        liens = redevables(familles)
        for apercu, famille, brouillon in self._lire(familles, un_par_un, bilan):
            if not (brouillon.lignes or brouillon.bloque):
                continue
            try:
                prets.append(self._preparer(apercu, famille, brouillon, liens))
            except Refus as refus:
                if un_par_un:
                    raise
                bilan.echecs.append((famille, refus.message))
            except Exception:
                if un_par_un:
                    raise
                bilan.echecs.append(self._panne(famille))
        self._ecrire(prets, bilan, un_par_un)
        return bilan

    def _lire(
        self, familles: Collection[int], un_par_un: bool, bilan: Bilan
    ) -> list[tuple[Apercu, Famille, Brouillon]]:
        """All together; when the facts of one make the reading fail, one at a time, to name it."""
        try:
            with transaction.atomic():
                return self._apercevoir(familles)
        except (OperationalError, Refus):
            raise
        except Exception:
            if un_par_un:
                raise
            journal.exception("Lecture de %s familles à facturer", len(familles))
        lus = []
        for famille in Famille.objects.filter(pk__in=familles).prefetch_related("responsables"):
            try:
                with transaction.atomic():
                    lus += self._apercevoir([famille.pk])
            except OperationalError:
                raise
            except Exception:
                bilan.echecs.append(self._panne(famille))
        return lus

    def _apercevoir(self, familles: Collection[int]) -> list[tuple[Apercu, Famille, Brouillon]]:
        apercu = apercevoir(regie=self.regie, du=self.du, au=self.au, familles=familles)
        return [(apercu, famille, brouillon) for famille, brouillon in apercu.lignes]

    def _preparer(self, apercu: Apercu, famille: Famille, brouillon: Brouillon, liens: set) -> list[Piece]:
        _verifier(apercu, brouillon)
        enfants = {ligne.enfant.pk for ligne in brouillon.lignes if ligne.enfant}
        copie = debiteur(famille, enfants, liens)
        return pieces(famille, brouillon.lignes, copie, self.du, self.au, self.echeance)

    def _ecrire(self, prets: list[list[Piece]], bilan: Bilan, un_par_un: bool) -> None:
        """All together; when the database refuses, one family at a time, so that the others are billed."""
        try:
            with transaction.atomic():
                bilan.emises += self._ecrire_ensemble([piece for lot in prets for piece in lot])
                return
        except (OperationalError, Refus):
            raise
        except Exception:
            if un_par_un:
                raise
            self.compteur.refresh_from_db()
        for lot in prets:
            try:
                with transaction.atomic():
                    bilan.emises += self._ecrire_ensemble(lot)
            except OperationalError:
                raise
            except Exception:
                self.compteur.refresh_from_db()
                bilan.echecs.append(self._panne(lot[0].famille))

    def _ecrire_ensemble(self, a_ecrire: list[Piece]) -> list[Facture]:
        return ecrire(a_ecrire, self.regie, self.compteur, self.jour, self.par)

    def _panne(self, famille: Famille) -> tuple[Famille, str]:
        journal.exception("Émission de la facture de la famille %s", famille.pk)
        return famille, IMPREVUE


def _verifier(apercu: Apercu, brouillon: Brouillon) -> None:
    """Raise Refus while days to bill are not closed, or have no price."""
    utilisees = {ligne.prestation.pk for ligne in brouillon.lignes if ligne.prestation}
    ouvertes = [p for p in apercu.a_cloturer if p.pk in utilisees]
    if ouvertes:
        noms = ", ".join(p.nom for p in ouvertes)
        raise Refus(
            f"Du {jour_chiffres(apercu.du)} au {jour_chiffres(apercu.au)}, les journées ne sont pas toutes "
            f"closes : {noms}. Clôturez-les avant de facturer."
        )
    bloquantes = [a.phrase for a in brouillon.anomalies if a.bloquante]
    if bloquantes:
        raise Refus(" ".join(bloquantes))
