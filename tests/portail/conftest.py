import pytest
from django.contrib.auth.models import Group

from familles.enums import Situation
from familles.models import Collectivite, Famille, Responsable, Utilisateur


@pytest.fixture
def collectivite(db):
    c = Collectivite(nom="Les P’tiots Lanniaux")
    c.save()
    return c


@pytest.fixture
def dupont(db):
    return Famille.objects.create(numero="1001001818331", situation=Situation.SEPARE)


def _resp(famille, rang, nom, **k):
    u = Utilisateur.objects.create_user(f"{nom}.dupont", password="portail-demo-31", **k)
    return Responsable.objects.create(
        famille=famille, rang=rang, utilisateur=u, nom="Dupont", prenom=nom.title(), email=k.get("email", "")
    )


@pytest.fixture
def jean(dupont):
    return _resp(dupont, 1, "jean", email="jean.dupont@wanadoo.fr")


@pytest.fixture
def jeanne(dupont):
    return _resp(dupont, 2, "jeanne")


@pytest.fixture
def agent(db):
    u = Utilisateur.objects.create_user("agent", password="portail-demo-31", is_staff=True)
    u.groups.add(Group.objects.get(name="Agents"))
    return u
