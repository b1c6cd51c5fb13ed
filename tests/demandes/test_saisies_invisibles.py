"""What nobody sees in what is typed: removed before any form reads it, on the portal as in the admin."""

from django.urls import reverse

from demandes.models import Demande
from messagerie.models import Message
from tests.demandes.conftest import adresse, fiche, saisie


def test_une_marque_invisible_n_entre_pas_dans_la_fiche(dupont, connecter):
    donnees = fiche(
        dupont.titulaire, adresse="3\u202e place\u200b du Marché", mobile="\u202a0612345678\u202c"
    )
    assert connecter(dupont.titulaire).post(adresse("modifier", "responsable"), donnees).status_code == 302
    apres = Demande.objects.get().apres
    assert (apres["adresse"], apres["mobile"]) == ("3 place du Marché", "06.12.34.56.78")


def test_un_nom_fait_de_marques_invisibles_manque(dupont, lea, connecter):
    donnees = saisie(dupont.titulaire, "identite", lea, prenom="\u200b\u202e")
    reponse = connecter(dupont.titulaire).post(adresse("modifier_enfant", "identite", lea.pk), donnees)
    assert reponse.status_code == 422
    assert "prenom" in reponse.context["form"].errors


def test_un_message_garde_ses_lignes_sans_ce_qui_retourne_le_texte(dupont, connecter):
    client = connecter(dupont.titulaire)
    page = client.get(reverse("messagerie:nouveau")).context["form"]
    donnees = {nom: page[nom].value() or "" for nom in page.fields if nom != "pieces"}
    donnees |= {"sujet": "Bon\u202ejour", "corps": "Un\u200b\r\ndeux 👨\u200d👩"}
    assert client.post(reverse("messagerie:nouveau"), donnees).status_code == 302
    message = Message.objects.select_related("conversation").get()
    assert message.conversation.sujet == "Bonjour"
    assert message.corps.splitlines() == ["Un", "deux 👨\u200d👩"]


def test_l_administration_non_plus_ne_garde_ni_marque_ni_seconde_ligne(lea, agent, connecter):
    client = connecter(agent)
    page = reverse("admin:familles_ecole_add")
    agent.is_superuser = True
    agent.save()
    assert client.post(page, {"nom": "École\tJean\nJaurès", "ville": ""}).status_code in (200, 422)
    assert client.post(page, {"nom": "École\u200b Jean\u202e Jaurès", "ville": ""}).status_code == 302
    assert lea._meta.apps.get_model("familles.Ecole").objects.get().nom == "École Jean Jaurès"


def test_une_page_ne_lit_que_la_date_d_un_mineur_sauf_pour_un_adulte_deja_la(dupont, lea, connecter):
    client, page = connecter(dupont.titulaire), adresse("modifier_enfant", "identite", lea.pk)
    donnees = saisie(dupont.titulaire, "identite", lea, date_naissance="1990-01-01")
    assert client.post(page, donnees).status_code == 422
    lea.date_naissance = "1989-05-02"
    lea.save()
    donnees = saisie(dupont.titulaire, "identite", lea, date_naissance="1990-01-01")
    assert client.post(page, donnees).status_code == 302
