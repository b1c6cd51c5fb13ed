"""Where the planning leads: the months that a child knows, the next deadline."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from familles.francais import INSECABLE, enumerer, jour_sans_annee, moment
from planning.calendrier import Offre
from planning.connus import EnfantConnu
from planning.creneaux import prochain_creneau
from planning.prochaine import HORIZON, ProchaineEcheance, prochaine_echeance
from planning.reglement import Reglement

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


def annonces(connu: EnfantConnu, reglement: Reglement) -> list[str]:
    """« Jusqu’au jeudi 26 novembre 2026 à 12 h 00 : réserver pour la semaine du … », the next window."""
    jour, periodes = reglement.instant.date(), connu.periodes
    offres = [offre for offre, dates in periodes.items() if any(au >= jour for _, au in dates)]
    phrases = []
    echeance = prochaine_ouverte(reglement, {offre: periodes[offre] for offre in offres}, connu.resident)
    if echeance is not None:
        noms = enumerer(echeance.noms({o.prestation_id: connu.prestations[o.prestation_id] for o in offres}))
        quoi = f"{noms}, " if noms else ""
        limite = f"{moment(echeance.limite)}{INSECABLE}"
        phrases = [f"Jusqu’au {limite}: réserver {quoi}pour {_periode(echeance)}."]
    ouverture = prochain_creneau(reglement.creneaux, offres, reglement.instant, connu.resident)
    return [*phrases, ouverture] if ouverture else phrases


@dataclass(frozen=True)
class _Annoncee:
    """A deadline found at an instant: the same is found for the rest of that day, until it is over."""

    depuis: datetime
    echeance: ProchaineEcheance | None

    def vaut(self, instant: datetime) -> bool:
        # In UTC, as deadlines are compared.
        ici = instant.astimezone(UTC)
        commencee = self.depuis.astimezone(UTC) <= ici
        return commencee and (self.echeance is None or ici <= self.echeance.limite.astimezone(UTC))


def prochaine_ouverte(
    reglement: Reglement, periodes: Mapping[Offre, Iterable[tuple[date, date]]], resident: bool
) -> ProchaineEcheance | None:
    """The next deadline for booking, among the days on which the family may: of an inscription (first and
    last days, by prestation), when no window keeps them shut.

    Looked for once under these rules by those who are inscribed alike (1 ms a page). Not where a window opens
    or shuts at an hour of its own; a rule's dates open at midnight, and the day is of what it depends on.
    """
    if reglement.creneaux:
        return _chercher(reglement, periodes, resident)
    cle = (
        "prochaine",
        tuple((offre, tuple(dates)) for offre, dates in periodes.items()),
        reglement.instant.date(),
        reglement.fuseau,
    )
    connue = reglement.connues.get(cle)
    if connue is None or not connue.vaut(reglement.instant):
        connue = _Annoncee(reglement.instant, _chercher(reglement, periodes, resident))
        reglement.retenir(cle, connue)
    return connue.echeance


def _chercher(
    reglement: Reglement, periodes: Mapping[Offre, Iterable[tuple[date, date]]], resident: bool
) -> ProchaineEcheance | None:
    return prochaine_echeance(
        lambda offre, jour: reglement.limite_pour_reserver(offre, jour, resident),
        periodes,
        reglement.calendrier,
        reglement.instant,
        horizon_jours=_horizon(reglement, resident),
        inscrit=lambda offre, jour: (
            any(du <= jour <= au for du, au in periodes[offre])
            and not reglement.refus_du_creneau(offre, jour, resident)
        ),
    )


def _horizon(reglement: Reglement, resident: bool) -> int:
    """As far as the days of a window that shuts soon: it may be months before the first of them."""
    instant = reglement.instant
    bientot = instant + timedelta(days=HORIZON)
    fins = [
        (creneau.au - instant.date()).days + 1
        for creneau in reglement.creneaux
        if creneau.fermeture and creneau.fermeture <= bientot and creneau.est_ouvert(instant, resident)
    ]
    return max([HORIZON, *fins])


def _periode(echeance: ProchaineEcheance) -> str:
    premier, dernier = echeance.jours[0], echeance.jours[-1]
    if premier == dernier:
        return f"le {jour_sans_annee(premier)}"
    meme_semaine = premier.isocalendar()[:2] == dernier.isocalendar()[:2]
    nature = "la semaine" if meme_semaine else "les jours"
    return f"{nature} du {jour_sans_annee(premier)} au {jour_sans_annee(dernier)}"
