"""Two connections at once: one invoice per family, numbers without gap or double."""

import threading
from datetime import date
from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.db import connection, connections

from facturation import actions
from facturation.models import CompteurNumero, Facture, Imputation, Reglement, UniteFacturee
from familles.erreurs import DejaTraite
from tests.facturation.conftest import NOVEMBRE, creer_famille, enfants_de
from tests.facturation.test_modeles import creer_facture

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
DU, AU = NOVEMBRE


def ensemble(*gestes) -> list:
    """Run these together, each on its own connection; results or exceptions, in order."""
    barriere = threading.Barrier(len(gestes))
    resultats = [None] * len(gestes)

    def jouer(rang, geste):
        try:
            barriere.wait(timeout=10)
            resultats[rang] = geste()
        except Exception as erreur:
            resultats[rang] = erreur
        finally:
            connections.close_all()

    fils = [threading.Thread(target=jouer, args=(r, g)) for r, g in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    assert not any(fil.is_alive() for fil in fils)
    return resultats


@pytest.fixture
def vingt_familles(novembre, repas):
    for rang in range(18):
        famille = creer_famille(
            f"20010018183{rang:02}",
            "CELIBATAIRE",
            [("MME", f"Mère{rang}", f"Nom{rang}", "1 rue", f"mere{rang}")],
            [(f"Enfant{rang}", f"Nom{rang}", date(2018, 1, 1))],
        )
        novembre.noter(famille, enfants_de(famille)[0], repas, 2, 3, 5)


def test_le_meme_mois_emis_de_deux_connexions_donne_une_facture_par_famille(vingt_familles, regie, comptable):
    def emettre():
        return actions.emettre_periode(regie=regie, du=DU, au=AU, par=comptable)

    bilans = ensemble(emettre, emettre)
    assert [b.echecs for b in bilans] == [[], []]
    assert sum(len(b.emises) for b in bilans) == Facture.objects.count() == 20
    numeros = list(Facture.objects.order_by("numero").values_list("numero", flat=True))
    assert numeros == list(range(1, 21))
    assert CompteurNumero.objects.get(serie="FACTURE").dernier == 20
    assert Facture.objects.values("famille").distinct().count() == 20
    assert UniteFacturee.objects.count() == 6 + 3 + 18 * 3


def test_une_famille_facturee_deux_fois_a_la_fois_ne_l_est_qu_une(novembre, regie, dupont, comptable):
    def emettre():
        return actions.emettre(famille=dupont, regie=regie, du=DU, au=AU, par=comptable)

    resultats = ensemble(*[emettre] * 4)
    assert sum(isinstance(r, Facture) for r in resultats) == 1
    assert resultats.count(None) == 3
    assert Facture.objects.get().numero == 1


def test_deux_encaissements_a_la_fois_ne_paient_pas_deux_fois_la_facture(dupont, regie, comptable):
    facture = creer_facture(dupont, regie, total=D(30))

    def encaisser():
        return actions.encaisser(
            famille=dupont,
            regie=regie,
            mode="CHEQUE",
            montant=D(20),
            recu_le=date(2026, 12, 3),
            par=comptable,
        )

    reglements = ensemble(encaisser, encaisser)
    assert {r.numero for r in reglements} == {1, 2}
    assert Facture.objects.avec_reste().get(pk=facture.pk).reste == 0
    assert sum(i.montant for i in Imputation.objects.all()) == 30


def test_deux_avoirs_et_deux_contre_ecritures_a_la_fois_n_en_font_qu_un(dupont, regie, comptable):
    facture = creer_facture(dupont, regie)
    reglement = actions.encaisser(
        famille=dupont,
        regie=regie,
        mode="CHEQUE",
        montant=D(20),
        recu_le=date(2026, 12, 3),
        par=comptable,
    )
    CompteurNumero.objects.create(regie=regie, serie="FACTURE", dernier=36)

    def crediter():
        return actions.avoir(facture=facture, motif="Erreur", par=comptable)

    def contrepasser():
        return actions.contrepasser(reglement=reglement, motif="Erreur", par=comptable)

    resultats = ensemble(crediter, crediter, contrepasser, contrepasser)
    assert sum(isinstance(r, DejaTraite) for r in resultats) == 2
    assert Facture.objects.filter(nature="AVOIR").count() == 1
    assert Reglement.objects.filter(montant__lt=0).count() == 1


def test_les_tests_de_concurrence_tournent_sur_postgresql():
    assert connection.vendor == "postgresql"


def test_le_meme_formulaire_de_reglement_envoye_deux_fois_a_la_fois_n_est_ecrit_qu_une(
    figer, dupont, regie, comptable
):
    figer("2026-12-03T10:00")
    jeton = uuid4()

    def encaisser():
        return actions.encaisser(
            famille=dupont,
            regie=regie,
            mode="CHEQUE",
            montant=D("16.40"),
            recu_le=date(2026, 12, 3),
            par=comptable,
            jeton=jeton,
        )

    resultats = ensemble(encaisser, encaisser)
    assert sorted(type(r).__name__ for r in resultats) == ["DejaTraite", "Reglement"]
    assert Reglement.objects.get().numero == CompteurNumero.objects.get(serie="REGLEMENT").dernier == 1
