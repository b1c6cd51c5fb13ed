"""Reading a child's days and judging them: for the grid of a month, and for the cells that a form receives.

Both go through `planning.cases.examiner_case`; the number of queries does not depend on the number of days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from familles.horloge import aujourdhui, fuseau
from familles.models import Enfant, Famille, Inscription, Prestation
from planning.cases import Case, Verdict, examiner_case
from planning.connus import EnfantConnu
from planning.enums import ACTIFS
from planning.grille import Grille, Rangee, dessiner, jours_du_mois
from planning.journal import Cellule, Journal, Periodes, Reservee, habite_la_commune, lire
from planning.models import Reservation
from planning.reglement import Reglement
from planning.reglement_interieur import offre_de, reglement_interieur


def reglement_a(instant: datetime, version: str | None = None) -> Reglement:
    """The rules in force, and the instant that they judge: its day and its hours are the town's.

    An instant out of the database comes in UTC; there, the deadlines would be read an hour or two late.
    """
    regles = reglement_interieur(version)
    return Reglement(
        regles.calendrier,
        regles.regles,
        instant.astimezone(fuseau()),
        regles.creneaux,
        regles.justificatif_heures,
        regles.connues,
    )


def habite_si_utile(reglement: Reglement, famille: Famille, jour: date) -> bool:
    """Whether the family lives in the town that day; asked only where it changes something: a window that
    opens to residents first.
    """
    return reglement.distingue_les_residents and habite_la_commune(famille, jour)


# --- The grid of a month -----------------------------------------------------------------------------------


def mois(*, acces, connu: EnfantConnu, premier: date, reglement: Reglement) -> Grille:
    """The planning of a month for a family: every prestation that its child may book, or used."""
    jours = jours_du_mois(premier)
    offres, periodes = {}, {}
    for offre, du, au in connu.inscriptions:
        if du <= jours[-1] and au >= jours[0]:
            offres[offre.prestation_id] = offre
            periodes.setdefault(offre.prestation_id, []).append((du, au))
    journal = lire(
        {connu.enfant.pk: periodes},
        acces.famille,
        jours[0],
        jours[-1],
        vacances=reglement.calendrier.vacances,
        resident=connu.resident,
    )[connu.enfant.pk]
    rangees = [
        Rangee(offre, connu.prestations[pk], connu.structures[pk], connu.payeur, _faits(journal, pk))
        for pk, offre in offres.items()
    ]
    return dessiner(premier, rangees + _sans_inscription(journal, set(offres)), reglement)


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

    enfant_id: int
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
    voulues = {enfant.pk: cellules}
    return examiner_enfants(
        famille=acces.famille, cellules=voulues, operation=operation, instant=instant, version=version
    )


def examiner_enfants(
    *,
    famille: Famille,
    cellules: Mapping[int, Iterable[Cellule]],
    operation: str,
    instant: datetime,
    version=None,
) -> list[Examen]:
    """The same for several children (cells by child’s id), in as many queries."""
    voulues = sorted({(jour, p, enfant) for enfant, liste in cellules.items() for p, jour in liste})
    if not voulues:
        return []
    reglement = reglement_a(instant, version)
    du, au = voulues[0][0], voulues[-1][0]
    inscriptions = _inscriptions(cellules, famille, du, au)
    journaux = lire(
        {enfant: _periodes(inscriptions[enfant]) for enfant in cellules},
        famille,
        du,
        au,
        vacances=reglement.calendrier.vacances,
        resident=habite_si_utile(reglement, famille, aujourdhui()),
    )
    actives = _actives(journaux[enfant].reservations.get((p, jour)) for jour, p, enfant in voulues)
    return [
        _examiner(
            journaux[enfant],
            Demandee(enfant, prestation_id, jour, operation),
            inscriptions[enfant].get(prestation_id, []),
            actives,
            reglement,
        )
        for jour, prestation_id, enfant in voulues
    ]


Inscriptions = dict[int, list[Inscription]]  # by prestation


def _inscriptions(enfants: Iterable[int], famille: Famille, du: date, au: date) -> dict[int, Inscriptions]:
    """By child, those of the family that touch the period; one query."""
    trouvees: dict[int, Inscriptions] = {enfant: {} for enfant in enfants}
    lignes = Inscription.objects.filter(enfant__in=list(trouvees), famille=famille).sur(du, au)
    for inscription in lignes.select_related("prestation__structure").order_by("du", "pk"):
        trouvees[inscription.enfant_id].setdefault(inscription.prestation_id, []).append(inscription)
    return trouvees


def _actives(reservees: Iterable[Reservee | None]) -> dict[int, Reservation]:
    """The rows of active bookings, by id; one query, none when nothing is booked."""
    cles = [r.cle for r in reservees if r is not None and r.etat in ACTIFS]
    return Reservation.objects.select_related("inscription").in_bulk(cles) if cles else {}


def _periodes(inscriptions: Inscriptions) -> Periodes:
    return {prestation: [(i.du, i.au) for i in liste] for prestation, liste in inscriptions.items()}


@dataclass(frozen=True)
class Demandee:
    """A cell asked for."""

    enfant_id: int
    prestation_id: int
    jour: date
    operation: str


def _examiner(
    journal: Journal,
    voulue: Demandee,
    inscriptions: list[Inscription],
    actives: dict[int, Reservation],
    reglement: Reglement,
) -> Examen:
    """`inscriptions`: the child's to that prestation; `actives`: bookings by id."""
    cle = voulue.prestation_id, voulue.jour
    if not inscriptions:
        verdict = Verdict(False, "L’enfant n’est pas inscrit à ce service.")
        return Examen(voulue.enfant_id, voulue.prestation_id, "Ce service", voulue.jour, verdict)
    prestation = inscriptions[0].prestation
    case: Case = examiner_case(journal.fait(*cle), offre_de(prestation), voulue.jour, reglement)
    reservee = journal.reservations.get(cle)
    return Examen(
        enfant_id=voulue.enfant_id,
        prestation_id=prestation.pk,
        prestation=prestation.nom,
        jour=voulue.jour,
        verdict=case.verdict(voulue.operation),
        inscription=next((i for i in inscriptions if i.du <= voulue.jour <= i.au), None),
        reservation=actives.get(reservee.cle) if reservee is not None else None,
    )
