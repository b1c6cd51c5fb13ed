"""Whether an account exists is told neither by an answer nor by its time: the same work is done either way.

Work is counted (passwords hashed, queries by kind), since a wall clock in a test proves nothing.
"""

import re
from collections import Counter
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portail import actions
from portail.models import Activation

JETON = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def comptes(jean, jeanne, agent):
    """Of every kind: open, closed, never opened."""
    jeanne.utilisateur.is_active = False
    jeanne.utilisateur.save()
    agent.set_unusable_password()
    agent.save()
    Client().get(reverse("portail:connexion"))  # the town's settings are read once


def travail(nom: str, champs: dict):
    """Status, answer, passwords hashed and kinds of query of a form sent by someone who never came."""
    AccessAttempt.objects.all().delete()  # a second failure is not written as the first one is
    client = Client()
    adresse = reverse(f"portail:{nom}")
    client.get(adresse)
    encode = MD5PasswordHasher.encode
    with (
        patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=encode) as hachages,
        CaptureQueriesContext(connection) as requetes,
    ):
        reponse = client.post(adresse, champs)
    genres = Counter(requete["sql"].split()[0] for requete in requetes)
    saisie = next(iter(champs.values()))
    texte = JETON.sub("", reponse.content.decode().replace(saisie, "…")) if reponse.content else reponse.url
    return reponse.status_code, texte, hachages.call_count, genres


def ecart(nom: str, saisies: list[dict]) -> list[int]:
    """The entries that were not answered as the first one was."""
    premiere, *suivantes = (travail(nom, saisie) for saisie in saisies)
    return [rang for rang, autre in enumerate(suivantes, start=1) if autre != premiere]


INCONNU = "personne.ici"
EXISTANTS = ["jean.dupont", "jean.dupont@wanadoo.fr", "jeanne.dupont", "agent"]


def test_la_connexion_fait_le_meme_travail_que_le_compte_existe_ou_non(comptes):
    saisies = [{"username": nom, "password": "faux"} for nom in (INCONNU, *EXISTANTS)]
    assert travail("connexion", saisies[0])[0] == 422
    assert travail("connexion", saisies[0])[2] == 1
    assert ecart("connexion", [{"username": "autre.inconnu", "password": "faux"}, *saisies[1:]]) == []


def test_le_mot_de_passe_oublie_fait_le_meme_travail_que_le_compte_existe_ou_non(comptes):
    assert ecart("mot_de_passe_oublie", [{"identifiant": nom} for nom in (INCONNU, *EXISTANTS)]) == []


def test_la_premiere_connexion_fait_le_meme_travail_que_le_compte_existe_ou_non(comptes, agent):
    actions.inviter(comptes=[agent], par=agent)
    saisies = [{"identifiant": nom, "code": "ABCD-EFGH-JKMN"} for nom in (INCONNU, *EXISTANTS)]
    assert ecart("premiere_connexion", saisies) == []
    assert Activation.objects.get().essais == 1
