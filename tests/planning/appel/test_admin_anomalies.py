"""« Anomalies des appels »: each day once, what settles it, and the register that it opens."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from planning.enums import EtatReservation as E
from tests.fabriques import planning as fp
from tests.fabriques.familles import InscriptionFactory

LISTE = reverse("admin:planning_pointage_anomalies")
VENDREDI, LUNDI, DEMAIN = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 25)


def lire(client, nature="") -> str:
    reponse = client.get(LISTE, {"nature": nature} if nature else {})
    assert reponse.status_code == 200
    return unescape(reponse.content.decode())


def lignes(page: str) -> list[tuple[str, str]]:
    """Day and address of each line, in the order of the page."""
    return re.findall(r'<th scope="row">([^<]+)</th>.*?href="([^"]+)"', page)


@pytest.fixture
def anomalies(lea, cyril, alexandre, repas, reserver):
    reserver(lea, jour=VENDREDI)
    reserver(cyril, jour=VENDREDI)
    fp.PointageFactory(reservation=reserver(lea, E.ABSENT_EXCUSE, jour=LUNDI))
    sans = InscriptionFactory(enfant=alexandre, prestation=repas)
    fp.PointageFactory(reservation=None, inscription=sans, jour=LUNDI)
    repas.capacite = 1
    repas.save()
    reserver(cyril, E.LISTE_ATTENTE, jour=DEMAIN)


def test_chaque_anomalie_dit_que_faire_et_ouvre_son_appel(client_agent, anomalies, adresse):
    page = lire(client_agent)
    assert lignes(page) == [
        ("Lundi 23 novembre 2026", adresse(LUNDI)),
        ("Mercredi 25 novembre 2026", f"{adresse(DEMAIN)}#places"),
        ("Vendredi 20 novembre 2026", adresse(VENDREDI)),
        ("Lundi 23 novembre 2026", adresse(LUNDI)),
    ]
    assert page.count('class="remede"') == 4
    assert '<td class="nombre">2</td>' in page
    for _, ouverte in lignes(page):
        assert client_agent.get(ouverte).status_code == 200


@pytest.mark.parametrize(
    "nature, jours",
    [
        ("erreur", ["Lundi 23 novembre 2026"]),
        ("oubli", ["Vendredi 20 novembre 2026"]),
        ("sans-reservation", ["Lundi 23 novembre 2026"]),
        ("place", ["Mercredi 25 novembre 2026"]),
    ],
)
def test_une_carte_ne_montre_que_sa_sorte(client_agent, anomalies, nature, jours):
    assert [jour for jour, _ in lignes(lire(client_agent, nature))] == jours


@pytest.mark.parametrize("etat", [E.DEMANDEE, E.ABSENCE_DEMANDEE])
def test_une_demande_sans_reponse_la_veille_se_decide(client_agent, lea, cyril, reserver, etat):
    """Tomorrow's and those of days gone by; the day after tomorrow may wait."""
    for enfant, jour in ((lea, DEMAIN), (cyril, DEMAIN), (lea, VENDREDI), (lea, date(2026, 11, 26))):
        reserver(enfant, etat, jour=jour)
    page = lire(client_agent, "indecise")
    liste = reverse("admin:demandes_demande_changelist") + "?urgence=oui"
    assert lignes(page) == [("Vendredi 20 novembre 2026", liste), ("Mercredi 25 novembre 2026", liste)]
    assert '<td class="nombre">2</td>' in page
    assert "Décidez-les" in page
    assert client_agent.get(liste).status_code == 200


@pytest.mark.parametrize("nature", ["", "erreur", "zz"])
def test_rien_a_regler_se_dit(client_agent, repas, nature):
    assert "Rien à régler" in lire(client_agent, nature)


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_anomalies(
    client_agent, anomalies, alexandre, reserver, django_assert_max_num_queries
):
    lire(client_agent)
    for jour in (16, 17, 18, 19):
        reserver(alexandre, jour=date(2026, 11, jour))
    with django_assert_max_num_queries(15):
        assert len(lignes(lire(client_agent))) == 8
