"""The register of Repas, Tuesday 24 November 2026, as the browser asks for it."""

from datetime import date

import pytest
from django.urls import reverse

from planning.enums import EtatReservation as E
from planning.models import Pointage
from tests.fabriques import planning as fp

JOUR = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def onze_heures_quarante_cinq(figer):
    figer("2026-11-24T11:45")


@pytest.fixture
def adresse(repas):
    def _adresse(jour=JOUR, prestation=repas) -> str:
        return f"{reverse('admin:planning_pointage_appel')}?jour={jour}&prestation={prestation.pk}"

    return _adresse


@pytest.fixture
def reserver(repas):
    def _reserver(enfant, etat=E.RESERVEE, jour=JOUR, **champs):
        return fp.ReservationFactory(enfant=enfant, prestation=repas, jour=jour, etat=etat, **champs)

    return _reserver


def tick(enfant, etat, vu="") -> dict:
    return {f"etat-{enfant.pk}": etat, f"vu-{enfant.pk}": vu}


def pointes() -> dict:
    return dict(Pointage.objects.values_list("enfant__prenom", "etat"))
