"""« Calendrier de garde »: whose day it is for the weeks to come, and nothing of the other home."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from familles import horloge
from familles.enums import ModeGarde
from familles.garde import Garde
from familles.models import ExceptionGarde, Rattachement
from planning.gardes import Sejour, sejours

MERCREDI = date(2026, 11, 25)  # an even week


@pytest.fixture(autouse=True)
def _ce_jour():
    with horloge.figer(datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))):
        yield


NOUS, EUX = 1, 2


def garde(famille, mode, **autres):
    return Garde(famille_id=famille, du=date(2020, 1, 1), mode=mode, **autres)


def test_un_enfant_d_un_seul_foyer_n_a_pas_de_calendrier():
    assert sejours([garde(NOUS, ModeGarde.TOUJOURS)], NOUS, MERCREDI) == []
    finie = garde(EUX, ModeGarde.SEMAINES_PAIRES, au=date(2026, 11, 24))
    assert sejours([garde(NOUS, ModeGarde.TOUJOURS), finie], NOUS, MERCREDI) == []


def test_les_semaines_alternent_et_une_exception_passe_devant():
    gardes = [
        garde(NOUS, ModeGarde.SEMAINES_PAIRES),
        garde(EUX, ModeGarde.SEMAINES_IMPAIRES, exceptions=((date(2026, 12, 9), date(2026, 12, 9)),)),
    ]
    assert sejours(gardes, NOUS, MERCREDI) == [
        Sejour(MERCREDI, date(2026, 11, 29), True),
        Sejour(date(2026, 11, 30), date(2026, 12, 6), False),
        Sejour(date(2026, 12, 7), date(2026, 12, 8), True),
        Sejour(date(2026, 12, 9), date(2026, 12, 9), False),
        Sejour(date(2026, 12, 10), date(2026, 12, 13), True),
        Sejour(date(2026, 12, 14), date(2026, 12, 20), False),
        Sejour(date(2026, 12, 21), date(2026, 12, 22), True),
    ]


def test_chaque_foyer_lit_ses_jours_et_rien_de_l_autre(client_martin, enfant_alterne, famille_martin):
    rattachement = Rattachement.objects.get(enfant=enfant_alterne, famille=famille_martin)
    ExceptionGarde.objects.create(rattachement=rattachement, du=date(2026, 12, 1), au=date(2026, 12, 2))
    page = client_martin.get(reverse("familles:enfant", args=[enfant_alterne.pk])).content.decode()
    assert "Calendrier de garde" in page
    assert "du mercredi 25 novembre 2026 au dimanche 29 novembre 2026 (aujourd’hui)" in page
    assert "du mardi 1er décembre 2026 au mercredi 2 décembre 2026" in page
    autre = Rattachement.objects.exclude(famille=famille_martin).get(enfant=enfant_alterne).famille
    for adulte in autre.responsables.all():
        assert adulte.nom not in page
    assert autre.numero not in page


def test_un_enfant_tenu_par_un_seul_foyer_ne_montre_rien(client_martin, hugo):
    page = client_martin.get(reverse("familles:enfant", args=[hugo.pk])).content.decode()
    assert "Calendrier de garde" not in page
