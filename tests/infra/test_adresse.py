import pytest
from django.test import RequestFactory

from portail.adresse import adresse_du_client


@pytest.mark.parametrize(
    "relais, transmis, attendu",
    [
        (0, None, "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),  # nobody stands in front: the header is the visitor's invention
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # what the visitor wrote stays on the left
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "10.0.0.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, " , ", "192.0.2.1"),
    ],
)
def test_l_adresse_comptee_est_celle_que_nos_relais_ont_vue(relais, transmis, attendu, settings):
    settings.RELAIS_DE_CONFIANCE = relais
    entetes = {} if transmis is None else {"HTTP_X_FORWARDED_FOR": transmis}
    requete = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **entetes)
    assert adresse_du_client(requete) == attendu
