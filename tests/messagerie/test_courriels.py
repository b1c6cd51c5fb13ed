"""The outbox: claimed once, sent, tried again with back-off, taken back from a dead worker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction

from familles import horloge
from messagerie import taches
from messagerie.actions import informer
from messagerie.models import Courriel


@pytest.fixture
def courriel(dupont):
    informer(famille=dupont[0], sujet="Votre demande", corps="Le motif est secret.", annonce="Réponse n° 12")
    return Courriel.objects.get()


def plus_tard(minutes):
    return horloge.figer(horloge.maintenant() + timedelta(minutes=minutes))


def panne(monkeypatch, erreur):
    def envoyer(self, *args, **kwargs):
        raise erreur

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", envoyer)


def test_un_courriel_part_une_fois_en_texte_et_en_html(courriel):
    assert taches.vider_la_boite() == {"repris": 0, "envoyes": 1, "echecs": 0}
    assert taches.vider_la_boite() == {"repris": 0, "envoyes": 0, "echecs": 0}
    (envoye,) = mail.outbox
    html = envoye.alternatives[0].content
    assert (envoye.to, envoye.subject) == (["jean.dupont@exemple.fr"], "Réponse n° 12")
    lien = f"/messages/{courriel.contexte['conversation_id']}/"
    for texte in (envoye.body, html):
        assert lien in texte
        assert "Service enfance" in texte
        assert "secret" not in texte
        assert "/compte/" in texte
    assert "P’tiots" in envoye.body
    assert "&#" not in envoye.body
    assert "/courriels/desinscription/" in envoye.extra_headers["List-Unsubscribe"]
    courriel.refresh_from_db()
    assert courriel.envoye_le is not None


def test_l_ouvrier_des_taches_vide_la_boite(courriel):
    taches.relever.call()
    assert len(mail.outbox) == 1


def test_une_panne_remet_a_plus_tard_sans_rien_perdre(courriel, monkeypatch):
    with monkeypatch.context() as m:
        panne(m, SMTPServerDisconnected("jean.dupont@exemple.fr : au revoir"))
        assert taches.vider_la_boite()["echecs"] == 1
    courriel.refresh_from_db()
    assert (courriel.tentatives, courriel.pris_le, courriel.envoye_le) == (1, None, None)
    assert courriel.derniere_erreur == "SMTPServerDisconnected"
    assert taches.vider_la_boite()["envoyes"] == 0
    with plus_tard(minutes=2):
        assert taches.vider_la_boite()["envoyes"] == 1
    courriel.refresh_from_db()
    assert (courriel.tentatives, courriel.derniere_erreur) == (2, "")


@pytest.mark.parametrize(
    "erreur",
    [
        SMTPRecipientsRefused({"jean.dupont@exemple.fr": (550, b"jean.dupont@exemple.fr inconnu")}),
        ConnectionRefusedError(111, "jean.dupont@exemple.fr"),
    ],
)
def test_l_erreur_gardee_ne_nomme_personne(courriel, monkeypatch, erreur):
    panne(monkeypatch, erreur)
    taches.vider_la_boite()
    courriel.refresh_from_db()
    assert courriel.derniere_erreur
    assert "dupont" not in courriel.derniere_erreur


def test_apres_le_dernier_essai_le_courriel_est_abandonne_et_se_voit(courriel, monkeypatch):
    panne(monkeypatch, OSError())
    instant = horloge.maintenant()
    for attente in (timedelta(), *taches.ATTENTES):
        instant += attente + timedelta(seconds=1)
        with horloge.figer(instant):
            assert taches.vider_la_boite()["echecs"] == 1
    assert list(Courriel.objects.abandonnes()) == [courriel]
    with horloge.figer(instant + timedelta(days=30)):
        assert taches.vider_la_boite() == {"repris": 0, "envoyes": 0, "echecs": 0}


def test_un_courriel_pris_par_un_autre_ouvrier_n_est_pas_envoye_deux_fois(courriel):
    instant = horloge.maintenant()
    assert taches.prendre(courriel.pk, instant) is not None
    assert taches.prendre(courriel.pk, instant) is None
    assert taches.vider_la_boite()["envoyes"] == 0


def test_un_ouvrier_mort_rend_son_courriel_au_bout_de_dix_minutes(courriel):
    taches.prendre(courriel.pk, horloge.maintenant())
    with plus_tard(minutes=9):
        assert taches.vider_la_boite() == {"repris": 0, "envoyes": 0, "echecs": 0}
    with plus_tard(minutes=11):
        assert taches.vider_la_boite() == {"repris": 1, "envoyes": 1, "echecs": 0}


def test_la_commande_dit_ce_qu_elle_a_fait(courriel):
    sortie = StringIO()
    call_command("envoyer_courriels", stdout=sortie)
    assert "envoyés : 1" in sortie.getvalue()
    assert len(mail.outbox) == 1


def test_un_evenement_n_ecrit_qu_un_courriel_par_adresse(courriel):
    with pytest.raises(IntegrityError), transaction.atomic():
        Courriel.objects.create(
            evenement=courriel.evenement, destinataire=courriel.destinataire, sujet="x", gabarit="y"
        )


NOUVELLE = "nouveau.jean@exemple.fr"


def habiter(responsable, adresse, accepte=True):
    responsable.email, responsable.autorisation_courriel = adresse, accepte
    responsable.save()


def partis():
    return [m.to for m in mail.outbox]


def test_un_courriel_qui_attend_part_a_l_adresse_que_le_dossier_a_ce_jour_la(courriel, dupont):
    habiter(dupont[1], NOUVELLE)
    assert taches.vider_la_boite() == {"repris": 0, "envoyes": 1, "echecs": 0}
    assert partis() == [[NOUVELLE]]
    assert Courriel.objects.get().destinataire == NOUVELLE


@pytest.mark.parametrize(("adresse", "accepte"), [("", True), (NOUVELLE, False)])
def test_un_courriel_qui_attend_ne_part_pas_a_qui_n_en_veut_plus(courriel, dupont, adresse, accepte):
    habiter(dupont[1], adresse, accepte)
    assert taches.vider_la_boite()["envoyes"] == 0
    assert not Courriel.objects.exists()


def test_il_ne_part_pas_chez_quelqu_un_d_autre_a_qui_l_ancienne_adresse_est_passee(courriel, dupont, martin):
    habiter(martin[1], dupont[1].email)
    habiter(dupont[1], NOUVELLE)
    taches.vider_la_boite()
    assert partis() == [[NOUVELLE]]


def test_deux_adultes_qui_quittent_une_adresse_commune_recoivent_chacun_le_sien(martin):
    famille, paul, marie = martin
    habiter(paul, "foyer@exemple.fr")
    habiter(marie, "foyer@exemple.fr")
    informer(famille=famille, sujet="A", corps="B")
    assert Courriel.objects.get().lecteurs == [paul.pk, marie.pk]
    habiter(marie, "marie@exemple.fr")
    taches.vider_la_boite()
    taches.vider_la_boite()
    assert sorted(partis()) == [["foyer@exemple.fr"], ["marie@exemple.fr"]]


def test_deux_adultes_qui_prennent_une_adresse_commune_ne_la_recoivent_qu_une_fois(martin):
    famille, paul, marie = martin
    informer(famille=famille, sujet="A", corps="B")
    assert Courriel.objects.count() == 2
    for adulte in (paul, marie):
        habiter(adulte, "foyer@exemple.fr")
    taches.vider_la_boite()
    assert partis() == [["foyer@exemple.fr"]]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_a_la_fois_n_envoient_qu_un_courriel(dupont):
    informer(famille=dupont[0], sujet="A", corps="B")
    courriel = Courriel.objects.get()
    instant = horloge.maintenant()

    def prendre(_):
        try:
            return taches.prendre(courriel.pk, instant)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as ouvriers:
        prises = list(ouvriers.map(prendre, range(4)))
    assert len([p for p in prises if p]) == 1
