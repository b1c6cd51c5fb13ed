"""Individual care plans that end soon: who sees the list, and what it leaves behind."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from familles import horloge
from familles.models import FicheSanitaire, Rattachement, Trace
from tests.fabriques import familles as f

JOUR = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _ce_jour():
    with horloge.figer(datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))):
        yield


def pai(enfant, fin, pai=True):
    fiche, _ = FicheSanitaire.objects.get_or_create(enfant=enfant)
    fiche.pai, fiche.pai_fin = pai, fin
    fiche.save()
    return fiche


@pytest.mark.parametrize(
    ("fin", "a_un_pai", "liste"),
    [
        (date(2026, 12, 25), True, True),
        (date(2026, 12, 26), True, False),
        (date(2026, 9, 1), True, True),
        (None, True, False),
        (date(2026, 12, 1), False, False),
    ],
)
def test_les_pai_qui_finissent_dans_les_trente_jours(hugo, fin, a_un_pai, liste):
    fiche = pai(hugo, fin, a_un_pai)
    assert FicheSanitaire.objects.pai_a_renouveler(JOUR) == ([fiche] if liste else [])


def test_un_enfant_parti_n_est_plus_rappele(hugo):
    pai(hugo, JOUR)
    Rattachement.objects.filter(enfant=hugo).update(au=date(2026, 10, 1))
    assert FicheSanitaire.objects.pai_a_renouveler(JOUR) == []


def test_l_agent_lit_la_liste_et_chaque_ligne_est_tracee(client_agent, agent, hugo, lea):
    premiere, seconde = pai(lea, date(2026, 12, 1)), pai(hugo, date(2026, 11, 1))
    page = client_agent.get(reverse("admin:familles_fichesanitaire_pai")).content.decode()
    assert page.index("MARTIN Hugo") < page.index("DUPONT Léa")
    assert "fini le 01/11/2026" in page
    assert set(Trace.objects.filter(par=agent).values_list("objet", "objet_id")) == {
        ("familles.FicheSanitaire", premiere.pk),
        ("familles.FicheSanitaire", seconde.pk),
    }
    assert "arachides" not in page.lower()


def test_sans_le_droit_de_sante_la_liste_est_fermee(client_comptable):
    assert client_comptable.get(reverse("admin:familles_fichesanitaire_pai")).status_code == 403


def test_la_liste_ne_coute_pas_plus_a_vingt(client_agent, ecole, hugo):
    def mesurer():
        with CaptureQueriesContext(connection) as capture:
            client_agent.get(reverse("admin:familles_fichesanitaire_pai"))
        return len(capture)

    pai(hugo, JOUR)
    mesurer()
    une = mesurer()
    for n in range(19):
        pai(f.EnfantFactory(nom=f"Nom{n}", famille=hugo.rattachements.get().famille), JOUR)
    assert mesurer() == une
