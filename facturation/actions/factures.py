"""Invoices and credit notes: issued under locks, never edited afterwards."""

import logging
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from facturation import ecritures
from facturation.apercu import Apercu, apercevoir
from facturation.brouillons import Brouillon
from facturation.copies import debiteur, debiteur_de
from facturation.enums import NatureFacture, Serie
from facturation.models import CompteurNumero, Facture, Imputation
from facturation.taches import rendre_pdf
from familles.enums import VerbeTrace
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.francais import euros, jour_chiffres
from familles.horloge import aujourdhui
from familles.models import Famille, Regie, Trace
from familles.transactions import action
from messagerie.actions import informer

journal = logging.getLogger(__name__)


@dataclass
class Bilan:
    """What a month's billing did: invoices issued, families that failed and why."""

    emises: list[Facture] = field(default_factory=list)
    echecs: list[tuple[Famille, str]] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((f.total for f in self.emises), Decimal("0.00"))


def emettre_periode(*, regie: Regie, du: date, au: date, par) -> Bilan:
    """Bill every family of a period, one transaction each: a failure stops no other and stays billable.

    Killed half-way and run again, it goes on where it was.
    """
    bilan = Bilan()
    for famille, _ in apercevoir(regie=regie, du=du, au=au).lignes:
        try:
            facture = emettre(famille=famille, regie=regie, du=du, au=au, par=par)
        except Refus as refus:
            bilan.echecs.append((famille, refus.message))
        except Exception:
            journal.exception("Émission de la facture de la famille %s", famille.pk)
            bilan.echecs.append((famille, "Erreur imprévue, consignée au journal du serveur."))
        else:
            if facture is not None:
                bilan.emises.append(facture)
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
    """Bill a family for a period: its days that no invoice bills yet. None when there is nothing to bill.

    A second run finds the days billed; two at once wait for each other at the locks. No number is taken
    for nothing.
    """
    jour = _date_d_ecriture(date)
    famille = ecritures.verrouiller_famille(famille)
    compteur = CompteurNumero.objects.verrouiller(regie, Serie.FACTURE)
    apercu = apercevoir(regie=regie, du=du, au=au, famille=famille)
    brouillon = apercu.brouillons[0] if apercu.brouillons else None
    if brouillon is None or not (brouillon.lignes or brouillon.bloque):
        return None
    _verifier(apercu, brouillon)
    famille = apercu.familles[famille.pk]  # the same row, its adults read
    facture = ecritures.ecrire_facture(
        famille,
        regie,
        compteur.suivant(jour),
        debiteur(famille, {ligne.enfant.pk for ligne in brouillon.lignes}),
        date=jour,
        du=du,
        au=au,
        echeance=echeance or jour + timedelta(days=regie.delai_paiement_jours),
        total=brouillon.total,
        emise_par=par,
    )
    ecritures.ecrire_lignes(facture, brouillon)
    ecritures.imputer_le_credit(famille, regie)
    _annoncer(facture, par, prevenir)
    return facture


@action
def avoir(*, facture: Facture, motif: str, par, date: date | None = None) -> Facture:
    """Cancel a whole invoice by a credit note: its days may be billed again, its payments pay the others."""
    jour = _date_d_ecriture(date)
    motif = ecritures.motif_ecrit(motif)
    famille = ecritures.verrouiller_famille(facture.famille)
    compteur = CompteurNumero.objects.verrouiller(facture.regie, Serie.FACTURE)
    if facture.est_avoir:
        raise Refus("Un avoir ne s’annule pas : facturez de nouveau.")
    if facture.avoirs.exists():
        raise DejaTraite(f"La facture {facture.numero_imprime} a déjà son avoir.")
    ecrit = ecritures.ecrire_facture(
        famille,
        facture.regie,
        compteur.suivant(jour),
        debiteur_de(facture),
        nature=NatureFacture.AVOIR,
        avoir_de=facture,
        motif=motif,
        date=jour,
        du=facture.du,
        au=facture.au,
        total=-facture.total,
        emise_par=par,
    )
    ecritures.renverser_lignes(facture, ecrit)
    ecritures.rendre_imputations(Imputation.objects.filter(facture=facture))
    ecritures.imputer_le_credit(famille, facture.regie)
    _annoncer(ecrit, par, prevenir=True)
    return ecrit


# --- Judging -------------------------------------------------------------------------------------------


def _date_d_ecriture(jour: date | None) -> date:
    if jour is not None and jour > aujourdhui():
        raise Invalide("Une facture ne se date pas dans l’avenir.")
    return jour or aujourdhui()


def _verifier(apercu: Apercu, brouillon: Brouillon) -> None:
    if apercu.a_cloturer:
        noms = ", ".join(p.nom for p in apercu.a_cloturer)
        raise Refus(
            f"Du {jour_chiffres(apercu.du)} au {jour_chiffres(apercu.au)}, les journées ne sont pas toutes "
            f"closes : {noms}. Clôturez-les avant de facturer."
        )
    bloquantes = [a.phrase for a in brouillon.anomalies if a.bloquante]
    if bloquantes:
        raise Refus(" ".join(bloquantes))


# --- Telling -------------------------------------------------------------------------------------------


def _annoncer(facture: Facture, par, prevenir: bool) -> None:
    """A trace, the job that renders the PDF, and a word to those who see the account."""
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.EMETTRE, objet=facture, famille=facture.famille)
    rendre_pdf.enqueue(facture.pk)
    if not prevenir:
        return
    periode = f"du {jour_chiffres(facture.du)} au {jour_chiffres(facture.au)}"
    if facture.est_avoir:
        sujet = f"Votre avoir {facture.numero_imprime}"
        corps = (
            f"Un avoir de {euros(-facture.total)} annule la facture {facture.avoir_de.numero_imprime} "
            f"({periode}).\nMotif : {facture.motif}"
        )
    else:
        sujet = f"Votre facture {facture.numero_imprime}"
        corps = (
            f"Votre facture {facture.numero_imprime} ({periode}) est disponible : {euros(facture.total)}, "
            f"à régler avant le {jour_chiffres(facture.echeance)}.\n{facture.instructions}"
        )
    informer(
        famille=facture.famille,
        sujet=sujet,
        corps=corps,
        lien=facture.get_absolute_url(),
        annonce="Une nouvelle facture vous attend sur le portail",
        par=par,
    )
