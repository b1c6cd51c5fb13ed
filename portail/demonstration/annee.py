"""The current school year in bulk: regular bookings of the whole year, registers until yesterday."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from familles.garde import payeur_du_jour
from familles.models import AnneeScolaire, Enfant, Inscription
from planning.enums import EtatPointage, EtatReservation, Origine
from planning.models import Mouvement, Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur
from portail.demonstration.distribution import Distribution
from portail.demonstration.hasard import Hasard, a, jours
from portail.demonstration.rythmes import gardes_alternees
from portail.demonstration.ville import Ville

E = EtatReservation
# Absences already agreed reach that far ahead.
ABSENCES_A_VENIR = timedelta(days=20)
# Last open days whose register nobody has taken yet: the last one, the one before…
APPELS_NON_FAITS = {"soir2": (1,), "repas": (2,), "matin1": (1, 3)}


@dataclass(frozen=True)
class MoisClos:
    du: date
    au: date
    emission: date  # day of the closing and of the bills

    @property
    def regle_aussitot(self) -> date:
        """Day on which the first families pay."""
        return ouvrable(self.emission + timedelta(days=2))


def ouvrable(jour: date) -> date:
    """That day, or the Monday after its week-end."""
    return jour + timedelta(days=8 - jour.isoweekday()) if jour.isoweekday() > 5 else jour


@dataclass
class Annee:
    """The school year the town lives in, seen from a day of it."""

    ville: Ville
    scolaire: AnneeScolaire
    le: date
    ouverts: dict[int, list[date]]  # open days of each prestation (its key), in order

    @property
    def mois_clos(self) -> list["MoisClos"]:
        """The months billed and already paid by some, those of summer left out.

        The last one that is over is not: whoever tries the portal has a month to close and to bill.
        """
        mois = []
        du = self.scolaire.debut
        while du.month not in (7, 8):
            suivant = (du + timedelta(days=31)).replace(day=1)
            clos = MoisClos(du, suivant - timedelta(days=1), ouvrable(suivant + timedelta(days=2)))
            fin_du_suivant = (suivant + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            if fin_du_suivant < self.le:
                mois.append(clos)
            du = suivant
        return mois


def ouvrir(ville: Ville, scolaire: AnneeScolaire, le: date) -> Annee:
    """Calendars and closures stand: which days each service opens."""
    calendrier = reglement_interieur().calendrier
    tous = jours(scolaire.debut, scolaire.fin)
    ouverts = {
        p.pk: [j for j in tous if calendrier.ouvre(offre_de(p), j)] for p in ville.prestations.values()
    }
    return Annee(ville, scolaire, le, ouverts)


# --- Bookings ------------------------------------------------------------------------------------------


def reserver(annee: Annee, inscriptions: list[Inscription], d: Distribution, hasard: Hasard) -> list:
    """The days of every weekly pattern, some of them absences already agreed."""
    # Asked before the school year; in summer, a fortnight ago.
    demandee = min(a(annee.scolaire.debut - timedelta(days=7), 10), a(annee.le - timedelta(days=14), 10))
    chez = _chez()
    reservations = [
        Reservation(
            enfant_id=inscription.enfant_id,
            prestation_id=inscription.prestation_id,
            jour=jour,
            inscription=inscription,
            etat=E.RESERVEE,
            origine=Origine.REGULIERE,
            demandee_le=demandee,
        )
        for inscription in inscriptions
        if inscription.semaine_paire or inscription.semaine_impaire
        for jour in annee.ouverts[inscription.prestation_id]
        if inscription.rythme_du(jour) and chez(inscription, jour)
    ]
    for reservation in reservations:
        proche = reservation.jour < annee.le + ABSENCES_A_VENIR
        if proche and reservation.enfant_id != d.lea.pk and hasard.chance(3):
            _absenter(reservation, excusee=hasard.chance(75))
    for reservation in _de(reservations, d.lea, annee.ville, "repas", avant=annee.le)[-3:-2]:
        _absenter(reservation, excusee=True)
    Reservation.objects.bulk_create(reservations, batch_size=5000)
    mouvements = (m for r in reservations for m in _mouvements(r, annee.ville))
    Mouvement.objects.bulk_create(mouvements, batch_size=5000)
    return reservations


def _chez() -> Callable[[Inscription, date], bool]:
    """Whether the child is that day in the family of the inscription."""
    gardes = gardes_alternees()
    vacances = [(v.du, v.au) for v in reglement_interieur().calendrier.vacances]

    def chez(inscription: Inscription, jour: date) -> bool:
        siennes = gardes.get(inscription.enfant_id)
        return not siennes or payeur_du_jour(siennes, jour, vacances) == inscription.famille_id

    return chez


def _absenter(reservation: Reservation, excusee: bool) -> None:
    reservation.etat = E.ABSENT_EXCUSE if excusee else E.ABSENT_FACTURE
    reservation.absence_excusee = excusee


def _mouvements(reservation: Reservation, ville: Ville) -> Iterable[Mouvement]:
    """Booked from the pattern by the staff; an absence was asked by the family, then agreed."""
    inscrite = reservation.demandee_le
    yield Mouvement(
        reservation=reservation, vers=E.RESERVEE, par=ville.agent, le=inscrite, motif="Rythme de l’année"
    )
    if reservation.etat != E.RESERVEE:
        veille = max(a(reservation.jour - timedelta(days=24), 18), inscrite)
        yield Mouvement(reservation=reservation, de=E.RESERVEE, vers=E.ABSENCE_DEMANDEE, le=veille)
        yield Mouvement(
            reservation=reservation,
            de=E.ABSENCE_DEMANDEE,
            vers=reservation.etat,
            par=ville.agent,
            le=veille + timedelta(hours=15),
        )


def _de(lignes: list, enfant: Enfant, ville: Ville, cle: str, avant: date) -> list:
    prestation = ville.prestations[cle].pk
    return [
        r for r in lignes if r.enfant_id == enfant.pk and r.prestation_id == prestation and r.jour < avant
    ]


# --- Registers -----------------------------------------------------------------------------------------


def pointer(annee: Annee, reservations: list, inscriptions: list, d: Distribution, hasard: Hasard) -> None:
    """Who came until yesterday: nearly all, a few missing, a few unbooked, the last registers not taken."""
    oublies = _appels_non_faits(annee)
    attendues = [
        r
        for r in reservations
        if r.jour < annee.le and r.etat == E.RESERVEE and (r.prestation_id, r.jour) not in oublies
    ]
    manquees = {r.pk for r in _de(attendues, d.lea, annee.ville, "repas", avant=annee.le)[-8:-7]}
    manquees |= {r.pk for r in attendues if r.enfant_id != d.lea.pk and not hasard.randrange(70)}
    pointages = [
        _pointage(annee, r, EtatPointage.ABSENT if r.pk in manquees else EtatPointage.PRESENT)
        for r in attendues
    ]
    pointages += _hors_contrat(annee, reservations, inscriptions, d, hasard)
    Pointage.objects.bulk_create(pointages, batch_size=5000)


def _appels_non_faits(annee: Annee) -> set[tuple[int, date]]:
    """Never in a month already closed."""
    oublies = set()
    clos = max((mois.au for mois in annee.mois_clos), default=date.min)
    for cle, rangs in APPELS_NON_FAITS.items():
        prestation = annee.ville.prestations[cle].pk
        passes = [j for j in annee.ouverts[prestation] if clos < j < annee.le]
        oublies |= {(prestation, passes[-rang]) for rang in rangs if rang <= len(passes)}
    return oublies


def _pointage(annee: Annee, reservation: Reservation, etat: str) -> Pointage:
    return Pointage(
        enfant_id=reservation.enfant_id,
        prestation_id=reservation.prestation_id,
        jour=reservation.jour,
        etat=etat,
        reservation=reservation,
        inscription=reservation.inscription,
        famille_id=reservation.inscription.famille_id,
        par=annee.ville.agent,
        le=a(reservation.jour, 18, 50),
    )


def _hors_contrat(
    annee: Annee, reservations: list, inscriptions: list, d: Distribution, hasard: Hasard
) -> list[Pointage]:
    """Children who stayed at the evening garderie though nobody had booked; Léa once, last of all."""
    soir1, soir2 = annee.ville.prestations["soir1"], annee.ville.prestations["soir2"]
    pris = {(r.enfant_id, r.jour) for r in reservations if r.prestation_id in (soir1.pk, soir2.pk)}
    seuls = gardes_alternees()
    possibles = [
        i
        for i in inscriptions
        if i.prestation_id == soir1.pk and i.enfant_id not in seuls and i.enfant_id != d.lea.pk
    ]
    presences = []
    for jour in annee.ouverts[soir1.pk]:
        inscription = hasard.choice(possibles)
        if jour < annee.le and hasard.chance(60) and (inscription.enfant_id, jour) not in pris:
            presences.append((inscription, jour))
    restes_tard = _de(reservations, d.lea, annee.ville, "soir1", avant=annee.le - timedelta(days=4))[-1:]
    de_lea = [i for i in inscriptions if i.enfant_id == d.lea.pk and i.prestation_id == soir2.pk]
    presences += [(inscription, r.jour) for inscription in de_lea for r in restes_tard]
    return [
        Pointage(
            enfant_id=inscription.enfant_id,
            prestation_id=inscription.prestation_id,
            jour=jour,
            etat=EtatPointage.PRESENT,
            inscription=inscription,
            famille_id=inscription.famille_id,
            par=annee.ville.agent,
            le=a(jour, 18, 50),
        )
        for inscription, jour in presences
    ]
