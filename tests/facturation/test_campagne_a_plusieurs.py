"""Several accountants who bill the same month at once: one campaign, and the others are led to it."""

import pytest
from django.db import connection
from django.test import Client

from facturation import actions
from facturation.models import Campagne, Facture
from familles.erreurs import DejaTraite
from tests.facturation.conftest import NOVEMBRE, PORTE
from tests.facturation.test_concurrence import ensemble
from tests.facturation.test_vues import texte

DU, AU = NOVEMBRE
AJOUTER = "/admin/facturation/facture/add/"


@pytest.mark.django_db
def test_un_apercu_lu_avant_une_facturation_finie_ne_lance_rien(dix_familles, regie, comptable):
    def lancer(repere):
        return actions.lancer(regie=regie, du=DU, au=AU, familles=dix_familles, par=comptable, repere=repere)

    lu_avant = Campagne.objects.repere(regie)
    premiere = lancer(lu_avant)
    lu_pendant = Campagne.objects.repere(regie)
    actions.avancer(campagne_id=premiere.pk)
    for repere in (lu_avant, lu_pendant):
        with pytest.raises(DejaTraite, match="vient d’être facturée"):
            lancer(repere)
    assert Campagne.objects.get() == premiere
    assert lancer(Campagne.objects.repere(regie)) != premiere


@pytest.mark.django_db(transaction=True)
def test_quatre_comptables_qui_emettent_le_meme_mois_font_une_seule_facturation(
    dix_familles, regie, comptable, collectivite
):
    choix = {"regie": regie.pk, "mois": "2026-11", "emettre": "1", "montre": "10 110.90"}

    def entrer() -> Client:
        client = Client()
        client.force_login(comptable, backend=PORTE)
        return client

    reponses = ensemble(
        *[lambda client=client: client.post(AJOUTER, choix) for client in [entrer() for _ in range(4)]]
    )
    campagne = Campagne.objects.get()
    assert (campagne.etat, campagne.emises, Facture.objects.count()) == ("TERMINEE", 10, 10)
    # Who read the preview after the first had finished is sent back to it: there is nothing left to issue.
    menees = {campagne.get_absolute_url(), f"{AJOUTER}?regie={regie.pk}&mois=2026-11"}
    assert {r.status_code for r in reponses} == {302}
    assert {r.url for r in reponses} <= menees
    assert campagne.get_absolute_url() in {r.url for r in reponses}
    assert connection.vendor in {"postgresql", "sqlite"}


@pytest.mark.django_db
def test_qui_arrive_pendant_la_facturation_est_mene_a_elle(
    dix_familles, regie, comptable, client, collectivite
):
    campagne = actions.lancer(regie=regie, du=DU, au=AU, familles=dix_familles, par=comptable)
    client.force_login(comptable, backend=PORTE)
    choix = {"regie": regie.pk, "mois": "2026-11", "emettre": "1", "montre": "10 110.90"}
    reponse = client.post(AJOUTER, choix, follow=True)
    assert reponse.redirect_chain == [(campagne.get_absolute_url(), 302)]
    assert "déjà en cours" in texte(reponse)
    assert "0 famille sur 10" in texte(reponse)


@pytest.mark.django_db
def test_une_facturation_vide_ne_montre_pas_les_factures_d_une_autre(
    dix_familles, regie, comptable, client, collectivite
):
    vide = actions.lancer(regie=regie, du=DU, au=AU, familles=[], par=comptable)
    actions.avancer(campagne_id=vide.pk)
    pleine = actions.lancer(regie=regie, du=DU, au=AU, familles=dix_familles, par=comptable)
    actions.avancer(campagne_id=pleine.pk)
    client.force_login(comptable, backend=PORTE)
    assert "AL-1" not in texte(client.get(vide.get_absolute_url()))
    assert "AL-1" in texte(client.get(pleine.get_absolute_url()))
