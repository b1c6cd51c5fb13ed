"""A day corrected after its closing, and what it changes on the invoices, in one transaction.

Locks: the prestation and the booking (planning), then the families, the régie's counter last.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from facturation import ecritures
from facturation.actions.annonces import annoncer
from facturation.apercu import Apercu, apercevoir
from facturation.brouillons import Brouillon
from facturation.copies import debiteur
from facturation.emission import Piece, ecrire, pieces
from facturation.enums import Serie
from facturation.models import CompteurNumero, Facture, UniteFacturee
from familles.erreurs import Refus
from familles.horloge import aujourdhui
from familles.models import Enfant, Famille, Prestation, Rattachement
from familles.transactions import action
from planning.actions import corriger


@dataclass
class Rectification:
    """Credit notes and additional invoices; none when the day was not billed yet or its price is the same."""

    ecrites: list[Facture] = field(default_factory=list)
    a_facturer: bool = False  # the usual billing of the month will bill it

    @property
    def avoirs(self) -> list[Facture]:
        return [f for f in self.ecrites if f.est_avoir]

    @property
    def complements(self) -> list[Facture]:
        return [f for f in self.ecrites if not f.est_avoir]


@action
def rectifier(
    *,
    enfant: Enfant,
    prestation: Prestation,
    jour: date,
    vers: str,
    motif: str,
    par,
    quand_meme: bool = False,
) -> Rectification:
    """Say what a closed day really was; what was billed of it (of its month, when a month is judged as a
    whole) is given back by a credit note, and what is due is billed by an additional invoice.
    """
    motif = ecritures.motif_ecrit(motif)
    corriger(
        enfant=enfant,
        prestation=prestation,
        jour=jour,
        vers=vers,
        motif=motif,
        par=par,
        quand_meme=quand_meme,
    )
    pks = _familles(enfant, prestation, jour)
    list(Famille.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    compteur = CompteurNumero.objects.verrouiller(prestation.regie, Serie.FACTURE)
    apercu = apercevoir(
        regie=prestation.regie, du=jour, au=jour, familles=pks, seulement=(enfant.pk, prestation.pk)
    )
    rectification, a_ecrire = Rectification(), []
    for famille, brouillon in apercu.lignes:
        if _concerne(famille, brouillon, prestation, jour):
            a_ecrire += _pieces(apercu, famille, brouillon, motif)
        else:
            rectification.a_facturer = True
    rectification.ecrites = ecrire(a_ecrire, prestation.regie, compteur, aujourdhui(), par)
    annoncer(factures=rectification.ecrites, par=par)
    return rectification


def _familles(enfant: Enfant, prestation: Prestation, jour: date) -> list[int]:
    """Those that hold the child, and those that were billed for that month."""
    mois = {"jour__year": jour.year, "jour__month": jour.month}
    facturees = UniteFacturee.objects.filter(enfant=enfant, prestation=prestation, **mois)
    rattachees = Rattachement.objects.filter(enfant=enfant).values_list("famille", flat=True)
    return sorted({*facturees.values_list("famille", flat=True), *rattachees})


def _concerne(famille: Famille, brouillon: Brouillon, prestation: Prestation, jour: date) -> bool:
    """Whether the month was already billed: otherwise its usual invoice will say the day as it now is."""
    if any(ligne.reprises for ligne in brouillon.lignes):
        return True
    factures = Facture.objects.factures().filter(famille=famille, regie=prestation.regie)
    # One that was cancelled as a whole holds no day any more.
    tient = Q(avoirs=None) | Q(unites__en_vigueur=True)
    return factures.filter(tient, du__lte=jour, au__gte=jour).exists()


def _pieces(apercu: Apercu, famille: Famille, brouillon: Brouillon, motif: str) -> list[Piece]:
    bloquantes = [a.phrase for a in brouillon.anomalies if a.bloquante]
    if bloquantes:
        raise Refus(" ".join(bloquantes))
    jours = [u.jour for ligne in brouillon.lignes for u in (*ligne.unites, *ligne.reprises)]
    if not jours:
        return []
    enfants = {ligne.enfant.pk for ligne in brouillon.lignes if ligne.enfant}
    ecrites = pieces(
        famille,
        brouillon.lignes,
        debiteur(famille, enfants),
        min(jours),
        max(jours),
        ecritures.echeance_de(apercu.regie, aujourdhui()),
        separer=True,
    )
    for piece in ecrites:
        piece.motif = motif
    return ecrites
