"""Relevé de compte of a school year, as the manual prints it.

`dresser` is pure; `releve` and `solde` read the rows it needs. An operation belongs to the school year of its
date; « ancien solde » is all that came before. The balance never counts what is not yet billed.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, QuerySet

from facturation.models import Facture, Reglement
from facturation.models.factures import somme
from familles.francais import arrondir, jour_chiffres
from familles.models import AnneeScolaire, Famille, Regie

ZERO = Decimal("0.00")
RENTREE = 9  # the month when a school year begins


@dataclass(frozen=True)
class Operation:
    """A line of the statement. `facture` or `quittance`: the printed number whose PDF can be printed."""

    numero: str
    date: date
    description: str
    regie: str
    debit: Decimal | None = None
    credit: Decimal | None = None
    facture: str = ""
    quittance: str = ""  # printed number of a payment that has a receipt
    facture_n: int = 0  # number of the invoice, or of the last one that it pays: orders a same day
    rang: int = 0  # a payment stands just above what it pays
    serie: int = 0
    reste: Decimal | None = None  # of an invoice read `avec_reste`

    @property
    def mouvement(self) -> Decimal:
        return (self.debit or ZERO) - (self.credit or ZERO)

    @property
    def ordre(self) -> tuple:
        return (self.date, self.facture_n, self.rang, self.serie)


@dataclass(frozen=True)
class Releve:
    operations: tuple[Operation, ...]
    ancien_solde: Decimal
    total_debit: Decimal
    total_credit: Decimal

    @property
    def solde(self) -> Decimal:
        return self.ancien_solde + self.total_debit - self.total_credit

    @property
    def factures(self) -> tuple[Operation, ...]:
        return tuple(o for o in self.operations if o.facture)

    @property
    def reglements(self) -> tuple[Operation, ...]:
        return tuple(o for o in self.operations if not o.facture)


def dresser(operations: Iterable[Operation], debut: date, fin: date) -> Releve:
    """Operations of the period, the latest first, with what was due before.

    On one day: by number, and a payment just above the last invoice it pays (the manual's AL-36, AL-228,
    AL-12); first, those that pay none.
    """
    toutes = list(operations)
    lignes = sorted((o for o in toutes if debut <= o.date <= fin), key=lambda o: o.ordre, reverse=True)
    return Releve(
        operations=tuple(lignes),
        ancien_solde=sum((o.mouvement for o in toutes if o.date < debut), ZERO),
        total_debit=sum((o.debit for o in lignes if o.debit is not None), ZERO),
        total_credit=sum((o.credit for o in lignes if o.credit is not None), ZERO),
    )


def annees_du_compte(
    connues: Iterable[AnneeScolaire], operations: Sequence[Operation]
) -> list[AnneeScolaire]:
    """The town's school years, the latest first, and those of older operations that it never wrote down."""
    annees = list(connues)
    rentrees = {a.debut.year for a in annees}
    oubliees = {o.date.year - (o.date.month < RENTREE) for o in operations} - rentrees
    annees += [AnneeScolaire(debut=date(n, RENTREE, 1), fin=date(n + 1, 8, 31)) for n in oubliees]
    return sorted(annees, key=lambda a: a.debut, reverse=True)


def annees_offertes(
    annees: Iterable[AnneeScolaire],
    operations: Sequence[Operation],
    montree: AnneeScolaire | None,
    jour: date,
) -> list[AnneeScolaire]:
    """The years worth choosing, in their order: the current one, the one shown, those with an operation."""
    dates = {o.date for o in operations}
    return [
        annee
        for annee in annees
        if annee == montree or any(annee.debut <= le <= annee.fin for le in (jour, *dates))
    ]


def de_facture(facture: Facture) -> Operation:
    periode = f"{jour_chiffres(facture.du)} - {jour_chiffres(facture.au)}"
    # A credit note moves the other way: in the credit column, above the invoice it corrects.
    sens = {"credit": -facture.total} if facture.est_avoir else {"debit": facture.total}
    return Operation(
        numero=facture.numero_imprime,
        date=facture.date,
        description=f"{facture.get_nature_display()} : {periode}",
        regie=facture.regie_nom,
        facture=facture.numero_imprime,
        facture_n=facture.numero,
        serie=facture.numero,
        reste=None if facture.est_avoir else getattr(facture, "reste", None),
        **sens,
    )


def de_reglement(reglement: Reglement, payee: int | None) -> Operation:
    nature = "Contre-écriture" if reglement.montant < 0 else "Règlement"
    sens = {"debit": -reglement.montant} if reglement.montant < 0 else {"credit": reglement.montant}
    return Operation(
        numero=reglement.numero_imprime,
        date=reglement.recu_le,
        description=f"{nature} : {reglement.get_mode_display()}",
        regie=reglement.regie.nom,
        quittance=reglement.numero_imprime if reglement.montant > 0 else "",
        facture_n=sys.maxsize if payee is None else payee,
        rang=1,
        serie=reglement.numero,
        **sens,
    )


def lire_operations(factures: Sequence[Facture], reglements: QuerySet) -> list[Operation]:
    """Invoices already read, and payments with the last invoice they pay: one query."""
    payes = reglements.select_related("regie").annotate(payee=Max("imputations__facture__numero"))
    return [de_facture(f) for f in factures] + [de_reglement(r, r.payee) for r in payes]


def restes(factures: Sequence[Facture]) -> list[Facture]:
    """Of invoices read `avec_reste`, those with something still due, the oldest first."""
    dues = [f for f in factures if not f.est_avoir and f.reste > 0]
    return sorted(dues, key=lambda f: (f.date, f.numero))


def releve(famille: Famille, annee: AnneeScolaire) -> Releve:
    """Statement of a family for a school year: two queries."""
    factures = list(Facture.objects.filter(famille=famille))
    operations = lire_operations(factures, Reglement.objects.filter(famille=famille))
    return dresser(operations, annee.debut, annee.fin)


def solde(famille: Famille, regie: Regie | None = None) -> Decimal:
    """What the family owes today (negative: in its favour), of one régie or of all: one query."""
    filtre = {} if regie is None else {"regie": regie}
    facture = somme(Facture.objects.filter(**filtre), "total", "famille")
    regle = somme(Reglement.objects.filter(**filtre), "montant", "famille")
    comptes = Famille.objects.filter(pk=famille.pk).annotate(facture=facture, regle=regle)
    facture, regle = comptes.values_list("facture", "regle").get()
    return arrondir(facture) - arrondir(regle)
