"""The four pages of the inbox, a conversation, and what a stranger gets."""

import re
import uuid
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messagerie.actions import ecrire, informer, repondre, supprimer
from messagerie.enums import Sens
from messagerie.models import Conversation, Message
from tests.messagerie.conftest import jeton_de

PAGES = ["boite", "envoyes", "supprimes", "nouveau"]


def adresse(nom, *args):
    return reverse(f"messagerie:{nom}", args=args)


def avec_jeton(**saisie) -> dict:
    """What the browser posts: what is typed, and the name that the page gave to this sending."""
    return {"jeton": str(uuid.uuid4()), **saisie}


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
    reponse = connecter(dupont[1]).post(adresse("nouveau"), avec_jeton(sujet="Sieste", corps="Dort-il ?"))
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
    assert client.post(adresse("repondre", echange.pk), avec_jeton(corps=" ")).status_code == 422
    reponse = client.post(adresse("repondre", echange.pk), avec_jeton(corps="Merci."), follow=True)
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


# --- Once ------------------------------------------------------------------------------------------------


def test_un_message_envoye_deux_fois_n_est_ecrit_qu_une(dupont, connecter):
    client = connecter(dupont[1])
    saisie = {"sujet": "Sieste", "corps": "Dort-il ?", "jeton": jeton_de(client.get(adresse("nouveau")))}
    premiere = client.post(adresse("nouveau"), saisie)
    seconde = client.post(adresse("nouveau"), saisie, follow=True)
    assert seconde.redirect_chain == [(premiere.url, 302)]
    assert "déjà parti" in seconde.content.decode()
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 1)


def test_une_reponse_envoyee_deux_fois_n_est_ecrite_qu_une(echange, dupont, connecter):
    client = connecter(dupont[1])
    saisie = {"corps": "Merci.", "jeton": jeton_de(client.get(adresse("conversation", echange.pk)))}
    for _ in range(2):
        assert client.post(adresse("repondre", echange.pk), saisie).status_code == 302
    assert echange.messages.filter(corps="Merci.").count() == 1


def test_un_autre_texte_de_la_meme_page_n_est_ni_perdu_ni_confondu(dupont, connecter):
    """« Précédent », other words, sent again: kept on the page, and gone at the next click."""
    client = connecter(dupont[1])
    saisie = avec_jeton(sujet="Sieste", corps="Dort-il ?")
    client.post(adresse("nouveau"), saisie)
    reponse = client.post(adresse("nouveau"), saisie | {"corps": "Mange-t-il ?"})
    assert reponse.status_code == 409
    assert "Mange-t-il ?" in reponse.content.decode()
    client.post(adresse("nouveau"), saisie | {"corps": "Mange-t-il ?", "jeton": jeton_de(reponse)})
    assert [m.corps for m in Message.objects.order_by("pk")] == ["Dort-il ?", "Mange-t-il ?"]


@pytest.mark.parametrize("jeton", ["", "zz", "1" * 30])
def test_un_message_sans_jeton_revient_pret_a_partir(dupont, connecter, jeton):
    client = connecter(dupont[1])
    reponse = client.post(adresse("nouveau"), {"sujet": "Sieste", "corps": "Dort-il ?", "jeton": jeton})
    assert reponse.status_code == 422
    assert "Dort-il ?" in reponse.content.decode()
    saisie = {"sujet": "Sieste", "corps": "Dort-il ?", "jeton": jeton_de(reponse)}
    assert client.post(adresse("nouveau"), saisie).status_code == 302


def test_le_jeton_d_un_autre_n_apprend_rien_de_son_message(dupont, martin, connecter):
    saisie = avec_jeton(sujet="Sieste", corps="Dort-il ?")
    connecter(dupont[1]).post(adresse("nouveau"), saisie)
    reponse = connecter(martin[1]).post(adresse("nouveau"), saisie)
    assert reponse.status_code == 409
    assert Message.objects.count() == 1


# --- Too long --------------------------------------------------------------------------------------------


def test_un_message_de_trois_megaoctets_revient_avec_son_texte(dupont, connecter):
    corps = "à lire " * 400_000
    reponse = connecter(dupont[1]).post(adresse("nouveau"), avec_jeton(sujet="Roman", corps=corps))
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "Un message tient en 10 000 caractères, le vôtre en a 2799999" in page
    assert corps.strip() in page
    assert not Message.objects.exists()


@pytest.mark.parametrize("forme", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_au_dela_une_page_en_francais_dit_que_rien_n_est_parti(dupont, connecter, forme):
    client, saisie = connecter(dupont[1]), avec_jeton(sujet="Roman", corps="x" * 6_000_000)
    options = {} if forme.startswith("multipart") else {"content_type": forme}
    donnees = urlencode(saisie) if options else saisie
    reponse = client.post(adresse("nouveau"), donnees, **options)
    assert reponse.status_code == 413
    assert "Raccourcissez-le" in reponse.content.decode()
    assert not Message.objects.exists()
