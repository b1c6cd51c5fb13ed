"""A prepared query answers as the QuerySet it was made of, whoever asks, on both databases."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from familles.acces import Acces
from familles.gardes import gardes_des
from familles.models import Enfant, Rattachement
from familles.requetes import RequetePreparee
from planning.connus import _rangees, enfants_connus
from portail.compteurs import _avec_compteurs, responsables_avec_compteurs


@pytest.fixture
def tenus():
    def construire(famille, jour):
        return (
            Rattachement.objects.filter(famille=famille, du__lte=jour)
            .select_related("enfant")
            .order_by("enfant")
        )

    return RequetePreparee(construire)


def test_chaque_famille_et_chaque_jour_ont_leur_reponse(
    tenus, lea, alexandre, enfant_alterne, famille_dupont, famille_martin
):
    for famille in (famille_dupont, famille_martin, famille_dupont):
        for jour in (date(2000, 1, 1), date(2026, 12, 1)):
            attendus = list(tenus.construire(famille.pk, jour))
            assert tenus(famille.pk, jour) == attendus
    assert [r.enfant.prenom for r in attendus] == [
        r.enfant.prenom for r in tenus(famille_dupont.pk, date(2026, 12, 1))
    ]


def test_elle_n_ecrit_son_sql_qu_une_fois_et_ne_lit_rien_de_plus(tenus, lea, famille_dupont, monkeypatch):
    tenus(famille_dupont.pk, date(2026, 12, 1))
    monkeypatch.setattr(tenus, "construire", None)
    with CaptureQueriesContext(connection) as requetes:
        [rattachement] = tenus(famille_dupont.pk, date(2026, 12, 1))
        assert rattachement.enfant == lea
    assert len(requetes) == 1


def test_deux_demandes_ne_se_melangent_pas(tenus, lea, famille_dupont):
    """Two threads share what is written, never what they asked."""
    avant = tenus._complete((famille_dupont.pk, date(2000, 1, 1)))
    apres = tenus._complete((famille_dupont.pk, date(2026, 12, 1)))
    assert ([r.enfant for r in apres], list(avant)) == ([lea], [])


def test_une_valeur_que_python_a_deja_lue_ne_se_prepare_pas(lea, famille_dupont):
    figee = RequetePreparee(lambda famille, jour: Enfant.objects.de_la_famille(famille if jour else 0))
    with pytest.raises(ValueError, match="n’en est pas un paramètre"):
        figee(famille_dupont.pk, date(2026, 12, 1))


@pytest.mark.django_db
def test_de_personne_il_n_y_a_rien_a_lire():
    assert RequetePreparee(lambda *pks: Enfant.objects.filter(pk__in=pks))() == []
    assert gardes_des([]) == {}


def test_le_cadre_et_le_planning_lisent_ce_que_lirait_leur_requete(
    jean, jeanne, lea_inscrite, famille_dupont, figer
):
    figer("2026-11-24T10:00")
    for responsable in (jean, jeanne):
        compte = responsable.utilisateur
        [lu] = responsables_avec_compteurs(compte)
        [attendu] = _avec_compteurs(compte.pk)
        assert (lu, lu.famille, vars(lu).keys()) == (attendu, famille_dupont, vars(attendu).keys())
        for residence in (False, True):
            connus = enfants_connus(Acces(compte, famille_dupont, lu, 1), residence)
            rangees = _rangees(famille_dupont.pk, titulaire=responsable == jean)
            assert [e.enfant for e in connus.values()] == list(dict.fromkeys(rangees))
            assert {e.payeur for e in connus.values()} == {"DUPONT JEAN"}
