"""« Mon compte » names each section from who reads it."""

import re

import pytest
from django.urls import reverse

from familles.enums import Situation


def titres(client) -> list[str]:
    page = client.get(reverse("familles:compte")).content.decode()
    return re.findall(r'<h2 id="titre-(?:responsable|conjoint)">([^<]+)</h2>', page)


@pytest.mark.parametrize("situation", [Situation.SEPARE, Situation.MARIE])
def test_chacun_lit_a_qui_est_chaque_rubrique(client_jean, client_jeanne, famille_dupont, situation):
    famille_dupont.situation = situation
    famille_dupont.save()
    # The manual's words, for the adult whom it shows.
    assert titres(client_jean) == ["Infos responsable", "Mon conjoint"]
    assert titres(client_jeanne) == ["Informations de Jean DUPONT", "Mes informations"]
