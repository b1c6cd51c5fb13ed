"""Yearly tax certificate (CGI art. 200 quater B): care of children under six, paid in the calendar year.

Meals, penalties and other lines never count. A payment counts in the year it was received; one that was taken
back counts no more. Four queries, whatever the number of invoices.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.functions import Coalesce, ExtractYear

from facturation.models import Imputation, LigneFacture
from facturation.ventilation import ZERO, bases_nettes, par_annee
from familles.enums import NatureFiscale
from familles.francais import arrondir
from familles.models import Enfant, Famille

AGE_LIMITE = 6


@dataclass(frozen=True)
class Attestation:
    """What a payer may declare for a year, child by child."""

    famille: Famille
    annee: int
    lignes: tuple[tuple[Enfant, Decimal], ...]

    @property
    def total(self) -> Decimal:
        return sum((montant for _, montant in self.lignes), ZERO)


def a_moins_de_six_ans(naissance: date | None, annee: int) -> bool:
    """Under six on 1 January of that year: on that day itself the child is six."""
    return naissance is not None and naissance > date(annee - AGE_LIMITE, 1, 1)


def attestations(famille: Famille) -> dict[int, Attestation]:
    """Every year with something to certify, the latest first."""
    paye = _paye_par_annee(famille)
    lignes = _lignes(famille, paye)
    montants: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for facture, annees in paye.items():
        for annee, parts in par_annee(bases_nettes(lignes.get(facture, [])), annees).items():
            for (enfant, nature), montant in parts.items():
                if nature == NatureFiscale.GARDE and enfant is not None:
                    montants[annee][enfant] += montant
    enfants = {e.pk: e for e in Enfant.objects.filter(pk__in={e for m in montants.values() for e in m})}
    trouvees = {annee: _attester(famille, annee, montants[annee], enfants) for annee in montants}
    return {annee: a for annee, a in sorted(trouvees.items(), reverse=True) if a.total > 0}


def attestation(famille: Famille, annee: int) -> Attestation | None:
    return attestations(famille).get(annee)


def _attester(famille, annee, montants, enfants) -> Attestation:
    retenus = [
        (enfants[cle], montant)
        for cle, montant in montants.items()
        if montant > 0 and a_moins_de_six_ans(enfants[cle].date_naissance, annee)
    ]
    retenus.sort(key=lambda ligne: (ligne[0].date_naissance, ligne[0].prenom))
    return Attestation(famille, annee, tuple(retenus))


def _paye_par_annee(famille: Famille) -> dict[int, dict[int, Decimal]]:
    """Invoice → year of the payment → what it pays of it, takings back deducted."""
    lignes = (
        Imputation.objects.filter(facture__famille=famille)
        .values("facture", annee=ExtractYear("reglement__recu_le"))
        .annotate(net=Sum("montant"))
        .order_by("facture", "annee")
    )
    paye: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for ligne in lignes:
        paye[ligne["facture"]][ligne["annee"]] = arrondir(ligne["net"])
    return paye


def _lignes(famille: Famille, factures) -> dict[int, list]:
    """Invoice → ((child, tax nature), amount), with the lines of its credit notes."""
    lues = (
        LigneFacture.objects.filter(facture__famille=famille)
        .annotate(origine=Coalesce(F("facture__avoir_de"), F("facture")))
        .filter(origine__in=list(factures))
        .order_by("origine", "facture", "ordre")
        .values_list("origine", "enfant", "nature_fiscale", "montant")
    )
    lignes: dict[int, list] = defaultdict(list)
    for origine, enfant, nature, montant in lues:
        lignes[origine].append(((enfant, nature), montant))
    return lignes
