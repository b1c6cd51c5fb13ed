"""The prefix of a régie's numbers: plain, and its own for ever once something is numbered."""

import pytest

from facturation import actions
from familles.models import Regie
from tests.facturation.test_tarifs_employes import bureau  # noqa: F401  (fixture)
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
REGIES = "/admin/familles/regie/"


def saisie(**plus) -> dict:
    return {
        "nom": "Régie cantine",
        "prefixe": "CA",
        "ordre_cheques": "Cantine",
        "modes": ["CHEQUE"],
        "delai_paiement_jours": "30",
        **plus,
    }


@pytest.mark.parametrize("prefixe", ["A/B", "al", "A L", "=X", "ÀL", "A-B", "٣", ""])
def test_un_prefixe_est_fait_de_capitales_et_de_chiffres(bureau, prefixe):  # noqa: F811
    assert bureau.post(f"{REGIES}add/", saisie(prefixe=prefixe)).status_code == 422
    assert not Regie.objects.exists()


def test_un_prefixe_ordinaire_est_pris_une_fois(bureau):  # noqa: F811
    assert bureau.post(f"{REGIES}add/", saisie(prefixe="C2")).status_code == 302
    assert bureau.post(f"{REGIES}add/", saisie(nom="Autre", prefixe="C2")).status_code == 422
    assert Regie.objects.get().prefixe == "C2"


def test_un_prefixe_qui_a_servi_ne_change_plus(bureau, regie, dupont, comptable, horloge):  # noqa: F811
    adresse = f"{REGIES}{regie.pk}/change/"
    assert bureau.post(adresse, saisie(prefixe="ZZ")).status_code == 302
    regie.refresh_from_db()
    recu = {"mode": "CHEQUE", "montant": 5, "recu_le": horloge.date()}
    actions.encaisser(famille=dupont, regie=regie, par=comptable, **recu)
    reponse = bureau.post(adresse, saisie(prefixe="AL"))
    assert reponse.status_code == 422
    assert "portent déjà ce préfixe (ZZ) : il ne change plus" in texte(reponse)
    assert bureau.post(adresse, saisie(prefixe="ZZ", nom="Régie des écoles")).status_code == 302
    assert Regie.objects.get().nom == "Régie des écoles"
