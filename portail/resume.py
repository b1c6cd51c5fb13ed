"""What the home page tells a family: its children's days to come, the next deadline to book, the requests
that were just answered.

Two queries whatever the number of children, besides the règlement intérieur, which is cached.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, Value
from django.db.models.functions import TruncDate
from django.urls import reverse

from demandes.enums import NatureDemande, lire_reponse
from demandes.enums import Reponse as LueReponse
from demandes.models import Demande
from familles.acces import Acces
from familles.francais import enumerer, jour_sans_annee
from familles.models import Enfant
from planning.calendrier import Offre
from planning.connus import EnfantConnu, avec_inscriptions
from planning.creneaux import prochain_creneau
from planning.enums import EtatReservation
from planning.examen import habite_si_utile, reglement_a
from planning.models import Reservation
from planning.navigation import prochaine_ouverte
from planning.prochaine import ProchaineEcheance
from planning.reglement import Reglement

JOURS_ANNONCES = 7
JOURS_DES_REPONSES, REPONSES_MONTREES = 14, 5
E = EtatReservation
# What is not simply booked: style and drawing beside the words of the legend.
SIGNES = {
    E.DEMANDEE: ("attente", "hourglass-split"),
    E.LISTE_ATTENTE: ("attente", "clock"),
    E.ABSENCE_DEMANDEE: ("attente", "hourglass-split"),
    E.ABSENT_EXCUSE: ("excuse", "calendar-x"),
    E.ABSENT_FACTURE: ("facture", "calendar-x"),
    E.CONGE: ("excuse", "calendar-x"),
}


@dataclass(frozen=True)
class Service:
    """A booking of a day: its prestation, and what it is when it is not simply booked."""

    prestation: str
    etat: str = ""
    style: str = ""
    dessin: str = ""


@dataclass
class Resume(EnfantConnu):
    """And its bookings day by day."""

    jours: dict[date, list[Service]] = field(default_factory=dict)

    def peut_reserver(self, jours: Iterable[date]) -> bool:
        return any(du <= jour <= au for _, du, au in self.inscriptions for jour in jours)

    def annonce(self, jour: date) -> list[tuple[date, list[Service]]]:
        """The days to come with something booked."""
        fin = jour + timedelta(days=JOURS_ANNONCES - 1)
        return [(j, services) for j, services in sorted(self.jours.items()) if jour <= j <= fin]


@dataclass(frozen=True)
class Appel:
    """The next deadline to book, who may, and for whom nothing is asked yet."""

    echeance: ProchaineEcheance
    concernes: list[Resume]
    quoi: str = ""  # « Garderie Soir et Repas »; empty: all that the family books

    @property
    def mois(self) -> date:
        return self.echeance.jours[0]

    @property
    def periode(self) -> str:
        """« le jeudi 3 décembre », « du lundi 30 novembre au vendredi 4 décembre »."""
        premier, dernier = self.echeance.jours[0], self.echeance.jours[-1]
        if premier == dernier:
            return f"le {jour_sans_annee(premier)}"
        return f"du {jour_sans_annee(premier)} au {jour_sans_annee(dernier)}"

    @property
    def sans_rien(self) -> str:
        """« Alexandre et Léa »: the children with nothing booked on these days; empty: all have something."""
        jours = set(self.echeance.jours)
        return enumerer([r.enfant.prenom for r in self.concernes if not jours & set(r.jours)])


@dataclass(frozen=True)
class Reponse:
    """A request that was answered."""

    pk: int
    nature: str
    prenom: str
    reponse: LueReponse
    decidee_le: date

    @property
    def get_absolute_url(self) -> str:
        return reverse("demandes:detail", args=[self.pk])


def resumer(
    acces: Acces, instant: datetime, version: str | None
) -> tuple[list[Resume], Appel | None, str, list[Reponse]]:
    """The family's children, its next deadline (None when nothing has one), the next window to open, the
    latest answers.
    """
    jour = instant.date()
    resumes = _enfants(acces, jour)
    reglement = reglement_a(instant, version)
    resident = habite_si_utile(reglement, acces.famille, jour)
    appel = _appel(resumes, reglement, resident)
    fin = jour + timedelta(days=JOURS_ANNONCES - 1)
    if appel is not None:
        fin = max(fin, appel.echeance.jours[-1])
    reponses = _lire_les_jours(acces, resumes, jour, fin)
    offres = dict.fromkeys(offre for resume in resumes for offre, _, _ in resume.inscriptions)
    return resumes, appel, prochain_creneau(reglement.creneaux, offres, instant, resident), reponses


def _enfants(acces: Acces, jour: date) -> list[Resume]:
    """One query, of the inscriptions that are not over."""
    en_cours = Q(inscriptions__famille=acces.famille, inscriptions__au__gte=jour)
    resumes: dict[int, Resume] = {}
    for ligne in avec_inscriptions(Enfant.objects.pour(acces).avec_ecole(jour), en_cours):
        resumes.setdefault(ligne.pk, Resume(ligne)).retenir(ligne)
    # Those who may book come first: the others have nothing to announce.
    return sorted(resumes.values(), key=lambda r: not r.inscriptions)


def _appel(resumes: list[Resume], reglement: Reglement, resident: bool) -> Appel | None:
    periodes: dict[Offre, list[tuple[date, date]]] = {}
    for resume in resumes:
        for offre, dates in resume.periodes.items():
            periodes.setdefault(offre, []).extend(dates)
    if not periodes:
        return None
    echeance = prochaine_ouverte(reglement, periodes, resident)
    if echeance is None:
        return None
    noms = {pk: nom for resume in resumes for pk, nom in resume.prestations.items()}
    concernes = [r for r in resumes if r.peut_reserver(echeance.jours)]
    return Appel(echeance, concernes, enumerer(echeance.noms(noms)))


def _lire_les_jours(acces: Acces, resumes: list[Resume], du: date, au: date) -> list[Reponse]:
    """Put the family's bookings of the period in the children's days; return its latest answers.

    One query for both: the page keeps to its budget. The first column tells them apart.
    """
    par_enfant = {r.enfant.pk: r for r in resumes}
    reservees = Reservation.objects.pour(acces).actives().sur(du, au).order_by()
    decidees = Demande.objects.pour(acces).decidees_depuis(JOURS_DES_REPONSES).avec_reponse().order_by()
    lignes = reservees.values_list(
        Value(0), "enfant", "jour", "prestation__nom", "etat", "prestation__ordre"
    ).union(
        decidees.values_list("pk", "enfant", TruncDate("decide_le"), "nature", "reponse_lue", Value(0)),
        all=True,
    )
    reponses = []
    # In the order of the day, of the prestations, of their names.
    for pk, enfant_id, jour, nom, etat, _ in sorted(lignes, key=lambda ligne: (ligne[2], ligne[5], ligne[3])):
        resume = par_enfant.get(enfant_id)
        if pk:
            prenom = resume.enfant.prenom if resume else ""
            reponses.append(Reponse(pk, NatureDemande(nom).label, prenom, lire_reponse(etat), jour))
        elif resume:
            libelle = E(etat).label if etat in SIGNES else ""
            service = Service(nom, libelle, *SIGNES.get(E(etat), ("", "")))
            resume.jours.setdefault(jour, []).append(service)
    reponses.sort(key=lambda reponse: (reponse.decidee_le, reponse.pk), reverse=True)
    return reponses[:REPONSES_MONTREES]
