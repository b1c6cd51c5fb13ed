"""Facts that set the price of a day, read in bulk: the same number of queries for one family or for a town.

What no price depends on is not read: health data least of all.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F

from facturation.enums import Cas, ModeTarif
from facturation.grilles import choisir, grille_de
from facturation.models import ReglesFacturation, Tarif
from facturation.tarifs import (
    Ecart,
    Faits,
    Grille,
    QuotientConnu,
    QuotientDuJour,
    debut_annee,
    pardons,
    quotient_du_jour,
    rangs_hors_contrat,
)
from familles.enums import UniteFacturation
from familles.models import (
    Enfant,
    FicheSanitaire,
    Prestation,
    QuotientFamilial,
    Rattachement,
    Regie,
    Residence,
    Scolarite,
)
from planning.consommation import Consommation, NatureConsommation, ecarts

CAS = {
    NatureConsommation.PRESENT: Cas.NORMAL,
    NatureConsommation.NON_POINTE: Cas.NORMAL,
    NatureConsommation.ABSENT_FACTURE: Cas.ABSENCE,
    NatureConsommation.ABSENT_NON_SIGNALE: Cas.ABSENCE,
    NatureConsommation.HORS_CONTRAT: Cas.HORS_CONTRAT,
}

AINES = [F("enfant__date_naissance").asc(nulls_last=True), "enfant"]


@dataclass
class Tarifs:
    """Dated prices of the services of a régie, and its rules."""

    prestations: dict[int, Prestation]
    tarifs: dict[int, list[Tarif]]
    grilles: dict[int, Grille]
    regles: ReglesFacturation

    @property
    def tous(self) -> list[Tarif]:
        return [t for liste in self.tarifs.values() for t in liste]

    def un(self, critere: Callable[[Tarif], Any]) -> bool:
        return any(critere(t) for t in self.tous)

    @cached_property
    def juge_le_mois(self) -> bool:
        return any(g.juge_le_mois for g in self.grilles.values())

    @cached_property
    def carence(self) -> bool:
        return self.un(lambda t: t.jours_carence)

    @property
    def compte_l_annee(self) -> bool:
        return bool(self.regles.erreurs_pardonnees) or self.un(lambda t: t.hors_contrat_des > 1)


def lire_tarifs(regie: Regie, prestations: dict[int, Prestation], au: date) -> Tarifs:
    """Three queries for the prices, one for the rules."""
    tarifs: dict[int, list[Tarif]] = defaultdict(list)
    for tarif in Tarif.objects.des(prestations).filter(du__lte=au):
        tarifs[tarif.prestation_id].append(tarif)
    grilles = {t.pk: grille_de(t) for liste in tarifs.values() for t in liste}
    regles = ReglesFacturation.objects.filter(regie=regie).first() or ReglesFacturation(regie=regie)
    return Tarifs(prestations, tarifs, grilles, regles)


@dataclass
class Donnees:
    """Facts of families over a period; of two rows that hold a day, the latest wins."""

    tarifs: Tarifs
    enfants: dict[int, Enfant] = field(default_factory=dict)
    quotients: dict[int, list[QuotientConnu]] = field(default_factory=dict)
    residences: dict[int, list[Residence]] = field(default_factory=dict)
    scolarites: dict[int, list[Scolarite]] = field(default_factory=dict)
    fratries: dict[int, list[Rattachement]] = field(default_factory=dict)
    paniers: dict[int, FicheSanitaire] = field(default_factory=dict)
    pardons: dict[tuple, str] = field(default_factory=dict)
    rangs_hors_contrat: dict[tuple, int] = field(default_factory=dict)
    # Asked for each day of each child and service: worked out once.
    tarifs_connus: dict[tuple, Tarif | None] = field(default_factory=dict)
    quotients_connus: dict[tuple[int, date], QuotientDuJour] = field(default_factory=dict)

    def tarif(self, prestation_id: int, enfant_id: int, jour: date) -> Tarif | None:
        niveaux = self._niveaux(enfant_id, jour) if self.scolarites else ()
        cle = (prestation_id, jour, niveaux)
        if cle not in self.tarifs_connus:
            self.tarifs_connus[cle] = choisir(self.tarifs.tarifs.get(prestation_id, ()), jour, niveaux)
        return self.tarifs_connus[cle]

    def _niveaux(self, enfant_id: int, jour: date) -> tuple[str, ...]:
        scolarite = next((s for s in self.scolarites.get(enfant_id, ()) if _tient(s, jour)), None)
        return (scolarite.niveau.strip().upper(), scolarite.classe.strip().upper()) if scolarite else ()

    def quotient(self, famille_id: int, jour: date) -> QuotientDuJour:
        cle = (famille_id, jour)
        if cle not in self.quotients_connus:
            regles, connus = self.tarifs.regles, self.quotients.get(famille_id, ())
            self.quotients_connus[cle] = quotient_du_jour(
                connus, jour, regles.effet_quotient, regles.mois_quotient_garde
            )
        return self.quotients_connus[cle]

    def residence(self, famille_id: int, jour: date) -> Residence | None:
        return next((r for r in self.residences.get(famille_id, ()) if r.tient_le(jour)), None)

    def rang(self, famille_id: int, enfant_id: int, jour: date) -> int:
        """Of the child among those that the paying family holds that day, the eldest first."""
        fratrie = [r.enfant_id for r in self.fratries.get(famille_id, ()) if _tient(r, jour)]
        return fratrie.index(enfant_id) + 1 if enfant_id in fratrie else 1

    def faits(self, lue: Consommation, presences: int) -> Faits:
        """Of that day: who pays, where they live, what they earn, what happened."""
        forfait = self.tarifs.prestations[lue.prestation_id].unite == UniteFacturation.FORFAIT
        quotient = self.quotient(lue.famille_id, lue.jour)
        residence = self.residence(lue.famille_id, lue.jour)
        fiche = self.paniers.get(lue.enfant_id)
        cle = (lue.enfant_id, lue.prestation_id, lue.jour)
        return Faits(
            quotient=quotient.valeur,
            quotient_prolonge=quotient.prolonge,
            quotient_expire=quotient.expire and quotient.valeur is None,
            dans_la_commune=residence.dans_la_commune if residence else True,
            pai=bool(fiche and (fiche.pai_fin is None or fiche.pai_fin >= lue.jour)),
            tardive=lue.tardive and not forfait,
            # A started month is due whatever its days were: present, absent or not called.
            cas=Cas.NORMAL if forfait else CAS[lue.nature],
            rang=self.rang(lue.famille_id, lue.enfant_id, lue.jour) if self.fratries else 1,
            occasionnelle=lue.occasionnelle,
            presences=presences,
            rang_hors_contrat=self.rangs_hors_contrat.get(cle, 1),
            pardon=self._pardon(lue, cle),
        )

    def _pardon(self, lue: Consommation, cle: tuple) -> str:
        # A declared absence that is billed was decided: only one that nobody announced is forgiven.
        return "" if lue.nature == NatureConsommation.ABSENT_FACTURE else self.pardons.get(cle, "")


def _tient(ligne, jour: date) -> bool:
    return ligne.du <= jour and (ligne.au is None or jour <= ligne.au)


def lire_donnees(tarifs: Tarifs, lues: Collection[Consommation], du: date, au: date) -> Donnees:
    familles = {c.famille_id for c in lues}
    donnees = Donnees(tarifs, Enfant.objects.in_bulk({c.enfant_id for c in lues}))
    par_quotient = tarifs.un(lambda t: t.mode != ModeTarif.FIXE)
    if par_quotient:
        quotients = QuotientFamilial.objects.filter(famille__in=familles, du__lte=au)
        for famille_id, *champs in quotients.values_list("famille", "valeur", "du", "recu_le", "au"):
            donnees.quotients.setdefault(famille_id, []).append(QuotientConnu(*champs))
    if tarifs.un(lambda t: t.prix_hors_commune is not None):
        donnees.residences = _par(
            "famille_id", Residence.objects.connus_sur(du, au).filter(famille__in=familles)
        )
    if tarifs.un(lambda t: t.niveaux):
        donnees.scolarites = _par(
            "enfant_id", Scolarite.objects.filter(enfant__in=donnees.enfants, du__lte=au).order_by("-du")
        )
    if any(g.remises for g in tarifs.grilles.values()):
        rattachements = Rattachement.objects.filter(famille__in=familles, du__lte=au)
        donnees.fratries = _par("famille_id", rattachements.order_by(*AINES))
    if tarifs.un(lambda t: t.prix_pai is not None):
        fiches = FicheSanitaire.objects.filter(enfant__in=donnees.enfants).only("enfant_id", "pai", "pai_fin")
        donnees.paniers = {f.enfant_id: f for f in fiches if f.pai}
    if tarifs.compte_l_annee:
        _compter_l_annee(donnees, du, au, familles)
    return donnees


def _par(cle: str, lignes: Iterable) -> dict[int, list]:
    groupes: dict[int, list] = defaultdict(list)
    for ligne in lignes:
        groupes[getattr(ligne, cle)].append(ligne)
    return groupes


def _compter_l_annee(donnees: Donnees, du: date, au: date, familles: set[int]) -> None:
    """Out of the planning, not of the invoices: the same count whatever was billed first."""
    tarifs = donnees.tarifs
    lus = ecarts(prestations=list(tarifs.prestations.values()), du=debut_annee(du), au=au, familles=familles)
    comptes = [
        Ecart(e.jour, e.enfant_id, e.prestation_id, e.famille_id, e.nature == NatureConsommation.HORS_CONTRAT)
        for e in lus
    ]
    donnees.rangs_hors_contrat = rangs_hors_contrat(comptes)
    donnees.pardons = pardons(comptes, tarifs.regles.erreurs_pardonnees)
