"""Everyone at once, each in a browser: the last places of a lunch, one child asked from two homes.

As many threads as parents on PostgreSQL, each with its connection; fewer on SQLite: one writes at a time.
"""

import threading
from collections import Counter
from datetime import date

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from familles.enums import Acceptation
from familles.models import Inscription, LienParental, Rattachement, Utilisateur
from planning import actions
from planning.enums import EtatReservation
from planning.models import Mouvement, Reservation
from tests.fabriques import familles as f
from tests.fabriques.ville import peupler

pytestmark = pytest.mark.django_db(transaction=True)

E = EtatReservation
JEUDI = date(2026, 12, 3)
POSTGRESQL = connection.vendor == "postgresql"
PARENTS, PLACES = (200, 30) if POSTGRESQL else (24, 6)


@pytest.fixture(autouse=True)
def maintenant(figer):
    return figer("2026-11-24T10:00")


def ouvrir(compte: Utilisateur) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(compte, backend="portail.authentification.IdentifiantOuCourriel")
    return client


@pytest.fixture
def parents(repas, annee) -> list[tuple[Client, int]]:
    """(browser, child id): families of one child each, and five that will come after the rush."""
    familles = peupler(PARENTS + 5, enfants=1)
    comptes = Utilisateur.objects.bulk_create(
        Utilisateur(username=f"parent-{rang}", password="!") for rang in range(len(familles))
    )
    trouves = []
    for famille, compte in zip(familles, comptes, strict=True):
        famille.responsables.update(utilisateur=compte)
        enfant = Rattachement.objects.get(famille=famille).enfant_id
        Inscription.objects.create(
            enfant_id=enfant, famille=famille, prestation=repas, annee=annee, du=annee.debut, au=annee.fin
        )
        trouves.append((ouvrir(compte), enfant))
    return trouves


def demander(client: Client, enfant: int, prestation: int) -> int:
    saisie = {"cases": [f"{prestation}:{JEUDI}"], "mois": "2026-12"}
    return client.post(reverse("demandes:reserver", args=[enfant]), saisie).status_code


def ensemble(gestes) -> list:
    """At the same moment, each on its own connection."""
    barriere = threading.Barrier(len(gestes))
    resultats = [None] * len(gestes)

    def jouer(rang, geste):
        try:
            connection.ensure_connection()
            barriere.wait(timeout=60)
            resultats[rang] = geste()
        except Exception as erreur:
            resultats[rang] = erreur
        finally:
            connections.close_all()

    fils = [threading.Thread(target=jouer, args=(r, g)) for r, g in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return resultats


def test_les_dernieres_places_d_un_midi_vont_a_autant_d_enfants(parents, repas, agent):
    repas.capacite, repas.acceptation = PLACES, Acceptation.AUTOMATIQUE
    repas.save()
    presses, suivants = parents[:PARENTS], parents[PARENTS:]
    statuts = ensemble([lambda p=p: demander(*p, repas.pk) for p in presses])
    assert Counter(statuts) == {302: PARENTS}
    etats = Counter(Reservation.objects.values_list("etat", flat=True))
    assert etats == {E.RESERVEE: PLACES, E.LISTE_ATTENTE: PARENTS - PLACES}
    rangs = list(Reservation.objects.en_attente().values_list("rang_attente", flat=True))
    assert rangs == list(range(1, PARENTS - PLACES + 1))
    # Each had its answer once, and who comes after the rush waits behind it, in the order of coming.
    assert Mouvement.objects.filter(vers__in=(E.RESERVEE, E.LISTE_ATTENTE)).count() == PARENTS
    for parent in suivants:
        assert demander(*parent, repas.pk) == 302
    derniers = list(Reservation.objects.en_attente().values_list("enfant", flat=True))[-len(suivants) :]
    assert derniers == [enfant for _, enfant in suivants]
    # A place that comes free is the first one's.
    premier = Reservation.objects.en_attente().first()
    repas.capacite = PLACES + 1
    repas.save()
    assert actions.promouvoir(prestation=repas, jour=JEUDI, par=agent) == premier


def test_deux_foyers_qui_demandent_le_meme_enfant_n_ont_qu_une_reservation(enfant_alterne, repas, annee):
    foyers = []
    for rattachement in enfant_alterne.rattachements.all():
        famille = rattachement.famille
        f.InscriptionFactory(enfant=enfant_alterne, prestation=repas, annee=annee, famille=famille)
        adulte = famille.responsables.order_by("rang").first()
        LienParental.objects.get_or_create(
            responsable=adulte, enfant=enfant_alterne, defaults={"qualite": "MERE"}
        )
        foyers.append(ouvrir(adulte.utilisateur))
    statuts = ensemble([lambda c=c: demander(c, enfant_alterne.pk, repas.pk) for c in foyers])
    assert sorted(statuts) == [302, 409]
    assert Reservation.objects.count() == 1
