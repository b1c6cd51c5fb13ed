"""Documents seen in place: pages of a PDF as pictures for the staff, a kept PAI for the parents."""

import io

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from PIL import Image

from demandes import actions
from demandes.models import Demande, PieceJointe
from familles import coffre
from familles.enums import VerbeTrace
from familles.models import FicheSanitaire, Trace
from tests.demandes.conftest import SAISIES, adresse, fiche, saisie, texte
from tests.demandes.test_pieces import pdf


@pytest.fixture(autouse=True)
def _coffre(settings, tmp_path):
    settings.DOSSIER_DONNEES = str(tmp_path)


@pytest.fixture
def papier(dupont, connecter):
    """A PDF sent with a change of address."""
    donnees = fiche(dupont.titulaire, adresse="3 place du Marché") | {"fichiers": [pdf()]}
    connecter(dupont.titulaire).post(adresse("modifier", "responsable"), donnees)
    return PieceJointe.objects.get()


def test_une_page_de_pdf_se_voit_en_image(papier, agent, connecter):
    assert papier.pages == 1
    reponse = connecter(agent).get(adresse("planche", papier.pk, 1))
    assert reponse.status_code == 200
    assert Image.open(io.BytesIO(reponse.content)).format == "JPEG"
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in reponse.headers["Cache-Control"]


def test_une_page_se_voit_par_qui_lit_le_document(papier, dupont, martin, agent, autre_agent, connecter):
    autre_agent.groups.clear()
    page = adresse("planche", papier.pk, 1)
    personnes = (dupont.titulaire, dupont.conjoint, martin.titulaire, autre_agent, agent)
    assert [connecter(qui).get(page).status_code for qui in personnes] == [200, 404, 404, 404, 200]


@pytest.mark.parametrize("page", [0, 2, 99999999999])
def test_une_page_qui_n_existe_pas_ne_se_dessine_pas(papier, agent, connecter, page):
    assert connecter(agent).get(adresse("planche", papier.pk, page)).status_code == 404


def test_un_document_qui_resiste_le_dit_par_une_image(papier, agent, connecter, monkeypatch):
    monkeypatch.setattr(coffre, "lire", lambda cle: b"%PDF-1.4 rien")
    reponse = connecter(agent).get(adresse("planche", papier.pk, 1))
    assert reponse.status_code == 422
    assert Image.open(io.BytesIO(reponse.content)).format == "PNG"


def test_un_long_document_montre_ses_premieres_pages(papier, agent, connecter):
    papier.pages = 12
    papier.save()
    page = reverse("admin:demandes_demande_decider", args=[papier.demande_id])
    contenu = connecter(agent).get(page).content.decode()
    assert contenu.count("sur 12") == 10
    assert "Les pages suivantes se lisent dans le document" in contenu
    assert connecter(agent).get(adresse("planche", papier.pk, 11)).status_code == 404


def test_une_page_de_releve_bancaire_vue_laisse_sa_trace(dupont, connecter, agent):
    donnees = saisie(dupont.titulaire, "bancaire", **SAISIES["bancaire"], fichiers=[pdf()])
    connecter(dupont.titulaire).post(adresse("modifier", "bancaire"), donnees)
    agent.user_permissions.add(Permission.objects.get(codename="voir_banque"))
    connecter(agent).get(adresse("planche", PieceJointe.objects.get().pk, 1))
    assert Trace.objects.filter(verbe=VerbeTrace.CONSULTER, par=agent).count() == 1


def test_le_pai_garde_se_retrouve_sur_la_page_de_sante(dupont, lea, voit_sante, agent, connecter):
    donnees = saisie(dupont.titulaire, "sanitaire", lea, pai="true", pai_fin="2027-06-30")
    donnees |= {"fichiers": [pdf("pai-lea.pdf")]}
    page = adresse("modifier_enfant", "sanitaire", lea.pk)
    assert connecter(dupont.titulaire).post(page, donnees).status_code == 302
    sante = reverse("familles:sante", args=[lea.pk])
    assert "Documents gardés" not in texte(connecter(dupont.titulaire).get(sante))
    actions.accepter(demande=Demande.objects.get(), par=agent)
    for parent in (dupont.titulaire, dupont.conjoint):
        lue = texte(connecter(parent).get(sante))
        assert "pai-lea.pdf" in lue
        assert "30/06/2027" in lue


def test_le_formulaire_de_sante_rempli_laisse_la_trace_de_sa_lecture(dupont, lea, voit_sante, connecter):
    FicheSanitaire.objects.create(enfant=lea, allergies="arachides")
    client = connecter(dupont.conjoint)
    assert "arachides" in client.get(adresse("modifier_enfant", "sanitaire", lea.pk)).content.decode()
    trace = Trace.objects.get(verbe=VerbeTrace.CONSULTER)
    assert (trace.par, trace.famille) == (dupont.conjoint.utilisateur, dupont)
