"""« Clôturer une période »: prestation by prestation, refusals said."""

from datetime import date

import pytest
from django.core.cache import cache

from planning.enums import EtatReservation
from planning.models import Cloture
from tests.fabriques import familles as f
from tests.fabriques import planning as fp
from tests.planning.pages import compter_requetes, messages, texte

CLOTURER = "/admin/planning/cloture/add/"
LISTE = "/admin/planning/cloture/"


@pytest.fixture(autouse=True)
def mardi(figer):
    figer("2026-11-24T11:45")


def test_la_comptable_cloture_un_mois_de_plusieurs_prestations(client_comptable, comptable, prestations):
    page = client_comptable.get(CLOTURER).content.decode()
    assert '<option value="2026-10">octobre 2026</option>' in page
    assert "2026-11" not in page
    choisies = [prestations["Repas"], prestations["Garderie Mercredi Forfait"]]
    envoi = {"mois": "2026-10", "prestations": [p.pk for p in choisies]}
    suite = client_comptable.post(CLOTURER, envoi, follow=True)
    assert "Repas (Groupe scolaire Térence Ridout) : octobre 2026 est clos." in messages(suite)
    assert "octobre 2026 Claude Ricard" in texte(suite)
    faites = Cloture.objects.values_list("prestation__nom", "du", "au", "par")
    assert set(faites) == {(p.nom, date(2026, 10, 1), date(2026, 10, 31), comptable.pk) for p in choisies}


def test_un_refus_se_dit_et_n_empeche_pas_les_autres(client_comptable, repas, garderie_matin, lea):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=date(2026, 10, 6), etat=EtatReservation.DEMANDEE)
    envoi = {"mois": "2026-10", "prestations": [repas.pk, garderie_matin.pk]}
    reponse = client_comptable.post(CLOTURER, envoi)
    assert reponse.status_code == 409
    lu = messages(reponse).replace("\u00a0", " ")
    assert "Repas (Groupe scolaire Térence Ridout) : 1 demande ou absence attend une réponse" in lu
    assert "Garderie Matin 7h30 – 8h30 (Groupe scolaire Térence Ridout) : octobre 2026 est clos." in lu
    assert [c.prestation for c in Cloture.objects.all()] == [garderie_matin]
    assert f'value="{repas.pk}" id="id_prestations_5" checked' in reponse.content.decode()
    encore = client_comptable.post(CLOTURER, envoi | {"prestations": [garderie_matin.pk]})
    assert "Ces journées sont déjà closes." in messages(encore)
    assert Cloture.objects.count() == 1


@pytest.mark.parametrize(
    "change, phrase",
    [
        ({"prestations": []}, "Cochez au moins une prestation."),
        ({"prestations": ["999"]}, "999"),
        ({"prestations": ["9" * 30]}, "9" * 30),
        ({"mois": "2026-11"}, "choix valide"),
        ({"mois": "bientôt"}, "choix valide"),
    ],
)
def test_un_choix_impossible_se_dit_et_ne_cloture_rien(client_comptable, repas, change, phrase):
    reponse = client_comptable.post(CLOTURER, {"mois": "2026-10", "prestations": [repas.pk], **change})
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert not Cloture.objects.exists()


def test_l_agent_lit_les_clotures_sans_en_faire(client_agent, client_jean, repas):
    fp.ClotureFactory(prestation=repas)
    page = client_agent.get(LISTE)
    assert "octobre 2026" in texte(page)
    assert "Clôturer une période" not in texte(page)
    envoi = {"mois": "2026-09", "prestations": [repas.pk]}
    assert client_agent.post(CLOTURER, envoi).status_code == 403
    assert client_jean.post(CLOTURER, envoi).status_code == 302
    assert Cloture.objects.count() == 1


def test_une_periode_qui_n_est_pas_un_mois_donne_ses_dates(client_agent, repas):
    cloture = fp.ClotureFactory(prestation=repas, du=date(2026, 10, 5), au=date(2026, 10, 9))
    assert "05/10/2026 – 09/10/2026" in texte(client_agent.get(LISTE))
    assert client_agent.get(f"{LISTE}{cloture.pk}/change/").url == LISTE


def test_la_liste_et_la_page_coutent_autant_quel_que_soit_le_nombre(client_comptable, comptable, repas):
    fp.ClotureFactory(prestation=repas, par=comptable)

    def peser() -> list[int]:
        nombres = []
        for page in (LISTE, CLOTURER):
            cache.clear()
            with compter_requetes(nombres):
                assert client_comptable.get(page).status_code == 200
        return nombres

    seule = peser()
    for rang in range(30):
        prestation = f.PrestationFactory(nom=f"Prestation {rang}")
        fp.ClotureFactory(prestation=prestation, par=f.UtilisateurFactory())
    assert peser() == seule
    assert max(seule) <= 25
