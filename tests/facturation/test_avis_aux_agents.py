"""The portal's notices about bills: read by the staff who read invoices, and by nobody else of the staff."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from facturation import actions
from facturation.models import NiveauRelance
from familles.models import Utilisateur
from messagerie.actions import repondre
from messagerie.enums import Sens
from messagerie.models import Conversation
from tests.facturation.conftest import NOVEMBRE, PORTE
from tests.facturation.test_modeles import creer_facture
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE
LISTE = "/admin/messagerie/conversation/"


def page(conversation) -> str:
    return reverse("admin:messagerie_conversation_lire", args=[conversation.pk])


def du_groupe(*noms) -> Utilisateur:
    compte = Utilisateur.objects.create_user("-".join(noms).lower(), is_staff=True)
    compte.groups.set(Group.objects.filter(name__in=noms))
    return compte


@pytest.fixture
def entrer_comme(client, collectivite):
    def _entrer(*groupes):
        client.force_login(du_groupe(*groupes), backend=PORTE)
        return client

    return _entrer


@pytest.fixture
def avis_de_facture(novembre, dupont, regie, comptable) -> Conversation:
    facture = actions.emettre(famille=dupont, regie=regie, du=DU, au=AU, par=comptable)
    return Conversation.objects.get(sujet=f"Votre facture {facture.numero_imprime}")


def test_un_agent_ne_lit_ni_ne_trouve_l_avis_d_une_facture(avis_de_facture, entrer_comme):
    client = entrer_comme("Agents")
    for filtre in ({"reponse": "avis"}, {"q": "facture"}, {"q": "facture", "reponse": "avis"}):
        assert "Votre facture" not in texte(client.get(LISTE, filtre))
    assert client.get(page(avis_de_facture)).status_code == 404
    assert client.post(page(avis_de_facture), {"corps": "Bonjour"}).status_code == 404
    for geste in ("classer", "prendre", "annoter"):
        adresse = reverse(f"admin:messagerie_conversation_{geste}", args=[avis_de_facture.pk])
        assert client.post(adresse, {"texte": "x"}).status_code == 404


def test_un_agent_comptable_lit_l_avis(avis_de_facture, entrer_comme):
    client = entrer_comme("Agents", "Comptables")
    assert "Votre facture" in texte(client.get(LISTE, {"reponse": "avis"}))
    assert "16,40" in texte(client.get(page(avis_de_facture)))


def test_la_famille_qui_repond_est_lue_sans_le_montant(avis_de_facture, dupont, entrer_comme):
    jean = dupont.titulaire.utilisateur
    repondre(conversation=avis_de_facture, corps="Je conteste.", par=jean, sens=Sens.FAMILLE)
    client = entrer_comme("Agents")
    assert avis_de_facture.sujet in texte(client.get(LISTE, {"reponse": "attendue"}))
    lue = client.get(page(avis_de_facture))
    assert "Je conteste." in texte(lue)
    assert "n’a pas le droit de lire" in texte(lue)
    assert "16,40" not in lue.content.decode()
    client = entrer_comme("Agents", "Comptables")
    assert "16,40" in texte(client.get(page(avis_de_facture)))


def test_relances_avoirs_et_cheques_impayes_sont_reserves_aussi(dupont, regie, comptable, entrer_comme):
    echue = creer_facture(
        dupont, regie, numero=1, total=D(40), date=date(2026, 9, 1), echeance=date(2026, 10, 1)
    )
    niveau = NiveauRelance.objects.get(niveau=1)
    actions.relancer_famille(regie=regie, niveau=niveau, famille=dupont, par=comptable)
    cheque = actions.encaisser(
        famille=dupont, regie=regie, mode="CHEQUE", montant=D(40), recu_le=date(2026, 12, 2), par=comptable
    )
    actions.contrepasser(reglement=cheque, motif="", cause="IMPAYE", par=comptable)
    assert echue.pk
    ecrites = Conversation.objects.all()
    assert ecrites.count() == 2
    client = entrer_comme("Agents")
    for conversation in ecrites:
        assert client.get(page(conversation)).status_code == 404
    assert "Aucun" in texte(client.get(LISTE)) or "0 conversation" in texte(client.get(LISTE))
