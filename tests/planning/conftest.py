"""Four services under the official calendar of zone C, rules typed as an agent would, and days judged."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from django.forms import model_to_dict, modelform_factory

from familles import horloge
from familles.donnees import perimer
from familles.horloge import fuseau
from familles.models import Prestation
from planning import calendrier_officiel as officiel
from planning.cases import Case, Fait, examiner_case
from planning.delais import Echeance
from planning.enums import EtatReservation
from planning.examen import reglement_a
from planning.models import EcheanceDatee, JourFerie, RegleDelai, Reservation, Vacances
from planning.reglement_interieur import offre_de
from tests.fabriques.familles import EnfantFactory, FoyerFactory, InscriptionFactory, PrestationFactory
from tests.fabriques.planning import ReservationFactory

Formulaire = modelform_factory(RegleDelai, fields="__all__")
PERIODE = {"du": date(2016, 9, 1), "au": date(2028, 8, 31)}


def le(texte: str) -> date:
    return date.fromisoformat(texte)


@cache
def _feries() -> dict[date, str]:
    return officiel.feries(**PERIODE)


@cache
def _vacances() -> list[officiel.VacancesOfficielles]:
    return officiel.vacances(**PERIODE, zone="C")


@pytest.fixture
def calendrier_officiel(collectivite):
    """Zone C, from 2016 to 2028: the manual's example is of June 2017."""
    JourFerie.objects.bulk_create(JourFerie(jour=jour, nom=nom) for jour, nom in _feries().items())
    Vacances.objects.bulk_create(Vacances(**vars(v)) for v in _vacances())
    perimer()


@pytest.fixture
def services(regie) -> dict[str, Prestation]:
    """Open on the four days of school, on Wednesdays, and a centre for Wednesdays and holidays."""
    jours = {"cantine": "1245", "garderie": "1245", "tap": "1245", "mercredi": "3", "centre": "12345"}
    return {
        cle: PrestationFactory(
            nom=cle.capitalize(), ordre=rang, jours_ouverts=ouverts, ouverte_vacances=cle == "centre"
        )
        for rang, (cle, ouverts) in enumerate(jours.items(), start=1)
    }


@pytest.fixture
def regler(services) -> Callable[..., RegleDelai]:
    """`regler(operation="RESERVER", mode="JOURS", …)`: a rule through its form, with its dates."""

    def saisir(*, prestation: str = "", dates=(), **champs) -> RegleDelai:
        donnees = (
            model_to_dict(RegleDelai())
            | champs
            | {"prestation": services[prestation].pk if prestation else ""}
        )
        form = Formulaire({cle: "" if valeur is None else valeur for cle, valeur in donnees.items()})
        assert form.is_valid(), form.errors
        regle = form.save()
        for ligne in dates:
            echeance = EcheanceDatee(regle=regle, **ligne)
            echeance.full_clean()
            echeance.save()
        return regle

    return saisir


@pytest.fixture
def echeance_de(services) -> Callable[..., Echeance]:
    """The deadline in force, as every screen reads it."""

    def lire(operation: str, service: str, jour: str, instant: datetime) -> Echeance:
        return reglement_a(instant).echeance(operation, offre_de(services[service]), le(jour))

    return lire


@pytest.fixture
def case_de(services) -> Callable[..., Case]:
    """The cell of a day: of a free one unless facts are given."""

    def lire(service: str, jour: str, instant: datetime, **faits) -> Case:
        return examiner_case(Fait(**faits), offre_de(services[service]), le(jour), reglement_a(instant))

    return lire


@pytest.fixture
def heure_locale(figer) -> Callable[[str], datetime]:
    """« 2026-11-26 12:00 » → that instant in the active zone; « 23:59 » is the end of the day."""
    figer("2026-09-01T08:00")

    def lire(texte: str) -> datetime:
        instant = datetime.fromisoformat(texte).replace(tzinfo=fuseau())
        return instant + timedelta(seconds=59) if texte.endswith("23:59") else instant

    return lire


@pytest.fixture
def demande_de(repas) -> Callable[..., Reservation]:
    """A lunch asked by one more child, `minutes` after noon yesterday."""

    def demander(minutes: int = 0, jour: date = date(2026, 12, 3), **champs) -> Reservation:
        inscription = InscriptionFactory(prestation=repas, enfant=EnfantFactory(famille=FoyerFactory()))
        return ReservationFactory(
            enfant=inscription.enfant,
            prestation=repas,
            inscription=inscription,
            jour=jour,
            demandee_le=horloge.maintenant() - timedelta(hours=22) + timedelta(minutes=minutes),
            **{"etat": EtatReservation.DEMANDEE} | champs,
        )

    return demander


def places(prestation: Prestation, nombre: int | None) -> None:
    prestation.capacite = nombre
    prestation.save()


def etats(*reservations: Reservation) -> list[str]:
    """Their states as the database has them."""
    connus = dict(Reservation.objects.values_list("pk", "etat"))
    return [connus[r.pk] for r in reservations]
