"""The staff's digest by e-mail: who gets it, when, and that it says nothing of a family."""

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from demandes.enums import NatureDemande
from demandes.models import Demande
from familles import horloge
from familles.enums import RythmeRecapitulatif
from familles.models import Utilisateur
from messagerie.desinscription import adresse_de
from messagerie.models import Courriel
from messagerie.taches import vider_la_boite
from portail.recapitulatifs import ecrire_les_recapitulatifs, prochain_matin, programmer, recapituler

PARIS = ZoneInfo("Europe/Paris")
MERCREDI = datetime(2026, 11, 25, 7, 0, tzinfo=PARIS)
LUNDI = datetime(2026, 11, 30, 7, 0, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def _ce_jour():
    with horloge.figer(MERCREDI):
        yield


@pytest.fixture
def demande(famille_dupont):
    jean = famille_dupont.titulaire
    return Demande.objects.create(famille=famille_dupont, nature=NatureDemande.CONJOINT, deposant=jean)


def regler(compte, rythme, email="alice@exemple.fr"):
    compte.recapitulatif, compte.email = rythme, email
    compte.save()
    return compte


R = RythmeRecapitulatif


@pytest.mark.parametrize(
    ("rythme", "quand", "recus"),
    [
        (R.JAMAIS, MERCREDI, 0),
        (R.JAMAIS, LUNDI, 0),
        (R.JOUR, MERCREDI, 1),
        (R.JOUR, LUNDI, 1),
        (R.SEMAINE, MERCREDI, 0),
        (R.SEMAINE, LUNDI, 1),
    ],
)
def test_chacun_le_recoit_a_son_rythme(agent, demande, rythme, quand, recus):
    regler(agent, rythme)
    assert ecrire_les_recapitulatifs(le=quand) == recus
    ecrire_les_recapitulatifs(le=quand)
    assert Courriel.objects.count() == recus


@pytest.mark.parametrize("champ", ["email", "is_staff", "is_active"])
def test_sans_adresse_ou_sans_etre_agent_rien_ne_part(agent, demande, champ):
    regler(agent, R.JOUR)
    setattr(agent, champ, "" if champ == "email" else False)
    agent.save()
    assert ecrire_les_recapitulatifs(le=MERCREDI) == 0


def test_rien_ne_part_quand_rien_n_attend(agent):
    regler(agent, R.JOUR)
    assert ecrire_les_recapitulatifs(le=MERCREDI) == 0


def test_il_dit_des_nombres_et_des_liens_et_rien_des_familles(agent, demande):
    regler(agent, R.JOUR)
    ecrire_les_recapitulatifs(le=MERCREDI)
    vider_la_boite()
    (courriel,) = mail.outbox
    assert courriel.to == ["alice@exemple.fr"]
    textes = courriel.body, courriel.alternatives[0].content
    for texte in textes:
        assert "Informations conjoint" in texte
        assert "/admin/demandes/demande/?nature=conjoint" in texte
        assert not [mot for mot in ("DUPONT", "Dupont", "Jean ", demande.famille.numero) if mot in texte]
    assert "- Demandes : Informations conjoint : 1" in courriel.body
    assert "List-Unsubscribe" in courriel.extra_headers


def test_un_clic_l_arrete_et_ce_qui_attendait_ne_part_pas(agent, demande, client):
    regler(agent, R.JOUR)
    ecrire_les_recapitulatifs(le=MERCREDI)
    courriel = Courriel.objects.get()
    adresse = urlsplit(adresse_de(courriel)).path
    lecture = client.get(adresse)
    assert "Ne plus recevoir le récapitulatif" in lecture.content.decode()
    assert Utilisateur.objects.get(pk=agent.pk).recapitulatif == R.JOUR
    assert "C’est fait" in client.post(adresse).content.decode()
    assert Utilisateur.objects.get(pk=agent.pk).recapitulatif == R.JAMAIS
    vider_la_boite()
    assert mail.outbox == []


def test_l_agent_choisit_son_rythme(client_agent, agent):
    adresse = reverse("admin:recapitulatif")
    regler(agent, R.JAMAIS)
    assert "alice@exemple.fr" in client_agent.get(adresse).content.decode()
    assert client_agent.post(adresse, {"recapitulatif": "SEMAINE"}).status_code == 302
    agent.refresh_from_db()
    assert agent.recapitulatif == R.SEMAINE
    assert client_agent.post(adresse, {"recapitulatif": "ZZZ"}).status_code == 422


@pytest.mark.parametrize(
    ("instant", "attendu"),
    [
        (datetime(2026, 11, 25, 6, 59, tzinfo=PARIS), MERCREDI),
        (MERCREDI, datetime(2026, 11, 26, 7, 0, tzinfo=PARIS)),
        (datetime(2026, 11, 25, 22, 0, tzinfo=PARIS), datetime(2026, 11, 26, 7, 0, tzinfo=PARIS)),
    ],
)
def test_le_prochain_matin(instant, attendu):
    assert prochain_matin(instant) == attendu


def test_le_travail_du_lendemain_s_ecrit_une_fois(collectivite, agent, demande):
    regler(agent, R.JOUR)
    programmer()
    programmer()
    travaux = DBTaskResult.objects.filter(task_path=recapituler.module_path)
    assert travaux.count() == 1
    # By the real clock, whatever day the town lives.
    assert travaux.get().run_after == prochain_matin(horloge.instant_reel().astimezone(PARIS))
    recapituler.call()
    recapituler.call()
    assert travaux.count() == 1
    assert Courriel.objects.count() == 1
