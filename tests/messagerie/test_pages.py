"""The four pages of the inbox, a conversation, and what a stranger gets."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messagerie.actions import ecrire, informer, repondre, supprimer
from messagerie.enums import Sens
from messagerie.models import Conversation, Message

PAGES = ["boite", "envoyes", "supprimes", "nouveau"]


def adresse(nom, *args):
    return reverse(f"messagerie:{nom}", args=args)


@pytest.fixture
def echange(dupont, acces, agent):
    """Jean asks, the structure answers."""
    _, jean, _ = dupont
    question = ecrire(acces=acces(jean), sujet="Pique-nique", corps="À quelle heure ?", par=jean.utilisateur)
    repondre(conversation=question.conversation, corps="À midi.", par=agent, sens=Sens.STRUCTURE)
    return question.conversation


@pytest.mark.parametrize("page", PAGES)
def test_une_page_vide_dit_ce_qui_viendra(dupont, connecter, page):
    reponse = connecter(dupont[1]).get(adresse(page))
    assert reponse.status_code == 200
    assert "Messages supprimés" in reponse.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_il_faut_etre_connecte(client, collectivite, page):
    assert client.get(adresse(page)).status_code == 302


def test_la_boite_montre_ce_qui_est_nouveau_et_la_lecture_le_marque(echange, dupont, connecter):
    client = connecter(dupont[1])
    assert "Nouveau</span>" in client.get(adresse("boite")).content.decode()
    lecture = client.get(adresse("conversation", echange.pk)).content.decode()
    assert "À midi." in lecture
    assert "À quelle heure ?" in lecture
    assert "Nouveau</span>" not in client.get(adresse("boite")).content.decode()
    assert not Message.objects.non_lus().exists()


def test_les_envoyes_montrent_leurs_reponses(echange, dupont, connecter):
    page = connecter(dupont[1]).get(adresse("envoyes")).content.decode()
    assert "À quelle heure ?" in page
    assert "Réponse de Service enfance" in page
    assert "À midi." in page


def test_une_reponse_n_est_pas_montree_sous_un_message_plus_recent(echange, dupont, connecter):
    repondre(conversation=echange, corps="Et le goûter ?", par=dupont[1].utilisateur, sens=Sens.FAMILLE)
    page = connecter(dupont[1]).get(adresse("envoyes")).content.decode()
    assert page.count("À midi.") == 1


def test_un_nouveau_message_part_et_s_ouvre(dupont, connecter):
    reponse = connecter(dupont[1]).post(adresse("nouveau"), {"sujet": "Sieste", "corps": "Dort-il ?"})
    conversation = Conversation.objects.get()
    assert reponse.url == adresse("conversation", conversation.pk)
    assert conversation.messages.get().corps == "Dort-il ?"


@pytest.mark.parametrize(
    "saisie",
    [{"sujet": "", "corps": "x"}, {"sujet": "x", "corps": " "}, {"sujet": "x" * 151, "corps": "gardé"}],
)
def test_un_message_incomplet_revient_avec_ce_qui_etait_ecrit(dupont, connecter, saisie):
    reponse = connecter(dupont[1]).post(adresse("nouveau"), saisie)
    assert reponse.status_code == 422
    assert saisie["sujet"] in reponse.content.decode()
    assert not Conversation.objects.exists()


def test_repondre_ajoute_au_fil(echange, dupont, connecter):
    client = connecter(dupont[1])
    assert client.get(adresse("repondre", echange.pk)).status_code == 405
    assert client.post(adresse("repondre", echange.pk), {"corps": " "}).status_code == 422
    reponse = client.post(adresse("repondre", echange.pk), {"corps": "Merci."}, follow=True)
    assert "Votre réponse est envoyée." in reponse.content.decode()
    echange.refresh_from_db()
    assert echange.a_traiter


def test_supprimer_puis_reprendre(echange, dupont, connecter):
    client = connecter(dupont[1])
    message = Message.objects.recus().get()
    assert client.post(adresse("supprimer", message.pk)).url == adresse("boite")
    assert "Pique-nique" not in corps_de(client.get(adresse("boite")))
    assert "Pique-nique" in corps_de(client.get(adresse("supprimes")))
    assert client.post(adresse("restaurer", message.pk)).url == adresse("supprimes")
    assert "Pique-nique" in corps_de(client.get(adresse("boite")))
    assert client.post(adresse("restaurer", message.pk)).status_code == 404


def corps_de(reponse):
    return re.search(r"<main.*</main>", reponse.content.decode(), re.DOTALL).group()


def test_une_conversation_dont_tout_est_supprime_le_dit(echange, dupont, connecter):
    for message in echange.messages.all():
        supprimer(message=message, par=dupont[1].utilisateur)
    page = connecter(dupont[1]).get(adresse("conversation", echange.pk)).content.decode()
    assert "sont supprimés" in page


@pytest.mark.parametrize("qui", ["jeanne", "paul"])
def test_ni_la_conjointe_separee_ni_une_autre_famille_ne_lit_l_echange(
    echange, dupont, martin, connecter, qui
):
    client = connecter({"jeanne": dupont[2], "paul": martin[1]}[qui])
    recu = Message.objects.recus().get()
    for page in PAGES:
        assert "Pique-nique" not in client.get(adresse(page)).content.decode()
    assert client.get(adresse("conversation", echange.pk)).status_code == 404
    for nom, pk in (("repondre", echange.pk), ("supprimer", recu.pk), ("restaurer", recu.pk)):
        assert client.post(adresse(nom, pk), {"corps": "x"}).status_code == 404
    recu.refresh_from_db()
    assert (recu.lu_le, recu.supprime_le, echange.messages.count()) == (None, None, 2)


def test_un_message_est_echappe(dupont, connecter):
    informer(famille=dupont[0], sujet="<b>x</b>", corps="<script>alert(1)</script>")
    conversation = Conversation.objects.get()
    page = connecter(dupont[1]).get(adresse("conversation", conversation.pk)).content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize("page", ["boite", "envoyes", "supprimes"])
def test_autant_de_requetes_pour_un_message_que_pour_trente(dupont, acces, connecter, page):
    _, jean, _ = dupont
    client = connecter(jean)

    def remplir(nombre):
        for rang in range(nombre):
            message = ecrire(acces=acces(jean), sujet=f"S{rang}", corps="C", par=jean.utilisateur)
            repondre(conversation=message.conversation, corps="R", par=None, sens=Sens.STRUCTURE)
            if page == "supprimes":
                for un in message.conversation.messages.all():
                    supprimer(message=un, par=jean.utilisateur)

    def compter():
        with CaptureQueriesContext(connection) as capture:
            assert client.get(adresse(page)).status_code == 200
        return len(capture)

    remplir(1)
    compter()
    avec_un = compter()
    remplir(29)
    assert compter() == avec_un <= 8
    assert "Page 1 sur" in client.get(adresse(page)).content.decode()
