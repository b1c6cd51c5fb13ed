"""What a closure takes away, before anybody decides it: bookings, waiting lists, open requests."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Exists

from familles.horloge import aujourdhui
from familles.models import Enfant, Prestation
from planning.appel import SANS_CLASSE, niveau_de
from planning.enums import INDECISES, EtatPointage, EtatReservation
from planning.models import Cloture, Fermeture, Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur

E = EtatReservation
# Of an absence declared too late, nothing is owed either once there is no service.
A_EXCUSER = frozenset({E.RESERVEE, E.ABSENT_FACTURE})


@dataclass(frozen=True)
class Tableau:
    """Numbers of bookings: a line per prestation (name, a number per class, their sum)."""

    classes: list[str]
    lignes: list[tuple[str, list[int], int]]


@dataclass(frozen=True)
class Touchees:
    """Bookings of the days that a closure takes, each with its child, its prestation and its family."""

    a_excuser: list[Reservation]
    en_attente: list[Reservation]
    indecises: list[Reservation]
    # Left as they are: the child was served, or the day is closed for billing.
    servies: int
    closes: int
    classes: dict[int, str]

    @property
    def empreinte(self) -> str:
        """Of what was shown: nobody confirms a list that has changed since."""
        lues = [f"{r.pk} {r.etat}" for r in (*self.a_excuser, *self.en_attente, *self.indecises)]
        return hashlib.sha256("\n".join(sorted(lues)).encode()).hexdigest()

    @property
    def familles(self) -> int:
        lues = (*self.a_excuser, *self.en_attente, *self.indecises)
        return len({r.inscription.famille_id for r in lues})

    @property
    def tableau(self) -> Tableau:
        comptes = Counter((r.prestation, self.classe(r)) for r in self.a_excuser)
        classes = sorted({classe for _, classe in comptes}, key=lambda c: (niveau_de(c), c))
        prestations = sorted({p for p, _ in comptes}, key=lambda p: (p.structure.nom, p.ordre, p.pk))
        lignes = [(p, [comptes[p, classe] for classe in classes]) for p in prestations]
        return Tableau(classes, [(str(p), nombres, sum(nombres)) for p, nombres in lignes])

    @property
    def enfants(self) -> Iterator[tuple[Enfant, str, int]]:
        """Each child with the class and the number of bookings, by name."""
        rangees = sorted(self.a_excuser, key=lambda r: (r.enfant.nom, r.enfant.prenom, r.enfant_id))
        for _, lignes in groupby(rangees, key=lambda r: r.enfant_id):
            siennes = list(lignes)
            yield siennes[0].enfant, self.classe(siennes[0]), len(siennes)

    def classe(self, reservation: Reservation) -> str:
        return self.classes.get(reservation.enfant_id) or SANS_CLASSE


def touchees(fermeture: Fermeture) -> Touchees:
    """Three queries, whatever the number of bookings; the closure need not be saved."""
    presents = Pointage.objects.de_la_ligne().filter(etat=EtatPointage.PRESENT)
    lues = (
        Reservation.objects.fermees_par(fermeture)
        .filter(etat__in=A_EXCUSER | INDECISES | {E.LISTE_ATTENTE})
        .annotate(servie=Exists(presents))
        .select_related("enfant", "prestation__structure", "inscription__famille")
        .order_by("jour", "prestation__ordre", "pk")
    )
    closes = _journees_closes(fermeture)
    libres, servies, closes_touchees = [], 0, 0
    for reservation in lues:
        if closes(reservation.prestation_id, reservation.jour):
            closes_touchees += 1
        elif reservation.servie:
            servies += 1
        else:
            libres.append(reservation)
    enfants = Enfant.objects.filter(pk__in={r.enfant_id for r in libres}).avec_ecole(fermeture.du)
    return Touchees(
        a_excuser=[r for r in libres if r.etat in A_EXCUSER],
        en_attente=[r for r in libres if r.etat == E.LISTE_ATTENTE],
        indecises=[r for r in libres if r.etat in INDECISES],
        servies=servies,
        closes=closes_touchees,
        classes=dict(enfants.values_list("pk", "classe")),
    )


def reservees_malgre_tout(du: date, au: date) -> int:
    """How many days booked from today on, of this period, are of services that no longer open then."""
    lignes = (
        Reservation.objects.filter(etat=E.RESERVEE, jour__range=(max(du, aujourdhui()), au))
        .order_by()
        .values_list("prestation", "jour")
        .annotate(nombre=Count("pk"))
    )
    offres = {p.pk: offre_de(p) for p in Prestation.objects.all()}
    calendrier = reglement_interieur().calendrier
    return sum(nombre for p, jour, nombre in lignes if not calendrier.ouvre(offres[p], jour))


def _journees_closes(fermeture: Fermeture):
    clotures = list(
        Cloture.objects.filter(du__lte=fermeture.au, au__gte=fermeture.du).values_list(
            "prestation", "du", "au"
        )
    )

    def close(prestation_id: int, jour: date) -> bool:
        return any(p == prestation_id and du <= jour <= au for p, du, au in clotures)

    return close
