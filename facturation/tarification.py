"""What a family owes for a period: days to bill, days to take back, and what is odd. No query here.

A day is billed once. What is billed in advance stays open: when a day billed no longer is due, or is due
for another reason, the next invoice takes it back and bills it anew. Where a month is judged as a whole (a
cap, an occasional price decided afterwards), the month is taken back and billed anew together.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from facturation.brouillons import Unite
from facturation.enums import Cas, ModeTarif, NatureAnomalie
from facturation.faits import CAS, Donnees
from facturation.models import Tarif
from facturation.tarifs import ZERO, Faits, Prix, SansPrix, forfait, prix
from familles.enums import TermeFacturation, UniteFacturation
from familles.models import Prestation
from planning.consommation import Consommation, NatureConsommation

PRESENCES = {Cas.NORMAL, Cas.HORS_CONTRAT}
PLUS_DU = "ce jour n’est plus dû"
AUTREMENT = "il est dû autrement"
Cle = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class Facturee:
    """A unit in force: who was billed, for what, how much."""

    pk: int
    famille_id: int
    enfant_id: int
    prestation_id: int
    jour: date
    cas: str
    montant: Decimal
    creditee: bool  # a credit note gave it back without freeing the day: it stays as it is

    @property
    def cle(self) -> Cle:
        return (self.enfant_id, self.prestation_id, self.jour)


@dataclass(frozen=True)
class Periode:
    """What is billed, and the months already billed in advance whose differences come along."""

    du: date
    au: date
    rouverts: frozenset[tuple[int, date]] = frozenset()
    rectifiee: bool = False  # a correction opens what was closed

    def tient(self, prestation_id: int, jour: date) -> bool:
        return self.du <= jour <= self.au or (
            jour < self.du and (prestation_id, jour.replace(day=1)) in self.rouverts
        )


@dataclass
class Compte:
    """Of one family: what would be billed, taken back (unit → why), and noticed."""

    unites: list[Unite] = field(default_factory=list)
    reprises: dict[int, str] = field(default_factory=dict)
    constats: dict[tuple[str, int], list[tuple[date, Decimal]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def noter(self, nature: str, lue: Consommation, montant: Decimal = ZERO) -> None:
        self.constats[nature, lue.prestation_id].append((lue.jour, montant))


def avec_carence(lues: Iterable[Consommation], donnees: Donnees) -> list[Consommation]:
    """Of each run of excused absences, the first days that the règlement bills all the same."""
    retenues, suites = [], defaultdict(int)
    for lue in sorted(lues, key=lambda c: c.jour):
        suite = (lue.enfant_id, lue.prestation_id)
        if lue.nature != NatureConsommation.ABSENT_EXCUSE:
            suites[suite] = 0
            retenues.append(lue)
            continue
        suites[suite] += 1
        tarif = donnees.tarif(lue.prestation_id, lue.enfant_id, lue.jour)
        if tarif is not None and suites[suite] <= tarif.jours_carence:
            retenues.append(_facturee_quand_meme(lue))
    return retenues


def _facturee_quand_meme(lue: Consommation) -> Consommation:
    return Consommation(
        lue.famille_id,
        lue.enfant_id,
        lue.prestation_id,
        lue.jour,
        lue.inscription_id,
        NatureConsommation.ABSENT_FACTURE,
        lue.tardive,
        lue.occasionnelle,
    )


def jour_de_l_unite(prestation: Prestation, jour: date) -> date:
    return jour.replace(day=1) if prestation.unite == UniteFacturation.FORFAIT else jour


class Tarification:
    """The days of one family, against what was already billed."""

    def __init__(
        self,
        lues: Iterable[Consommation],
        siennes: dict[Cle, Facturee],
        occupees: Collection[Cle],
        donnees: Donnees,
        periode: Periode,
        prix_connus: dict,
    ):
        self.donnees, self.periode, self.prix_connus = donnees, periode, prix_connus
        self.prestations = donnees.tarifs.prestations
        self.compte = Compte()
        self.dues: dict[Cle, Consommation] = {}
        for lue in lues:
            cle = (
                lue.enfant_id,
                lue.prestation_id,
                jour_de_l_unite(self.prestations[lue.prestation_id], lue.jour),
            )
            # Of a flat month, its first day only.
            self.dues.setdefault(cle, lue)
        self.siennes, self.occupees = siennes, occupees

    def calculer(self) -> Compte:
        groupes: dict[tuple, list[Cle]] = defaultdict(list)
        for cle in self.dues:
            groupes[self._groupe(cle)].append(cle)
        for groupe, cles in groupes.items():
            if groupe[-1] is None:
                self._juger_le_jour(cles[0])
            else:
                self._juger_le_mois(groupe, cles)
        for cle, unite in self.siennes.items():
            if cle not in self.dues and self._ouverte(unite) and self._groupe(cle) not in groupes:
                self.compte.reprises[unite.pk] = PLUS_DU
        return self.compte

    def _groupe(self, cle: Cle) -> tuple:
        """Days that are judged together: alone, or with the others of the month at the same dated price."""
        enfant_id, prestation_id, jour = cle
        if not self.donnees.tarifs.juge_le_mois:
            return (*cle, None)
        tarif = self.donnees.tarif(prestation_id, enfant_id, jour)
        forfait_du_mois = self.prestations[prestation_id].unite == UniteFacturation.FORFAIT
        if tarif is None or forfait_du_mois or not self.donnees.tarifs.grilles[tarif.pk].juge_le_mois:
            return (*cle, None)
        return (enfant_id, prestation_id, jour.replace(day=1), tarif.pk)

    def _ouverte(self, unite: Facturee) -> bool:
        """Billed in advance, and nobody gave it back already."""
        if unite.creditee:
            return False
        if not self.periode.rectifiee:
            return self.prestations[unite.prestation_id].terme == TermeFacturation.A_ECHOIR
        # The corrected day alone, unless it moves the first day of an illness.
        du_jour = jour_de_l_unite(self.prestations[unite.prestation_id], self.periode.du)
        return unite.jour == du_jour or self.donnees.tarifs.carence

    # --- A day ---------------------------------------------------------------------------------------

    def _juger_le_jour(self, cle: Cle) -> None:
        lue, facturee = self.dues[cle], self.siennes.get(cle)
        if facturee is None:
            if cle not in self.occupees and self.periode.tient(lue.prestation_id, lue.jour):
                self._facturer(self._unite(cle, 0, self.compte.noter))
            return
        if not self._ouverte(facturee) or facturee.cas == self._cas(lue):
            return
        unite = self._unite(cle, 0, self.compte.noter)
        if unite is not None and unite.prix.total != facturee.montant:
            self.compte.reprises[facturee.pk] = AUTREMENT
            self.compte.unites.append(unite)

    def _facturer(self, unite: Unite | None) -> None:
        if unite is not None:
            self.compte.unites.append(unite)

    def _cas(self, lue: Consommation) -> str:
        forfait_du_mois = self.prestations[lue.prestation_id].unite == UniteFacturation.FORFAIT
        return Cas.NORMAL if forfait_du_mois else CAS[lue.nature]

    # --- A month -------------------------------------------------------------------------------------

    def _juger_le_mois(self, groupe: tuple, cles: list[Cle]) -> None:
        anciennes = {c: u for c, u in self.siennes.items() if self._groupe(c) == groupe}
        a_facturer = [
            c
            for c in cles
            if c in anciennes or (c not in self.occupees and self.periode.tient(c[1], self.dues[c].jour))
        ]
        if not set(a_facturer) - set(anciennes) and not any(
            self._ouverte(u) and (c not in self.dues or self._cas(self.dues[c]) != u.cas)
            for c, u in anciennes.items()
        ):
            return
        a_facturer = [c for c in a_facturer if not (c in anciennes and anciennes[c].creditee)]
        reprenables = [u for u in anciennes.values() if not u.creditee]
        constats = Compte()
        unites = self._mois(a_facturer, constats.noter)
        if reprenables and _total(unites) == sum((u.montant for u in reprenables), ZERO):
            return
        for unite in reprenables:
            self.compte.reprises[unite.pk] = AUTREMENT
        self.compte.unites += unites
        for cle, liste in constats.constats.items():
            self.compte.constats[cle] += liste

    def _mois(self, cles: list[Cle], noter: Callable) -> list[Unite]:
        """The month priced together: who came counts every day of it, the flat covers the ordinary ones."""
        presences = sum(self._cas(self.dues[c]) in PRESENCES for c in cles)
        unites = [u for c in sorted(cles, key=lambda c: c[2]) if (u := self._unite(c, presences, noter))]
        if not unites:
            return []
        tarif = self.donnees.tarif(cles[0][1], cles[0][0], cles[0][2])
        ordinaires = [u for u in unites if u.prix.ordinaire]
        du_mois = forfait(self.donnees.tarifs.grilles[tarif.pk], [u.prix for u in ordinaires], presences)
        if du_mois is None:
            return unites
        parts = [
            Unite(
                u.enfant,
                u.prestation,
                u.jour,
                Prix(part, du_mois.explication, u.prix.majoration, u.prix.motif_majoration),
                u.cas,
                forfait=du_mois.montant,
            )
            for u, part in zip(ordinaires, du_mois.parts, strict=True)
        ]
        return parts + [u for u in unites if not u.prix.ordinaire]

    # --- A price -------------------------------------------------------------------------------------

    def _unite(self, cle: Cle, presences: int, noter: Callable) -> Unite | None:
        """The priced unit of a consumption, None when nothing is due; notes what is odd about it."""
        lue = self.dues[cle]
        prestation = self.prestations[lue.prestation_id]
        tarif = self.donnees.tarif(prestation.pk, lue.enfant_id, lue.jour)
        if tarif is None:
            noter(NatureAnomalie.SANS_TARIF, lue)
            return None
        non_pointe = (
            lue.nature == NatureConsommation.NON_POINTE
            and prestation.terme == TermeFacturation.ECHU
            and prestation.unite != UniteFacturation.FORFAIT
        )
        if non_pointe and not tarif.facturer_non_pointe:
            noter(NatureAnomalie.NON_POINTE, lue)
            return None
        faits = self.donnees.faits(lue, presences)
        try:
            calcule = self._prix(tarif, faits)
        except SansPrix:
            noter(NatureAnomalie.SANS_TARIF, lue)
            return None
        if non_pointe:
            noter(NatureAnomalie.NON_POINTE, lue, calcule.total)
        self._signaler(tarif, faits, lue, calcule, noter)
        return Unite(self.donnees.enfants[lue.enfant_id], prestation, cle[2], calcule, faits.cas)

    def _signaler(
        self, tarif: Tarif, faits: Faits, lue: Consommation, calcule: Prix, noter: Callable
    ) -> None:
        if tarif.mode != ModeTarif.FIXE:
            connu = self.donnees.quotient(lue.famille_id, lue.jour)
            if connu.expire:
                noter(NatureAnomalie.QF_EXPIRE, lue, calcule.total)
            elif connu.valeur is None:
                noter(NatureAnomalie.QF_INCONNU, lue, calcule.total)
        if tarif.prix_hors_commune is not None and self.donnees.residence(lue.famille_id, lue.jour) is None:
            noter(NatureAnomalie.RESIDENCE_INCONNUE, lue, calcule.total)
        if faits.cas == Cas.HORS_CONTRAT:
            noter(NatureAnomalie.HORS_CONTRAT, lue, calcule.total)

    def _prix(self, tarif: Tarif, faits: Faits) -> Prix:
        # Many days of many children have the same facts.
        connus = self.prix_connus.setdefault(tarif.pk, {})
        connu = connus.get(faits)
        if connu is None:
            connu = connus[faits] = prix(self.donnees.tarifs.grilles[tarif.pk], faits)
        return connu


def _total(unites: Collection[Unite]) -> Decimal:
    return sum((u.prix.total for u in unites), ZERO)
