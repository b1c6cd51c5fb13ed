"""Several requests decided at once, ready-made reasons, and what silence means."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demandes import actions
from demandes.admin import lot
from demandes.enums import EtatDemande
from demandes.models import Demande, MotifRefus, SuiteDuSilence
from familles.models import Responsable
from messagerie.models import Message
from tests.demandes.conftest import MAMIE, SAISIES, lues, personnes
from tests.demandes.test_admin import LISTE, texte
from tests.demandes.test_admin import adresse as page_de
from tests.fabriques.demandes import DemandeFactory

EN_NOMBRE = "admin:demandes_demande_en_nombre"


def etats():
    return dict(Demande.objects.values_list("pk", "etat"))


def test_de_la_liste_a_la_page_puis_a_la_decision(dupont, martin, changer_adresse, agent, connecter):
    demandes = [changer_adresse(dupont.titulaire), changer_adresse(martin.titulaire)]
    pks = [d.pk for d in demandes]
    client = connecter(agent)
    envoi = {"action": "decider_en_nombre", "_selected_action": pks}
    choix = client.post(reverse(LISTE), envoi, follow=True)
    for demande in demandes:
        assert f'name="demandes" value="{demande.pk}"' in choix.content.decode()
    assert set(etats().values()) == {EtatDemande.EN_ATTENTE}
    bilan = client.post(reverse(EN_NOMBRE), {"demandes": pks, "accepter": "1"}, follow=True)
    assert "2\N{NO-BREAK SPACE}demandes acceptées" in bilan.content.decode()
    assert set(etats().values()) == {EtatDemande.ACCEPTEE}
    reponses = Message.objects.filter(corps__contains="est acceptée")
    assert {m.conversation.famille for m in reponses} == {dupont, martin}


def test_refuser_en_nombre_demande_un_motif(dupont, martin, changer_adresse, agent, connecter):
    pks = [changer_adresse(dupont.titulaire).pk, changer_adresse(martin.titulaire).pk]
    client = connecter(agent)
    sans = client.post(reverse(EN_NOMBRE), {"demandes": pks, "refuser": "1", "motif": " "})
    assert sans.status_code == 422
    assert "Donnez le motif du refus" in sans.content.decode()
    client.post(reverse(EN_NOMBRE), {"demandes": pks, "refuser": "1", "motif": "Justificatif manquant"})
    assert set(Demande.objects.values_list("etat", "motif")) == {("REFUSEE", "Justificatif manquant")}


def test_ce_qui_resiste_reste_en_attente_et_se_dit(
    dupont, martin, changer_adresse, deposer, agent, autre_agent, connecter
):
    bonne = changer_adresse(martin.titulaire)
    bougee = changer_adresse(dupont.titulaire)
    titulaire = Responsable.objects.get(pk=dupont.titulaire.pk)
    titulaire.adresse = "8 rue Neuve"
    titulaire.save()
    illisible = deposer(dupont.titulaire, "fiscal", SAISIES["fiscal"])
    faite = changer_adresse(dupont.conjoint)
    actions.accepter(demande=faite, par=autre_agent)
    issues = lot.decider(
        [bonne.pk, bougee.pk, illisible.pk, faite.pk, 99999], refus=False, motif="", par=agent
    )
    obstacles = {issue.pk: issue.obstacle for issue in issues if issue.obstacle}
    assert set(obstacles) == {bougee.pk, illisible.pk, faite.pk, 99999}
    assert "a changé depuis le dépôt" in obstacles[bougee.pk]
    assert "décidée par la comptabilité" in obstacles[illisible.pk]
    assert "déjà reçu une réponse" in obstacles[faite.pk]
    assert "n’existe pas" in obstacles[99999]
    assert etats()[bonne.pk] == EtatDemande.ACCEPTEE
    assert etats()[bougee.pk] == etats()[illisible.pk] == EtatDemande.EN_ATTENTE


def test_la_sante_et_l_argent_ne_s_acceptent_pas_sans_etre_lus(dupont, deposer, agent):
    agent.is_superuser = True
    agent.save()
    demande = deposer(dupont.titulaire, "fiscal", SAISIES["fiscal"])
    (issue,) = lot.decider([demande.pk], refus=False, motif="", par=agent)
    assert "lisez-la sur sa page" in issue.obstacle
    (issue,) = lot.decider([demande.pk], refus=True, motif="Avis manquant", par=agent)
    assert issue.demande.etat == EtatDemande.REFUSEE


def test_la_page_du_lot_dit_ce_que_l_on_accepte(
    dupont, martin, lea, changer_adresse, deposer, agent, connecter
):
    adresse_demandee = changer_adresse(dupont.titulaire, "3 place du Marché")
    impots = deposer(martin.titulaire, "fiscal", SAISIES["fiscal"])
    mamie = deposer(dupont.titulaire, "autorisations", personnes(MAMIE), enfant=lea)
    pks = [adresse_demandee.pk, impots.pk, mamie.pk]
    page = texte(connecter(agent).get(reverse(EN_NOMBRE), {"demandes": pks}))
    assert "3 place du Marché" in page
    assert "32 450" not in page
    assert "06.11.22.33.44" not in page
    (issue,) = lot.decider([mamie.pk], refus=False, motif="", par=agent)
    assert "qui vient chercher l’enfant" in issue.obstacle


@pytest.mark.parametrize("demandes", [[], ["x"], ["1"] * 3 + ["2" * 30], list(range(1, 102))])
def test_un_lot_illisible_ne_donne_pas_d_erreur(agent, connecter, demandes):
    reponse = connecter(agent).post(reverse(EN_NOMBRE), {"demandes": demandes, "accepter": "1"})
    assert reponse.status_code == 422


def test_la_page_d_un_lot_ne_coute_pas_plus_a_trente(collectivite, agent, connecter):
    client = connecter(agent)

    def mesurer():
        pks = list(Demande.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as capture:
            assert client.get(reverse(EN_NOMBRE), {"demandes": pks}).status_code == 200
        return len(lues(capture))

    DemandeFactory()
    mesurer()
    une = mesurer()
    DemandeFactory.create_batch(29)
    assert mesurer() == une <= 25


def test_les_motifs_tout_prets_se_proposent_a_leur_nature(dupont, changer_adresse, agent, connecter):
    MotifRefus.objects.create(texte="Adresse hors de la commune", nature="responsable")
    MotifRefus.objects.create(texte="Justificatif manquant")
    MotifRefus.objects.create(texte="Jour complet", nature="reservation")
    page = texte(connecter(agent).get(page_de(changer_adresse(dupont.titulaire))))
    assert "Adresse hors de la commune" in page
    assert "Justificatif manquant" in page
    assert "Jour complet" not in page


def test_l_accuse_dit_ce_que_vaut_le_silence(dupont, changer_adresse, connecter):
    phrase = "Sans réponse dans les deux mois, votre demande est acceptée."
    SuiteDuSilence.objects.create(nature="responsable", texte=phrase)
    demande = changer_adresse(dupont.titulaire)
    changer_adresse(dupont.conjoint)
    dites = [phrase in m.corps for m in Message.objects.order_by("pk")]
    assert dites == [True, False]
    assert phrase in connecter(dupont.titulaire).get(demande.get_absolute_url()).content.decode()
