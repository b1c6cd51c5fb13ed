"""The iCal feed of a family: its bookings, the closures of its services, its deadlines.

Written by the icalendar library, which folds, escapes and orders as RFC 5545 asks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists
from icalendar import Alarm, Calendar, Event

from familles.acces import Acces
from familles.francais import enumerer, jour_sans_annee
from familles.models import Prestation
from planning.calendrier import Calendrier, Offre, PeriodeFermee
from planning.connus import EnfantConnu, enfants_connus
from planning.enums import EtatPointage, EtatReservation
from planning.examen import reglement_a
from planning.models import Pointage, Reservation
from planning.reglement import Reglement

PASSE, AVENIR = timedelta(days=62), timedelta(days=366)
# Nobody plans a deadline that far ahead, and a calendar full of alarms is one that nobody reads.
ECHEANCES = timedelta(days=56)
# A deadline is told with all the days that close with it: at most those of a month, told a month before.
PORTEE = timedelta(days=62)
E = EtatReservation
ABSENCE_FACTUREE = "absence facturée"
# What is told beside the service when it is not simply booked.
MENTIONS = {
    E.DEMANDEE: "en attente de réponse",
    E.LISTE_ATTENTE: "sur liste d’attente",
    E.ABSENCE_DEMANDEE: "absence en cours de traitement",
    E.ABSENT_EXCUSE: "absence",
    E.ABSENT_FACTURE: ABSENCE_FACTUREE,
    E.CONGE: "congé",
}


@dataclass(frozen=True)
class Flux:
    """Who reads, and when."""

    acces: Acces
    instant: datetime

    @property
    def aujourdhui(self) -> date:
        return self.instant.date()


def ecrire(acces: Acces, instant: datetime, nom: str) -> bytes:
    """Seven queries at most, whatever the number of children and days. `nom`: of the town."""
    flux = Flux(acces, instant)
    agenda = Calendar()
    agenda.add("prodid", "-//Portail famille//FR")
    agenda.add("version", "2.0")
    agenda.add("x-wr-calname", f"Cantine et garderie, {nom}")
    agenda.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    reglement = reglement_a(instant)
    connus = enfants_connus(acces, residence=reglement.distingue_les_residents)
    for evenement in (
        *_reservations(flux),
        *_fermetures(flux, connus.values(), reglement.calendrier),
        *_echeances(flux, connus.values(), reglement),
    ):
        agenda.add_component(evenement)
    return agenda.to_ical()


def _evenement(flux: Flux, uid: str, titre: str, debut: date | datetime, fin: date | datetime) -> Event:
    evenement = Event()
    evenement.add("uid", f"{uid}@portail-famille")
    evenement.add("dtstamp", flux.instant)
    evenement.add("summary", titre)
    evenement.add("dtstart", _ecrit(debut))
    evenement.add("dtend", _ecrit(fin))
    return evenement


def _ecrit(quand: date | datetime) -> date | datetime:
    """Hours in UTC: they need no description of the town's zone (RFC 5545, 3.3.5), and mean the same."""
    return quand.astimezone(UTC) if isinstance(quand, datetime) else quand


def _reservations(flux: Flux) -> Iterator[Event]:
    manques = Pointage.objects.de_la_ligne().filter(etat=EtatPointage.ABSENT)
    lignes = (
        Reservation.objects.pour(flux.acces)
        .actives()
        .sur(flux.aujourdhui - PASSE, flux.aujourdhui + AVENIR)
        .select_related("enfant", "prestation__structure")
        .annotate(manquee=Exists(manques))
    )
    for reservation in lignes:
        prestation, mention = reservation.prestation, MENTIONS.get(E(reservation.etat))
        if reservation.etat == E.RESERVEE and reservation.manquee:
            mention = ABSENCE_FACTUREE
        titre = f"{reservation.enfant.prenom} : {prestation.nom}" + (f" ({mention})" if mention else "")
        debut, fin = _heures(prestation, reservation.jour, flux)
        evenement = _evenement(flux, f"r{reservation.pk}", titre, debut, fin)
        evenement.add("location", str(prestation.structure))
        evenement.add("transp", "TRANSPARENT")
        evenement.add("status", "TENTATIVE" if mention else "CONFIRMED")
        yield evenement


def _heures(prestation: Prestation, jour: date, flux: Flux) -> tuple[date, date] | tuple[datetime, datetime]:
    """The whole day when the service has no hours."""
    if prestation.heure_debut is None or prestation.heure_fin is None:
        return jour, jour + timedelta(days=1)
    fuseau = flux.instant.tzinfo
    return (
        datetime.combine(jour, prestation.heure_debut, fuseau),
        datetime.combine(jour, prestation.heure_fin, fuseau),
    )


def _fermetures(flux: Flux, connus: Iterable[EnfantConnu], calendrier: Calendrier) -> Iterator[Event]:
    offres = {offre for connu in connus for offre, _, au in connu.inscriptions if au >= flux.aujourdhui}
    for fermeture in calendrier.fermetures:
        touche = any(fermeture.concerne(offre, fermeture.du) for offre in offres)
        if touche and flux.aujourdhui - PASSE <= fermeture.au and fermeture.du <= flux.aujourdhui + AVENIR:
            fin = fermeture.au + timedelta(days=1)
            titre = f"Fermeture{_portee(fermeture, connus)} : {fermeture.motif}"
            yield _evenement(flux, f"f{fermeture.cle}", titre, fermeture.du, fin)


def _portee(fermeture: PeriodeFermee, connus: Iterable[EnfantConnu]) -> str:
    """« (Garderie Soir) »: a service or a structure alone is not the whole town."""
    for connu in connus:
        if fermeture.prestation_id in connu.prestations:
            return f" ({connu.prestations[fermeture.prestation_id]})"
        for offre, *_ in connu.inscriptions:
            if offre.structure_id == fermeture.structure_id:
                return f" ({connu.structures[offre.prestation_id]})"
    return ""


def _echeances(flux: Flux, connus: Iterable[EnfantConnu], reglement: Reglement) -> Iterator[Event]:
    """One event per deadline, an alarm the day before."""
    limites: dict[datetime, dict[Offre, set[date]]] = {}
    resident = any(connu.resident for connu in connus)  # the family's, the same for each of them
    for offre, jour in _reservables(flux, connus, reglement):
        trouvee = reglement.limite_pour_reserver(offre, jour, resident)
        if (
            trouvee.limite is not None
            and trouvee.limite <= flux.instant + ECHEANCES
            and trouvee.est_a_venir(flux.instant)
        ):
            limites.setdefault(trouvee.limite, {}).setdefault(offre, set()).add(jour)
    noms = _noms({offre.prestation_id for offres in limites.values() for offre in offres})
    for limite, offres in sorted(limites.items()):
        fin = limite.replace(second=0, microsecond=0)
        titre = f"Dernier moment pour réserver : {_quoi(offres, noms)}"
        evenement = _evenement(flux, f"e{fin:%Y%m%d%H%M}", titre, fin - timedelta(minutes=30), fin)
        rappel = Alarm()
        rappel.add("action", "DISPLAY")
        rappel.add("description", titre)
        rappel.add("trigger", timedelta(days=-1))
        evenement.add_component(rappel)
        yield evenement


def _noms(prestations: set[int]) -> dict[int, str]:
    return dict(Prestation.objects.filter(pk__in=prestations).values_list("pk", "nom"))


def _quoi(offres: dict[Offre, set[date]], noms: dict[int, str]) -> str:
    """« Garderie Soir et Repas, du lundi 30 novembre au vendredi 4 décembre », by days alike."""
    par_jours: dict[tuple[date, date], list[str]] = {}
    for offre, jours in offres.items():
        par_jours.setdefault((min(jours), max(jours)), []).append(noms[offre.prestation_id])
    return " ; ".join(f"{enumerer(sorted(n))}, {_periode(*jours)}" for jours, n in sorted(par_jours.items()))


def _periode(premier: date, dernier: date) -> str:
    if dernier == premier:
        return jour_sans_annee(premier)
    return f"du {jour_sans_annee(premier)} au {jour_sans_annee(dernier)}"


def _reservables(
    flux: Flux, connus: Iterable[EnfantConnu], reglement: Reglement
) -> Iterator[tuple[Offre, date]]:
    """Open days that the family may book, as far as deadlines are told; once for all its children."""
    vus: set[tuple[Offre, date]] = set()
    for connu in connus:
        for offre, du, au in connu.inscriptions:
            premier = max(du, flux.aujourdhui)
            for n in range((min(au, flux.aujourdhui + ECHEANCES + PORTEE) - premier).days + 1):
                couple = offre, premier + timedelta(days=n)
                if couple in vus or not offre.active or not reglement.calendrier.ouvre(*couple):
                    continue
                vus.add(couple)
                if not reglement.refus_du_creneau(*couple, connu.resident):
                    yield couple
