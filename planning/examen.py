"""Reading a child's days and judging them: for the grid of a month, and for the cells that a form receives.

Both go through `planning.cases.examiner_case`; the number of queries does not depend on the number of days.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, Subquery

from familles.enums import ModeGarde, Rang
from familles.garde import Garde, payeur_du_jour
from familles.horloge import fuseau
from familles.models import Enfant, Famille, Inscription, Prestation, Rattachement, Responsable
from planning.cases import Case, Fait, Reglement, Verdict, examiner_case
from planning.enums import ACTIFS, EtatPointage, EtatReservation, Operation
from planning.gardes import gardes_de_json, gardes_lues
from planning.grille import Grille, Rangee, dessiner, jours_du_mois
from planning.models import Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur

Cellule = tuple[int, date]  # (prestation id, day)


@dataclass
class Journal:
    """What the rows say of a child over a period, for one family."""

    famille: Famille
    inscriptions: list[Inscription]
    reservations: dict[Cellule, Reservation]
    pointages: dict[Cellule, Pointage]
    gardes: list[Garde] = field(default_factory=list)
    vacances: list[tuple[date, date]] = field(default_factory=list)
    _chez_nous: dict[date, bool] = field(default_factory=dict)

    def inscription(self, prestation_id: int, jour: date) -> Inscription | None:
        return next(
            (i for i in self.inscriptions if i.prestation_id == prestation_id and i.du <= jour <= i.au), None
        )

    def chez_nous(self, jour: date) -> bool:
        """Whether the custody calendar leaves us that day; asked once a day, for all prestations."""
        if jour not in self._chez_nous:
            payeur = payeur_du_jour(self.gardes, jour, self.vacances) if self.gardes else None
            self._chez_nous[jour] = payeur in (None, self.famille.pk)
        return self._chez_nous[jour]

    def fait(self, prestation_id: int, jour: date) -> Fait:
        reservation = self.reservations.get((prestation_id, jour))
        pointage = self.pointages.get((prestation_id, jour))
        a_nous = reservation is None or reservation.inscription.famille_id == self.famille.pk
        return Fait(
            etat=None if reservation is None else reservation.etat,
            origine="" if reservation is None else reservation.origine,
            present=None if pointage is None else pointage.etat == EtatPointage.PRESENT,
            autre_foyer=not a_nous and reservation is not None and reservation.etat in ACTIFS,
            inscrit=self.inscription(prestation_id, jour) is not None,
            chez_nous=self.chez_nous(jour),
        )


def lire(enfant: Enfant, famille: Famille, du: date, au: date, vacances=()) -> Journal:
    """Three queries, whoever holds the child."""
    titulaire = Responsable.objects.filter(famille=OuterRef("famille"), rang=Rang.TITULAIRE)
    ailleurs = Rattachement.objects.filter(Q(au=None) | Q(au__gte=du), enfant=enfant, du__lte=au)
    inscriptions = list(
        Inscription.objects.filter(enfant=enfant)
        .sur(du, au)
        .select_related("prestation__structure")
        .annotate(
            payeur_nom=Subquery(titulaire.values("nom")[:1]),
            payeur_prenom=Subquery(titulaire.values("prenom")[:1]),
            garde_partagee=Exists(ailleurs.exclude(famille=famille)),
            gardes=gardes_lues(),
        )
        .order_by("prestation__structure__nom", "prestation__ordre", "prestation__nom", "du")
    )
    return Journal(
        famille=famille,
        inscriptions=[i for i in inscriptions if i.famille_id == famille.pk],
        reservations=_reservations(enfant, famille, du, au),
        pointages={
            (p.prestation_id, p.jour): p for p in Pointage.objects.filter(enfant=enfant, jour__range=(du, au))
        },
        gardes=next((gardes_de_json(i.gardes) for i in inscriptions if i.garde_partagee), []),
        vacances=[(v.du, v.au) for v in vacances],
    )


def _reservations(enfant: Enfant, famille: Famille, du: date, au: date) -> dict[Cellule, Reservation]:
    """The active booking of each cell, whoever’s, else the last that this family was refused."""
    lignes = (
        Reservation.objects.filter(enfant=enfant)
        .sur(du, au)
        .exclude(etat=EtatReservation.ANNULEE)
        .select_related("inscription")
        .order_by("pk")
    )
    cellules: dict[Cellule, Reservation] = {}
    for reservation in lignes:
        if reservation.etat not in ACTIFS and reservation.inscription.famille_id != famille.pk:
            continue
        cle = (reservation.prestation_id, reservation.jour)
        connue = cellules.get(cle)
        if connue is None or connue.etat not in ACTIFS:
            cellules[cle] = reservation
    return cellules


def gardes_de(enfant: Enfant) -> list[Garde]:
    """The custody calendar of a child, out of the database: two queries."""
    return gardes_des([enfant.pk]).get(enfant.pk, [])


def gardes_des(enfants: Iterable[int]) -> dict[int, list[Garde]]:
    """The custody calendars of several children (by id): two queries."""
    gardes: dict[int, list[Garde]] = {}
    for r in Rattachement.objects.filter(enfant__in=list(enfants)).prefetch_related("exceptions"):
        garde = Garde(
            famille_id=r.famille_id,
            du=r.du,
            au=r.au,
            mode=ModeGarde(r.mode_garde),
            jour_bascule=r.jour_bascule,
            moitie_vacances=r.moitie_vacances,
            exceptions=tuple((e.du, e.au) for e in r.exceptions.all()),
        )
        gardes.setdefault(r.enfant_id, []).append(garde)
    return gardes


def reglement_a(instant: datetime, version: str | None = None) -> Reglement:
    """The rules in force, and the instant that they judge: its day and its hours are the town's.

    An instant out of the database comes in UTC; there, the deadlines would be read an hour or two late.
    """
    regles = reglement_interieur(version)
    return Reglement(regles.calendrier, regles.regles, instant.astimezone(fuseau()))


# --- The grid of a month -----------------------------------------------------------------------------------


def mois(*, acces, enfant: Enfant, premier: date, instant: datetime, version: str | None = None) -> Grille:
    """The planning of a month for a family: every prestation it may book, or used."""
    reglement = reglement_a(instant, version)
    jours = jours_du_mois(premier)
    journal = lire(enfant, acces.famille, jours[0], jours[-1], reglement.calendrier.vacances)
    return dessiner(premier, _rangees(journal), reglement)


def _rangees(journal: Journal) -> list[Rangee]:
    rangees: dict[int, Rangee] = {}
    for inscription in journal.inscriptions:
        prestation = inscription.prestation
        rangees.setdefault(
            prestation.pk,
            Rangee(
                offre=offre_de(prestation),
                prestation=prestation.nom,
                structure=prestation.structure.nom,
                responsable=" ".join(
                    filter(None, (inscription.payeur_nom, inscription.payeur_prenom))
                ).upper(),
                fait=_faits(journal, prestation.pk),
            ),
        )
    return list(rangees.values()) + _sans_inscription(journal, set(rangees))


def _sans_inscription(journal: Journal, connues: set[int]) -> list[Rangee]:
    """Presences of ours at a prestation for which there is no inscription: shown all the same."""
    inconnues = {
        p for (p, _), pointage in journal.pointages.items() if pointage.famille_id == journal.famille.pk
    } - connues
    if not inconnues:
        return []
    prestations = Prestation.objects.filter(pk__in=inconnues).select_related("structure")
    return [
        Rangee(offre_de(p), p.nom, p.structure.nom, "", _faits(journal, p.pk))
        for p in prestations.order_by("ordre", "nom")
    ]


def _faits(journal: Journal, prestation_id: int):
    return lambda jour: journal.fait(prestation_id, jour)


# --- The cells that a form receives -------------------------------------------------------------------------


@dataclass(frozen=True)
class Examen:
    """A cell asked for, and what the rules answer."""

    prestation_id: int
    prestation: str  # its name, « ce service » when it is not the child's
    jour: date
    verdict: Verdict
    inscription: Inscription | None = None
    reservation: Reservation | None = None

    @property
    def possible(self) -> bool:
        return self.verdict.possible

    @property
    def phrase(self) -> str:
        return self.verdict.phrase

    @property
    def tardive(self) -> bool:
        return self.verdict.tardive

    @property
    def hors_delai(self) -> bool:
        return self.verdict.hors_delai


def examiner(
    *, acces, enfant: Enfant, cellules: Iterable[Cellule], operation: str, instant: datetime, version=None
) -> list[Examen]:
    """Judge cells in the order of days; the browser is not believed about anything but which ones."""
    voulues = sorted(set(cellules), key=lambda c: (c[1], c[0]))
    if not voulues:
        return []
    reglement = reglement_a(instant, version)
    jours = [jour for _, jour in voulues]
    journal = lire(enfant, acces.famille, min(jours), max(jours), reglement.calendrier.vacances)
    return [_examiner(journal, prestation_id, jour, operation, reglement) for prestation_id, jour in voulues]


def _examiner(
    journal: Journal, prestation_id: int, jour: date, operation: str, reglement: Reglement
) -> Examen:
    connue = next((i for i in journal.inscriptions if i.prestation_id == prestation_id), None)
    if connue is None:
        verdict = Verdict(False, "L’enfant n’est pas inscrit à ce service.")
        return Examen(prestation_id, "Ce service", jour, verdict)
    prestation = connue.prestation
    case: Case = examiner_case(journal.fait(prestation_id, jour), offre_de(prestation), jour, reglement)
    reservation = journal.reservations.get((prestation_id, jour))
    return Examen(
        prestation_id=prestation_id,
        prestation=prestation.nom,
        jour=jour,
        verdict=case.reserver if operation == Operation.RESERVER else case.absence,
        inscription=journal.inscription(prestation_id, jour),
        reservation=reservation if reservation is not None and reservation.etat in ACTIFS else None,
    )
