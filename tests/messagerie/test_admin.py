"""The shared inbox of the staff."""

import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from familles.models import Utilisateur
from messagerie.actions import Lettre, ecrire, informer, informer_en_nombre, repondre
from messagerie.enums import Sens
from messagerie.models import Conversation, Courriel, Message
from tests.messagerie.conftest import champ_de, jeton_de

JETON = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


@pytest.fixture
def question(dupont, acces):
    _, jean, _ = dupont
    return ecrire(acces=acces(jean), sujet="Pique-nique", corps="À quelle heure ?", par=jean.utilisateur)


def adresse(nom, *args):
    return reverse(f"admin:messagerie_conversation_{nom}", args=args)


def test_ce_qui_attend_vient_d_abord(question, dupont, acces, agent, connecter):
    _, jean, _ = dupont
    client = connecter(agent)
    repondu = {"corps": "À midi.", "jeton": JETON, "apres": question.pk}
    client.post(adresse("lire", question.conversation_id), repondu)
    ecrire(acces=acces(jean), sujet="Sieste", corps="Dort-il ?", par=jean.utilisateur)
    Conversation.objects.filter(sujet="Sieste").update(active_le="2020-01-01T00:00Z")
    page = client.get(adresse("changelist")).content.decode()
    assert page.index("Sieste") < page.index("Pique-nique")
    page = client.get(adresse("changelist"), {"reponse": "attendue"}).content.decode()
    assert "Pique-nique" not in page
    page = client.get(adresse("changelist"), {"reponse": "donnee", "q": "dupont"}).content.decode()
    assert "Pique-nique" in page
    assert "Sieste" not in page


def test_un_agent_lit_et_repond(question, agent, connecter):
    client = connecter(agent)
    page = client.get(adresse("lire", question.conversation_id)).content.decode()
    assert "À quelle heure ?" in page
    question.refresh_from_db()
    assert question.lu_le is not None
    envoi = {"corps": "À midi.", "jeton": JETON, "apres": question.pk}
    reponse = client.post(adresse("lire", question.conversation_id), envoi)
    assert reponse.url == adresse("changelist")
    assert Message.objects.recus().get().corps == "À midi."
    assert Courriel.objects.count() == 1
    assert LogEntry.objects.get().user == agent


def test_un_double_clic_n_envoie_qu_une_reponse(question, agent, connecter):
    client, ici = connecter(agent), adresse("lire", question.conversation_id)
    envoi = {"corps": "À midi.", "jeton": jeton_de(client.get(ici)), "apres": question.pk}
    assert [client.post(ici, envoi).status_code for _ in range(2)] == [302, 302]
    assert (Message.objects.recus().count(), Courriel.objects.count()) == (1, 1)
    # Back, other words: another message, to be sent by another click.
    autre = client.post(ici, envoi | {"corps": "À une heure."})
    assert autre.status_code == 409 and "À une heure." in autre.content.decode()
    envoi |= {"corps": "À une heure.", "jeton": jeton_de(autre)}
    # The page that came back shows the first answer.
    assert client.post(ici, envoi).status_code == 409
    assert client.post(ici, envoi | {"apres": champ_de(autre, "apres")}).status_code == 302
    assert Message.objects.recus().count() == 2


def test_un_double_clic_n_ecrit_qu_une_fois_a_la_famille(dupont, agent, connecter):
    client = connecter(agent)
    envoi = {"famille": dupont[0].pk, "a": "COMPTE", "sujet": "Photo", "corps": "Demain.", "jeton": JETON}
    assert [client.post(adresse("ecrire"), envoi).status_code for _ in range(2)] == [302, 302]
    assert Message.objects.recus().count() == 1


def test_deux_agents_ne_se_croisent_pas(question, agent, connecter, django_user_model):
    ici = adresse("lire", question.conversation_id)
    collegue = connecter(django_user_model.objects.create_superuser("chantal"))
    lues = [champ_de(client.get(ici), "apres") for client in (connecter(agent), collegue)]
    envoi = {"corps": "Oui.", "jeton": JETON, "apres": lues[0]}
    assert connecter(agent).post(ici, envoi).status_code == 302
    reponse = collegue.post(ici, {"corps": "Non.", "jeton": str(uuid.uuid4()), "apres": lues[1]})
    assert reponse.status_code == 409
    for mots in ("Un message est arrivé", "Oui.", "Non."):
        assert mots in reponse.content.decode()
    assert Message.objects.recus().count() == 1


def test_une_reponse_vide_est_redemandee(question, agent, connecter):
    reponse = connecter(agent).post(adresse("lire", question.conversation_id), {"corps": " "})
    assert reponse.status_code == 422
    assert "Écrivez votre message." in reponse.content.decode()


def test_classer_sans_repondre(question, agent, connecter):
    client = connecter(agent)
    assert client.get(adresse("classer", question.conversation_id)).status_code == 405
    client.post(adresse("classer", question.conversation_id), {"apres": question.pk})
    assert not Conversation.objects.a_traiter().exists()
    assert not Message.objects.recus().exists()


def test_on_ne_classe_pas_ce_qu_on_n_a_pas_lu(question, dupont, acces, agent, connecter):
    client = connecter(agent)
    lu = champ_de(client.get(adresse("lire", question.conversation_id)), "apres")
    _, jean, _ = dupont
    repondre(conversation=question.conversation, corps="Urgent !", par=jean.utilisateur, sens=Sens.FAMILLE)
    reponse = client.post(adresse("classer", question.conversation_id), {"apres": lu}, follow=True)
    assert "Un message est arrivé" in reponse.content.decode() and "Urgent !" in reponse.content.decode()
    assert Conversation.objects.a_traiter().exists()


@pytest.mark.parametrize("a, lecteurs", [("COMPTE", [1]), ("CONJOINT", [2]), ("CHACUN", [1, 2])])
def test_un_agent_choisit_a_quel_parent_separe_il_ecrit(dupont, agent, connecter, a, lecteurs):
    envoi = {"famille": dupont[0].pk, "a": a, "sujet": "Sortie", "corps": "Mardi.", "jeton": JETON}
    client = connecter(agent)
    assert [client.post(adresse("ecrire"), envoi).status_code for _ in range(2)] == [302, 302]
    lues = [
        rang
        for rang in (1, 2)
        if "Sortie" in connecter(dupont[rang]).get(reverse("messagerie:boite")).content.decode()
    ]
    assert lues == lecteurs and Message.objects.count() == len(lecteurs)


def test_une_famille_d_un_seul_responsable_n_a_pas_de_second(martin, agent, connecter):
    martin[0].responsables.filter(rang=2).delete()
    envoi = {"famille": martin[0].pk, "a": "CONJOINT", "sujet": "Sortie", "corps": "Mardi.", "jeton": JETON}
    reponse = connecter(agent).post(adresse("ecrire"), envoi)
    assert reponse.status_code == 409 and "un responsable" in reponse.content.decode()
    assert not Message.objects.exists()


def test_les_adresses_de_django_menent_a_nos_pages(question, agent, connecter):
    client = connecter(agent)
    assert client.get(adresse("change", question.conversation_id)).url == adresse(
        "lire", question.conversation_id
    )
    assert client.get(adresse("add")).url == adresse("ecrire")
    assert client.get(adresse("delete", question.conversation_id)).status_code == 403


def test_un_agent_ecrit_a_une_famille(dupont, agent, connecter):
    client = connecter(agent)
    page = client.get(adresse("ecrire"), {"famille": dupont[0].pk})
    assert "DUPONT" in page.content.decode().upper()
    manque = client.post(adresse("ecrire"), {"sujet": "Sortie", "corps": "Mardi."})
    assert manque.status_code == 422
    assert "Choisissez la famille" in manque.content.decode()
    envoi = {"famille": dupont[0].pk, "a": "COMPTE", "sujet": "Sortie", "corps": "Mardi.", "jeton": JETON}
    client.post(adresse("ecrire"), envoi)
    conversation = Conversation.objects.get()
    assert (conversation.famille, conversation.responsable) == (dupont[0], None)
    assert conversation.messages.get().auteur == agent


@pytest.mark.parametrize("groupe", ["Comptables", None])
def test_la_messagerie_est_aux_agents(question, connecter, groupe):
    compte = Utilisateur.objects.create_user("autre", is_staff=True)
    if groupe:
        compte.groups.add(Group.objects.get(name=groupe))
    client = connecter(compte)
    for page in (adresse("changelist"), adresse("ecrire"), adresse("lire", question.conversation_id)):
        assert client.get(page).status_code == 403
    assert client.post(adresse("classer", question.conversation_id)).status_code == 403


def test_un_parent_n_entre_pas(question, dupont, connecter):
    assert connecter(dupont[1]).get(adresse("changelist")).status_code == 302


def test_la_boite_d_envoi_se_lit_et_ne_se_change_pas(question, connecter):
    chef = connecter(Utilisateur.objects.create_superuser("chef"))
    assert chef.get(reverse("admin:messagerie_courriel_changelist")).status_code == 200
    assert chef.get(reverse("admin:messagerie_courriel_add")).status_code == 403


def test_la_liste_coute_autant_pour_une_conversation_que_pour_trente(dupont, acces, agent, connecter):
    _, jean, _ = dupont
    client = connecter(agent)

    def compter():
        with CaptureQueriesContext(connection) as capture:
            assert client.get(adresse("changelist")).status_code == 200
        return len(capture)

    ecrire(acces=acces(jean), sujet="S", corps="C", par=jean.utilisateur)
    compter()
    avec_une = compter()
    for rang in range(29):
        ecrire(acces=acces(jean), sujet=f"S{rang}", corps="C", par=jean.utilisateur)
    assert compter() == avec_une <= 25


def test_les_avis_du_portail_se_demandent(dupont, question, agent, connecter):
    informer(famille=dupont[0], sujet="Accusé", corps="C", avis=True)
    informer_en_nombre(lettres=[Lettre(dupont[0], "Votre facture", "C")], annonce="A", par=agent)
    client = connecter(agent)
    page = client.get(adresse("changelist")).content.decode()
    assert "Pique-nique" in page and "Accusé" not in page and "Votre facture" not in page
    page = client.get(adresse("changelist"), {"reponse": "avis"}).content.decode()
    assert "Pique-nique" not in page and "Accusé" in page and "Votre facture" in page


def test_la_liste_dit_qui_ecrit_et_le_bouton_ce_qu_il_fait(question, dupont, agent, connecter):
    page = connecter(agent).get(adresse("changelist")).content.decode()
    assert f"DUPONT JEAN ({dupont[0].numero})" in page and "Écrire à une famille" in page
    page = connecter(agent).get(reverse("admin:messagerie_reponsetype_changelist")).content.decode()
    assert "<h1>Réponses types</h1>" in page and "Ajouter réponse type" in page
