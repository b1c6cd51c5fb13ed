"""The rows behind the rules: what their forms refuse, and how they are read."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from planning.models import RegleDelai
from planning.reglement_interieur import reglement_interieur
from tests.fabriques.planning import EcheanceDateeFactory, RegleDelaiFactory
from tests.planning.reglements import REGLEMENTS


@pytest.mark.parametrize(
    "champs",
    [
        {"jours": "18"},
        {"jours": "11"},
        {"nombre": 367},
        {"nombre": -1},
        {"quantieme": 0},
        {"quantieme": 32},
        {"jour_limite": 8},
        {"heure": "25:00"},
        {"mode": "JAMAIS"},
        {"operation": ""},
        {"retard_heures": -1},
    ],
)
def test_une_regle_insensee_est_refusee_par_son_formulaire(db, champs):
    with pytest.raises(ValidationError):
        RegleDelaiFactory.build(**champs).full_clean()


@pytest.mark.parametrize("prestation", [False, True])
def test_deux_regles_pour_les_memes_jours_sont_refusees(services, prestation):
    cible = services["cantine"] if prestation else None
    RegleDelaiFactory(prestation=cible, jours="12")
    with pytest.raises(ValidationError, match="Une règle existe déjà"):
        RegleDelaiFactory.build(prestation=cible, jours="12").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegleDelaiFactory(prestation=cible, jours="12")
    RegleDelaiFactory(prestation=cible, jours="45")
    assert RegleDelai.objects.count() == 2


def test_des_dates_a_rebours_sont_refusees(db):
    regle = RegleDelaiFactory(mode="DATES")
    with pytest.raises(ValidationError, match="La fin ne peut précéder"):
        EcheanceDateeFactory.build(regle=regle, au=date(2027, 1, 1)).full_clean()
    with pytest.raises(ValidationError, match="ne peut ouvrir après sa limite"):
        EcheanceDateeFactory.build(regle=regle, ouverture=date(2027, 1, 23)).full_clean()


def test_changer_une_regle_ou_une_date_se_voit_aussitot(regler, echeance_de, services, heure_locale):
    instant = heure_locale("2026-11-01 08:00")
    assert echeance_de("RESERVER", "cantine", "2027-02-08", instant).limite is None
    regle = regler(**REGLEMENTS["R42"][0] | {"prestation": "cantine"})
    assert echeance_de("RESERVER", "cantine", "2027-02-08", instant).limite.day == 22
    dates = regle.dates.get()
    dates.limite = date(2027, 1, 25)
    dates.save()
    assert echeance_de("RESERVER", "cantine", "2027-02-08", instant).limite.day == 25
    regle.delete()
    assert echeance_de("RESERVER", "cantine", "2027-02-08", instant).limite is None


def test_le_reglement_se_lit_en_trois_requetes_puis_aucune(regler, collectivite, django_assert_num_queries):
    for rang in range(1, 8):
        EcheanceDateeFactory(regle__jours=str(rang))
    with django_assert_num_queries(3):
        assert len(reglement_interieur(collectivite.version).regles) == 7
    with django_assert_num_queries(0):
        reglement_interieur(collectivite.version)
