"""What the page of a month costs the database, for a child of one home or of two."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning import examen
from tests.fabriques import familles as f
from tests.planning.test_mois import lire, reserver


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.mark.parametrize("garde", ["ensemble", "alternee"])
def test_le_mois_coute_douze_requetes_puis_huit_quel_que_soit_le_nombre_de_reservations(
    request, garde, prestations, annee
):
    if garde == "ensemble":
        client, enfant = map(request.getfixturevalue, ("client_jean", "lea_inscrite"))
    else:
        client, enfant = map(request.getfixturevalue, ("client_martin", "enfant_alterne"))
        nous = request.getfixturevalue("famille_martin")
        for prestation in prestations.values():
            f.InscriptionFactory(enfant=enfant, prestation=prestation, annee=annee, famille=nous)
        for rattachement in enfant.rattachements.all():
            rattachement.exceptions.create(du=date(2026, 12, 21), au=date(2026, 12, 24))

    def compter() -> int:
        with CaptureQueriesContext(connection) as capture:
            lire(client, enfant)
        return len(capture)

    cache.clear()
    assert compter() <= 12
    chaud = compter()
    assert chaud <= 8
    for prestation in prestations.values():
        for jour in (1, 3, 4, 7, 8, 10, 11):
            reserver(enfant, prestation, date(2026, 12, jour))
    assert compter() == chaud


def test_le_calendrier_de_garde_se_lit_pareil_avec_les_inscriptions(
    enfant_alterne, famille_martin, prestations, annee
):
    f.InscriptionFactory(
        enfant=enfant_alterne, prestation=prestations["Repas"], annee=annee, famille=famille_martin
    )
    for rattachement in enfant_alterne.rattachements.all():
        for du, au in ((date(2026, 12, 21), date(2026, 12, 24)), (date(2027, 2, 1), date(2027, 2, 1))):
            rattachement.exceptions.create(du=du, au=au)
    journal = examen.lire(enfant_alterne, famille_martin, date(2026, 12, 1), date(2026, 12, 31))
    assert [len(garde.exceptions) for garde in journal.gardes] == [2, 2]
    assert sorted(journal.gardes, key=lambda g: g.famille_id) == sorted(
        examen.gardes_de(enfant_alterne), key=lambda g: g.famille_id
    )
