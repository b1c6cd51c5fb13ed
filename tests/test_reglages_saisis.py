"""What every setting of the admin must stand, whatever is typed: found by introspection, not listed."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.validators import MaxValueValidator
from django.db import models

from tests.sources import APPS

MODELES = [m for m in apps.get_models() if m._meta.app_label in APPS]


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m._meta.label)
def test_la_phrase_de_chaque_contrainte_se_laisse_dire(modele):
    """Django formats it: a percent sign that stands alone is an error 500 in place of the sentence."""
    for contrainte in modele._meta.constraints:
        assert contrainte.get_violation_error_message().strip()


# Pages of their own that type none of their rows.
MONTRES = {"familles.ImportFamilles"}


def _nombres_saisis(rf, qui) -> Iterator[tuple[str, models.Field]]:
    """Each whole number that a page of the admin, or a row of it, lets one type."""
    requete = rf.get("/admin/")
    requete.user = qui
    pages = [
        page
        for modele, page in admin.site._registry.items()
        if page.has_change_permission(requete) and modele._meta.label not in MONTRES
    ]
    for page in pages:
        formulaires = [(page.model, page.get_form(requete))]
        formulaires += [
            (rangee.model, rangee.get_formset(requete).form)
            for rangee in page.get_inline_instances(requete)
            if rangee.has_change_permission(requete)
        ]
        for modele, formulaire in formulaires:
            for nom in formulaire.base_fields:
                champ = next((c for c in modele._meta.fields if c.name == nom), None)
                if isinstance(champ, models.IntegerField) and not champ.choices:
                    yield f"{modele._meta.label}.{nom}", champ


def test_chaque_nombre_saisi_dans_l_administration_a_un_maximum(rf, admin_user):
    """A delay of a million days is a date beyond the calendar: the pages that count with it would fail."""
    saisis = dict(_nombres_saisis(rf, admin_user))
    assert "facturation.NiveauRelance.delai_jours" in saisis
    # Those of the field, not those that PostgreSQL adds for the size of its column.
    sans_borne = [
        nom
        for nom, champ in saisis.items()
        if not any(isinstance(v, MaxValueValidator) for v in champ._validators)
    ]
    assert not sans_borne
