"""What a period would bill, read in bulk: the same number of queries for one family or for a town.

The issue of one invoice reads through here too, so that what was previewed is what is issued.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from facturation.brouillons import Anomalie, Brouillon, Unite, composer, jours_en_lettres
from facturation.enums import Cas, ModeTarif, NatureAnomalie
from facturation.grilles import grille_de
from facturation.models import Tarif, UniteFacturee
from facturation.tarifs import ZERO, Faits, Grille, Prix, SansPrix, prix
from familles.enums import TermeFacturation, UniteFacturation
from familles.francais import jour_chiffres, pluriel
from familles.models import (
    Enfant,
    Famille,
    FicheSanitaire,
    Prestation,
    QuotientFamilial,
    Regie,
    Residence,
)
from planning.consommation import Consommation, NatureConsommation, consommations
from planning.models import Cloture

CAS = {
    NatureConsommation.PRESENT: Cas.NORMAL,
    NatureConsommation.NON_POINTE: Cas.NORMAL,
    NatureConsommation.ABSENT_FACTURE: Cas.ABSENCE,
    NatureConsommation.ABSENT_NON_SIGNALE: Cas.ABSENCE,
    NatureConsommation.HORS_CONTRAT: Cas.HORS_CONTRAT,
}


@dataclass
class Apercu:
    """Drafts of a period, by family, and the services whose days must be closed first."""

    regie: Regie
    du: date
    au: date
    brouillons: list[Brouillon] = field(default_factory=list)
    familles: dict[int, Famille] = field(default_factory=dict)
    a_cloturer: list[Prestation] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """What the issue would bill: blocked families are left out."""
        return sum((b.total for b in self.brouillons if not b.bloque), ZERO)

    @property
    def emissibles(self) -> int:
        return sum(1 for b in self.brouillons if b.lignes and not b.bloque)

    @property
    def lignes(self) -> list[tuple[Famille, Brouillon]]:
        return [(self.familles[b.famille_id], b) for b in self.brouillons]


@dataclass(frozen=True)
class Donnees:
    """Facts of the families over the period; the latest row that holds a day wins."""

    prestations: dict[int, Prestation]
    tarifs: dict[int, list[Tarif]]
    grilles: dict[int, Grille]
    quotients: dict[int, list[QuotientFamilial]]
    residences: dict[int, list[Residence]]
    paniers: dict[int, FicheSanitaire]
    enfants: dict[int, Enfant]

    def tarif(self, prestation_id: int, jour: date) -> Tarif | None:
        return next((t for t in self.tarifs.get(prestation_id, ()) if t.du <= jour), None)

    def faits(self, consommation: Consommation, cas: str, forfait: bool) -> tuple[Faits, bool]:
        """Facts of that day, and whether the residence is known."""
        quotient = _du_jour(self.quotients.get(consommation.famille_id, ()), consommation.jour)
        residence = _du_jour(self.residences.get(consommation.famille_id, ()), consommation.jour)
        fiche = self.paniers.get(consommation.enfant_id)
        faits = Faits(
            quotient=quotient.valeur if quotient else None,
            dans_la_commune=residence.dans_la_commune if residence else True,
            pai=bool(fiche and (fiche.pai_fin is None or fiche.pai_fin >= consommation.jour)),
            tardive=consommation.tardive and not forfait,
            cas=cas,
        )
        return faits, residence is not None


def _du_jour(faits: Sequence, jour: date):
    return next((f for f in faits if f.tient_le(jour)), None)


def apercevoir(*, regie: Regie, du: date, au: date, famille: Famille | None = None) -> Apercu:
    """Drafts of the invoices of a régie for a period: of one family, or of all those who used something."""
    prestations = {p.pk: p for p in Prestation.objects.filter(regie=regie)}
    lues = consommations(prestations=list(prestations.values()), du=du, au=au, famille=famille)
    facturees = _deja_facturees(prestations, du, au, {c.enfant_id for c in lues} if famille else None)
    nouvelles = _a_facturer(lues, prestations, facturees)
    apercu = Apercu(regie=regie, du=du, au=au)
    if not nouvelles:
        return apercu
    donnees = _lire(prestations, nouvelles, du, au)
    par_famille: dict[int, list[Consommation]] = defaultdict(list)
    for consommation in nouvelles:
        par_famille[consommation.famille_id].append(consommation)
    apercu.familles = {
        f.pk: f for f in Famille.objects.filter(pk__in=par_famille).prefetch_related("responsables")
    }
    apercu.a_cloturer = _a_cloturer(prestations, nouvelles, du, au)
    apercu.brouillons = [
        _brouillon(apercu.familles[famille_id], liste, donnees) for famille_id, liste in par_famille.items()
    ]
    apercu.brouillons = [b for b in apercu.brouillons if b.lignes or b.anomalies]
    apercu.brouillons.sort(key=lambda b: (apercu.familles[b.famille_id].nom.upper(), b.famille_id))
    return apercu


# --- Reading -------------------------------------------------------------------------------------------


def _deja_facturees(prestations: Iterable[int], du: date, au: date, enfants: set[int] | None) -> set[tuple]:
    # A flat month stands under its first day, which may precede the period.
    unites = UniteFacturee.objects.en_vigueur().filter(
        prestation__in=list(prestations), jour__range=(du.replace(day=1), au)
    )
    if enfants is not None:
        unites = unites.filter(enfant__in=enfants)
    return set(unites.values_list("enfant", "prestation", "jour"))


def _a_facturer(
    lues: Iterable[Consommation], prestations: dict[int, Prestation], facturees: set[tuple]
) -> list[Consommation]:
    """What is not billed yet; of a flat month, its first day only."""
    retenues = []
    vues = set(facturees)
    for consommation in sorted(lues, key=lambda c: c.jour):
        cle = (
            consommation.enfant_id,
            consommation.prestation_id,
            _jour_de_l_unite(prestations[consommation.prestation_id], consommation.jour),
        )
        if cle not in vues:
            vues.add(cle)
            retenues.append(consommation)
    return retenues


def _jour_de_l_unite(prestation: Prestation, jour: date) -> date:
    return jour.replace(day=1) if prestation.unite == UniteFacturation.FORFAIT else jour


def _lire(prestations: dict[int, Prestation], lues: list[Consommation], du: date, au: date) -> Donnees:
    tarifs: dict[int, list[Tarif]] = defaultdict(list)
    for tarif in Tarif.objects.des(prestations).filter(du__lte=au):
        tarifs[tarif.prestation_id].append(tarif)
    tous = [t for liste in tarifs.values() for t in liste]
    familles = {c.famille_id for c in lues}
    enfants = Enfant.objects.in_bulk({c.enfant_id for c in lues})
    # Health data are opened only where a price depends on them.
    paniers = {}
    if any(t.prix_pai is not None for t in tous):
        fiches = FicheSanitaire.objects.filter(enfant__in=enfants).only("enfant_id", "pai", "pai_fin")
        paniers = {f.enfant_id: f for f in fiches if f.pai}
    return Donnees(
        prestations=prestations,
        tarifs=tarifs,
        grilles={t.pk: grille_de(t) for t in tous},
        quotients=_par_famille(QuotientFamilial.objects.connus_sur(du, au).filter(famille__in=familles)),
        residences=_par_famille(Residence.objects.connus_sur(du, au).filter(famille__in=familles)),
        paniers=paniers,
        enfants=enfants,
    )


def _par_famille(faits) -> dict[int, list]:
    groupes = defaultdict(list)
    for fait in faits:
        groupes[fait.famille_id].append(fait)
    return groupes


def _a_cloturer(prestations: dict[int, Prestation], lues: list[Consommation], du: date, au: date) -> list:
    """Services billed in arrears, used in the period, whose days are not all closed."""
    echues = {c.prestation_id for c in lues if prestations[c.prestation_id].terme == TermeFacturation.ECHU}
    closes: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for cloture in Cloture.objects.filter(prestation__in=echues, du__lte=au, au__gte=du).order_by("du"):
        closes[cloture.prestation_id].append((cloture.du, cloture.au))
    ouvertes = [prestations[pk] for pk in echues if not _couvre(closes[pk], du, au)]
    return sorted(ouvertes, key=lambda p: (p.ordre, p.nom))


def _couvre(periodes: list[tuple[date, date]], du: date, au: date) -> bool:
    """Whether the closed periods (sorted) leave no day of the period open."""
    for debut, fin in periodes:
        if debut > du:
            return False
        du = max(du, fin + timedelta(days=1))
        if du > au:
            return True
    return du > au


# --- One family ----------------------------------------------------------------------------------------


def _brouillon(famille: Famille, lues: list[Consommation], donnees: Donnees) -> Brouillon:
    brouillon = Brouillon(famille_id=famille.pk)
    constats: dict[tuple[str, int], list[tuple[date, Decimal]]] = defaultdict(list)
    unites = [u for c in lues if (u := _unite(c, donnees, constats)) is not None]
    brouillon.lignes = composer(unites)
    brouillon.anomalies = [
        _anomalie(nature, donnees.prestations[prestation_id], liste)
        for (nature, prestation_id), liste in constats.items()
    ]
    titulaire = famille.titulaire
    if titulaire is None or not (titulaire.adresse and titulaire.code_postal and titulaire.ville):
        brouillon.anomalies.append(
            Anomalie(NatureAnomalie.SANS_ADRESSE, "L’adresse du responsable est incomplète.", brouillon.total)
        )
    brouillon.anomalies.sort(key=lambda a: (not a.bloquante, -a.montant))
    return brouillon


def _unite(consommation: Consommation, donnees: Donnees, constats: dict) -> Unite | None:
    """The priced unit of a consumption, None when nothing is due; notes what is odd about it."""
    prestation = donnees.prestations[consommation.prestation_id]
    tarif = donnees.tarif(prestation.pk, consommation.jour)
    jour = _jour_de_l_unite(prestation, consommation.jour)

    def noter(nature: str, montant: Decimal = ZERO) -> None:
        constats[nature, prestation.pk].append((consommation.jour, montant))

    if tarif is None:
        noter(NatureAnomalie.SANS_TARIF)
        return None
    # A started month is due whatever its days were: present, absent or not called.
    forfait = prestation.unite == UniteFacturation.FORFAIT
    non_pointe = (
        consommation.nature == NatureConsommation.NON_POINTE
        and prestation.terme == TermeFacturation.ECHU
        and not forfait
    )
    if non_pointe and not tarif.facturer_non_pointe:
        noter(NatureAnomalie.NON_POINTE)
        return None
    grille = donnees.grilles[tarif.pk]
    cas = Cas.NORMAL if forfait else CAS[consommation.nature]
    faits, residence_connue = donnees.faits(consommation, cas, forfait)
    try:
        calcule: Prix = prix(grille, faits)
    except SansPrix:
        noter(NatureAnomalie.SANS_TARIF)
        return None
    if non_pointe:
        noter(NatureAnomalie.NON_POINTE, calcule.total)
    if faits.quotient is None and tarif.mode != ModeTarif.FIXE:
        noter(NatureAnomalie.QF_INCONNU, calcule.total)
    if not residence_connue and tarif.prix_hors_commune is not None:
        noter(NatureAnomalie.RESIDENCE_INCONNUE, calcule.total)
    if cas == Cas.HORS_CONTRAT:
        noter(NatureAnomalie.HORS_CONTRAT, calcule.total)
    return Unite(donnees.enfants[consommation.enfant_id], prestation, jour, calcule, cas)


PHRASES = {
    NatureAnomalie.SANS_TARIF: "aucun prix à cette date",
    NatureAnomalie.NON_POINTE: "appel non fait",
    NatureAnomalie.QF_INCONNU: "quotient familial inconnu, prix le plus haut",
    NatureAnomalie.RESIDENCE_INCONNUE: "commune de résidence inconnue, prix des habitants",
    NatureAnomalie.HORS_CONTRAT: "présence sans réservation",
}


def _anomalie(nature: str, prestation: Prestation, constats: list[tuple[date, Decimal]]) -> Anomalie:
    jours = sorted({jour for jour, _ in constats})
    montant = sum((m for _, m in constats), ZERO)
    quand = jours_en_lettres(jours) if len(jours) <= 5 else f"à partir du {jour_chiffres(jours[0])}"
    suite = ", non facturé" if nature == NatureAnomalie.NON_POINTE and not montant else ""
    phrase = f"{prestation.nom} : {PHRASES[nature]}{suite} ({pluriel(len(jours), 'jour', 'jours')}, {quand})."
    return Anomalie(nature, phrase, montant)
