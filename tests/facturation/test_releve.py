"""The statement: the manual's to the cent, then what must hold for any history."""

from datetime import date, timedelta
from decimal import Decimal as D
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from facturation.releve import Operation, dresser

ANNEE = (date(2014, 9, 1), date(2015, 8, 31))
HUIT_AVRIL = date(2015, 4, 8)
REGIE = "Régie garderie ALSH"
FEVRIER_MARS = Operation(
    "AL-12",
    HUIT_AVRIL,
    "Facture : 01/02/2015 - 31/03/2015",
    REGIE,
    debit=D("243.20"),
    facture="AL-12",
    facture_n=12,
    serie=12,
)
AVRIL = Operation(
    "AL-36",
    HUIT_AVRIL,
    "Facture : 01/04/2015 - 30/04/2015",
    REGIE,
    debit=D("120.60"),
    facture="AL-36",
    facture_n=36,
    serie=36,
)
CHEQUE = Operation(
    "AL-228",
    HUIT_AVRIL,
    "Règlement : Chèque",
    REGIE,
    credit=D("243.20"),
    facture_n=12,
    rang=1,
    serie=228,
)


def test_le_releve_est_celui_du_manuel():
    releve = dresser([FEVRIER_MARS, CHEQUE, AVRIL], *ANNEE)
    assert [o.numero for o in releve.operations] == ["AL-36", "AL-228", "AL-12"]
    assert (releve.ancien_solde, releve.total_debit, releve.total_credit, releve.solde) == (
        D("0.00"),
        D("363.80"),
        D("243.20"),
        D("120.60"),
    )
    assert [o.numero for o in releve.factures] == ["AL-36", "AL-12"]
    assert [o.numero for o in releve.reglements] == ["AL-228"]


def test_une_operation_est_de_l_annee_de_sa_date_et_non_de_sa_periode():
    ete = Operation("AL-90", date(2015, 9, 3), "Facture", REGIE, debit=D(30), facture_n=90)
    avant = dresser([AVRIL, ete], *ANNEE)
    apres = dresser([AVRIL, ete], date(2015, 9, 1), date(2016, 8, 31))
    assert [o.numero for o in avant.operations] == ["AL-36"]
    assert [o.numero for o in apres.operations] == ["AL-90"]
    assert (apres.ancien_solde, apres.solde) == (D("120.60"), D("150.60"))


def test_une_annee_sans_operation_garde_l_ancien_solde():
    vide = dresser([AVRIL], date(2020, 9, 1), date(2021, 8, 31))
    assert vide.operations == ()
    assert (vide.ancien_solde, vide.solde) == (D("120.60"), D("120.60"))


def test_la_plus_recente_vient_la_premiere():
    lendemain = Operation("AL-229", HUIT_AVRIL + timedelta(1), "Règlement : Chèque", REGIE, credit=D(1))
    assert dresser([AVRIL, lendemain], *ANNEE).operations[0] is lendemain


def test_un_meme_jour_les_operations_se_suivent_par_numero():
    """Corrections of several months, issued one after the other: whatever their periods."""
    factures = [
        Operation(
            f"AL-{n}", HUIT_AVRIL, "Facture", REGIE, debit=D(1), facture=f"AL-{n}", facture_n=n, serie=n
        )
        for n in (178, 123, 181, 173, 180)
    ]
    seul = Operation("AL-301", HUIT_AVRIL, "Règlement", REGIE, credit=D(1), facture_n=999, rang=1, serie=301)
    assert [o.numero for o in dresser([*factures, seul, CHEQUE], *ANNEE).operations] == [
        *("AL-301", "AL-181", "AL-180", "AL-178", "AL-173", "AL-123", "AL-228")
    ]


montants = st.decimals(0, 1000, places=2)
operations_quelconques = st.lists(
    st.builds(
        Operation,
        numero=st.text(max_size=5),
        date=st.dates(date(2012, 1, 1), date(2018, 1, 1)),
        description=st.just(""),
        regie=st.just(REGIE),
        debit=st.one_of(st.none(), montants),
        credit=st.one_of(st.none(), montants),
    )
)


@given(operations_quelconques)
def test_les_annees_s_enchainent_sans_perdre_un_centime(operations):
    """The balance of a year is the « ancien solde » of the next, and the last one is the account's."""
    annees = [dresser(operations, date(annee, 9, 1), date(annee + 1, 8, 31)) for annee in range(2011, 2018)]
    for precedente, suivante in pairwise(annees):
        assert suivante.ancien_solde == precedente.solde
    assert annees[0].ancien_solde == 0
    assert annees[-1].solde == sum((o.mouvement for o in operations), D(0))
    assert sum(len(a.operations) for a in annees) == len(operations)
