"""A cheque that came back is its drawer's affair."""

import pytest

from facturation import actions
from messagerie.models import Conversation
from tests.facturation.conftest import entrer
from tests.facturation.test_attestation import payer  # noqa: F401  (fixture)
from tests.facturation.test_pdf import texte as lire

pytestmark = pytest.mark.django_db


def lue(reponse) -> str:
    return " ".join(lire(reponse.content).split())


@pytest.mark.parametrize("qui, lecteur", [(1, None), (2, "jeanne.dupont")])
def test_un_cheque_impaye_s_annonce_a_qui_l_a_signe(
    client,
    dupont,
    regie,
    comptable,
    collectivite,
    payer,  # noqa: F811
    qui,
    lecteur,
):
    """Parents live apart: one never learns of the other's bank."""
    cheque = payer("10.00", payeur=dupont.responsables.get(rang=qui))
    actions.contrepasser(reglement=cheque, motif="sans provision", cause="IMPAYE", par=comptable)
    (conversation,) = Conversation.objects.filter(sujet="Votre chèque est revenu impayé")
    assert conversation.responsable == (dupont.responsables.get(rang=2) if lecteur else None)
    lue_par_jean = lue(entrer(client, "jean.dupont").get(f"/reglements/{cheque}.pdf"))
    assert ("sans provision" in lue_par_jean) is not bool(lecteur)
    if lecteur:
        assert "sans provision" in lue(entrer(client, lecteur).get(f"/reglements/{cheque}.pdf"))
