"""Documents and news: for all or for some, from a day to a day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from portail import actions
from portail.models import Document, Nouvelle
from tests.fabriques import familles as f

PDF = b"%PDF-1.7 contenu"


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def jean(famille_dupont):
    return famille_dupont.responsables.get(rang=1)


@pytest.fixture
def scene(lea_inscrite, hugo, ecole, garderie_matin):
    """Léa: no class given, inscribed to the six services. Hugo: CE1 of the same school, inscribed to none."""
    lea_inscrite.scolarites.all().delete()
    f.ScolariteFactory(enfant=lea_inscrite, ecole=ecole, classe="CP")
    return {
        "tous": {},
        "ecole": {"ecole": ecole},
        "cp": {"ecole": ecole, "classe": "cp"},
        "ce1": {"ecole": ecole, "classe": "CE1"},
        "autre ecole": {"ecole": f.EcoleFactory(nom="Autre")},
        "garderie": {"prestation": garderie_matin},
        "passe": {"publie_au": date(2026, 11, 23)},
        "futur": {"publie_du": date(2026, 11, 25)},
    }


VUS = {"jean": {"tous", "ecole", "cp", "garderie"}, "martin": {"tous", "ecole", "ce1"}}


@pytest.mark.parametrize("qui", ["jean", "martin"])
def test_une_nouvelle_se_lit_de_ceux_qu_elle_concerne(scene, qui, client_jean, client_martin):
    for nom, champs in scene.items():
        Nouvelle.objects.create(titre=f"<{nom}>", texte="…", **{"publie_du": date(2026, 11, 1), **champs})
    page = {"jean": client_jean, "martin": client_martin}[qui].get("/").content.decode()
    assert {nom for nom in scene if f"&lt;{nom}&gt;" in page} == VUS[qui]


@pytest.mark.parametrize("qui", ["jean", "martin"])
def test_un_document_se_lit_et_se_telecharge_de_ceux_qu_il_concerne(
    scene, qui, agent, client_jean, client_martin
):
    documents = {
        nom: actions.publier(
            document=Document(titre=nom, **{"publie_du": date(2026, 11, 1), **champs}), contenu=PDF, par=agent
        )
        for nom, champs in scene.items()
    }
    client = {"jean": client_jean, "martin": client_martin}[qui]
    page = client.get("/documents/").content.decode()
    ouverts = {n for n, d in documents.items() if client.get(d.get_absolute_url()).status_code == 200}
    assert ouverts == VUS[qui]
    assert {n for n, d in documents.items() if f'href="{d.get_absolute_url()}"' in page} == VUS[qui]


def test_une_nouvelle_changee_se_voit_aussitot(client_jean, lea):
    nouvelle = Nouvelle.objects.create(titre="Grève", texte="Pas de cantine.", publie_du=date(2026, 11, 1))
    assert "Pas de cantine." in client_jean.get("/").content.decode()
    nouvelle.texte = "La cantine ouvre."
    nouvelle.save()
    assert "La cantine ouvre." in client_jean.get("/").content.decode()
    nouvelle.delete()
    assert "Grève" not in client_jean.get("/").content.decode()


@pytest.mark.parametrize(
    "champs", [{"classe": "CP"}, {"publie_au": date(2026, 10, 1)}, {"ecole": True, "prestation": True}]
)
def test_une_publication_mal_dirigee_est_refusee(scene, champs):
    choix = {"ecole": scene["ecole"]["ecole"], "prestation": scene["garderie"]["prestation"]}
    valeurs = {nom: choix[nom] if valeur is True else valeur for nom, valeur in champs.items()}
    nouvelle = Nouvelle(titre="x", texte="x", publie_du=date(2026, 11, 1), **valeurs)
    with pytest.raises(ValidationError):
        nouvelle.full_clean()
