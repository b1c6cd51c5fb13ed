"""An agent who is also a parent: the file of one's own family is a colleague's to change."""

from datetime import date

import pytest
from django.urls import reverse

from familles.admin.base import LES_SIENS
from familles.models import Enfant, LienParental, Responsable


@pytest.fixture
def agent_parent(agent, martin):
    """Paul Martin works at the town hall."""
    martin.utilisateur = agent
    martin.save()
    return martin


def adresse(ligne, page="change") -> str:
    return reverse(f"admin:familles_{ligne._meta.model_name}_{page}", args=[ligne.pk])


def test_son_dossier_se_lit_et_ne_se_change_pas(client_agent, agent_parent, hugo):
    famille = agent_parent.famille
    for ligne in (famille, agent_parent, hugo):
        page = client_agent.get(adresse(ligne))
        assert page.status_code == 200
        assert LES_SIENS in page.content.decode()
        assert 'name="_save"' not in page.content.decode()
        assert client_agent.post(adresse(ligne), {"nom": "AUTRE", "ville": "Ailleurs"}).status_code == 403
    agent_parent.refresh_from_db()
    assert (agent_parent.nom, Enfant.objects.get(pk=hugo.pk).nom) != ("AUTRE", "AUTRE")


def test_personne_ne_s_ajoute_un_lien_a_son_enfant(client_admin, admin, agent_parent, hugo):
    Responsable.objects.filter(pk=agent_parent.pk).update(utilisateur=admin)
    LienParental.objects.all().delete()
    hugo.rattachements.update(au=date(2030, 8, 31))
    ajout = reverse("admin:familles_rattachement_add")
    envoi = {
        "enfant": hugo.pk,
        "famille": agent_parent.famille_id,
        "du": "01/09/2030",
        "mode_garde": "TOUJOURS",
        "jour_bascule": "1",
        "moitie_vacances": "ALTERNANCE",
        "exceptions-TOTAL_FORMS": "0",
        "exceptions-INITIAL_FORMS": "0",
    }
    avant = hugo.rattachements.count()
    assert client_admin.post(ajout, envoi).status_code == 403
    assert hugo.rattachements.count() == avant


def test_les_autres_familles_se_changent(client_agent, agent_parent, lea, jean):
    for ligne in (jean.famille, jean, lea):
        page = client_agent.get(adresse(ligne)).content.decode()
        assert 'name="_save"' in page
        assert LES_SIENS not in page


def test_un_enfant_de_deux_foyers_est_des_deux(client_agent, agent, enfant_alterne):
    for rattachement in enfant_alterne.rattachements.all():
        Responsable.objects.filter(utilisateur=agent).update(utilisateur=None)
        parent = Responsable.objects.filter(famille=rattachement.famille_id).first()
        Responsable.objects.filter(pk=parent.pk).update(utilisateur=agent)
        assert LES_SIENS in client_agent.get(adresse(enfant_alterne)).content.decode()
