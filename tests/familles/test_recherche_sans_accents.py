"""Whatever the accents typed, a search finds what was written with others."""

import unicodedata

import pytest

from familles.contient import ACCENTUEES, SIMPLES
from familles.models import Ecole, Responsable
from familles.textes import plier
from tests.fabriques import familles as f


@pytest.mark.parametrize("cherche", ["leveque", "LÉVÊQUE", "lévê", "Leve"])
def test_un_nom_se_trouve_avec_ou_sans_ses_accents(db, cherche):
    f.ResponsableFactory(nom="LÉVÊQUE")
    f.ResponsableFactory(nom="LEVASSEUR")
    assert [r.nom for r in Responsable.objects.filter(nom__icontains=cherche)] == ["LÉVÊQUE"]


@pytest.mark.parametrize(
    "nom, cherche, trouve",
    [
        ("Sacré-Cœur", "sacre-coeur", True),
        ("L’Œuvre", "l'oeuvre", True),
        ("Æther Ÿ", "aether y", True),
        ("50 % d’accueil", "%", True),
        ("50 pour cent", "%", False),
        ("a_b", "a_b", True),
        ("axb", "a_b", False),
        ("a\\b", "\\", True),
        ("ab", "\\", False),
    ],
)
def test_les_deux_cotes_se_plient_de_meme(db, nom, cherche, trouve):
    f.EcoleFactory(nom=nom)
    assert Ecole.objects.filter(nom__icontains=cherche).exists() is trouve


def test_la_base_plie_les_memes_lettres_que_nous():
    assert [plier(lettre) for lettre in ACCENTUEES] == list(SIMPLES)
    assert all(unicodedata.normalize("NFC", lettre) == lettre for lettre in ACCENTUEES)


def test_un_agent_trouve_une_famille_sans_ses_accents(client_agent, db):
    f.ResponsableFactory(nom="LÉVÊQUE", prenom="Hélène")
    page = client_agent.get("/admin/familles/responsable/", {"q": "leveque helene"}).content.decode()
    assert "LÉVÊQUE" in page
