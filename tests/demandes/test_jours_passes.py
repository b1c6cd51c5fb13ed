"""A day that went by before its answer: it is said beside it, and the staff may still accept, knowingly."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demandes.enums import EtatLigne
from familles import horloge
from familles.models import Enfant
from planning.actions import pointer
from planning.enums import EtatReservation
from planning.models import Pointage, Reservation
from tests.demandes.conftest import AUTRE_JOUR, JOUR, MAINTENANT, lues, texte

LENDEMAIN = MAINTENANT.replace(month=12, day=4)  # of JOUR; AUTRE_JOUR is that very day
EN_NOMBRE = "admin:demandes_demande_en_nombre"


@pytest.fixture
def demande(dupont, lea, reserver):
    return reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR)


@pytest.fixture
def page(demande, agent, connecter):
    def _page(**envoi):
        client, adresse = connecter(agent), reverse("admin:demandes_demande_decider", args=[demande.pk])
        with horloge.figer(LENDEMAIN):
            return client.post(adresse, envoi) if envoi else client.get(adresse)

    return _page


def noter(prestation, enfant, etat, par):
    with horloge.figer(LENDEMAIN):
        pointer(prestation=prestation, jour=JOUR, presences={enfant.pk: etat}, par=par)


def dit(reponse) -> str:
    return " ".join(reponse.content.decode().split())


def test_avant_le_jour_rien_n_est_dit(demande, agent, connecter):
    lue = dit(connecter(agent).get(reverse("admin:demandes_demande_decider", args=[demande.pk])))
    assert "est passé" not in lue


def test_un_jour_passe_sans_appel_se_dit_et_s_accepte_encore(page, demande):
    assert dit(page()).count("Ce jour est passé : l’appel n’a pas été fait. Accepter le réserve") == 1
    lignes = list(demande.lignes.values_list("pk", flat=True))
    assert page(accepter="1", lignes=lignes, vu="").status_code == 302
    assert set(demande.lignes.values_list("etat", flat=True)) == {EtatLigne.ACCEPTEE}
    assert Reservation.objects.get(jour=JOUR).etat == EtatReservation.RESERVEE
    assert not Pointage.objects.exists()


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        ("PRESENT", "l’appel note l’enfant présent. Accepter le réserve : sa présence sera facturée"),
        ("ABSENT", "l’appel note l’enfant absent. Accepter en fait une absence non signalée."),
    ],
)
def test_l_appel_du_jour_passe_se_lit_a_la_decision(page, demande, repas, lea, agent, etat, phrase):
    noter(repas, lea, etat, agent)
    assert f"Ce jour est passé : {phrase}" in dit(page())


def test_un_appel_fait_sans_l_enfant_se_dit(page, demande, repas, hugo, agent):
    noter(repas, Enfant.objects.get(pk=hugo.pk), "PRESENT", agent)
    assert "Ce jour est passé : l’appel a été fait sans cet enfant." in dit(page())


def test_une_absence_d_un_jour_ou_l_enfant_est_venu_previent(
    dupont, lea, repas, declarer_absence, agent, connecter
):
    demande = declarer_absence(dupont.titulaire, lea)
    noter(repas, lea, "PRESENT", agent)
    with horloge.figer(LENDEMAIN):
        lue = dit(connecter(agent).get(reverse("admin:demandes_demande_decider", args=[demande.pk])))
    assert "l’appel note l’enfant présent. Accepter laissera une erreur à régler" in lue


def test_un_jour_deja_decide_n_avertit_plus(page, demande):
    page(accepter="1", lignes=list(demande.lignes.values_list("pk", flat=True)), vu="")
    assert "Ce jour est passé" not in dit(page())


def test_la_famille_lit_que_le_jour_est_passe(dupont, demande, connecter):
    client = connecter(dupont.titulaire)
    assert "Ce jour est passé." not in texte(client.get(demande.get_absolute_url()))
    with horloge.figer(LENDEMAIN):
        assert texte(client.get(demande.get_absolute_url())).count("Ce jour est passé.") == 1


def test_la_confirmation_de_plusieurs_demandes_compte_les_jours_passes(
    dupont, martin, lea, hugo, demande, reserver, agent, connecter
):
    autre = reserver(martin.titulaire, hugo, JOUR)
    client, choix = connecter(agent), {"demandes": [demande.pk, autre.pk]}
    assert "déjà passé" not in dit(client.get(reverse(EN_NOMBRE), choix))
    with horloge.figer(LENDEMAIN):
        lue = dit(client.get(reverse(EN_NOMBRE), choix))
    assert lue.count("est déjà passé (03/12/2026) : sa page dit ce qu’en note l’appel.") == 2


def test_la_page_tient_dans_les_requetes_du_personnel(page, demande):
    page()
    with CaptureQueriesContext(connection) as capture:
        page()
    assert len(lues(capture)) <= 25
