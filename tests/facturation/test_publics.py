"""Writing to the families with an invoice overdue: those, and to the account alone."""

from datetime import UTC, date, datetime

from facturation.publics import IMPAYES
from messagerie.publics import PUBLICS
from tests.fabriques import facturation as ff


def test_les_familles_en_retard_forment_un_groupe(famille_dupont, famille_martin, regie, settings):
    settings.HORLOGE_FIGEE = datetime(2026, 11, 24, 10, tzinfo=UTC)
    ff.FactureFactory(famille=famille_dupont, echeance=date(2026, 11, 23))
    ff.FactureFactory(famille=famille_dupont, echeance=date(2026, 11, 20))
    ff.FactureFactory(famille=famille_martin, echeance=date(2026, 11, 24))
    assert list(IMPAYES.familles("oui")) == [famille_dupont]
    assert PUBLICS["impayes"].compte_seul
