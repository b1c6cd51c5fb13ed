"""Who paid: asked when parents live apart, kept with the payment, certified and told to that one alone."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from facturation import actions, documents
from facturation.attestation import attestations
from facturation.caisse import journal_de_caisse
from facturation.exports import des_reglements
from facturation.models import Imputation, Reglement
from facturation.payeurs import payeurs_possibles
from familles.enums import NatureFiscale
from familles.erreurs import Invalide
from familles.models import LienParental
from tests.facturation.conftest import entrer
from tests.facturation.test_admin_reglements import ENCAISSER, saisie
from tests.facturation.test_attestation import facturer, payer, petit  # noqa: F401  (fixtures)
from tests.facturation.test_modeles import creer_facture, creer_reglement
from tests.facturation.test_pdf import texte as lire
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
GARDE = NatureFiscale.GARDE


@pytest.fixture
def jean(dupont):
    return dupont.responsables.get(rang=1)


@pytest.fixture
def jeanne(dupont):
    return dupont.responsables.get(rang=2)


@pytest.fixture
def bureau(client, comptable, collectivite):
    return entrer(client, "comptable")


@pytest.mark.parametrize(
    "situation, doivent, attendus",
    [
        ("SEPARE", (1, 2), (1, 2)),
        ("SEPARE", (2,), (2,)),
        ("SEPARE", (), (1,)),
        ("MARIE", (1, 2), (1, 2)),
        ("MARIE", (2,), (2,)),
    ],
)
def test_qui_peut_payer(dupont, situation, doivent, attendus):
    LienParental.objects.filter(responsable__famille=dupont).exclude(responsable__rang__in=doivent).update(
        redevable=False
    )
    dupont.situation = situation
    assert tuple(adulte.rang for adulte in payeurs_possibles(dupont)) == attendus


def test_le_payeur_est_garde_et_ne_change_plus(dupont, martin, jean, jeanne, payer, comptable):  # noqa: F811
    assert payer("10.00").payeur == jean
    reglement = payer("10.00", payeur=jeanne)
    assert reglement.payeur == jeanne
    contraire = actions.contrepasser(reglement=reglement, motif="Erreur", par=comptable)
    assert contraire.payeur == jeanne
    reglement.payeur = jean
    with pytest.raises(ValidationError):
        reglement.save()
    with pytest.raises(ProtectedError):
        jeanne.delete()
    with pytest.raises(Invalide, match="pas un des responsables"):
        payer("10.00", payeur=martin.titulaire)


# --- The certificate -----------------------------------------------------------------------------------


def test_chacun_atteste_ce_qu_il_a_paye(dupont, regie, petit, payer, jean, jeanne):  # noqa: F811
    """One invoice, two payers: each certificate holds its part of the care, to the cent."""
    facturer(dupont, regie, 1, [(petit, GARDE, "40.00"), (petit, NatureFiscale.REPAS, "20.00")])
    payer("45.00", payeur=jeanne)
    payer("15.00", payeur=jean)
    premiere, seconde = attestations(dupont)[2025]
    assert (premiere.payeurs, premiere.total) == ((jean,), D("10.00"))
    assert (seconde.payeurs, seconde.total) == ((jeanne,), D("30.00"))
    assert seconde.regies == (regie,)
    assert "JEAN " not in lire(documents.attestation_fiscale(seconde)).upper().replace("SAINT-JEAN", "")


def test_ce_qui_ne_nomme_personne_est_au_titulaire(dupont, regie, petit, payer, jean):  # noqa: F811
    """Written before an adult was known: one certificate all the same."""
    facture = facturer(dupont, regie, 1, [(petit, GARDE, "40.00")])
    anonyme = creer_reglement(dupont, regie, montant=D(25), recu_le=date(2025, 4, 1))
    Imputation.objects.create(reglement=anonyme, facture=facture, montant=D(25))
    payer("15.00")
    (seule,) = attestations(dupont)[2025]
    assert (seule.payeurs, seule.total) == ((jean,), D("40.00"))


def test_ce_qu_un_couple_paie_est_aux_deux_sauf_si_l_un_est_nomme(dupont, regie, petit, payer, jean, jeanne):  # noqa: F811
    facturer(dupont, regie, 1, [(petit, GARDE, "60.00")])
    _vivre(dupont, "MARIE")
    en_couple = payer("25.00")
    assert (en_couple.payeur, en_couple.avec) == (jean, jeanne)
    sien = payer("15.00", payeur=jeanne)
    assert (sien.payeur, sien.avec) == (jeanne, None)
    commune, celle_de_jeanne = attestations(dupont)[2025]
    assert (commune.payeurs, commune.total) == ((jean, jeanne), D("25.00"))
    assert (celle_de_jeanne.payeurs, celle_de_jeanne.total) == ((jeanne,), D("15.00"))
    LienParental.objects.filter(responsable=jean).update(redevable=False)
    assert payer("5.00").payeurs == [jeanne]


def _vivre(famille, situation) -> None:
    famille.situation = situation
    famille.save()


@pytest.mark.parametrize("avant, apres", [("MARIE", "SEPARE"), ("PACSE", "DIVORCE"), ("SEPARE", "MARIE")])
def test_une_separation_ne_change_aucune_piece_d_avant(
    dupont,
    regie,
    petit,  # noqa: F811
    payer,  # noqa: F811
    collectivite,
    avant,
    apres,
):
    """Nor does a wedding: the certificate of a closed year, the receipt, whoever paid."""
    facturer(dupont, regie, 1, [(petit, GARDE, "60.00")])
    _vivre(dupont, avant)
    recus = [payer("30.00"), payer("70.00", payeur=dupont.responsables.get(rang=2))]

    def pieces() -> list[str]:
        dupont.refresh_from_db()
        toutes = [documents.attestation_fiscale(a) for a in attestations(dupont)[2025]]
        return [lire(piece) for piece in (*toutes, *(documents.quittance(r) for r in recus))]

    lues = pieces()
    nommes = "M. Jean DUPONT et Mme Jeanne DUPONT" if avant != "SEPARE" else "M. Jean DUPONT"
    assert f"Reçu de {nommes} la somme de 30,00" in lues[2]
    _vivre(dupont, apres)
    recus = [Reglement.objects.get(pk=recu.pk) for recu in recus]
    assert pieces() == lues
    (mouvement, _) = journal_de_caisse(regie, date(2025, 4, 1), date(2025, 4, 1)).mouvements
    assert mouvement.libelle == "DUPONT JEAN"


def test_apres_la_separation_chacun_lit_ce_qu_ils_ont_paye_ensemble_sans_l_adresse_de_l_autre(
    client,
    dupont,
    martin,
    regie,
    comptable,
    petit,  # noqa: F811
    payer,  # noqa: F811
    annee_2026,
):
    """The holder has moved since: the other reads both names and no address."""
    facturer(dupont, regie, 1, [(petit, GARDE, "40.00")])
    _vivre(dupont, "MARIE")
    quittance = f"/reglements/{payer('30.00').numero_imprime}.pdf"
    _vivre(dupont, "SEPARE")
    suivante = payer("10.00").numero_imprime
    for identifiant, adresse in (("jean.dupont", True), ("comptable", True), ("jeanne.dupont", False)):
        lue = lire(entrer(client, identifiant).get(quittance).content)
        assert "Reçu de M. Jean DUPONT et Mme Jeanne DUPONT" in lue
        assert ("12 RUE DES BONBONS" in lue) is adresse
    cliente = entrer(client, "jeanne.dupont")
    lue = lire(cliente.get("/attestations/2025.pdf").content)
    assert "M. Jean DUPONT et Mme Jeanne DUPONT" in lue
    assert "30,00" in lue
    assert "10,00" not in lue
    assert "BONBONS" not in lue
    assert cliente.get(f"/reglements/{suivante}.pdf").status_code == 404
    assert entrer(client, "martin").get(quittance).status_code == 404


def test_l_autre_parent_lit_la_sienne_seule(client, dupont, regie, petit, payer, jeanne, annee_2026):  # noqa: F811
    facturer(dupont, regie, 1, [(petit, GARDE, "40.00")])
    payer("30.00")
    cliente = entrer(client, "jeanne.dupont")
    assert "/attestations/" not in cliente.get("/releve/").content.decode()
    assert cliente.get("/attestations/2025.pdf").status_code == 404
    payer("10.00", payeur=jeanne)
    page = cliente.get("/releve/").content.decode()
    assert "/attestations/2025.pdf" in page
    assert "10,00" in page
    assert "30,00" not in page
    lu = lire(cliente.get("/attestations/2025.pdf").content)
    assert "Mme Jeanne DUPONT" in lu
    assert "10,00" in lu
    assert "30,00" not in lu
    assert "BONBONS" not in lu.replace("Lotissement les bons bonbons".upper(), "")


# --- The receipt ---------------------------------------------------------------------------------------


def test_la_quittance_va_a_qui_a_paye_sans_l_adresse_de_l_autre(
    client,
    dupont,
    martin,
    regie,
    comptable,
    collectivite,
    jean,
    jeanne,
    payer,  # noqa: F811
):
    creer_facture(dupont, regie, total=D(40))
    sienne = payer("10.00", payeur=jeanne).numero_imprime
    celle_de_jean = payer("10.00").numero_imprime
    adresses = {"jean": "12 RUE DES BONBONS", "jeanne": "Lotissement les bons bonbons"}

    def lue(identifiant, numero):
        return lire(entrer(client, identifiant).get(f"/reglements/{numero}.pdf").content)

    for identifiant, montrees in (
        ("jeanne.dupont", ["jeanne"]),
        ("comptable", ["jeanne"]),
        ("jean.dupont", []),
    ):
        quittance = lue(identifiant, sienne)
        assert "Reçu de Mme Jeanne DUPONT la somme de 10,00" in quittance
        assert [qui for qui, adresse in adresses.items() if adresse in quittance] == montrees, identifiant
    assert "12 RUE DES BONBONS" in lue("jean.dupont", celle_de_jean)
    assert entrer(client, "jeanne.dupont").get(f"/reglements/{celle_de_jean}.pdf").status_code == 404
    assert entrer(client, "martin").get(f"/reglements/{sienne}.pdf").status_code == 404


def test_l_exces_d_un_autre_payeur_reste_au_compte_de_la_famille(dupont, regie, collectivite, payer, jeanne):  # noqa: F811
    assert "En faveur du compte de la famille" in lire(documents.quittance(payer("10.00", payeur=jeanne)))
    assert "En votre faveur" in lire(documents.quittance(payer("10.00")))


# --- At the counter ------------------------------------------------------------------------------------


def test_le_guichet_demande_qui_a_paye_aux_parents_separes(bureau, dupont, martin, regie, jeanne):
    envoi = saisie(dupont, regie)
    del envoi["payeur"]
    reponse = bureau.post(ENCAISSER, envoi)
    assert reponse.status_code == 422
    lu = texte(reponse)
    assert "vivent séparément et doivent tous deux : indiquez qui a payé" in lu
    assert "Payé par" in lu
    assert "DUPONT JEANNE" in lu
    assert "chèque 1234567" in reponse.content.decode()
    assert not Reglement.objects.exists()
    for etranger in (martin.titulaire.pk, 999, "zz"):
        assert bureau.post(ENCAISSER, {**envoi, "payeur": etranger}).status_code == 422
    assert bureau.post(ENCAISSER, {**envoi, "payeur": jeanne.pk}).status_code == 302
    assert Reglement.objects.get().payeur == jeanne
    assert "DUPONT JEANNE" in texte(bureau.get("/admin/facturation/reglement/"))
    # The browser's « back », then the other parent: another payment.
    assert bureau.post(ENCAISSER, {**envoi, "payeur": dupont.titulaire.pk}).status_code == 409


def test_un_couple_paie_ensemble_a_moins_qu_on_ne_nomme_l_un(bureau, dupont, martin, regie):
    zoe, paul = martin.responsables.order_by("rang")
    assert bureau.post(ENCAISSER, saisie(martin, regie)).status_code == 302
    assert Reglement.objects.get().payeurs == [zoe, paul]
    fiche = texte(bureau.get(f"/admin/facturation/reglement/{Reglement.objects.get().pk}/change/"))
    assert "MARTIN PAUL" in fiche
    (ligne,) = des_reglements(Reglement.objects.all()).lignes
    assert "MARTIN ZOÉ et MARTIN PAUL" in ligne
    assert "Payé par" not in texte(bureau.get(ENCAISSER))
    facture = creer_facture(martin, regie, total=D(40))
    page = texte(bureau.get(ENCAISSER, {"facture": facture.numero_imprime}))
    assert "Payé par" in page
    assert "Le couple" in page
    assert bureau.post(ENCAISSER, saisie(martin, regie, payeur=dupont.titulaire.pk)).status_code == 422
    assert bureau.post(ENCAISSER, saisie(martin, regie, payeur=paul.pk)).status_code == 302
    assert Reglement.objects.first().payeurs == [paul]


def test_la_caisse_et_le_bordereau_nomment_qui_a_paye(dupont, regie, comptable, collectivite, payer, jeanne):  # noqa: F811
    jour = date(2026, 12, 2)
    reglement = payer("10.00", jour, payeur=jeanne)
    (mouvement,) = journal_de_caisse(regie, jour, jour).mouvements
    assert mouvement.libelle == "DUPONT JEANNE"
    versement = actions.verser(regie=regie, mode="CHEQUE", reglements=[reglement.pk], par=comptable)
    assert versement.lignes.get().payeur == "DUPONT JEANNE"
    (ligne,) = des_reglements(Reglement.objects.all()).lignes
    assert "DUPONT JEANNE" in ligne
