"""Who sees what (conception, familles): the titulaire, the conjoint, a couple, a stranger."""

import pytest
from django.urls import reverse

from familles.acces import Acces
from familles.enums import Rang, Situation
from familles.models import Enfant, Famille, Inscription
from tests.fabriques.familles import (
    EnfantFactory,
    FamilleFactory,
    InscriptionFactory,
    LienParentalFactory,
    RattachementFactory,
    ResponsableFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db


def couple(situation):
    famille = FamilleFactory(situation=situation)
    titulaire, conjoint = (
        ResponsableFactory(famille=famille, rang=rang, utilisateur=UtilisateurFactory())
        for rang in (Rang.TITULAIRE, Rang.CONJOINT)
    )
    return titulaire, conjoint


def acces(responsable):
    return Acces.pour_utilisateur(responsable.utilisateur)


@pytest.mark.parametrize(
    ("situation", "conjoint_voit_tout"),
    [
        (Situation.MARIE, True),
        (Situation.PACSE, True),
        (Situation.UNION_LIBRE, True),
        (Situation.SEPARE, False),
        (Situation.DIVORCE, False),
        (Situation.CELIBATAIRE, False),
        (Situation.VEUF, False),
    ],
)
def test_le_conjoint_ne_voit_le_compte_que_si_le_couple_vit_ensemble(situation, conjoint_voit_tout):
    titulaire, conjoint = couple(situation)
    assert acces(titulaire).complet
    assert acces(conjoint).complet is conjoint_voit_tout
    assert acces(conjoint).peut_voir(titulaire) is conjoint_voit_tout
    assert acces(conjoint).peut_voir(conjoint)
    assert acces(titulaire).peut_voir(conjoint)


@pytest.mark.parametrize("situation", [Situation.MARIE, Situation.SEPARE])
def test_des_coordonnees_masquees_le_sont_pour_l_autre_dans_tous_les_cas(situation):
    titulaire, conjoint = couple(situation)
    conjoint.coordonnees_masquees = titulaire.coordonnees_masquees = True
    assert not acces(titulaire).peut_voir(conjoint)
    assert not acces(conjoint).peut_voir(titulaire)
    assert acces(conjoint).peut_voir(conjoint)


def test_on_ne_voit_jamais_les_coordonnees_d_une_autre_famille():
    titulaire, _ = couple(Situation.MARIE)
    etranger, _ = couple(Situation.MARIE)
    assert not acces(titulaire).peut_voir(etranger)


def test_un_compte_sans_famille_n_ouvre_rien():
    personne = Acces.pour_utilisateur(UtilisateurFactory())
    EnfantFactory()
    assert (personne.famille, personne.complet, personne.nombre_familles) == (None, False, 0)
    assert not Enfant.objects.pour(personne).exists()
    assert not Famille.objects.pour(personne).exists()
    assert not Inscription.objects.pour(personne).exists()


def test_un_compte_de_deux_familles_choisit():
    compte = UtilisateurFactory()
    une, autre = (ResponsableFactory(utilisateur=compte).famille for _ in range(2))
    assert Acces.pour_utilisateur(compte).famille is None
    assert Acces.pour_utilisateur(compte).nombre_familles == 2
    assert Acces.pour_utilisateur(compte, autre.pk).famille == autre
    assert Acces.pour_utilisateur(compte, une.pk).famille == une
    assert Acces.pour_utilisateur(compte, FamilleFactory().pk).famille is None


def test_une_famille_archivee_ne_s_ouvre_plus():
    responsable = ResponsableFactory(utilisateur=UtilisateurFactory(), famille__archivee_le="2026-01-01")
    assert acces(responsable).famille is None


def test_un_enfant_de_deux_foyers_est_vu_des_deux_et_de_personne_d_autre():
    un, autre, etranger = (couple(Situation.SEPARE)[0] for _ in range(3))
    enfant = EnfantFactory()
    for responsable in (un, autre):
        RattachementFactory(enfant=enfant, famille=responsable.famille)
    assert [Enfant.objects.pour(acces(r)).count() for r in (un, autre, etranger)] == [1, 1, 0]


def test_chaque_foyer_ne_voit_que_ses_inscriptions():
    un, autre = (couple(Situation.SEPARE)[0] for _ in range(2))
    enfant = EnfantFactory()
    inscription = InscriptionFactory(enfant=enfant, famille=un.famille)
    assert list(Inscription.objects.pour(acces(un))) == [inscription]
    assert not Inscription.objects.pour(acces(autre)).exists()


@pytest.mark.parametrize("permis", [True, False])
def test_les_donnees_sanitaires_suivent_le_lien_parental(permis):
    titulaire, conjoint = couple(Situation.MARIE)
    enfant = RattachementFactory(famille=titulaire.famille).enfant
    LienParentalFactory(responsable=conjoint, enfant=enfant, voit_sante=permis)
    assert acces(conjoint).voit_sante(enfant) is permis
    assert not acces(titulaire).voit_sante(enfant)


@pytest.mark.parametrize("permis", [True, False])
def test_le_menu_d_un_enfant_ne_mene_qu_a_ce_qui_est_ouvert(client, permis):
    _, conjoint = couple(Situation.MARIE)
    enfant = RattachementFactory(famille=conjoint.famille).enfant
    LienParentalFactory(responsable=conjoint, enfant=enfant, voit_sante=permis)
    client.force_login(conjoint.utilisateur)
    page = client.get(reverse("familles:enfant", args=[enfant.pk])).content.decode()
    assert (reverse("familles:sante", args=[enfant.pk]) in page) is permis
