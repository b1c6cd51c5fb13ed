"""A whole school year at once: two children, three services, about seven hundred bookings."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demandes import actions
from demandes.models import LigneDemande
from demandes.natures.annee import AnneeForm, inscriptions_a_venir
from planning.enums import EtatReservation
from planning.models import Reservation
from tests.demandes.conftest import MAINTENANT, acces_de, enfant_inscrit, lues
from tests.fabriques.familles import InscriptionFactory
from tests.fabriques.planning import VacancesFactory

# SQLite takes rows by batches, so that a year costs a few queries more than a week; PostgreSQL does not.
DEPOT, ACCEPTATION = 45, 30


@pytest.fixture
def enfants(dupont, lea, repas, garderie):
    """Léa and Cyril, at three services each."""
    cyril = enfant_inscrit(dupont, repas, "Cyril")
    matin = type(garderie).objects.create(
        nom="Garderie matin", structure=repas.structure, regie=repas.regie, jours_ouverts="1245"
    )
    VacancesFactory()
    annee = lea.inscriptions.get().annee
    for enfant in (lea, cyril):
        for prestation in (garderie, matin):
            InscriptionFactory(enfant=enfant, prestation=prestation, annee=annee, famille=dupont)
    return [lea, cyril]


def lire(dupont, au: date) -> AnneeForm:
    acces = acces_de(dupont.titulaire)
    inscriptions = list(inscriptions_a_venir(acces, MAINTENANT.date()))
    donnees = {"du": "2026-11-30", "au": au.isoformat(), "semaines": "chaque"}
    for inscription in inscriptions:
        donnees[f"paires-{inscription.enfant_id}-{inscription.prestation_id}"] = ["1", "2", "4", "5"]
    form = AnneeForm(donnees, acces=acces, inscriptions=inscriptions, instant=MAINTENANT)
    assert form.is_valid(), form.errors
    return form


def test_une_annee_se_depose_et_s_accepte_en_un_nombre_borne_de_requetes(dupont, enfants, agent):
    comptes = {}
    for au in (date(2026, 12, 6), date(2027, 7, 9)):
        with CaptureQueriesContext(connection) as depot:
            demande = actions.deposer(
                nature="reservation",
                acces=acces_de(dupont.titulaire),
                formulaire=lire(dupont, au),
                par=dupont.titulaire.utilisateur,
            )
        with CaptureQueriesContext(connection) as acceptation:
            actions.accepter(demande=demande, par=agent)
        comptes[au] = len(lues(depot)), len(lues(acceptation))
    semaine, annee = comptes.values()
    assert Reservation.objects.filter(etat=EtatReservation.RESERVEE).count() > 650
    assert LigneDemande.objects.filter(demande=demande).count() > 600
    assert annee[0] <= DEPOT and annee[1] <= ACCEPTATION, (semaine, annee)
