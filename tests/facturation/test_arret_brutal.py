"""A real worker killed in the middle of a month's billing, again and again, and started anew."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from django.db import connection

from facturation.campagnes import lancer_en_fond
from facturation.models import Campagne, CompteurNumero, Facture, LigneFacture, UniteFacturee
from messagerie.models import Message
from tests.fabriques.ville import peupler, servir
from tests.facturation.conftest import INSTANT, NOVEMBRE

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
DU, AU = NOVEMBRE
FAMILLES = 500
JOURS = [date(2026, 11, jour) for jour in (2, 3, 5)]
RACINE = Path(__file__).resolve().parents[2]


@pytest.fixture
def ouvrier(environnement):
    """Starts the worker of the documentation on the database of the test; killed at the end."""
    lances = []

    def lancer() -> subprocess.Popen:
        commande = [sys.executable, "manage.py", "ouvrier", "--worker-id", "ecoles-1", "--interval", "0.1"]
        lances.append(subprocess.Popen(commande, cwd=RACINE, env=environnement))
        return lances[-1]

    yield lancer
    for processus in lances:
        processus.kill()
        processus.wait()


@pytest.fixture
def environnement(tmp_path) -> dict:
    """What another process needs to work on the database of the test."""
    adresse = urlsplit(os.environ["DATABASE_URL"])
    base = urlunsplit(adresse._replace(path="/" + quote(connection.settings_dict["NAME"])))
    return {
        **os.environ,
        "MODE": "developpement",
        "DATABASE_URL": base,
        "DOSSIER_DONNEES": str(tmp_path),
        "HORLOGE_FIGEE": INSTANT.isoformat(),
        "DJANGO_SETTINGS_MODULE": "portail.settings",
    }


def attendre(condition: Callable[[], bool]) -> None:
    limite = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limite, "l’ouvrier n’avance pas"
        time.sleep(0.005)


def rang() -> int:
    return Campagne.objects.values_list("rang", flat=True).get()


def test_tue_au_milieu_de_500_factures_puis_relance_il_n_en_manque_ni_n_en_double_aucune(
    ouvrier, repas, regie, comptable
):
    familles = peupler(FAMILLES, enfants=1)
    servir(familles, repas, JOURS)
    campagne = lancer_en_fond(regie=regie, du=DU, au=AU, familles=[f.pk for f in familles], par=comptable)
    arrets = []
    for _ in range(3):
        processus, avant = ouvrier(), rang()
        attendre(lambda avant=avant: rang() > avant)
        # Somewhere in the batch that follows.
        time.sleep(0.05 * len(arrets))
        processus.send_signal(signal.SIGKILL)
        processus.wait()
        arrets.append(rang())
        assert Facture.objects.count() == arrets[-1]
    assert 0 < arrets[0] < FAMILLES
    assert arrets == sorted(set(arrets))
    ouvrier()
    attendre(lambda: not Campagne.objects.get().en_cours)

    campagne.refresh_from_db()
    assert (campagne.emises, campagne.montant, campagne.echecs) == (FAMILLES, D("10.50") * FAMILLES, [])
    numeros = Facture.objects.order_by("numero").values_list("numero", flat=True)
    assert list(numeros) == list(range(1, FAMILLES + 1))
    assert CompteurNumero.objects.get(serie="FACTURE").dernier == FAMILLES
    assert Facture.objects.values("famille").distinct().count() == FAMILLES
    assert LigneFacture.objects.count() == FAMILLES
    assert UniteFacturee.objects.count() == FAMILLES * len(JOURS)
    assert Message.objects.values("conversation__famille").distinct().count() == FAMILLES
    assert Message.objects.count() == FAMILLES


EMETTRE = """
import sys, django
django.setup()
from django.test import Client
from familles.models import Utilisateur
client = Client(HTTP_HOST="localhost")
client.force_login(Utilisateur.objects.get(pk=sys.argv[1]), "portail.authentification.IdentifiantOuCourriel")
reponse = client.post("/admin/facturation/facture/add/", {
    "regie": sys.argv[2], "mois": "2026-11", "emettre": "1", "montre": sys.argv[3],
})
print(reponse.status_code, reponse.headers.get("Location"))
"""


def test_coupee_pendant_la_demande_du_comptable_l_ouvrier_la_finit(
    ouvrier, environnement, repas, regie, comptable
):
    """The server is killed between the button and its page: fewer than a hundred families, no worker yet."""
    nombre = 100
    servir(peupler(nombre, enfants=1), repas, JOURS)
    montre = f"{nombre} {D('10.50') * nombre}"
    commande = [sys.executable, "-c", EMETTRE, str(comptable.pk), str(regie.pk), montre]
    with subprocess.Popen(commande, cwd=RACINE, env=environnement) as serveur:
        attendre(Campagne.objects.exists)
        serveur.send_signal(signal.SIGKILL)
    assert (rang(), Facture.objects.count()) == (0, 0)
    ouvrier()
    attendre(lambda: not Campagne.objects.get().en_cours)
    numeros = Facture.objects.order_by("numero").values_list("numero", flat=True)
    assert list(numeros) == list(range(1, nombre + 1))
    assert Facture.objects.values("famille").distinct().count() == nombre
