"""Payments: what the acte allows, what they pay, how they are taken back."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facturation import actions, ecritures
from facturation.models import CompteurNumero, Facture, Imputation, Reglement
from facturation.releve import releve, solde
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.models import Trace
from tests.facturation.conftest import enfants_de
from tests.facturation.test_modeles import creer_facture

pytestmark = pytest.mark.django_db


@pytest.fixture
def encaisser(dupont, regie, comptable):
    def executer(montant, **options) -> Reglement:
        valeurs = {"famille": dupont, "regie": regie, "mode": "CHEQUE", "recu_le": date(2026, 12, 3)}
        return actions.encaisser(montant=D(montant), par=comptable, **{**valeurs, **options})

    return executer


@pytest.fixture
def trois(dupont, regie) -> list[Facture]:
    """AL-1 to AL-3: 10, 20 and 30 euros, September to November."""
    return [
        creer_facture(dupont, regie, numero=n, total=D(10 * n), date=date(2026, 8 + n, 5)) for n in (1, 2, 3)
    ]


def restes() -> list[D]:
    return [f.reste for f in Facture.objects.factures().avec_reste().order_by("numero")]


def test_un_reglement_paie_les_plus_anciennes_d_abord(encaisser, trois, comptable, dupont):
    reglement = encaisser("15.00", reference="chèque 1234567")
    assert (reglement.numero_imprime, reglement.mode, reglement.reference) == (
        "AL-1",
        "CHEQUE",
        "chèque 1234567",
    )
    assert restes() == [D(0), D(15), D(30)]
    trace = Trace.objects.get(verbe="ENCAISSER")
    assert (trace.par, trace.objet_id, trace.famille) == (comptable, reglement.pk, dupont)


def test_un_reglement_paie_d_abord_les_factures_choisies(encaisser, trois):
    encaisser("35.00", factures=[trois[2]])
    assert restes() == [D(5), D(20), D(0)]


def test_le_trop_percu_reste_au_credit_de_la_famille(encaisser, trois, dupont):
    encaisser("70.00")
    assert restes() == [D(0)] * 3
    assert Reglement.objects.avec_disponible().get().disponible == D(10)
    assert solde(dupont) == D("-10.00")


def test_les_reglements_ont_leur_propre_serie(encaisser, trois, regie):
    assert [encaisser(5).numero for _ in range(3)] == [1, 2, 3]
    assert CompteurNumero.objects.get(regie=regie, serie="REGLEMENT").dernier == 3


@pytest.mark.parametrize(
    "options, phrase",
    [
        ({"montant": 10, "mode": "VIREMENT"}, "ne permet pas ce moyen de paiement : Virement"),
        ({"montant": 0}, "positif"),
        ({"montant": -5}, "positif"),
        ({"montant": "300.01", "mode": "ESPECES"}, "300,00"),
        ({"montant": 10, "recu_le": date(2026, 12, 4)}, "avenir"),
    ],
)
def test_un_reglement_impossible_est_refuse_et_rien_n_est_ecrit(encaisser, options, phrase):
    with pytest.raises(Invalide, match=phrase):
        encaisser(**options)
    assert not Reglement.objects.exists()
    assert not CompteurNumero.objects.exists()


def test_trois_cents_euros_en_especes_sont_permis(encaisser):
    assert encaisser(300, mode="ESPECES").montant == 300


def test_un_reglement_ne_paie_pas_la_facture_d_une_autre_famille(encaisser, martin, regie):
    facture = creer_facture(martin, regie)
    with pytest.raises(Invalide, match="pas de cette famille"):
        encaisser(10, factures=[facture])
    assert not Imputation.objects.exists()


# --- Taking back ---------------------------------------------------------------------------------------


def test_une_contre_ecriture_rend_les_factures_impayees(encaisser, trois, comptable, dupont, annee_2026):
    reglement = encaisser("15.00")
    contraire = actions.contrepasser(reglement=reglement, motif="Chèque sans provision", par=comptable)
    assert (contraire.montant, contraire.contrepasse, contraire.numero) == (D(-15), reglement, 2)
    assert restes() == [D(10), D(20), D(30)]
    assert solde(dupont) == 60
    dresse = releve(dupont, annee_2026)
    assert (dresse.total_debit, dresse.total_credit) == (D(75), D(15))
    assert "Contre-écriture : Chèque" in {o.description for o in dresse.operations}
    assert Trace.objects.filter(verbe="CONTREPASSER", objet_id=contraire.pk).exists()


def test_ce_qui_est_contrepasse_ne_paie_plus_rien(encaisser, dupont, regie, comptable):
    reglement = encaisser("50.00")
    actions.contrepasser(reglement=reglement, motif="Erreur", par=comptable)
    creer_facture(dupont, regie, total=D(30))
    encaisser("5.00")
    assert restes() == [D(25)]


def test_une_contre_ecriture_ne_se_fait_qu_une_fois_et_dit_pourquoi(encaisser, comptable):
    reglement = encaisser(10)
    with pytest.raises(Invalide, match="motif"):
        actions.contrepasser(reglement=reglement, motif="", par=comptable)
    contraire = actions.contrepasser(reglement=reglement, motif="Erreur", par=comptable)
    with pytest.raises(DejaTraite):
        actions.contrepasser(reglement=reglement, motif="Erreur", par=comptable)
    with pytest.raises(Refus, match="contre-écriture"):
        actions.contrepasser(reglement=contraire, motif="Erreur", par=comptable)


# --- The manual's statement, by the actions ------------------------------------------------------------


def test_le_releve_du_manuel_sort_des_actions(
    settings, journal, dupont, regie, garderie, comptable, annee_2014, clore
):
    """Two invoices and a cheque on 8 April 2015: to the cent and in the manual's order."""
    settings.HORLOGE_FIGEE = settings.HORLOGE_FIGEE.replace(year=2015, month=4, day=8)
    fevrier, avril = (date(2015, 2, 1), date(2015, 3, 31)), (date(2015, 4, 1), date(2015, 4, 30))
    garderie.terme = "A_ECHOIR"
    garderie.save()
    tarif = garderie.tarifs.get()
    tarif.montant = D("60.30")
    tarif.save()
    alexandre = enfants_de(dupont)[0]
    journal.noter(dupont, alexandre, garderie, *(date(2015, 3, j) for j in (2, 3, 5, 6)))
    journal.noter(dupont, alexandre, garderie, date(2015, 4, 2), date(2015, 4, 3))
    arguments = {"famille": dupont, "regie": regie, "par": comptable}
    premiere = actions.emettre(du=fevrier[0], au=fevrier[1], **arguments)
    assert premiere.total == D("241.20")
    actions.encaisser(mode="CHEQUE", montant=D("241.20"), recu_le=date(2015, 4, 8), **arguments)
    actions.emettre(du=avril[0], au=avril[1], echeance=avril[1], **arguments)
    dresse = releve(dupont, annee_2014)
    assert [(o.description, o.debit, o.credit) for o in dresse.operations] == [
        ("Facture : 01/04/2015 - 30/04/2015", D("120.60"), None),
        ("Règlement : Chèque", None, D("241.20")),
        ("Facture : 01/02/2015 - 31/03/2015", D("241.20"), None),
    ]
    assert (dresse.ancien_solde, dresse.solde) == (0, D("120.60"))
    assert [f.total for f in Facture.objects.impayees()] == [D("120.60")]


# --- For any history -----------------------------------------------------------------------------------

histoires = st.lists(
    st.tuples(st.sampled_from(["facture", "reglement", "avoir", "contrepasser"]), st.integers(1, 5000)),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histoire=histoires)
def test_l_argent_se_retrouve_quelle_que_soit_l_histoire(histoire, dupont, regie, comptable, annee_2026):
    with transaction.atomic():
        _jouer(histoire, dupont, regie, comptable)
        factures = list(Facture.objects.avec_reste())
        dresse = releve(dupont, annee_2026)
        assert dresse.total_debit - dresse.total_credit == dresse.solde == solde(dupont)
        for reglement in Reglement.objects.filter(montant__gt=0).avec_disponible():
            assert 0 <= reglement.disponible <= reglement.montant
        assert all(f.reste >= 0 for f in factures if not f.est_avoir)
        # What is due, less what the family has in credit, is the balance.
        credit = sum((r.disponible for r in Reglement.objects.contrepassables().avec_disponible()), D(0))
        du = sum((f.reste for f in factures if not f.est_avoir), D(0))
        assert du - credit == solde(dupont)
        assert not (du and credit)
        transaction.set_rollback(True)


def _jouer(gestes, famille, regie, comptable) -> None:
    for rang, (geste, valeur) in enumerate(gestes):
        montant = D(valeur) / 100
        if geste == "facture":
            numero = CompteurNumero.objects.verrouiller(regie, "FACTURE").suivant(date(2026, 12, 3))
            creer_facture(
                famille,
                regie,
                numero=numero,
                total=montant,
                date=date(2026, 12, 3),
                au=date(2026, 11, 30),
            )
            ecritures.imputer_le_credit(famille, regie)
        elif geste == "reglement":
            actions.encaisser(
                famille=famille,
                regie=regie,
                mode="CHEQUE",
                montant=montant,
                recu_le=date(2026, 12, 3),
                par=comptable,
            )
        elif geste == "avoir":
            restantes = list(Facture.objects.factures().filter(avoirs=None))
            if restantes:
                actions.avoir(facture=restantes[rang % len(restantes)], motif="Essai", par=comptable)
        elif annulables := list(Reglement.objects.contrepassables()):
            actions.contrepasser(reglement=annulables[rang % len(annulables)], motif="Essai", par=comptable)
