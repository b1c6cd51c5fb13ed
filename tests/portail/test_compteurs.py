"""The counters of the header say what the inbox and the list of requests would show, for each adult."""

import pytest

from demandes.enums import EtatDemande
from demandes.models import Demande
from familles.acces import Acces
from familles.enums import Situation
from familles.horloge import maintenant
from messagerie.actions import informer
from messagerie.models import Message
from portail.compteurs import Compteurs, responsables_avec_compteurs
from tests.fabriques.demandes import DemandeFactory


def compteurs(responsable):
    compte = responsable.utilisateur
    return Compteurs.de(Acces.pour_utilisateur(compte, responsables=responsables_avec_compteurs(compte)))


@pytest.fixture
def messages(dupont, jean, jeanne, agent):
    """Two for the account, one for each adult; one more is read, one is deleted."""
    for destinataire, nombre in ((None, 4), (jean, 1), (jeanne, 1)):
        for rang in range(nombre):
            informer(
                famille=dupont, sujet=f"Objet {rang}", corps="Texte", responsable=destinataire, par=agent
            )
    du_compte = list(Message.objects.filter(conversation__responsable=None))
    Message.objects.filter(pk=du_compte[0].pk).update(lu_le=maintenant())
    Message.objects.filter(pk=du_compte[1].pk).update(supprime_le=maintenant())


@pytest.mark.parametrize(
    "situation, pour_jean, pour_jeanne", [(Situation.SEPARE, 3, 1), (Situation.MARIE, 4, 4)]
)
def test_chacun_compte_les_messages_qu_il_peut_lire(
    messages, dupont, jean, jeanne, situation, pour_jean, pour_jeanne
):
    dupont.situation = situation
    dupont.save()
    for responsable, attendu in ((jean, pour_jean), (jeanne, pour_jeanne)):
        assert compteurs(responsable).messages_non_lus == attendu
        acces = Acces.pour_utilisateur(responsable.utilisateur)
        assert Message.objects.pour(acces).non_lus().count() == attendu


@pytest.fixture
def demandes(dupont, jean, jeanne, hugo):
    """On each adult's file, of the account, of a child; one more is withdrawn, one is a stranger's."""
    for concerne in (jean, jeanne):
        DemandeFactory(famille=dupont, deposant=jean, concerne=concerne)
    DemandeFactory(famille=dupont, deposant=jean, concerne=None, cle="", nature="famille")
    DemandeFactory(famille=dupont, deposant=jean, concerne=None, cle="", nature="reservation", enfant=hugo)
    DemandeFactory(
        famille=dupont, deposant=jean, concerne=jean, etat=EtatDemande.ANNULEE, decide_le=maintenant()
    )
    DemandeFactory()


@pytest.mark.parametrize(
    "situation, masquee, pour_jean, pour_jeanne",
    [
        (Situation.SEPARE, False, 4, 2),
        (Situation.SEPARE, True, 3, 2),
        (Situation.MARIE, False, 4, 4),
        (Situation.MARIE, True, 3, 4),
    ],
)
def test_chacun_compte_les_demandes_qu_il_peut_lire(
    demandes, dupont, jean, jeanne, situation, masquee, pour_jean, pour_jeanne
):
    dupont.situation = situation
    dupont.save()
    jeanne.coordonnees_masquees = masquee
    jeanne.save()
    for responsable, attendu in ((jean, pour_jean), (jeanne, pour_jeanne)):
        assert compteurs(responsable).demandes_en_attente == attendu
        acces = Acces.pour_utilisateur(responsable.utilisateur)
        assert Demande.objects.pour(acces).en_attente().count() == attendu


def test_les_deux_compteurs_et_la_famille_se_lisent_en_une_requete(
    messages, demandes, jean, django_assert_num_queries
):
    with django_assert_num_queries(1):
        compteurs(jean)


def test_sans_rien_les_compteurs_sont_a_zero(jean):
    assert compteurs(jean) == Compteurs(0, 0)


def test_sans_famille_il_n_y_a_rien_a_compter(agent):
    assert Compteurs.de(Acces(utilisateur=agent)) == Compteurs()


def test_l_en_tete_montre_le_nombre_de_messages(client, messages, jean):
    client.force_login(jean.utilisateur)
    page = " ".join(client.get("/documents/").content.decode().split())
    assert '<span class="pastille">3</span> Nouveau(x) Message(s)' in page
