"""The accounting journal: balanced whatever happens, on the accounts that are set."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturation import actions
from facturation.comptabilite import Plan, de_facture, dresser_plan, journal_comptable
from facturation.models import CompteComptable, Facture
from familles.models import Regie

PERIODE = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.django_db
def test_une_facture_et_son_reglement_s_ecrivent_en_partie_double(
    emettre, dupont, regie, garderie, comptable
):
    CompteComptable.objects.create(emploi="PRODUIT", prestation=garderie, compte="7066")
    emettre(dupont)
    reglement = actions.encaisser(
        famille=dupont,
        regie=regie,
        mode="CHEQUE",
        montant=D("16.40"),
        recu_le=date(2026, 12, 3),
        par=comptable,
    )
    actions.contrepasser(reglement=reglement, motif="Erreur", par=comptable)
    lues = [(e.journal, e.piece, e.compte, e.debit, e.credit) for e in journal_comptable(regie, *PERIODE)]
    assert lues == [
        ("VE", "AL-1", "4111", D("16.40"), D(0)),
        ("VE", "AL-1", "7066", D(0), D("2.40")),
        ("VE", "AL-1", "7067", D(0), D("14.00")),
        ("RG", "AL-1", "5412", D("16.40"), D(0)),
        ("RG", "AL-1", "4111", D(0), D("16.40")),
        ("RG", "AL-2", "5412", D(0), D("16.40")),
        ("RG", "AL-2", "4111", D("16.40"), D(0)),
    ]


@pytest.mark.django_db
def test_un_avoir_s_ecrit_a_l_inverse(emettre, dupont, regie, comptable):
    actions.avoir(facture=emettre(dupont), motif="Erreur", par=comptable)
    par_compte: dict = {}
    for e in journal_comptable(regie, *PERIODE):
        par_compte[e.compte] = par_compte.get(e.compte, 0) + e.debit - e.credit
    assert par_compte == {"4111": 0, "7067": 0}


@pytest.mark.django_db
def test_les_comptes_sont_des_reglages_poses_a_l_installation():
    plan = dresser_plan(CompteComptable.objects.all())
    assert (plan.debiteurs, plan.produit, plan.encaissement) == ("4111", "7067", ("5412", "RG"))
    assert plan.encaissements == {}
    assert dresser_plan([]) == Plan()


montants = st.decimals(-500, 500, places=2)


@given(montants, st.lists(st.tuples(st.sampled_from([None, 1, 2, 3]), montants)), st.sampled_from("FA"))
def test_le_debit_est_egal_au_credit_quelles_que_soient_les_lignes(total, lignes, nature):
    facture = Facture(
        regie=Regie(),
        numero_imprime="AL-1",
        date=date(2026, 12, 3),
        total=total,
        nature="FACTURE" if nature == "F" else "AVOIR",
    )
    ecritures = de_facture(facture, lignes, Plan(produits={1: "7066", 2: "7067"}))
    assert sum(e.debit for e in ecritures) == sum(e.credit for e in ecritures)
    assert all(e.debit >= 0 and e.credit >= 0 and bool(e.debit) != bool(e.credit) for e in ecritures)
    debiteurs = sum((e.debit - e.credit for e in ecritures if e.compte == "4111"), D(0))
    assert debiteurs == total
