"""Until when one may book, cancel or declare an absence, and why, in a French sentence.

Pure, shared by the grid, the form that receives the request, the sentence shown to the parent and the price:
the rule of the règlement intérieur is written once. Source of the modes: the house rules of French towns.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple

from familles.francais import jour_en_lettres, moment
from planning.calendrier import Calendrier, Offre
from planning.enums import Comptage, ModeDelai, Operation, Retard

FIN_DE_JOUR = time(23, 59)

A_TEMPS = {
    Operation.RESERVER: "Réservable jusqu’au {limite}.",
    Operation.ANNULER: "Annulable jusqu’au {limite}.",
    Operation.ABSENCE: "Une absence se déclare jusqu’au {limite} ; "
    "ensuite elle est facturée, sauf raison excusée.",
}
SANS_LIMITE = {
    Operation.RESERVER: "Réservable jusqu’au jour même.",
    Operation.ANNULER: "Annulable jusqu’au jour même.",
    Operation.ABSENCE: "Une absence se déclare jusqu’au jour même.",
}
PASSEE = {
    Operation.RESERVER: "Le délai pour réserver est passé depuis le {limite}.",
    Operation.ANNULER: "Le délai pour annuler est passé depuis le {limite}.",
    # It may still be told: the family hears what it costs, not that it is too late.
    Operation.ABSENCE: "Une absence peut encore être déclarée ; depuis le {limite}, elle est facturée, "
    "sauf raison excusée.",
}


class Fenetre(NamedTuple):
    """Days booked, their deadline and, when there is one, the day on which booking them opens."""

    du: date
    au: date
    limite: date
    ouverture: date | None = None


@dataclass(frozen=True)
class Regle:
    """A dated or general rule, out of the database (`planning.models.RegleDelai`)."""

    operation: str
    mode: str
    nombre: int = 1
    comptage: str = Comptage.CALENDAIRES
    jour_limite: int = 4
    quantieme: int = 20
    heure: time = time(12, 0)
    retard: str = Retard.REFUSE
    retard_heures: int | None = None  # late requests are taken that long; None: until the day itself
    prestation_id: int | None = None
    jours: str = ""
    dates: tuple[Fenetre, ...] = ()
    cle: int | None = field(default=None, compare=False)  # of its row, None for one being typed

    def vise(self, operation: str, offre: Offre, jour: date) -> bool:
        return (
            self.operation == operation
            and self.prestation_id in (None, offre.prestation_id)
            and (not self.jours or str(jour.isoweekday()) in self.jours)
        )

    @property
    def precision(self) -> tuple[bool, int]:
        """Of the prestation before the general one, then the fewer weekdays the more precise."""
        return (self.prestation_id is not None, -len(self.jours or "1234567"))


@dataclass(frozen=True)
class Echeance:
    """Last moment at which an operation is accepted for a day. `limite` is aware; None: no limit."""

    operation: str
    limite: datetime | None
    retard: str = Retard.REFUSE
    retard_heures: float | None = None
    ouverture: datetime | None = None  # the first moment, when booking opens on a date

    @cached_property
    def _fin(self) -> datetime | None:
        return None if self.limite is None else self.limite.astimezone(UTC)

    def bornee(self, fin: datetime | None) -> "Echeance":
        """No later than `fin` (a booking window that shuts), late requests included."""
        if fin is None:
            return self
        if self._fin is None or fin.astimezone(UTC) < self._fin:
            return Echeance(self.operation, fin, ouverture=self.ouverture)
        if self.retard == Retard.REFUSE:
            return self
        heures = (fin.astimezone(UTC) - self._fin) / timedelta(hours=1)
        retard = heures if self.retard_heures is None else min(self.retard_heures, heures)
        return replace(self, retard_heures=retard)

    def est_ouverte(self, maintenant: datetime) -> bool:
        return self.ouverture is None or maintenant.astimezone(UTC) >= self.ouverture.astimezone(UTC)

    def est_passee(self, maintenant: datetime) -> bool:
        # In UTC: two times of one zone would compare by the clock on the wall, wrong on a summer-time night.
        # By whole seconds: « jusqu’à 12 h 00 » holds that second to its end.
        return self._fin is not None and _seconde(maintenant) > self._fin

    @property
    def fin_du_retard(self) -> datetime | None:
        """The last moment for a late request, in the town's zone; None: until the day itself."""
        if self._fin is None or self.limite is None or self.retard_heures is None:
            return None
        return (self._fin + timedelta(hours=self.retard_heures)).astimezone(self.limite.tzinfo)

    def est_a_venir(self, maintenant: datetime) -> bool:
        return self.est_ouverte(maintenant) and not self.est_passee(maintenant)

    def accepte_le_retard(self, maintenant: datetime) -> bool:
        """Whether a request made after the deadline is still taken (surcharge, or an agent’s judgement)."""
        if self._fin is None or self.retard == Retard.REFUSE:
            return False
        fin = self.fin_du_retard
        return fin is None or _seconde(maintenant) <= fin.astimezone(UTC)

    def phrase(self, maintenant: datetime) -> str:
        """« Réservable jusqu’au jeudi 8 juin 2017 à 12 h 00. »"""
        operation = Operation(self.operation)
        if self.ouverture is not None and not self.est_ouverte(maintenant):
            return f"Les réservations de ce jour ouvrent le {jour_en_lettres(self.ouverture.date())}."
        if self.limite is None:
            return SANS_LIMITE[operation]
        modele = PASSEE if self.est_passee(maintenant) else A_TEMPS
        return modele[operation].format(limite=self._dite)

    @cached_property
    def _dite(self) -> str:
        """The limit in letters, made once: the same deadline is told for a day to every family."""
        return "" if self.limite is None else moment(self.limite)


def _seconde(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)


def echeance(
    regles: Iterable[Regle],
    operation: str,
    jour: date,
    offre: Offre,
    calendrier: Calendrier,
    fuseau: tzinfo,
) -> Echeance:
    """The deadline of an operation for a day: the most precise rule that has an answer for it.

    `fuseau`: the town's zone, in which the rule's hour is read. Without a rule there is no limit.
    An absence that no rule limits is a cancelling: « annulable jusqu’à la veille » says when it is free.
    """
    regles = list(regles)
    trouvee = _selon(regles, operation, jour, offre, calendrier, fuseau)
    if trouvee is None and operation == Operation.ABSENCE:
        trouvee = _selon(regles, Operation.ANNULER, jour, offre, calendrier, fuseau)
    return replace(trouvee, operation=operation) if trouvee else Echeance(operation, None)


def echeance_annulation(
    regles: Iterable[Regle], jour: date, offre: Offre, calendrier: Calendrier, fuseau: tzinfo
) -> Echeance | None:
    """Until when a booking may be taken back for nothing; None: the règlement does not provide for it."""
    return _selon(regles, Operation.ANNULER, jour, offre, calendrier, fuseau)


def limite_justificatif(jour: date, heures: int, fuseau: tzinfo) -> datetime:
    """The last moment for the document that excuses a day: `heures` on the clock from its first minute.

    On the clock on the wall: 48 hours are two whole days, a summer-time night or not.
    """
    return datetime.combine(jour, time(0, 0), fuseau) + timedelta(hours=heures) - timedelta(microseconds=1)


def _selon(
    regles: Iterable[Regle],
    operation: str,
    jour: date,
    offre: Offre,
    calendrier: Calendrier,
    fuseau: tzinfo,
) -> Echeance | None:
    candidates = sorted(
        (r for r in regles if r.vise(operation, offre, jour)), key=lambda r: r.precision, reverse=True
    )
    for regle in candidates:
        if regle.mode == ModeDelai.AUCUN:
            return Echeance(operation, None, regle.retard)
        limite = _jour_limite(regle, jour, offre, calendrier)
        if limite is not None:
            # Whatever the rule says, nothing is asked once the day itself is over.
            instant = min(_instant(limite, regle.heure, fuseau), _instant(jour, FIN_DE_JOUR, fuseau))
            ouverture = _ouverture(regle, operation, jour, fuseau)
            return Echeance(operation, instant, regle.retard, regle.retard_heures, ouverture)
    return None


def _ouverture(regle: Regle, operation: str, jour: date, fuseau: tzinfo) -> datetime | None:
    fenetre = _fenetre(regle, jour) if operation == Operation.RESERVER else None
    if fenetre is None or fenetre.ouverture is None:
        return None
    return datetime.combine(fenetre.ouverture, time(0, 0), fuseau)


def _fenetre(regle: Regle, jour: date) -> Fenetre | None:
    if regle.mode != ModeDelai.DATES:
        return None
    return next((f for f in regle.dates if f.du <= jour <= f.au), None)


def _instant(jour: date, heure: time, fuseau: tzinfo) -> datetime:
    """« 12:00 » is that very second; « 23:59 » is the end of the day."""
    instant = datetime.combine(jour, heure, fuseau)
    return instant.replace(second=59, microsecond=999_999) if heure == FIN_DE_JOUR else instant


def _jour_limite(regle: Regle, jour: date, offre: Offre, calendrier: Calendrier) -> date | None:
    """Day of the deadline; None when this rule has nothing to say of that day."""
    if regle.mode == ModeDelai.SEMAINE:
        lundi = jour - timedelta(days=jour.isoweekday() - 1)
        return lundi - timedelta(weeks=regle.nombre) + timedelta(days=regle.jour_limite - 1)
    if regle.mode == ModeDelai.JOURS:
        return _en_remontant(regle, jour, offre, calendrier)
    if regle.mode == ModeDelai.MOIS:
        rang = jour.year * 12 + jour.month - 1 - regle.nombre
        annee, mois = divmod(rang, 12)
        dernier = calendar.monthrange(annee, mois + 1)[1]
        return date(annee, mois + 1, min(regle.quantieme, dernier))
    if regle.mode == ModeDelai.VACANCES:
        vacances = calendrier.vacances_du(jour)
        # « n jours francs » : n whole days stand between the deadline and the first day.
        return vacances.du - timedelta(days=regle.nombre + 1) if vacances else None
    fenetre = _fenetre(regle, jour)
    return fenetre.limite if fenetre else None


def _en_remontant(regle: Regle, jour: date, offre: Offre, calendrier: Calendrier) -> date | None:
    """`nombre` counted days before: all, working ones, or those on which the prestation opens."""
    if regle.comptage == Comptage.CALENDAIRES:
        return jour - timedelta(days=regle.nombre)
    limite: date | None = jour
    for _ in range(regle.nombre):
        if limite is None:
            return None
        if regle.comptage == Comptage.OUVERTURE:
            limite = calendrier.ouvre_avant(offre, limite)
        else:
            limite -= timedelta(days=1)
            while not calendrier.ouvre_en_semaine(limite):
                limite -= timedelta(days=1)
    return limite
