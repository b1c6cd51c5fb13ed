"""Two households: the Duponts, separated, and the Martins, who live together; and an agent."""

import re

import pytest
from django.contrib.auth.models import Group

from familles.acces import Acces
from familles.enums import Rang, Situation
from familles.models import Collectivite, Famille, Responsable, Utilisateur


def foyer(numero, nom, situation, prenoms):
    famille = Famille.objects.create(numero=numero, situation=situation)
    adultes = [
        Responsable.objects.create(
            famille=famille,
            rang=rang,
            utilisateur=Utilisateur.objects.create_user(
                f"{prenom}.{nom}".lower(), password="mot-de-passe-31", first_name=prenom, last_name=nom
            ),
            nom=nom,
            prenom=prenom,
            email=f"{prenom}.{nom}@exemple.fr",
            autorisation_courriel=True,
        )
        for rang, prenom in zip((Rang.TITULAIRE, Rang.CONJOINT), prenoms, strict=True)
    ]
    return famille, *adultes


@pytest.fixture
def collectivite(db):
    Collectivite(nom="Les P’tiots Lanniaux", service="Service enfance", telephone="05.61.00.00.00").save()
    return Collectivite.objects.courante()


@pytest.fixture
def dupont(collectivite):
    return foyer("1001001818331", "Dupont", Situation.SEPARE, ["Jean", "Jeanne"])


@pytest.fixture
def martin(collectivite):
    return foyer("1001001818332", "Martin", Situation.MARIE, ["Paul", "Marie"])


@pytest.fixture
def agent(collectivite):
    compte = Utilisateur.objects.create_user("agente", first_name="Alice", last_name="Roux", is_staff=True)
    compte.groups.add(Group.objects.get(name="Agents"))
    return compte


@pytest.fixture
def connecter(client):
    def _connecter(personne):
        client.force_login(getattr(personne, "utilisateur", personne))
        return client

    return _connecter


@pytest.fixture
def acces():
    return lambda responsable: Acces.pour_utilisateur(responsable.utilisateur)


def champ_de(reponse, nom: str) -> str:
    """What a hidden field of the page holds."""
    return re.search(rf'name="{nom}" value="([^"]+)"', reponse.content.decode())[1]


def jeton_de(reponse) -> str:
    return champ_de(reponse, "jeton")
