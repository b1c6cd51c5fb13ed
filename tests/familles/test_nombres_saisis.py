"""Amounts and quotients as people type them: French spaces and commas; nothing that only a machine writes."""

from decimal import Decimal as D

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models

from familles.montants import ChampNombre
from familles.validation import lire_nombre


@pytest.mark.parametrize(
    "saisie, valeur",
    [
        ("1 234,56", "1234.56"),
        ("1\u202f234,56\u00a0€", "1234.56"),
        ("1 200,50", "1200.50"),
        ("10,5 €", "10.5"),
        ("1234.56", "1234.56"),
        (" 812 ", "812"),
        ("\u2212100,00", "-100"),
        ("-5", "-5"),
        ("0,36 %", "0.36"),
    ],
)
def test_un_nombre_se_lit_comme_il_s_ecrit_ici(saisie, valeur):
    assert lire_nombre(saisie) == D(valeur)


AILLEURS = "1e3 1E30 NaN Infinity -Infinity 1,2,3 1.234,56 12, --1 0x10 1_000 douze \x00"


@pytest.mark.parametrize("saisie", ["", "١٢", "１２", *AILLEURS.split(" ")])
def test_ce_qui_n_est_pas_un_nombre_d_ici_est_refuse(saisie):
    with pytest.raises(ValidationError, match="Saisissez un nombre"):
        lire_nombre(saisie)


def test_un_montant_laisse_tel_quel_n_a_pas_change():
    champ = ChampNombre(max_digits=8, decimal_places=2)
    assert not champ.has_changed(D("3.50"), "3,5")
    assert champ.has_changed(D("3.50"), "3,6")
    assert champ.has_changed(None, "0")
    assert not champ.has_changed(None, "")
    assert champ.has_changed(D(3), "trois")


def test_tous_les_montants_de_l_administration_se_saisissent_ainsi(rf, admin_user):
    requete = rf.get("/admin/")
    requete.user = admin_user
    vus = 0
    for page in admin.site._registry.values():
        if not page.has_change_permission(requete):
            continue
        formulaires = [page.get_form(requete)]
        formulaires += [i.get_formset(requete).form for i in page.get_inline_instances(requete)]
        for formulaire in formulaires:
            for nom, champ in formulaire.base_fields.items():
                source = next((c for c in formulaire._meta.model._meta.fields if c.name == nom), None)
                if isinstance(source, models.DecimalField):
                    assert isinstance(champ, ChampNombre), f"{formulaire._meta.model._meta.label}.{nom}"
                    vus += 1
    assert vus > 15
