"""Yearly tax certificate (CGI art. 200 quater B): care of children under six, paid in the calendar year.

Meals, penalties and other lines never count. A payment counts in the year it was received; one that was taken
back counts no more. Each payer has one, of what he or she bore (`Reglement.payeurs`); what a couple paid is
on one for both, for ever: a separation changes no certificate of the years before.
Five queries, whatever the number of invoices and of families.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.functions import Coalesce, ExtractYear

from facturation.models import Imputation, LigneFacture, Reglement
from facturation.ventilation import ZERO, bases_nettes, par_annee
from familles.enums import NatureFiscale
from familles.francais import arrondir
from familles.horloge import aujourdhui
from familles.models import Enfant, Famille, Regie, Responsable

AGE_LIMITE = 6
PERSONNE = 0  # in place of a payer, or of the other of a couple
Qui = tuple[int, int]  # one who paid alone, or a couple


@dataclass(frozen=True)
class Attestation:
    """What a payer may declare for a year, child by child."""

    famille: Famille
    annee: int
    lignes: tuple[tuple[Enfant, Decimal], ...]
    payeurs: tuple[Responsable, ...] = ()
    regies: tuple[Regie, ...] = ()  # that received it

    @property
    def total(self) -> Decimal:
        return sum((montant for _, montant in self.lignes), ZERO)


def a_moins_de_six_ans(naissance: date | None, annee: int) -> bool:
    """Under six on 1 January of that year: on that day itself the child is six."""
    return naissance is not None and naissance > date(annee - AGE_LIMITE, 1, 1)


def attestations(famille: Famille) -> dict[int, tuple[Attestation, ...]]:
    """Every year with something to certify, the latest first; one per payer."""
    return attestations_des([famille])[famille.pk]


def annees_a_attester() -> list[int]:
    """Years that are over and in which something was received, the latest first."""
    annees = Reglement.objects.order_by().values_list(ExtractYear("recu_le"), flat=True).distinct()
    return sorted((annee for annee in annees if annee < aujourdhui().year), reverse=True)


def attestations_de_l_annee(annee: int) -> list[Attestation]:
    """Of all the families, in the order of the post."""
    payees = Imputation.objects.filter(
        reglement__recu_le__year=annee, facture__lignes__nature_fiscale=NatureFiscale.GARDE
    )
    familles = Famille.objects.filter(pk__in=payees.values("facture__famille"))
    lues = attestations_des(list(familles.prefetch_related("responsables")))
    return sorted((a for annees in lues.values() for a in annees.get(annee, ())), key=_a_la_poste)


def _a_la_poste(attestation: Attestation) -> tuple:
    payeur = attestation.payeurs[0] if attestation.payeurs else None
    adresse = (payeur.code_postal, payeur.ville.upper(), payeur.appel) if payeur else ("", "", "")
    return (*adresse, attestation.famille.numero)


def attestations_des(familles: Sequence[Famille]) -> dict[int, dict[int, tuple[Attestation, ...]]]:
    """By family and year; the adults are read with the families."""
    cles = [f.pk for f in familles]
    paye = _paye_par_annee(cles)
    lignes = _lignes(cles, paye)
    par_cle = {f.pk: f for f in familles}
    recus: dict[tuple[int, int], dict[Qui, Recu]] = defaultdict(lambda: defaultdict(Recu))
    for (famille, facture, regie), annees in paye.items():
        for (annee, payeur), parts in par_annee(bases_nettes(lignes.get(facture, [])), annees).items():
            qui = payeur if payeur != (PERSONNE, PERSONNE) else (_titulaire(par_cle[famille]), PERSONNE)
            for (enfant, nature), montant in parts.items():
                if nature == NatureFiscale.GARDE and enfant is not None and montant:
                    recus[famille, annee][qui].ajouter(enfant, montant, regie)
    tous = [recu for siens in recus.values() for recu in siens.values()]
    connus = Connus(
        Enfant.objects.in_bulk({e for recu in tous for e in recu.montants}),
        Regie.objects.in_bulk({r for recu in tous for r in recu.regies}),
        Responsable.objects.in_bulk({cle for siens in recus.values() for qui in siens for cle in qui}),
    )
    trouvees: dict[int, dict[int, tuple[Attestation, ...]]] = {f.pk: {} for f in familles}
    for famille, annee in sorted(recus, key=lambda c: -c[1]):
        siennes = connus.attester(par_cle[famille], annee, recus[famille, annee])
        if siennes:
            trouvees[famille][annee] = siennes
    return trouvees


def _titulaire(famille: Famille) -> int:
    """For a payment that names nobody."""
    return min(((a.rang, a.pk) for a in famille.responsables.all()), default=(0, PERSONNE))[1]


@dataclass
class Recu:
    """What was received of a payer in a year: by child, and by which régies."""

    montants: dict[int, Decimal] = field(default_factory=dict)
    regies: set[int] = field(default_factory=set)

    def ajouter(self, enfant: int, montant: Decimal, regie: int) -> None:
        self.montants[enfant] = self.montants.get(enfant, ZERO) + montant
        self.regies.add(regie)


@dataclass(frozen=True)
class Connus:
    enfants: dict[int, Enfant]
    regies: dict[int, Regie]
    adultes: dict[int, Responsable]

    def attester(self, famille: Famille, annee: int, recus: dict[Qui, Recu]) -> tuple[Attestation, ...]:
        """One for each payer: the couple's first, then the holder's."""
        trouvees = []
        for qui in sorted(recus, key=self._rang):
            lignes = self._lignes(recus[qui].montants, annee)
            if lignes:
                payeurs = tuple(self.adultes[cle] for cle in qui if cle != PERSONNE)
                signataires = tuple(self.regies[cle] for cle in sorted(recus[qui].regies))
                trouvees.append(Attestation(famille, annee, lignes, payeurs, signataires))
        return tuple(trouvees)

    def _rang(self, qui: Qui) -> tuple[bool, int, Qui]:
        premier = self.adultes.get(qui[0])
        return (qui[1] == PERSONNE, premier.rang if premier else 0, qui)

    def _lignes(self, montants: dict[int, Decimal], annee: int) -> tuple[tuple[Enfant, Decimal], ...]:
        """The children who were young enough, the eldest first."""
        retenus = [
            (self.enfants[cle], montant)
            for cle, montant in montants.items()
            if montant > 0 and a_moins_de_six_ans(self.enfants[cle].date_naissance, annee)
        ]
        return tuple(sorted(retenus, key=lambda ligne: (ligne[0].date_naissance, ligne[0].prenom)))


def _paye_par_annee(familles: Sequence[int]) -> dict[tuple[int, int, int], dict[tuple[int, Qui], Decimal]]:
    """(Family, invoice, régie) → (year, payers) of the payment → its part, takings back deducted."""
    lignes = (
        Imputation.objects.filter(facture__famille__in=familles)
        .annotate(
            annee=ExtractYear("reglement__recu_le"),
            payeur=Coalesce("reglement__payeur", PERSONNE),
            avec=Coalesce("reglement__avec", PERSONNE),
        )
        .values("facture", "facture__famille", "facture__regie", "annee", "payeur", "avec")
        .annotate(net=Sum("montant"))
        .order_by("facture", "annee", "payeur", "avec")
    )
    paye: dict[tuple[int, int, int], dict[tuple[int, Qui], Decimal]] = defaultdict(dict)
    for ligne in lignes:
        cle = (ligne["facture__famille"], ligne["facture"], ligne["facture__regie"])
        paye[cle][ligne["annee"], (ligne["payeur"], ligne["avec"])] = arrondir(ligne["net"])
    return paye


def _lignes(familles: Sequence[int], paye: Iterable[tuple[int, int, int]]) -> dict[int, list]:
    """Invoice → ((child, tax nature), amount), with the lines of its credit notes."""
    lues = (
        LigneFacture.objects.filter(facture__famille__in=familles)
        .annotate(origine=Coalesce(F("facture__avoir_de"), F("facture")))
        .filter(origine__in=[facture for _, facture, _ in paye])
        .order_by("origine", "facture", "ordre")
        .values_list("origine", "enfant", "nature_fiscale", "montant")
    )
    lignes: dict[int, list] = defaultdict(list)
    for origine, enfant, nature, montant in lues:
        lignes[origine].append(((enfant, nature), montant))
    return lignes
