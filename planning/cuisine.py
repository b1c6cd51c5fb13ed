"""How many meals to order: per day of a week, for children and adults, by diet for those who may know.

Counts only: no name leaves the town hall for the kitchen.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from familles.enums import NatureFamille, NatureFiscale
from familles.models import FicheSanitaire, Prestation
from planning.appel import Sante
from planning.calendrier import HORS_SEMAINE, JourFerme
from planning.enums import ATTENDUS
from planning.models import Reservation
from planning.reglement_interieur import offre_de, reglement_interieur


@dataclass(repr=False)
class Couverts:
    """The meals of a day at a prestation. Without `repr`: diets never end in a log."""

    jour: date
    ferme: JourFerme | None
    enfants: int = 0
    adultes: int = 0
    regimes: Counter = field(default_factory=Counter)
    allergies: int = 0
    pai: int = 0

    @property
    def total(self) -> int:
        return self.enfants + self.adultes


@dataclass(frozen=True)
class Ligne:
    """A line of the table: its words, a number a day, their sum."""

    libelle: str
    nombres: list[int]

    @property
    def total(self) -> int:
        return sum(self.nombres)


@dataclass(frozen=True)
class Service:
    """A prestation that serves meals, over the days of the week on which it opens or is booked."""

    prestation: Prestation
    jours: list[Couverts]

    @property
    def total(self) -> Ligne:
        return Ligne("Repas", [j.total for j in self.jours])

    @property
    def lignes(self) -> list[Ligne]:
        """What the total is made of; a line of zeros is left out."""
        regimes = sorted({regime for j in self.jours for regime in j.regimes})
        lignes = [
            Ligne("dont enfants", [j.enfants for j in self.jours]),
            Ligne("dont adultes", [j.adultes for j in self.jours]),
            *[Ligne(regime, [j.regimes[regime] for j in self.jours]) for regime in regimes],
            Ligne("Allergie à connaître", [j.allergies for j in self.jours]),
            Ligne("PAI en cours", [j.pai for j in self.jours]),
        ]
        return [ligne for ligne in lignes if ligne.total]

    @property
    def avec_sante(self) -> bool:
        return any(j.regimes or j.allergies or j.pai for j in self.jours)


def lundi_de(jour: date) -> date:
    return jour - timedelta(days=jour.weekday())


def lire_semaine(lundi: date, *, sante: bool, version: str | None = None) -> list[Service]:
    """Each service of meals from `lundi` to the Sunday: two queries, three with `sante` (to be traced).

    A child whose absence waits for an answer is still expected. Children of a staff family are the adults who
    eat (conception: `NatureFamille.PERSONNEL`).
    """
    calendrier = reglement_interieur(version).calendrier
    prestations = list(
        Prestation.objects.filter(active=True, nature_fiscale=NatureFiscale.REPAS).select_related("structure")
    )
    reserves = (
        Reservation.objects.filter(prestation__in=prestations, etat__in=ATTENDUS)
        .sur(lundi, lundi + timedelta(days=6))
        .values_list("prestation", "jour", "enfant", "inscription__famille__nature")
        .order_by()
    )
    lues = list(reserves)
    fiches = _fiches({enfant for _, _, enfant, _ in lues}) if sante else {}
    par_jour: dict[tuple[int, date], Couverts] = {}
    for prestation in prestations:
        for n in range(7):
            jour = lundi + timedelta(days=n)
            ferme = calendrier.ferme(offre_de(prestation), jour)
            par_jour[prestation.pk, jour] = Couverts(jour, ferme)
    for prestation_id, jour, enfant, nature in lues:
        _servir(par_jour[prestation_id, jour], nature, fiches.get(enfant))
    services = []
    for prestation in prestations:
        semaine = [par_jour[prestation.pk, lundi + timedelta(days=n)] for n in range(7)]
        services.append(Service(prestation, [j for j in semaine if j.total or not _chome(j)]))
    return [service for service in services if service.jours]


def _chome(couverts: Couverts) -> bool:
    """No service on that weekday: not worth a column."""
    return couverts.ferme is not None and (
        couverts.jour.isoweekday() > 5 or couverts.ferme.cause == HORS_SEMAINE
    )


def _servir(couverts: Couverts, nature: str, fiche: FicheSanitaire | None) -> None:
    if couverts.ferme is not None and couverts.ferme.cause != HORS_SEMAINE:
        # A closed day serves nothing, whatever was booked.
        return
    if nature == NatureFamille.PERSONNEL:
        couverts.adultes += 1
    else:
        couverts.enfants += 1
    connue = Sante.de(fiche, couverts.jour) if fiche else None
    if connue is None:
        return
    if connue.regime:
        couverts.regimes[_regime(connue.regime)] += 1
    couverts.allergies += bool(connue.allergies)
    couverts.pai += connue.pai


def _regime(texte: str) -> str:
    """« Sans porc. » and « sans  porc » are one diet."""
    mots = " ".join(texte.strip(" .").split()).lower()
    return mots[:1].upper() + mots[1:]


def _fiches(enfants: set[int]) -> dict[int, FicheSanitaire]:
    champs = ("enfant_id", "allergies", "regime", "pai", "pai_consignes", "pai_fin")
    return {f.enfant_id: f for f in FicheSanitaire.objects.filter(enfant__in=enfants).only(*champs)}
