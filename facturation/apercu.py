"""What a period would bill, read in bulk: the same number of queries for one family or for a town.

The issue of invoices reads through here too, so that what was previewed is what is issued.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Avg, Q
from django.db.models.functions import TruncMonth

from facturation.brouillons import Anomalie, Brouillon, Reprise, composer, jours_en_lettres
from facturation.enums import NatureAnomalie
from facturation.faits import Donnees, Tarifs, lire_donnees, lire_tarifs
from facturation.frais import frais_de_l_annee
from facturation.models import Facture, UniteFacturee
from facturation.tarification import Compte, Facturee, Periode, Tarification, avec_carence
from facturation.tarifs import ZERO, fin_de_mois, plus_mois
from familles.enums import TermeFacturation
from familles.francais import arrondir, euros, jour_chiffres, pluriel
from familles.models import Famille, Prestation, Regie
from planning.consommation import Consommation, consommations
from planning.models import Cloture

# Days billed in advance stay open to absences; beyond, the accountant rectifies them one by one.
MOIS_OUVERTS = 2
FOIS_L_HABITUDE = 3


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

    @property
    def anomalies(self) -> list[tuple[Famille, Anomalie]]:
        """What blocks first, then what is most at stake."""
        toutes = [(self.familles[b.famille_id], a) for b in self.brouillons for a in b.anomalies]
        return sorted(toutes, key=lambda fa: (not fa[1].bloquante, -fa[1].montant))


def apercevoir(
    *,
    regie: Regie,
    du: date,
    au: date,
    familles: Collection[int] | None = None,
    seulement: tuple[int, int] | None = None,
) -> Apercu:
    """Drafts of the invoices of a régie for a period: of some families, or of all who used something.

    `seulement` (child, prestation): the difference that a corrected day makes, closed or not.
    """
    apercu = Apercu(regie=regie, du=du, au=au)
    prestations = {p.pk: p for p in Prestation.objects.filter(regie=regie)}
    comptes, donnees, periode = _compter(regie, prestations, du, au, familles, seulement)
    apercu.familles = _lire_familles(comptes)
    apercu.a_cloturer = _a_cloturer(prestations, comptes.values(), du, au)
    reprises = _detailler(comptes.values())
    habitudes = _habitudes(regie, comptes, du)
    for famille_id, compte in comptes.items():
        famille = apercu.familles[famille_id]
        brouillon = _brouillon(famille, compte, reprises, donnees, periode)
        apercu.brouillons.append(_comparer(brouillon, habitudes.get(famille_id)))
    apercu.brouillons.sort(key=lambda b: (apercu.familles[b.famille_id].nom.upper(), b.famille_id))
    return apercu


def _compter(
    regie: Regie, prestations: dict[int, Prestation], du: date, au: date, familles, seulement
) -> tuple[dict[int, Compte], Donnees, Periode]:
    """What each family owes, or is owed, of which something is to be written."""
    tarifs = lire_tarifs(regie, prestations, au)
    periode = Periode(du, au, rectifiee=seulement is not None)
    ouverture = _ouverture(tarifs, du)
    # A corrected day may change what the days after it cost.
    fin = fin_de_mois(au) if seulement else au
    lues = _lire(tarifs, ouverture, fin, familles)
    facturees = _deja_facturees(prestations, ouverture, fin, lues, familles)
    if seulement is None:
        periode = replace(periode, rouverts=_mois_rouverts(prestations, ouverture, du))
    else:
        lues = [c for c in lues if (c.enfant_id, c.prestation_id) == seulement]
        facturees = {cle: u for cle, u in facturees.items() if cle[:2] == seulement}
    if not lues and not facturees:
        return {}, Donnees(tarifs), periode
    donnees = lire_donnees(tarifs, lues, ouverture, fin)
    comptes = _tarifer(avec_carence(lues, donnees), facturees, donnees, periode)
    du_mois = [] if seulement else [c for c in lues if c.jour >= du]
    for famille_id, unites in frais_de_l_annee(regie, du_mois, donnees).items():
        comptes[famille_id].unites += unites
    a_ecrire = {f: c for f, c in comptes.items() if c.unites or c.reprises or c.constats}
    return a_ecrire, donnees, periode


# --- Reading -------------------------------------------------------------------------------------------


def _ouverture(tarifs: Tarifs, du: date) -> date:
    """From when what was used may still change an invoice: a month is judged whole, advances stay open,
    an illness may have begun the month before.
    """
    a_echoir = any(p.terme == TermeFacturation.A_ECHOIR for p in tarifs.prestations.values())
    recul = MOIS_OUVERTS if a_echoir else int(tarifs.carence)
    return plus_mois(du.replace(day=1), -recul)


def _lire(tarifs: Tarifs, ouverture: date, au: date, familles) -> list[Consommation]:
    return consommations(
        prestations=list(tarifs.prestations.values()),
        du=ouverture,
        au=au,
        familles=familles,
        excusees=tarifs.carence,
    )


def _deja_facturees(prestations, ouverture: date, au: date, lues, familles) -> dict[tuple, Facturee]:
    # A flat month stands under its first day, which may precede the period.
    unites = UniteFacturee.objects.en_vigueur().filter(
        prestation__in=list(prestations), jour__range=(ouverture, au)
    )
    if familles is not None:
        unites = unites.filter(Q(famille__in=familles) | Q(enfant__in={c.enfant_id for c in lues}))
    champs = ("pk", "famille", "enfant", "prestation", "jour", "cas", "montant", "annulee_par")
    lignes = (Facturee(*ligne[:-1], ligne[-1] is not None) for ligne in unites.values_list(*champs))
    return {u.cle: u for u in lignes}


def _mois_rouverts(prestations, ouverture: date, du: date) -> frozenset[tuple[int, date]]:
    """Months already billed in advance: what is new in them comes with the next invoice."""
    a_echoir = [p.pk for p in prestations.values() if p.terme == TermeFacturation.A_ECHOIR]
    if not a_echoir:
        return frozenset()
    unites = UniteFacturee.objects.filter(prestation__in=a_echoir, jour__range=(ouverture, du))
    mois = unites.annotate(mois=TruncMonth("jour")).order_by().values_list("prestation", "mois").distinct()
    return frozenset(mois)


def _tarifer(lues, facturees: dict, donnees: Donnees, periode: Periode) -> dict[int, Compte]:
    par_famille: dict[int, list[Consommation]] = defaultdict(list)
    for lue in lues:
        par_famille[lue.famille_id].append(lue)
    siennes: dict[int, dict] = defaultdict(dict)
    for cle, unite in facturees.items():
        siennes[unite.famille_id][cle] = unite
    prix_connus: dict = {}
    comptes: dict[int, Compte] = defaultdict(Compte)
    for famille_id in {*par_famille, *siennes}:
        tarification = Tarification(
            par_famille[famille_id], siennes[famille_id], facturees, donnees, periode, prix_connus
        )
        comptes[famille_id] = tarification.calculer()
    return comptes


def _lire_familles(pks: Iterable[int]) -> dict[int, Famille]:
    return {f.pk: f for f in Famille.objects.filter(pk__in=list(pks)).prefetch_related("responsables")}


def _detailler(comptes: Iterable[Compte]) -> dict[int, Reprise]:
    """What the units to take back said on their invoice: one query, none when nothing is taken back."""
    raisons = {pk: raison for compte in comptes for pk, raison in compte.reprises.items()}
    if not raisons:
        return {}
    unites = UniteFacturee.objects.filter(pk__in=raisons).select_related(
        "enfant", "prestation", "facture", "ligne"
    )
    return {u.pk: reprise_de(u, raisons[u.pk]) for u in unites}


def reprise_de(unite: UniteFacturee, raison: str) -> Reprise:
    return Reprise(
        unite_id=unite.pk,
        enfant=unite.enfant,
        prestation=unite.prestation,
        frais_id=unite.frais_id,
        jour=unite.jour,
        cas=unite.cas,
        montant=unite.montant,
        majoration=unite.majoration,
        # A day that a credit note re-established belongs to the invoice which that note corrects.
        facture_id=unite.facture.avoir_de_id or unite.facture_id,
        numero=unite.facture.numero_imprime,
        ligne_id=unite.ligne_id,
        libelle=unite.ligne.libelle,
        nature_fiscale=unite.ligne.nature_fiscale,
        ligne_majoration_id=unite.ligne_majoration_id,
        raison=raison,
    )


def _habitudes(regie: Regie, familles: Iterable[int], du: date) -> dict[int, Decimal]:
    """What each family is billed on average, over the year before."""
    factures = Facture.objects.factures().filter(
        regie=regie, famille__in=list(familles), total__gt=0, au__range=(plus_mois(du, -12), du)
    )
    return dict(factures.order_by().values_list("famille").annotate(Avg("total")))


def _a_cloturer(
    prestations: dict[int, Prestation], comptes: Collection[Compte], du: date, au: date
) -> list[Prestation]:
    """Services billed in arrears, to bill in the period, whose days are not all closed."""
    a_facturer = {u.prestation.pk for c in comptes for u in c.unites if u.prestation}
    a_facturer |= {prestation_id for c in comptes for _, prestation_id in c.constats}
    echues = {pk for pk in a_facturer if prestations[pk].terme == TermeFacturation.ECHU}
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


def _brouillon(
    famille: Famille, compte: Compte, reprises: dict[int, Reprise], donnees: Donnees, periode: Periode
) -> Brouillon:
    brouillon = Brouillon(famille_id=famille.pk)
    siennes = [reprises[pk] for pk in compte.reprises]
    brouillon.lignes = composer(compte.unites, siennes, periode.du, periode.au)
    brouillon.anomalies = [
        _anomalie(nature, donnees.tarifs.prestations[prestation_id], liste)
        for (nature, prestation_id), liste in compte.constats.items()
    ]
    titulaire = famille.titulaire
    if titulaire is None or not (titulaire.adresse and titulaire.code_postal and titulaire.ville):
        brouillon.anomalies.append(
            Anomalie(NatureAnomalie.SANS_ADRESSE, "L’adresse du responsable est incomplète.", brouillon.total)
        )
    brouillon.anomalies.sort(key=lambda a: (not a.bloquante, -a.montant))
    return brouillon


def _comparer(brouillon: Brouillon, habitude: Decimal | None) -> Brouillon:
    total = brouillon.total
    if habitude and total >= FOIS_L_HABITUDE * habitude:
        phrase = f"Trois fois l’habitude, ou plus : {euros(total)} au lieu de {euros(habitude)} en moyenne."
        brouillon.anomalies.append(Anomalie(NatureAnomalie.INHABITUEL, phrase, total - arrondir(habitude)))
    return brouillon


PHRASES = {
    NatureAnomalie.SANS_TARIF: "aucun prix à cette date",
    NatureAnomalie.NON_POINTE: "appel non fait",
    NatureAnomalie.QF_INCONNU: "quotient familial inconnu, prix le plus haut",
    NatureAnomalie.QF_EXPIRE: "quotient familial expiré",
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
