"""The accounting journal: invoices and payments as entries, debit equal to credit by construction.

The account of the debtors takes exactly what the others give; the accounts themselves are settings
(`CompteComptable`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from facturation.enums import EmploiCompte
from facturation.models import CompteComptable, Facture, LigneFacture, Reglement
from familles.models import Regie

ZERO = Decimal("0.00")
COLONNES = ("Date", "Journal", "Pièce", "Compte", "Débiteur", "Libellé", "Débit", "Crédit")


@dataclass(frozen=True)
class Ecriture:
    date: date
    journal: str
    piece: str
    compte: str
    debiteur: str
    libelle: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO


@dataclass(frozen=True)
class Plan:
    """The accounts in use: one by default for each use, then those of a prestation or a means of payment."""

    debiteurs: str = "4111"
    journal_factures: str = "VE"
    produit: str = "7067"
    produits: dict[int, str] = field(default_factory=dict)
    encaissement: tuple[str, str] = ("5412", "RG")
    encaissements: dict[str, tuple[str, str]] = field(default_factory=dict)


def dresser_plan(comptes: Iterable[CompteComptable]) -> Plan:
    """What is not set keeps the default of the plan."""
    valeurs: dict = {"produits": {}, "encaissements": {}}
    for compte in comptes:
        if compte.emploi == EmploiCompte.DEBITEURS:
            valeurs |= {"debiteurs": compte.compte, "journal_factures": compte.journal}
        elif compte.emploi == EmploiCompte.ENCAISSEMENT and compte.mode:
            valeurs["encaissements"][compte.mode] = (compte.compte, compte.journal)
        elif compte.emploi == EmploiCompte.ENCAISSEMENT:
            valeurs["encaissement"] = (compte.compte, compte.journal)
        elif compte.prestation_id:
            valeurs["produits"][compte.prestation_id] = compte.compte
        else:
            valeurs["produit"] = compte.compte
    return Plan(**valeurs)


def de_facture(facture: Facture, lignes: Sequence[tuple[int | None, Decimal]], plan: Plan) -> list[Ecriture]:
    """`lignes`: (prestation, amount). What no line explains goes to the default account."""
    produits: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for prestation, montant in lignes:
        produits[plan.produits.get(prestation or 0, plan.produit)] += montant
    produits[plan.produit] += facture.total - sum(produits.values(), ZERO)
    commun = {
        "date": facture.date,
        "journal": plan.journal_factures,
        "piece": facture.numero_imprime,
        "debiteur": facture.destinataire,
        "libelle": f"{facture.get_nature_display()} {facture.numero_imprime}",
    }
    total = sum(produits.values(), ZERO)
    return [
        ecriture
        for compte, montant in [(plan.debiteurs, total), *((c, -m) for c, m in sorted(produits.items()))]
        for ecriture in _au_bon_cote(commun, compte, montant)
    ]


def de_reglement(reglement: Reglement, plan: Plan) -> list[Ecriture]:
    compte, journal = plan.encaissements.get(reglement.mode, plan.encaissement)
    nature = "Contre-écriture" if reglement.montant < 0 else "Règlement"
    commun = {
        "date": reglement.recu_le,
        "journal": journal,
        "piece": reglement.numero_imprime,
        "debiteur": str(reglement.famille.titulaire or reglement.famille),
        "libelle": f"{nature} : {reglement.get_mode_display()}",
    }
    return [
        *_au_bon_cote(commun, compte, reglement.montant),
        *_au_bon_cote(commun, plan.debiteurs, -reglement.montant),
    ]


def _au_bon_cote(commun: dict, compte: str, montant: Decimal) -> list[Ecriture]:
    """A positive amount is a debit, a negative one a credit; nothing is no entry."""
    if not montant:
        return []
    cote = {"debit": montant} if montant > 0 else {"credit": -montant}
    return [Ecriture(compte=compte, **commun, **cote)]


def journal_comptable(regie: Regie, du: date, au: date) -> list[Ecriture]:
    """Entries of a period, by date: five queries."""
    plan = dresser_plan(CompteComptable.objects.all())
    lignes: dict[int, list] = defaultdict(list)
    periode = {"facture__regie": regie, "facture__date__range": (du, au)}
    for facture, prestation, montant in LigneFacture.objects.filter(**periode).values_list(
        "facture", "prestation", "montant"
    ):
        lignes[facture].append((prestation, montant))
    factures = Facture.objects.filter(regie=regie, date__range=(du, au)).order_by("date", "numero")
    reglements = (
        Reglement.objects.filter(regie=regie, recu_le__range=(du, au))
        .select_related("famille")
        .prefetch_related("famille__responsables")
        .order_by("recu_le", "numero")
    )
    ecritures = [e for f in factures for e in de_facture(f, lignes[f.pk], plan)]
    ecritures += [e for r in reglements for e in de_reglement(r, plan)]
    return sorted(ecritures, key=lambda e: e.date)
