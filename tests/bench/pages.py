"""The pages measured: each function gives as many gestures as there are families to play them."""

from collections.abc import Callable, Iterator
from functools import cache, partial

from django.contrib.auth import get_user_model
from django.test import Client

from facturation.models import Facture
from familles.models import Rattachement, Responsable
from planning.models import Reservation
from tests.bench import annee

PARENTS = 25
GESTES = 70
MOT_DE_PASSE = "portail-mesure-31"


@cache
def parents() -> list[tuple[Client, Responsable]]:
    """Titulaires whose children book, each in a browser of their own."""
    familles = Reservation.objects.values_list("inscription__famille", flat=True).distinct()
    trouves = Responsable.objects.filter(rang=1, famille__in=familles.order_by("inscription__famille"))
    return [(_entrer(responsable), responsable) for responsable in trouves.order_by("pk")[:PARENTS]]


def _entrer(responsable: Responsable) -> Client:
    if responsable.utilisateur is None:
        responsable.utilisateur = get_user_model().objects.create_user(
            f"mesure-{responsable.pk}", password=MOT_DE_PASSE
        )
        responsable.save()
    client = Client()
    client.force_login(responsable.utilisateur, backend="portail.authentification.IdentifiantOuCourriel")
    return client


def _a_tour_de_role(adresse: Callable[[Responsable], str]) -> Iterator[Callable]:
    for rang in range(GESTES):
        client, responsable = parents()[rang % len(parents())]
        yield partial(client.get, adresse(responsable))


def connexion() -> Iterator[Callable]:
    """The form shown, then sent: what a parent waits for, the Argon2 hash included."""
    compte = get_user_model().objects.create_user("mesure-connexion", password=MOT_DE_PASSE)
    identite = {"username": compte.username, "password": MOT_DE_PASSE}

    def entrer():
        client = Client()
        page = client.get("/connexion/")
        envoi = client.post("/connexion/", identite)
        if envoi.status_code != 302:
            raise RuntimeError(f"La connexion répond {envoi.status_code}.")
        return page

    return (entrer for _ in range(GESTES))


def accueil() -> Iterator[Callable]:
    return _a_tour_de_role(lambda responsable: "/")


def planning_mois() -> Iterator[Callable]:
    enfants = dict(Rattachement.objects.order_by("-pk").values_list("famille", "enfant"))
    return _a_tour_de_role(lambda r: f"/enfants/{enfants[r.famille_id]}/planning/?mois=2026-11")


def releve() -> Iterator[Callable]:
    return _a_tour_de_role(lambda responsable: "/releve/")


def _factures() -> list[tuple[Client, str]]:
    clients = {responsable.famille_id: client for client, responsable in parents()}
    factures = Facture.objects.filter(famille__in=clients).order_by("-pk")[:GESTES]
    return [(clients[facture.famille_id], f"/factures/{facture.numero_imprime}.pdf") for facture in factures]


def facture_pdf() -> Iterator[Callable]:
    """The first opening of each invoice: rendered if the worker has not done it yet."""
    return (partial(client.get, adresse) for client, adresse in _factures())


def facture_pdf_relue() -> Iterator[Callable]:
    """An invoice already rendered: the stored file."""
    client, adresse = _factures()[0]
    return (partial(client.get, adresse) for _ in range(GESTES))


PAGES = {
    "connexion": connexion,
    "accueil": accueil,
    "planning_mois": planning_mois,
    "planning_annee": annee.planning_annee,
    "annee_recapitulatif": annee.annee_recapitulatif,
    "annee_depot": annee.annee_depot,
    "annee_acceptation": annee.annee_acceptation,
    "releve": releve,
    "facture_pdf": facture_pdf,
    "facture_pdf_relue": facture_pdf_relue,
}
