"""Reading a child's days and judging them: for the grid of a month, and for the cells that a form receives.

Both go through `planning.cases.examiner_case`; the number of queries does not depend on the number of days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from familles.horloge import fuseau
from familles.models import Enfant, Famille, Inscription, Prestation
from planning.cases import Case, Verdict, examiner_case
from planning.enums import ACTIFS
from planning.grille import Grille, Rangee, dessiner, jours_du_mois
from planning.journal import Cellule, Journal, habite_la_commune, lire, lire_enfants
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
    return any(c.ouverture_residents for c in reglement.creneaux) and habite_la_commune(famille, jour)


# --- The grid of a month -----------------------------------------------------------------------------------


def mois(*, acces, enfant: Enfant, premier: date, instant: datetime, version: str | None = None) -> Grille:
    """The planning of a month for a family: every prestation it may book, or used."""
    reglement = reglement_a(instant, version)
    jours = jours_du_mois(premier)
    journal = lire(enfant, acces.famille, jours[0], jours[-1], reglement.calendrier.vacances)
    return dessiner(premier, _rangees(journal), reglement, journal.resident)


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
    journaux = lire_enfants(cellules, famille, du, au, reglement.calendrier.vacances)
    return [
        _examiner(journaux[enfant], enfant, prestation_id, jour, operation, reglement)
        for jour, prestation_id, enfant in voulues
    ]


def _examiner(
    journal: Journal, enfant_id: int, prestation_id: int, jour: date, operation: str, reglement: Reglement
) -> Examen:
    connue = next((i for i in journal.inscriptions if i.prestation_id == prestation_id), None)
    if connue is None:
        verdict = Verdict(False, "L’enfant n’est pas inscrit à ce service.")
        return Examen(enfant_id, prestation_id, "Ce service", jour, verdict)
    prestation = connue.prestation
    case: Case = examiner_case(journal.fait(prestation_id, jour), offre_de(prestation), jour, reglement)
    reservation = journal.reservations.get((prestation_id, jour))
    return Examen(
        enfant_id=enfant_id,
        prestation_id=prestation_id,
        prestation=prestation.nom,
        jour=jour,
        verdict=case.verdict(operation),
        inscription=journal.inscription(prestation_id, jour),
        reservation=reservation if reservation is not None and reservation.etat in ACTIFS else None,
    )
