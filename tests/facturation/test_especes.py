"""Cash: 300 euros for a debt, however many entries; the same sentence whoever asks."""

from datetime import date, timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from facturation import actions, ecritures
from facturation.caisse import recu_en_especes
from facturation.especes import Creance, especes_refusees, payable_en_especes
from facturation.models import CompteurNumero, Facture, Reglement
from familles.erreurs import DejaTraite, Invalide
from tests.facturation.conftest import entrer
from tests.facturation.test_admin_reglements import ENCAISSER, saisie
from tests.facturation.test_modeles import creer_facture
from tests.facturation.test_vues import texte

LE_JOUR, LA_VEILLE = date(2026, 12, 3), date(2026, 12, 2)


@pytest.mark.parametrize(
    "montant, ce_jour, creances, phrase",
    [
        ("300", "0", [], ""),
        ("300.01", "0", [], "300,01 € se règlent par un autre moyen"),
        ("1", "299", [], ""),
        ("5", "299", [], "a déjà payé 299,00 € en espèces ce jour-là, 1,00 € au plus peut l’être encore"),
        ("0.01", "300", [], "en espèces ce jour-là, rien ne peut plus l’être"),
        ("100", "0", [("200", "100")], ""),
        (
            "100",
            "0",
            [("200.01", "100")],
            "la facture AL-1 a déjà reçu 200,01 € en espèces, 99,99 € au plus peuvent l’être",
        ),
        ("100", "0", [("300", "0.01")], "AL-1 a déjà reçu 300,00 € en espèces, rien ne peut plus l’être"),
        # Paid in full before, it takes nothing of this one.
        ("100", "0", [("310", "0"), ("0", "100")], ""),
        ("200", "0", [("150", "100"), ("250", "100")], "la facture AL-2 a déjà reçu 250,00 €"),
    ],
)
def test_la_limite_est_celle_de_la_dette(montant, ce_jour, creances, phrase):
    dues = [Creance(f"AL-{n}", D(deja), D(part)) for n, (deja, part) in enumerate(creances, start=1)]
    dite = especes_refusees(D(montant), D(ce_jour), dues)
    assert phrase in dite.replace("\xa0", " ").replace("\u202f", " ")
    assert bool(dite) is bool(phrase)
    if dite:
        assert dite.startswith("Une dette ne se paie pas en espèces au-delà de 300,00")


@pytest.mark.parametrize(
    "reste, deja, payable",
    [
        ("650", "0", "300"),
        ("650", "299.99", "0.01"),
        ("650", "300", "0"),
        ("80", "100", "80"),
        ("10", "310", "0"),
    ],
)
def test_ce_que_des_especes_paient_encore_d_une_facture(reste, deja, payable):
    assert payable_en_especes(D(reste), D(deja)) == D(payable)


@pytest.fixture
def encaisser(dupont, regie, comptable):
    def executer(montant, jour=LE_JOUR, mode="ESPECES", **options) -> Reglement:
        commun = {"famille": dupont, "regie": regie, "par": comptable, "recu_le": jour, "mode": mode}
        return actions.encaisser(montant=D(montant), **{**commun, **options})

    return executer


@pytest.mark.django_db
def test_une_dette_payee_en_plusieurs_fois(encaisser, dupont, regie, comptable):
    """The invoice of 450 euros takes 300 in cash whatever the days, the rest by another means."""
    premiere = creer_facture(dupont, regie, numero=1, total=D(450), date=date(2026, 10, 5))
    creer_facture(dupont, regie, numero=2, total=D(80), date=date(2026, 11, 5))
    encaisser("200.00", LA_VEILLE)
    with pytest.raises(Invalide, match="la facture AL-1 a déjà reçu 200,00"):
        encaisser("100.01")
    assert Reglement.objects.count() == CompteurNumero.objects.get(serie="REGLEMENT").dernier == 1
    encaisser("100.00")
    with pytest.raises(Invalide, match="rien ne peut plus"):
        encaisser("1.00", date(2026, 12, 1), factures=[premiere])
    encaisser("150.00", mode="CHEQUE")
    encaisser("80.00", LA_VEILLE)
    assert not type(premiere).objects.impayees().exists()


@pytest.mark.django_db
def test_ce_qui_est_annule_ou_d_une_autre_famille_ne_compte_pas(encaisser, martin, regie, comptable):
    annule = encaisser("299.00")
    encaisser("300.00", famille=martin)
    with pytest.raises(Invalide, match="ce jour-là"):
        encaisser("5.00")
    encaisser("5.00", mode="CHEQUE")
    encaisser("5.00", LA_VEILLE)
    actions.contrepasser(reglement=annule, motif="Erreur", par=comptable)
    encaisser("5.00")


@pytest.mark.django_db
def test_le_meme_formulaire_renvoye_dit_qu_il_est_deja_enregistre(encaisser):
    jeton = uuid4()
    encaisser("200.00", jeton=jeton)
    with pytest.raises(DejaTraite, match="déjà enregistré"):
        encaisser("200.00", jeton=jeton)


@pytest.mark.django_db
def test_le_guichet_dit_ce_qui_reste_possible(client, comptable, collectivite, dupont, regie):
    bureau = entrer(client, "comptable")
    assert bureau.post(ENCAISSER, saisie(dupont, regie, mode="ESPECES", montant="299")).status_code == 302
    reponse = bureau.post(ENCAISSER, saisie(dupont, regie, mode="ESPECES", montant="5"))
    assert reponse.status_code == 422
    assert "a déjà payé 299,00 € en espèces ce jour-là, 1,00 € au plus" in texte(reponse)
    assert "chèque 1234567" in reponse.content.decode()
    assert Reglement.objects.count() == 1


def facturer(famille, regie, montant) -> Facture:
    """As an invoice is issued: what the family has in its favour pays it."""
    numero = Facture.objects.count() + 1
    facture = creer_facture(famille, regie, numero=numero, total=montant, date=date(2026, 11, 5))
    ecritures.imputer_le_credit(famille, regie)
    return facture


@pytest.mark.django_db
def test_des_avances_ne_passent_pas_la_limite(encaisser, dupont, regie):
    """300 on two days with nothing owed, then 650 to pay: cash pays 300 of it, the rest is kept."""
    encaisser("300.00", LA_VEILLE)
    second = encaisser("300.00")
    grosse = facturer(dupont, regie, D(650))
    assert Facture.objects.avec_reste().get(pk=grosse.pk).reste == D(350)
    encaisser("350.00", mode="CHEQUE")
    assert Facture.objects.avec_reste().get(pk=grosse.pk).reste == 0
    facturer(dupont, regie, D(120))
    assert not Facture.objects.impayees().exists()
    assert Reglement.objects.avec_disponible().get(pk=second.pk).disponible == D(180)


gestes = st.lists(
    st.tuples(
        st.sampled_from(["facture", "ESPECES", "ESPECES", "CHEQUE", "contrepasser"]),
        st.one_of(st.sampled_from([20_000, 30_000, 65_000]), st.integers(1, 70_000)),
        st.integers(0, 5),
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histoire=gestes)
@example(histoire=[("ESPECES", 30_000, 0), ("ESPECES", 20_000, 1), ("facture", 65_000, 0)])
@example(
    histoire=[("facture", 65_000, 0), ("ESPECES", 30_000, 0), ("facture", 900, 0), ("contrepasser", 0, 0)]
)
@pytest.mark.django_db
def test_une_facture_ne_recoit_jamais_plus_de_trois_cents_euros_en_especes(
    histoire, encaisser, dupont, regie, comptable
):
    with transaction.atomic():
        for geste, centimes, rang in histoire:
            try:
                if geste == "facture":
                    facturer(dupont, regie, D(centimes) / 100)
                elif geste != "contrepasser":
                    choisies = list(Facture.objects.order_by("numero")[rang : rang + 1])
                    montant = D(min(centimes, 30_000)) / 100
                    encaisser(montant, LE_JOUR - timedelta(days=rang), geste, factures=choisies)
                elif annulables := list(Reglement.objects.contrepassables().order_by("numero")):
                    annule = annulables[rang % len(annulables)]
                    actions.contrepasser(reglement=annule, motif="Essai", par=comptable)
            except Invalide:
                pass  # refused: nothing is written, the history goes on
            recues = recu_en_especes(list(Facture.objects.values_list("pk", flat=True)))
            assert all(0 <= recue <= 300 for recue in recues.values())
            assert all(facture.reste >= 0 for facture in Facture.objects.avec_reste())
        transaction.set_rollback(True)
