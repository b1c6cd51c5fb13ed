"""The règlement intérieur in force: calendar and deadlines, read once per version of the settings."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, DateField, F, Value
from django.db.models.functions import Cast

from familles.donnees import par_version
from familles.models import Prestation
from planning.calendrier import Calendrier, Offre, PeriodeFermee, PeriodeVacances
from planning.creneaux import Creneau
from planning.delais import Fenetre, Regle
from planning.models import Creneau as CreneauEnBase
from planning.models import Fermeture, JourFerie, MotifAbsence, RegleDelai, Vacances


@dataclass(frozen=True)
class ReglementInterieur:
    calendrier: Calendrier
    regles: tuple[Regle, ...]
    creneaux: tuple[Creneau, ...] = ()
    # Hours after the start of a day during which a document still excuses; None: no reason takes one.
    justificatif_heures: int | None = None
    # Deadlines already found (`planning.reglement.Reglement`): every family of the town asks the same.
    connues: dict[tuple, Any] = field(default_factory=dict, repr=False, compare=False)


def offre_de(prestation: Prestation) -> Offre:
    """The prestation as the pure rules read it."""
    return Offre(
        prestation_id=prestation.pk,
        structure_id=prestation.structure_id,
        jours_ouverts=prestation.jours_ouverts,
        ouverte_vacances=prestation.ouverte_vacances,
        active=prestation.active,
    )


def reglement_interieur(version: str | None = None) -> ReglementInterieur:
    """Pass `request.collectivite.version` where there is a request: it saves a query. Cold: three queries."""
    return par_version("reglement_interieur", _lire, version)


def _lire() -> ReglementInterieur:
    calendrier, heures = _lire_calendrier()
    return ReglementInterieur(calendrier, _lire_regles(), _lire_creneaux(), heures)


FERIE, FERMETURE, JUSTIFICATIF = "FERIE", "FERMETURE", "JUSTIFICATIF"


def _justificatifs():
    """In the columns of the calendar: the hours stand where a closure names its structure."""
    jamais, personne = Cast(Value(None), DateField()), Cast(Value(None), BigIntegerField())
    heures = Cast("justificatif_heures", BigIntegerField())
    return (
        MotifAbsence.objects.justifiables()
        .order_by()
        .values_list(Value(JUSTIFICATIF), "libelle", jamais, jamais, heures, personne, personne)
    )


def _lire_calendrier() -> tuple[Calendrier, int | None]:
    """One query for the three tables of dated rows, and the hours that a reason of absence leaves to bring
    its document: the first column tells them apart.
    """
    personne = Cast(Value(None), BigIntegerField())
    feries = JourFerie.objects.order_by().values_list(
        Value(FERIE), "nom", "jour", F("jour"), personne, personne, personne
    )
    vacances = Vacances.objects.order_by().values_list(
        "nature", "nom", "du", "au", personne, personne, personne
    )
    # A class that is away closes nothing.
    fermetures = (
        Fermeture.objects.filter(ecole=None)
        .order_by()
        .values_list(Value(FERMETURE), "motif", "du", "au", "structure", "prestation", "pk")
    )
    jours, periodes, fermees, heures = {}, [], [], []
    for sorte, nom, du, au, structure, prestation, cle in feries.union(
        vacances, fermetures, _justificatifs(), all=True
    ):
        if sorte == FERIE:
            jours[du] = nom
        elif sorte == JUSTIFICATIF:
            heures.append(structure)
        elif sorte == FERMETURE:
            fermees.append(PeriodeFermee(nom, du, au, structure, prestation, cle))
        else:
            periodes.append(PeriodeVacances(nom, sorte, du, au))
    calendrier = Calendrier(
        feries=jours,
        vacances=tuple(sorted(periodes, key=lambda v: v.du)),
        fermetures=tuple(sorted(fermees, key=lambda f: (f.du, f.motif))),
    )
    return calendrier, max(heures, default=None)


CHAMPS = (
    "operation",
    "mode",
    "nombre",
    "comptage",
    "jour_limite",
    "quantieme",
    "heure",
    "retard",
    "retard_heures",
    "prestation_id",
    "jours",
)


def _lire_regles() -> tuple[Regle, ...]:
    """The rules with their dates in one query: a row per date, or one without."""
    lignes = RegleDelai.objects.order_by("pk", F("dates__du")).values_list(
        "pk", "dates__du", "dates__au", "dates__limite", "dates__ouverture", *CHAMPS
    )
    valeurs: dict[int, dict] = {}
    dates: dict[int, list[Fenetre]] = {}
    for pk, du, au, limite, ouverture, *champs in lignes:
        valeurs[pk] = dict(zip(CHAMPS, champs, strict=True))
        dates.setdefault(pk, []).extend([Fenetre(du, au, limite, ouverture)] if du else [])
    return tuple(Regle(**v, dates=tuple(dates[pk]), cle=pk) for pk, v in valeurs.items())


def _lire_creneaux() -> tuple[Creneau, ...]:
    """In one query as well: a row per prestation, or one without."""
    lignes = CreneauEnBase.objects.order_by("ouverture", "pk").values_list(
        "pk", "prestations", "nom", "du", "au", "ouverture", "ouverture_residents", "fermeture"
    )
    valeurs: dict[int, tuple] = {}
    prestations: dict[int, set[int]] = {}
    for pk, prestation, *champs in lignes:
        valeurs[pk] = tuple(champs)
        prestations.setdefault(pk, set()).update([prestation] if prestation else [])
    return tuple(Creneau(*v, prestations=frozenset(prestations[pk])) for pk, v in valeurs.items())
