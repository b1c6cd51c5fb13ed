"""The search field of our own forms in the admin."""

import pytest
from django.contrib import admin

from familles.models import Rattachement
from familles.recherche import ChampDeRecherche


@pytest.mark.parametrize("forgee", [str(10**25), "-1", "x", "١", ""])
def test_une_cle_forgee_est_comme_rien_de_choisi(db, forgee):
    champ = ChampDeRecherche(Rattachement._meta.get_field("famille"), admin.site)
    champ.choices = Rattachement._meta.get_field("famille").formfield().choices
    rendu = champ.render("famille", forgee, {"id": "id_famille"})
    assert "selected" not in rendu
