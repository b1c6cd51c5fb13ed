"""Where the planning leads: the family's children, the months that a child knows, the next deadline."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, FilteredRelation, Q, QuerySet

from familles.francais import enumerer, jour_sans_annee, moment
from familles.models import Enfant
from planning.calendrier import Offre
from planning.creneaux import prochain_creneau
from planning.delais import ProchaineEcheance, prochaine_echeance
from planning.examen import reglement_a

Periode = tuple[Offre, date, date]  # (what may be booked, first day, last day)


@dataclass
class EnfantConnu:
    """A child of the family, and when it may (or might) book what."""

    enfant: Enfant
    inscriptions: list[Periode] = field(default_factory=list)
    prestations: dict[int, str] = field(default_factory=dict)  # names

    def inscrit(self, offre: Offre, jour: date) -> bool:
        return any(o == offre and du <= jour <= au for o, du, au in self.inscriptions)

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


def avec_inscriptions(enfants: QuerySet, lesquelles: Q) -> QuerySet:
    """Children with what `EnfantConnu.retenir` reads: a row per inscription, or one without any."""
    return enfants.annotate(inscription=FilteredRelation("inscriptions", condition=lesquelles)).annotate(
        inscrit_du=F("inscription__du"),
        inscrit_au=F("inscription__au"),
        prestation_id=F("inscription__prestation"),
        prestation_nom=F("inscription__prestation__nom"),
        structure_id=F("inscription__prestation__structure"),
        jours_ouverts=F("inscription__prestation__jours_ouverts"),
        ouverte_vacances=F("inscription__prestation__ouverte_vacances"),
        active=F("inscription__prestation__active"),
    )


def enfants_connus(acces) -> dict[int, EnfantConnu]:
    """The family's children by id, in their order: one query."""
    connus: dict[int, EnfantConnu] = {}
    siennes = Q(inscriptions__famille=acces.famille)
    for ligne in avec_inscriptions(Enfant.objects.pour(acces), siennes):
        connus.setdefault(ligne.pk, EnfantConnu(ligne)).retenir(ligne)
    return connus


# --- Months ------------------------------------------------------------------------------------------------


def adresse_mois(premier: date) -> str:
    """« 2026-11 », with its four digits whatever the year (strftime drops the zeros of old ones)."""
    return premier.isoformat()[:7]


@dataclass(frozen=True)
class AnneeConnue:
    """A school year and its months, for the chooser."""

    debut: int

    @property
    def libelle(self) -> str:
        return f"{self.debut}-{self.debut + 1}"

    @property
    def mois(self) -> list[date]:
        return [date(self.debut + (rang > 12), (rang - 1) % 12 + 1, 1) for rang in range(9, 21)]


@dataclass(frozen=True)
class Calepin:
    """The months that can be reached from the one shown."""

    premier: date
    annees: tuple[AnneeConnue, ...]

    @property
    def _mois(self) -> list[date]:
        return [mois for annee in self.annees for mois in annee.mois]

    @property
    def hors_annees(self) -> bool:
        """The month shown is none of those: the chooser names it all the same."""
        return self.premier not in self._mois

    @property
    def precedent(self) -> date | None:
        """The nearest month before; years in which the child knew nothing are jumped over."""
        rang = bisect_left(self._mois, self.premier)
        return self._mois[rang - 1] if rang else None

    @property
    def suivant(self) -> date | None:
        return next(iter(self._mois[bisect_right(self._mois, self.premier) :]), None)


def calepin(connu: EnfantConnu, premier: date, jour: date) -> Calepin:
    """The school years of the child's inscriptions, and the current one."""
    debuts = {_annee_scolaire(j) for j in (jour, *(du for _, du, _ in connu.inscriptions))}
    return Calepin(premier, tuple(AnneeConnue(debut) for debut in sorted(debuts)))


def _annee_scolaire(jour: date) -> int:
    return jour.year if jour.month >= 9 else jour.year - 1


# --- The next deadline -------------------------------------------------------------------------------------


def annonces(
    connu: EnfantConnu, instant: datetime, version: str | None, resident: bool | None = None
) -> list[str]:
    """« Jusqu’au jeudi 26 novembre 2026 à 12 h 00 : réserver pour la semaine du … au …. », the next window.

    `resident`: whether the family lives in the town, where a window asks for it.
    """
    reglement = reglement_a(instant, version)
    offres, habite = _en_cours(connu.inscriptions, instant.date()), bool(resident)
    echeance = prochaine_echeance(
        reglement.limite_pour_reserver,
        offres,
        reglement.calendrier,
        reglement.instant,
        inscrit=lambda offre, jour: (
            connu.inscrit(offre, jour) and not reglement.refus_du_creneau(offre, jour, habite)
        ),
    )
    phrases = []
    if echeance is not None:
        noms = enumerer(echeance.noms({o.prestation_id: connu.prestations[o.prestation_id] for o in offres}))
        quoi = f"{noms}, " if noms else ""
        phrases = [f"Jusqu’au {moment(echeance.limite)} : réserver {quoi}pour {_periode(echeance)}."]
    ouverture = prochain_creneau(reglement.creneaux, offres, reglement.instant, habite)
    return [*phrases, ouverture] if ouverture else phrases


def _en_cours(inscriptions: Iterable[Periode], jour: date) -> list[Offre]:
    return list(dict.fromkeys(offre for offre, _, au in inscriptions if au >= jour))


def _periode(echeance: ProchaineEcheance) -> str:
    premier, dernier = echeance.jours[0], echeance.jours[-1]
    if premier == dernier:
        return f"le {jour_sans_annee(premier)}"
    meme_semaine = premier.isocalendar()[:2] == dernier.isocalendar()[:2]
    nature = "la semaine" if meme_semaine else "les jours"
    return f"{nature} du {jour_sans_annee(premier)} au {jour_sans_annee(dernier)}"
