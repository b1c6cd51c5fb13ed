"""Calendar, house rules, bookings and register, as rows; the real paths are `planning.actions`."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from familles.models import Inscription
from planning import models
from planning.enums import EtatPointage, EtatReservation, ModeDelai, NatureVacances, Operation
from tests.fabriques.familles import AnneeScolaireFactory, InscriptionFactory, PrestationFactory


class JourFerieFactory(DjangoModelFactory):
    class Meta:
        model = models.JourFerie
        django_get_or_create = ["jour"]

    jour = date(2026, 12, 25)
    nom = "Noël"


class VacancesFactory(DjangoModelFactory):
    """Christmas 2026: first and last day without school included."""

    class Meta:
        model = models.Vacances
        django_get_or_create = ["du"]

    nom = "Vacances de Noël"
    nature = NatureVacances.PETITES
    du = date(2026, 12, 19)
    au = date(2027, 1, 3)


class FermetureFactory(DjangoModelFactory):
    """Of the whole town unless `structure=` or `prestation=`."""

    class Meta:
        model = models.Fermeture

    du = date(2027, 5, 7)
    au = factory.SelfAttribute("du")
    motif = "Pont"


class CreneauFactory(DjangoModelFactory):
    """The school year 2026-2027, from 15 June 2026 at 9 h 00 in Paris; `prestations=[…]`, all by default."""

    class Meta:
        model = models.Creneau
        skip_postgeneration_save = True

    nom = "Année 2026-2027"
    du = date(2026, 9, 1)
    au = date(2027, 8, 31)
    ouverture = datetime(2026, 6, 15, 7, 0, tzinfo=UTC)

    @factory.post_generation
    def prestations(self, cree, choisies, **_):
        if cree and choisies:
            self.prestations.set(choisies)


class RegleDelaiFactory(DjangoModelFactory):
    """The manual's: Thursday noon for the next week, for every prestation."""

    class Meta:
        model = models.RegleDelai

    operation = Operation.RESERVER
    mode = ModeDelai.SEMAINE
    nombre = 1
    jour_limite = 4
    heure = "12:00"


class EcheanceDateeFactory(DjangoModelFactory):
    class Meta:
        model = models.EcheanceDatee

    regle = factory.SubFactory(RegleDelaiFactory, mode=ModeDelai.DATES)
    du = date(2027, 2, 6)
    au = date(2027, 2, 21)
    limite = date(2027, 1, 22)


class MotifAbsenceFactory(DjangoModelFactory):
    """One more than the nine of the manual, which are there since the migration."""

    class Meta:
        model = models.MotifAbsence

    libelle = factory.Sequence(lambda n: f"RAISON {n}")


def inscription_de(enfant, prestation, jour: date) -> Inscription:
    """The one that covers that day, made for its school year when there is none."""
    connue = Inscription.objects.au_jour(jour).filter(enfant=enfant, prestation=prestation).first()
    if connue:
        return connue
    annee = AnneeScolaireFactory(debut=date(jour.year - (jour.month < 9), 9, 1))
    return InscriptionFactory(enfant=enfant, prestation=prestation, annee=annee)


class ReservationFactory(DjangoModelFactory):
    """A granted booking. `enfant=`, `prestation=`, `jour=` find or make the inscription."""

    class Meta:
        model = models.Reservation

    class Params:
        sur = factory.LazyFunction(InscriptionFactory)

    jour = date(2026, 12, 3)
    enfant = factory.LazyAttribute(lambda o: o.sur.enfant)
    prestation = factory.SubFactory(PrestationFactory)
    inscription = factory.LazyAttribute(lambda o: inscription_de(o.enfant, o.prestation, o.jour))
    etat = EtatReservation.RESERVEE
    rang_attente = factory.LazyAttribute(lambda o: 1 if o.etat == EtatReservation.LISTE_ATTENTE else None)


class MouvementFactory(DjangoModelFactory):
    class Meta:
        model = models.Mouvement

    reservation = factory.SubFactory(ReservationFactory)
    de = EtatReservation.DEMANDEE
    vers = EtatReservation.RESERVEE


class JourneeFactory(DjangoModelFactory):
    class Meta:
        model = models.Journee
        django_get_or_create = ["prestation", "jour"]

    prestation = factory.SubFactory(PrestationFactory)
    jour = date(2026, 12, 3)


class PointageFactory(DjangoModelFactory):
    """Present as booked; `reservation=None, inscription=…` for a presence that nobody booked."""

    class Meta:
        model = models.Pointage

    reservation = factory.SubFactory(ReservationFactory, jour=date(2026, 11, 20))
    inscription = factory.LazyAttribute(lambda o: o.reservation.inscription)
    enfant = factory.LazyAttribute(lambda o: (o.reservation or o.inscription).enfant)
    prestation = factory.LazyAttribute(lambda o: (o.reservation or o.inscription).prestation)
    jour = factory.LazyAttribute(lambda o: o.reservation.jour)
    famille = factory.LazyAttribute(lambda o: o.inscription.famille)
    etat = EtatPointage.PRESENT


class ClotureFactory(DjangoModelFactory):
    """October 2026."""

    class Meta:
        model = models.Cloture

    prestation = factory.SubFactory(PrestationFactory)
    du = date(2026, 10, 1)
    au = date(2026, 10, 31)
