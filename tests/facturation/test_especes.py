"""Cash: 300 euros for a debt, however many entries; the same sentence whoever asks."""

from datetime import date
from decimal import Decimal as D
from uuid import uuid4

import pytest

from facturation import actions
from facturation.especes import Creance, especes_refusees
from facturation.models import CompteurNumero, Reglement
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
        ("5", "299", [], "a déjà payé 299,00 € en espèces ce jour-là, 1,00 € au plus"),
        ("0.01", "300", [], "en espèces ce jour-là, rien ne peut plus l’être"),
        ("100", "0", [("200", "100")], ""),
        ("100", "0", [("200.01", "100")], "la facture AL-1 a déjà reçu 200,01 € en espèces, 99,99 € au plus"),
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
