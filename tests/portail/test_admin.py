"""The staff's door, frame and first page."""

import pytest
from django.urls import reverse

from messagerie.models import ReponseType


@pytest.fixture
def chez_agent(client, agent):
    client.force_login(agent)
    return client


def test_l_administration_renvoie_a_la_connexion_commune(client, db):
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("portail:connexion"))
    assert "Accès famille" in page.content.decode()


def test_apres_connexion_l_agent_revient_ou_il_allait(client, agent):
    agent.set_password("portail-demo-31")
    agent.save()
    etapes = client.get("/admin/familles/enfant/", follow=True).redirect_chain
    assert client.post(etapes[-1][0], {"username": agent.username, "password": "portail-demo-31"}).url == (
        "/admin/familles/enfant/"
    )


def test_un_parent_n_entre_pas_dans_l_administration(client, jean):
    client.force_login(jean.utilisateur)
    reponse = client.get("/admin/", follow=True)
    assert reponse.status_code == 403
    assert "réservée aux agents" in reponse.content.decode()


def test_un_agent_deja_connecte_ne_voit_pas_la_porte(chez_agent):
    assert chez_agent.get(reverse("admin:login")).url == reverse("admin:index")


def test_la_premiere_page_porte_le_nom_de_la_ville_et_parle_francais(chez_agent, collectivite):
    page = chez_agent.get("/admin/").content.decode()
    assert "Les P’tiots Lanniaux – Administration" in page
    assert "Ce qui attend" in page
    assert "Task" not in page
    assert "theme.js" not in page


def test_un_agent_ne_voit_que_ce_que_son_groupe_permet(chez_agent, db):
    page = chez_agent.get("/admin/").content.decode()
    assert "Enfants" in page
    assert "Coordonnées bancaires" not in page
    assert chez_agent.get("/admin/familles/coordonneesbancaires/").status_code == 403


def test_le_travail_du_jour_vient_d_abord(admin_client):
    page = admin_client.get("/admin/").content.decode()
    assert page.index("app-messagerie") < page.index("app-familles") < page.index("app-portail")


@pytest.mark.parametrize("nom, cible", [("password_change", "portail:mot_de_passe")])
def test_les_pages_de_compte_de_l_administration_menent_a_celles_du_portail(chez_agent, nom, cible):
    assert chez_agent.get(reverse(f"admin:{nom}")).url == reverse(cible)


def test_deconnexion_de_l_administration(chez_agent):
    assert chez_agent.post(reverse("admin:logout")).url == reverse("portail:connexion")
    assert "_auth_user_id" not in chez_agent.session


def test_un_agent_parent_garde_un_lien_vers_sa_famille(client, jean, agent):
    client.force_login(agent)
    assert "Ma famille" not in client.get("/admin/").content.decode()
    jean.utilisateur.is_staff = True
    jean.utilisateur.save()
    client.force_login(jean.utilisateur)
    assert "Ma famille" in client.get("/admin/").content.decode()
    assert reverse("admin:index") in client.get("/documents/").content.decode()


def test_la_fenetre_qui_ajoute_se_ferme_sur_ce_qu_elle_a_garde(client_admin):
    saisie = {"titre": "Accord", "texte": "C’est d’accord.", "_popup": "1"}
    reponse = client_admin.post("/admin/messagerie/reponsetype/add/?_to_field=id&_popup=1", saisie)
    assert reponse.status_code == 200
    assert "data-popup-response" in reponse.content.decode()
    assert ReponseType.objects.get().titre == "Accord"
