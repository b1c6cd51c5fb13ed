"""What a family's children may book, and when: one query for the planning, the home page, the calendar."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.db.models import F, FilteredRelation, Q, QuerySet, Subquery

from familles.enums import Rang
from familles.horloge import aujourdhui
from familles.models import Enfant, Residence, Responsable
from familles.requetes import RequetePreparee
from planning.calendrier import Offre

Periode = tuple[Offre, date, date]  # (what may be booked, first day, last day)
_PRESTATION = "inscription__prestation"
# In the order of the planning's lines.
_LIGNES = (
    f"{_PRESTATION}__structure__nom",
    f"{_PRESTATION}__ordre",
    f"{_PRESTATION}__nom",
    "inscription__du",
)


@dataclass
class EnfantConnu:
    """A child of the family, and when it may (or might) book what."""

    enfant: Enfant
    inscriptions: list[Periode] = field(default_factory=list)
    prestations: dict[int, str] = field(default_factory=dict)  # names
    structures: dict[int, str] = field(default_factory=dict)  # names, by prestation
    payeur: str = ""  # « DUPONT JEAN »
    resident: bool = False  # the family lives in the town; read when asked, see `enfants_connus`

    @property
    def periodes(self) -> dict[Offre, list[tuple[date, date]]]:
        """First and last days of the inscriptions to each prestation."""
        periodes: dict[Offre, list[tuple[date, date]]] = {}
        for offre, du, au in self.inscriptions:
            periodes.setdefault(offre, []).append((du, au))
        return periodes

    def retenir(self, ligne: Enfant) -> None:
        """What a row of `avec_inscriptions` says; nothing for a child without any."""
        if ligne.prestation_id is None:
            return
        offre = Offre(
            ligne.prestation_id,
            ligne.structure_id,
            ligne.jours_ouverts,
            ligne.ouverte_vacances,
            ligne.active,
        )
        self.inscriptions.append((offre, ligne.inscrit_du, ligne.inscrit_au))
        self.prestations[offre.prestation_id] = ligne.prestation_nom
        self.structures[offre.prestation_id] = ligne.structure_nom


def avec_inscriptions(enfants: QuerySet, lesquelles: Q) -> QuerySet:
    """Children with what `EnfantConnu.retenir` reads: a row per inscription, or one without any."""
    return enfants.annotate(inscription=FilteredRelation("inscriptions", condition=lesquelles)).annotate(
        inscrit_du=F("inscription__du"),
        inscrit_au=F("inscription__au"),
        prestation_id=F(_PRESTATION),
        prestation_nom=F(f"{_PRESTATION}__nom"),
        structure_id=F(f"{_PRESTATION}__structure"),
        structure_nom=F(f"{_PRESTATION}__structure__nom"),
        jours_ouverts=F(f"{_PRESTATION}__jours_ouverts"),
        ouverte_vacances=F(f"{_PRESTATION}__ouverte_vacances"),
        active=F(f"{_PRESTATION}__active"),
    )


def enfants_connus(acces, residence: bool = False) -> dict[int, EnfantConnu]:
    """The family's children by id, in their order, with their lines in that of the planning: one query.

    `residence`: also read whether the family lives in the town today (not known: no).
    """
    connus: dict[int, EnfantConnu] = {}
    valeurs = (acces.famille.pk, aujourdhui()) if residence else (acces.famille.pk,)
    for ligne in _preparee(acces.titulaire)(*valeurs):
        if ligne.pk not in connus:
            if acces.titulaire:
                payeur = (acces.responsable.nom, acces.responsable.prenom)
            else:
                payeur = (ligne.payeur_nom, ligne.payeur_prenom)
            habite = residence and bool(ligne.habite_la_commune)
            connus[ligne.pk] = EnfantConnu(
                ligne, payeur=" ".join(filter(None, payeur)).upper(), resident=habite
            )
        connus[ligne.pk].retenir(ligne)
    return connus


@cache
def _preparee(titulaire: bool) -> RequetePreparee:
    return RequetePreparee(lambda famille, *jour: _rangees(famille, *jour, titulaire=titulaire))


def _rangees(famille: int, jour: date | None = None, *, titulaire: bool) -> QuerySet:
    """A row per inscription; the payer's name for the conjoint; where the family lives on a day, if given."""
    enfants = avec_inscriptions(Enfant.objects.de_la_famille(famille), Q(inscriptions__famille=famille))
    if not titulaire:
        payeur = Responsable.objects.filter(famille=famille, rang=Rang.TITULAIRE).order_by()
        enfants = enfants.annotate(
            payeur_nom=Subquery(payeur.values("nom")), payeur_prenom=Subquery(payeur.values("prenom"))
        )
    if jour is not None:
        ici = Residence.objects.connus_sur(jour, jour).filter(famille=famille)
        enfants = enfants.annotate(habite_la_commune=Subquery(ici.values("dans_la_commune")[:1]))
    return enfants.order_by(*Enfant._meta.ordering, "pk", *_LIGNES)
