"""One click in an e-mail, or one button on a page, and the address gets no more of them."""

import re

import pytest
from django.core import mail
from django.test import Client

from familles.models import Responsable, Trace
from messagerie import taches
from messagerie.actions import informer
from messagerie.models import Courriel

UN_CLIC = {"List-Unsubscribe": "One-Click"}


def ecrire(dupont, n=1):
    informer(famille=dupont[0], sujet="Sujet", corps="Corps", annonce=f"Un message vous attend ({n})")


@pytest.fixture
def lien(dupont, settings):
    settings.ADRESSE_PORTAIL = "https://familles.exemple.fr"
    ecrire(dupont)
    taches.vider_la_boite()
    en_tete = mail.outbox[-1].extra_headers["List-Unsubscribe"]
    assert re.fullmatch(r"<https://familles\.exemple\.fr/courriels/desinscription/[^/>]+/>", en_tete)
    assert en_tete[1:-1] in mail.outbox[-1].body
    assert en_tete[1:-1] in mail.outbox[-1].alternatives[0].content
    return en_tete[len("<https://familles.exemple.fr") : -1]


def accorde():
    return Responsable.objects.filter(
        autorisation_courriel=True, email__iexact="jean.dupont@exemple.fr"
    ).exists()


def test_l_en_tete_permet_un_clic_en_https_seulement(lien, dupont, settings):
    assert mail.outbox[-1].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    settings.ADRESSE_PORTAIL = "http://127.0.0.1:8000"
    ecrire(dupont, 2)
    taches.vider_la_boite()
    assert "List-Unsubscribe-Post" not in mail.outbox[-1].extra_headers


def test_ouvrir_le_lien_ne_desinscrit_personne_et_ne_montre_pas_l_adresse(lien):
    page = Client().get(lien)
    assert page.status_code == 200
    assert "j…@exemple.fr" in page.content.decode() and "jean.dupont@" not in page.content.decode()
    assert accorde()


def test_le_fournisseur_de_courrier_desinscrit_en_un_clic_sans_session_ni_jeton(lien, dupont):
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):  # twice is once
        assert client.post(lien, UN_CLIC).status_code == 200
        assert not accorde()
    adulte = Responsable.objects.get(email__iexact="jean.dupont@exemple.fr")
    assert adulte.history.count() >= 2
    assert Trace.objects.filter(objet="familles.Responsable", objet_id=adulte.pk).count() == 1
    ecrire(dupont, 2)
    assert Courriel.objects.filter(envoye_le=None).count() == 0


def test_ce_qui_attendait_de_partir_ne_part_plus(lien, dupont):
    ecrire(dupont, 2)
    Client().post(lien, UN_CLIC)
    assert taches.vider_la_boite()["envoyes"] == 0
    assert Courriel.objects.filter(envoye_le=None).count() == 0


def test_une_autorisation_retiree_ailleurs_arrete_aussi_ce_qui_attend(lien, dupont):
    ecrire(dupont, 2)
    adulte = Responsable.objects.get(email__iexact="jean.dupont@exemple.fr")
    adulte.autorisation_courriel = False
    adulte.save()
    assert taches.vider_la_boite() == {"repris": 0, "envoyes": 0, "echecs": 0}
    assert Courriel.objects.filter(envoye_le=None).count() == 0


def test_un_lien_forge_n_ouvre_rien(lien):
    for faux in ("1", "1:abc", lien.split("/")[-2][:-1] + "_", "zz:zz"):
        adresse = f"/courriels/desinscription/{faux}/"
        assert Client().get(adresse).status_code == 404
        assert Client().post(adresse, UN_CLIC).status_code == 404
    assert accorde()
