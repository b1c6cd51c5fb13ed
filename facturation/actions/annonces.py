"""What follows an invoice or a credit note: a trace, its PDF, a word to those who see the account."""

from collections.abc import Sequence

from facturation.annonces import LECTEURS, a_annoncer
from facturation.models import Facture
from facturation.taches import rendre_pdfs
from familles.enums import VerbeTrace
from familles.francais import euros, jour_chiffres
from familles.lots import par_lots
from familles.models import Trace
from familles.transactions import action
from messagerie.actions import Lettre, informer_en_nombre

ANNONCE = "Une nouvelle facture vous attend sur le portail"
# One job renders as many: two workers share a month's invoices.
PDF_PAR_TACHE = 20


def annoncer(*, factures: list[Facture], par, prevenir: bool = True) -> None:
    """For invoices just written, in their transaction: a bounded number of queries."""
    if not factures:
        return
    Trace.objects.bulk_create(
        Trace(
            par=par if par is not None and par.pk else None,
            verbe=VerbeTrace.EMETTRE,
            objet=Facture._meta.label,
            objet_id=facture.pk,
            famille_id=facture.famille_id,
        )
        for facture in factures
    )
    for lot in par_lots(factures, PDF_PAR_TACHE):
        rendre_pdfs.enqueue([f.pk for f in lot])
    if prevenir:
        _ecrire(factures, par)


@action
def prevenir_familles(*, factures: Sequence[Facture], par) -> int:
    """Tell those who have no message yet about these invoices; again tells nobody twice. How many."""
    restantes = a_annoncer(factures)
    if restantes:
        _ecrire(restantes, par)
    return len(restantes)


def _ecrire(factures: list[Facture], par) -> None:
    corrigees = Facture.objects.in_bulk({f.avoir_de_id for f in factures if f.avoir_de_id})
    lettres = [_lettre(f, corrigees.get(f.avoir_de_id)) for f in factures]
    informer_en_nombre(lettres=lettres, annonce=ANNONCE, par=par)


def _lettre(facture: Facture, corrigee: Facture | None) -> Lettre:
    periode = f"du {jour_chiffres(facture.du)} au {jour_chiffres(facture.au)}"
    if corrigee is not None:
        entier = facture.total == -corrigee.total
        verbe = "annule" if entier else "corrige"
        sujet = f"Votre avoir {facture.numero_imprime}"
        corps = (
            f"Un avoir de {euros(-facture.total)} {verbe} la facture {corrigee.numero_imprime} "
            f"({periode}).\nMotif : {facture.motif}"
        )
    else:
        sujet = f"Votre facture {facture.numero_imprime}"
        corps = (
            f"Votre facture {facture.numero_imprime} ({periode}) est disponible : {euros(facture.total)}, "
            f"à régler avant le {jour_chiffres(facture.echeance)}.\n{facture.instructions}"
        )
    return Lettre(facture.famille, sujet, corps, facture.get_absolute_url(), LECTEURS)
