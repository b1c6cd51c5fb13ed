"""Writing, answering, informing, deleting: what is written in the inbox and in the outbox."""

import pytest
from django_tasks_db.models import DBTaskResult

from familles.erreurs import Invalide
from messagerie import actions
from messagerie.enums import Sens
from messagerie.models import Conversation, Courriel, Message


def test_une_famille_ecrit_a_la_structure(dupont, acces):
    _, jean, _ = dupont
    message = actions.ecrire(acces=acces(jean), sujet=" Cantine ", corps=" Bonjour ", par=jean.utilisateur)
    conversation = message.conversation
    assert (conversation.sujet, message.corps, message.sens) == ("Cantine", "Bonjour", Sens.FAMILLE)
    assert (conversation.responsable, message.auteur) == (jean, jean.utilisateur)
    assert list(Conversation.objects.a_traiter()) == [conversation]
    assert not Courriel.objects.exists()


@pytest.mark.parametrize(("sujet", "corps"), [("", "Bonjour"), ("  ", "Bonjour"), ("Cantine", " \n ")])
def test_un_message_vide_n_est_pas_envoye(dupont, acces, sujet, corps):
    _, jean, _ = dupont
    with pytest.raises(Invalide):
        actions.ecrire(acces=acces(jean), sujet=sujet, corps=corps, par=jean.utilisateur)
    assert not Conversation.objects.exists()


def test_la_reponse_de_la_structure_clot_l_attente_et_celle_de_la_famille_la_rouvre(dupont, acces, agent):
    _, jean, _ = dupont
    conversation = actions.ecrire(
        acces=acces(jean), sujet="Cantine", corps="Bonjour", par=jean.utilisateur
    ).conversation
    actions.repondre(conversation=conversation, corps="Oui.", par=agent, sens=Sens.STRUCTURE)
    conversation.refresh_from_db()
    assert (conversation.a_traiter, conversation.assignee) == (False, agent)
    actions.repondre(conversation=conversation, corps="Merci.", par=jean.utilisateur, sens=Sens.FAMILLE)
    conversation.refresh_from_db()
    assert (conversation.a_traiter, conversation.assignee) == (True, agent)
    assert conversation.messages.count() == 3


def test_classer_ne_repond_pas_mais_clot(dupont, acces, agent):
    _, jean, _ = dupont
    message = actions.ecrire(acces=acces(jean), sujet="Merci", corps="Merci !", par=jean.utilisateur)
    conversation = message.conversation
    actions.classer(conversation=conversation, apres=message.pk, par=agent)
    assert not Conversation.objects.a_traiter().exists()
    assert conversation.messages.count() == 1


def test_une_information_arrive_lue_de_personne_et_annoncee_par_courriel(dupont):
    famille, jean, _ = dupont
    message = actions.informer(famille=famille, sujet="Votre demande", corps="Acceptée.", lien="/demandes/1/")
    assert list(Message.objects.non_lus()) == [message]
    assert not message.conversation.a_traiter
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.sujet) == (jean.email.lower(), actions.ANNONCE)
    assert DBTaskResult.objects.count() == 1


def destinataires():
    return sorted(Courriel.objects.values_list("destinataire", flat=True))


def test_le_courriel_va_a_ceux_qui_lisent_le_message(dupont, martin):
    famille, _, jeanne = dupont
    actions.informer(famille=famille, sujet="A", corps="B")
    assert destinataires() == ["jean.dupont@exemple.fr"]
    Courriel.objects.all().delete()
    actions.informer(famille=famille, sujet="A", corps="B", responsable=jeanne)
    assert destinataires() == ["jeanne.dupont@exemple.fr"]
    Courriel.objects.all().delete()
    actions.informer(famille=martin[0], sujet="A", corps="B")
    assert destinataires() == ["marie.martin@exemple.fr", "paul.martin@exemple.fr"]


@pytest.mark.parametrize("champs", [{"autorisation_courriel": False}, {"email": ""}])
def test_sans_accord_ou_sans_adresse_aucun_courriel(dupont, champs):
    famille, jean, _ = dupont
    for nom, valeur in champs.items():
        setattr(jean, nom, valeur)
    jean.save()
    actions.informer(famille=famille, sujet="A", corps="B")
    assert Message.objects.count() == 1
    assert not Courriel.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_deux_adultes_a_la_meme_adresse_ne_recoivent_qu_un_courriel(martin):
    famille, paul, marie = martin
    marie.email = paul.email.upper()
    marie.save()
    actions.informer(famille=famille, sujet="A", corps="B")
    assert destinataires() == ["paul.martin@exemple.fr"]


def test_ce_qu_une_personne_ecrit_n_entre_pas_dans_le_courriel(dupont, acces, agent):
    _, jean, _ = dupont
    secret = "Allergie à l’arachide"
    conversation = actions.ecrire(
        acces=acces(jean), sujet=secret, corps=secret, par=jean.utilisateur
    ).conversation
    actions.repondre(conversation=conversation, corps=secret, par=agent, sens=Sens.STRUCTURE)
    courriel = Courriel.objects.get()
    assert secret not in f"{courriel.sujet} {courriel.contexte} {courriel.evenement}"


def test_lire_marque_une_fois_et_d_un_seul_cote(dupont, acces, agent):
    famille, jean, _ = dupont
    message = actions.informer(famille=famille, sujet="A", corps="B")
    conversation = message.conversation
    actions.repondre(conversation=conversation, corps="C", par=jean.utilisateur, sens=Sens.FAMILLE)
    assert actions.lire(conversation=conversation, sens=Sens.STRUCTURE, par=jean.utilisateur) == 1
    assert actions.lire(conversation=conversation, sens=Sens.STRUCTURE, par=jean.utilisateur) == 0
    assert conversation.messages.get(sens=Sens.FAMILLE).lu_le is None


def test_un_message_supprime_se_reprend_et_ne_compte_plus_entre_temps(dupont):
    famille, jean, _ = dupont
    message = actions.informer(famille=famille, sujet="A", corps="B")
    for _ in range(2):
        actions.supprimer(message=message, par=jean.utilisateur)
    assert not Message.objects.non_lus().exists()
    assert list(Message.objects.supprimes()) == [message]
    for _ in range(2):
        actions.restaurer(message=message, par=jean.utilisateur)
    assert list(Message.objects.non_lus()) == [message]


def test_un_message_refuse_par_la_base_n_annonce_rien(dupont):
    with pytest.raises(Invalide):
        actions.informer(famille=dupont[0], sujet="A", corps="  ")
    assert (Conversation.objects.count(), Courriel.objects.count()) == (0, 0)


def test_un_avis_du_portail_n_encombre_pas_les_echanges_avant_une_reponse(dupont):
    famille, jean, _ = dupont
    recu = actions.informer(famille=famille, sujet="Reçu", corps="B", avis=True, deja_lu=True)
    assert not Message.objects.non_lus().exists()
    assert not Conversation.objects.echanges().exists()
    conversation = recu.conversation
    actions.repondre(conversation=conversation, corps="Pardon ?", par=jean.utilisateur, sens=Sens.FAMILLE)
    assert list(Conversation.objects.echanges().a_traiter()) == [conversation]
