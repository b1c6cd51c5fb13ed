"""« Réserver pour l’année »: the page, its recap, the deposit of a year and its acceptance.

Families of two children, at three services each, who ask for every school day: about seven hundred bookings.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial

from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from demandes import actions
from demandes.models import Demande
from familles.enums import Acceptation
from familles.models import Prestation, Rattachement
from tests.fabriques.ville import inscrire, peupler

FAMILLES, SERVICES, ENFANTS = 12, 3, 2
PREMIER = 7001001000000
DU, AU = date(2026, 12, 1), date(2027, 7, 2)
VU = re.compile(r'name="vu" value="([0-9a-f]{64})"')


@cache
def foyers() -> list[tuple[Client, str, dict]]:
    """(browser, address, what is ticked) of each family."""
    modele = Prestation.objects.filter(nom="Repas").first()
    services = [
        Prestation.objects.create(
            nom=f"Service de la mesure {rang}",
            structure=modele.structure,
            regie=modele.regie,
            jours_ouverts="12345",
            acceptation=Acceptation.AGENT,
        )
        for rang in range(SERVICES)
    ]
    familles = peupler(FAMILLES, enfants=ENFANTS, premier=PREMIER)
    for service in services:
        inscrire(familles, service, DU)
    return [_foyer(famille, services) for famille in familles]


def _foyer(famille, services) -> tuple[Client, str, dict]:
    compte = get_user_model().objects.create_user(f"annee-{famille.pk}")
    famille.responsables.update(utilisateur=compte)
    client = Client()
    client.force_login(compte, backend="portail.authentification.IdentifiantOuCourriel")
    enfants = list(Rattachement.objects.filter(famille=famille).values_list("enfant", flat=True))
    saisie = {"du": DU.isoformat(), "au": AU.isoformat(), "semaines": "chaque"}
    saisie |= {f"paires-{enfant}-{service.pk}": list("1245") for enfant in enfants for service in services}
    return client, reverse("demandes:annee", args=[enfants[0]]), saisie


def planning_annee() -> Iterator[Callable]:
    """The page where the pattern is ticked."""
    return (partial(client.get, adresse) for client, adresse, _ in foyers() * 5)


def annee_recapitulatif() -> Iterator[Callable]:
    return (partial(client.post, adresse, saisie) for client, adresse, saisie in foyers() * 2)


def annee_depot() -> Iterator[Callable]:
    for client, adresse, saisie in foyers():
        vu = VU.search(client.post(adresse, saisie).content.decode())[1]
        yield partial(client.post, adresse, saisie | {"vu": vu, "envoyer": "1"})


def annee_acceptation() -> Iterator[Callable]:
    agent = get_user_model().objects.create_user("annee-agent", is_staff=True)

    def accepter(demande: Demande) -> HttpResponse:
        actions.accepter(demande=demande, par=agent)
        return HttpResponse()

    demandes = Demande.objects.filter(famille__numero__gte=str(PREMIER), decide_le=None).order_by("pk")
    return (partial(accepter, demande) for demande in demandes)
