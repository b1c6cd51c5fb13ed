"""The custody calendars as the staff save them: what two homes cannot both have is said at once."""

import html
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from familles.enums import ModeGarde, MoitieVacances
from familles.models import Rattachement, Responsable
from tests.fabriques import familles as f
from tests.fabriques import planning as fp


@pytest.fixture
def foyers(figer, enfant_alterne, famille_martin):
    """Those of Nour: the Martins (even weeks), then the other home."""
    figer("2026-11-24T10:00")
    lignes = Rattachement.objects.filter(enfant=enfant_alterne)
    return lignes.get(famille=famille_martin), lignes.exclude(famille=famille_martin).get()


def enregistrer(client, rattachement, **changes) -> str:
    donnees = {
        "enfant": rattachement.enfant_id,
        "famille": rattachement.famille_id,
        "du": rattachement.du.isoformat(),
        "mode_garde": rattachement.mode_garde,
        "jour_bascule": rattachement.jour_bascule,
        "moitie_vacances": rattachement.moitie_vacances,
        "exceptions-TOTAL_FORMS": 0,
        "exceptions-INITIAL_FORMS": 0,
    } | changes
    adresse = reverse("admin:familles_rattachement_change", args=[rattachement.pk])
    reponse = client.post(adresse, donnees, follow=True)
    assert reponse.redirect_chain, reponse.context_data["errors"]
    return html.unescape(reponse.content.decode())


def test_des_calendriers_d_accord_s_enregistrent_sans_un_mot(foyers, client_admin):
    assert "Garde de Nour" not in enregistrer(client_admin, foyers[1], au="2030-01-01")


def test_les_memes_semaines_dans_deux_foyers_sont_dites(foyers, client_admin):
    page = enregistrer(client_admin, foyers[1], mode_garde=ModeGarde.SEMAINES_PAIRES)
    assert "Garde de Nour" in page
    assert "du 30/11/2026 au 06/12/2026" in page
    assert "aucun foyer ne l’a" in page
    assert "du 24/11/2026 au 29/11/2026" in page
    assert "deux foyers l’ont" in page


def test_des_jours_de_bascule_differents_sont_dits(foyers, client_admin):
    page = enregistrer(client_admin, foyers[1], jour_bascule=5)
    assert "du 30/11/2026 au 03/12/2026" in page
    assert "aucun foyer ne l’a" in page


def test_un_foyer_quitte_ne_contredit_plus_personne(foyers, client_admin, enfant_alterne):
    ancien = f.FoyerFactory()
    f.RattachementFactory(enfant=enfant_alterne, famille=ancien, du=date(2018, 1, 15), au=date(2026, 11, 23))
    assert "Garde de Nour" not in enregistrer(client_admin, foyers[0])


@pytest.fixture
def vacances(foyers):
    """Christmas, in the weeks to come, and the summer, long after them."""
    fp.VacancesFactory(nom="Noël", du=date(2026, 12, 19), au=date(2027, 1, 3))
    fp.VacancesFactory(nom="Été", du=date(2027, 7, 3), au=date(2027, 8, 31))


def test_la_meme_moitie_des_vacances_dans_deux_foyers_est_dite_un_ete_a_l_avance(
    foyers, vacances, client_admin
):
    moitie = MoitieVacances.PREMIERE_ANNEES_PAIRES
    page = enregistrer(client_admin, foyers[0], moitie_vacances=moitie)
    assert "Garde de Nour" not in page
    page = enregistrer(client_admin, foyers[1], moitie_vacances=moitie)
    assert "du 19/12/2026 au 26/12/2026" in page
    assert "du 27/12/2026 au 03/01/2027" in page
    # 2027 is odd: the first half is nobody's.
    assert "du 03/07/2027 au 01/08/2027" in page
    assert "les vacances de chacun de ses foyers" in page


def test_des_semaines_contraires_aux_vacances_se_taisent_pendant_elles(foyers, vacances, client_admin):
    """The halves say whose day it is, whatever the weeks would say."""
    enregistrer(client_admin, foyers[0], moitie_vacances=MoitieVacances.PREMIERE_ANNEES_PAIRES)
    page = enregistrer(
        client_admin,
        foyers[1],
        mode_garde=ModeGarde.SEMAINES_PAIRES,
        moitie_vacances=MoitieVacances.PREMIERE_ANNEES_IMPAIRES,
    )
    assert "du 14/12/2026 au 18/12/2026" in page


def test_une_famille_ne_tient_un_enfant_qu_une_fois_a_la_fois(foyers):
    martin, _ = foyers
    double = Rattachement(enfant=martin.enfant, famille=martin.famille, du=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="tient déjà cet enfant"):
        double.full_clean()
    martin.au = date(2025, 12, 31)
    martin.save()
    double.full_clean()
    double.du, double.au = date(2010, 1, 1), date(2011, 1, 1)
    double.full_clean()


def test_un_troisieme_foyer_se_dit(foyers, client_admin):
    f.RattachementFactory(enfant=foyers[0].enfant, du=date(2026, 1, 1))
    assert "est dans 3 foyers" in enregistrer(client_admin, foyers[0])


def test_une_famille_nouvelle_recoit_le_numero_suivant(client_admin, figer):
    figer("2026-11-24T10:00")
    page = client_admin.get("/admin/familles/famille/add/").content.decode()
    assert 'value="2026000000001"' in page
    f.FamilleFactory(numero="2026000000041")
    page = client_admin.get("/admin/familles/famille/add/").content.decode()
    assert 'value="2026000000042"' in page


def test_un_adulte_sans_lien_avec_l_enfant_est_dit(foyers, client_admin):
    page = enregistrer(client_admin, foyers[0])
    assert "aucun lien n’est dit avec" in page and "pas de données sanitaires" in page
    for adulte in Responsable.objects.filter(famille__rattachements__enfant=foyers[0].enfant):
        f.LienParentalFactory(responsable=adulte, enfant=foyers[0].enfant)
    assert "aucun lien n’est dit avec" not in enregistrer(client_admin, foyers[0])
