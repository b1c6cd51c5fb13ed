"""The tax certificate: paid in the calendar year, care of children under six, one per payer."""

# budget: who may declare what, and the pages that print it, share what was paid.

import zipfile
from datetime import date
from decimal import Decimal as D
from io import BytesIO

import pikepdf
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facturation import actions, documents
from facturation.attestation import a_moins_de_six_ans, attestations, attestations_de_l_annee
from facturation.models import LigneFacture, Reglement
from familles.enums import NatureFiscale
from familles.models import Enfant, Rattachement
from tests.facturation.conftest import enfants_de, entrer
from tests.facturation.test_modeles import creer_facture
from tests.facturation.test_pdf import texte as lire
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def petit(dupont) -> Enfant:
    """Four on 1 January 2025."""
    petit = Enfant.objects.create(prenom="Nina", nom="Dupont", date_naissance=date(2020, 5, 1))
    Rattachement.objects.create(enfant=petit, famille=dupont, du=petit.date_naissance)
    return petit


def facturer(famille, regie, numero, lignes, jour=date(2025, 3, 5), **champs):
    """Lines: (child, tax nature, amount)."""
    total = sum((D(m) for _, _, m in lignes), D(0))
    facture = creer_facture(
        famille,
        regie,
        numero=numero,
        total=total,
        date=jour,
        du=jour.replace(day=1),
        au=jour.replace(day=28),
        **champs,
    )
    LigneFacture.objects.bulk_create(
        LigneFacture(
            facture=facture,
            ordre=ordre,
            enfant=enfant,
            enfant_nom=str(enfant),
            libelle=nature,
            quantite=1 if D(montant) >= 0 else -1,
            prix_unitaire=abs(D(montant)),
            montant=D(montant),
            nature_fiscale=nature,
        )
        for ordre, (enfant, nature, montant) in enumerate(lignes, start=1)
    )
    return facture


@pytest.fixture
def payer(dupont, regie, comptable):
    def encaisser(montant, jour=date(2025, 4, 1), famille=dupont, payeur=None):
        recu = {"mode": "CHEQUE", "montant": D(montant), "recu_le": jour, "payeur": payeur}
        return actions.encaisser(famille=famille, regie=regie, par=comptable, **recu)

    return encaisser


def totaux(famille) -> dict[int, list[D]]:
    return {annee: [a.total for a in toutes] for annee, toutes in attestations(famille).items()}


@pytest.mark.parametrize(
    "naissance, voulu",
    [
        (date(2019, 1, 1), False),
        (date(2019, 1, 2), True),
        (date(2018, 12, 31), False),
        (date(2025, 6, 1), True),
        (None, False),
    ],
)
def test_l_age_se_compte_au_premier_janvier(naissance, voulu):
    assert a_moins_de_six_ans(naissance, 2025) is voulu


def test_seule_la_garde_des_petits_effectivement_payee_compte(dupont, regie, petit, payer):
    alexandre = enfants_de(dupont)[0]  # born in 2010
    facturer(
        dupont,
        regie,
        1,
        [
            (petit, NatureFiscale.GARDE, "40.00"),
            (petit, NatureFiscale.REPAS, "30.00"),
            (petit, NatureFiscale.PENALITE, "10.00"),
            (alexandre, NatureFiscale.GARDE, "20.00"),
        ],
    )
    assert attestations(dupont) == {}
    payer("50.00")
    (trouvee,) = attestations(dupont)[2025]
    assert [(str(e), m) for e, m in trouvee.lignes] == [("DUPONT Nina", D("20.00"))]
    payer("50.00", jour=date(2026, 1, 8))
    assert totaux(dupont) == {2026: [D(20)], 2025: [D(20)]}


def test_un_cheque_revenu_impaye_n_est_plus_atteste(dupont, regie, petit, payer, comptable):
    facturer(dupont, regie, 1, [(petit, NatureFiscale.GARDE, "40.00")])
    cheque = payer("40.00")
    assert totaux(dupont) == {2025: [40]}
    actions.contrepasser(reglement=cheque, motif="", cause="IMPAYE", par=comptable)
    assert totaux(dupont) == {}


def test_un_avoir_partiel_se_deduit_de_sa_ligne(dupont, regie, petit, payer):
    facture = facturer(
        dupont, regie, 1, [(petit, NatureFiscale.GARDE, "40.00"), (petit, NatureFiscale.REPAS, "10.00")]
    )
    facturer(
        dupont,
        regie,
        2,
        [(petit, NatureFiscale.GARDE, "-30.00")],
        nature="AVOIR",
        avoir_de=facture,
    )
    payer("20.00")
    assert totaux(dupont) == {2025: [D("10.00")]}


def test_chaque_payeur_a_la_sienne(dupont, martin, regie, petit, payer):
    """A child of two families: each certificate holds what that family paid."""
    facturer(dupont, regie, 1, [(petit, NatureFiscale.GARDE, "40.00")])
    facturer(martin, regie, 2, [(petit, NatureFiscale.GARDE, "25.00")])
    payer("40.00")
    payer("25.00", famille=martin)
    assert (totaux(dupont), totaux(martin)) == ({2025: [D(40)]}, {2025: [D(25)]})


@pytest.mark.parametrize("nombre", [1, 30])
def test_les_attestations_se_lisent_en_cinq_requetes(dupont, regie, petit, payer, nombre):
    for numero in range(1, nombre + 1):
        facturer(dupont, regie, numero, [(petit, NatureFiscale.GARDE, "10.00")])
        payer("10.00")
    with CaptureQueriesContext(connection) as requetes:
        assert totaux(dupont) == {2025: [10 * nombre]}
    assert len(requetes) == 5


gestes = st.lists(
    st.tuples(
        st.sampled_from(["facture", "reglement", "contrepasser"]),
        st.integers(1, 5000),
        st.sampled_from([2024, 2025, 2026]),
    ),
    max_size=10,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histoire=gestes)
def test_une_attestation_ne_depasse_jamais_ce_qui_a_ete_paye(
    histoire, dupont, regie, petit, payer, comptable
):
    adultes = list(dupont.responsables.order_by("rang"))
    with transaction.atomic():
        for rang, (geste, valeur, annee) in enumerate(histoire):
            if geste == "facture":
                facturer(
                    dupont,
                    regie,
                    1000 + rang,
                    [(petit, "GARDE", D(valeur) / 100), (petit, "REPAS", D(valeur + 7) / 100)],
                    jour=date(annee, 3, 5),
                )
            elif geste == "reglement":
                payer(D(valeur) / 100, date(annee, 4, 1), payeur=adultes[valeur % 2])
            elif annulables := list(Reglement.objects.contrepassables()):
                actions.contrepasser(
                    reglement=annulables[rang % len(annulables)], motif="Essai", par=comptable
                )
        for annee, trouvee in attestations(dupont).items():
            recus = Reglement.objects.contrepassables().filter(recu_le__year=annee)
            for attestation in trouvee:
                (payeur,) = attestation.payeurs
                siens = [r.montant for r in recus if r.payeur == payeur]
                assert 0 < attestation.total <= sum(siens)
        transaction.set_rollback(True)


# --- The page and the PDF ------------------------------------------------------------------------------


def test_le_titulaire_telecharge_celle_d_une_annee_passee(client, dupont, regie, petit, payer, collectivite):
    facturer(dupont, regie, 1, [(petit, NatureFiscale.GARDE, "40.00")])
    payer("40.00")
    assert entrer(client, "jean.dupont").get("/attestations/2025.pdf").content.startswith(b"%PDF")
    for annee in (2024, 2026, 99999):
        assert client.get(f"/attestations/{annee}.pdf").status_code == 404
    assert entrer(client, "jeanne.dupont").get("/attestations/2025.pdf").status_code == 404


def test_l_annee_en_cours_ne_s_atteste_pas_encore(client, dupont, regie, petit, payer, annee_2026):
    facturer(dupont, regie, 1, [(petit, NatureFiscale.GARDE, "40.00")], jour=date(2026, 3, 5))
    payer("15.00", jour=date(2025, 12, 30))
    payer("25.00", jour=date(2026, 4, 1))
    contenu = entrer(client, "jean.dupont").get("/releve/", {"volet": "compte"}).content.decode()
    assert "/attestations/2025.pdf" in contenu
    assert "/attestations/2026.pdf" not in contenu
    assert client.get("/attestations/2026.pdf").status_code == 404


# --- The accountant prints them ------------------------------------------------------------------------

BUREAU = "/admin/facturation/reglement/attestations/"


def test_le_comptable_imprime_celles_d_une_annee(client, dupont, martin, regie, petit, payer):
    facturer(dupont, regie, 1, [(petit, NatureFiscale.GARDE, "40.00")])
    facturer(martin, regie, 2, [(petit, NatureFiscale.GARDE, "25.00")])
    payer("40.00")
    payer("25.00", famille=martin)
    bureau = entrer(client, "comptable")
    assert BUREAU in bureau.get("/admin/facturation/reglement/").content.decode()
    page = texte(bureau.get(BUREAU, {"annee": 2025}))
    assert "2 attestations pour 2025, 65,00 €" in page
    assert "Jean DUPONT" in page
    pdf = bureau.get(f"{BUREAU}2025/liasse-1.pdf")
    assert len(pikepdf.open(BytesIO(pdf.content)).pages) == 2
    archive = zipfile.ZipFile(BytesIO(bureau.get(f"{BUREAU}2025/liasse-1.zip").content))
    assert len(archive.namelist()) == 2
    assert bureau.get(f"{BUREAU}2025/1.pdf").content.startswith(b"%PDF")


def test_ce_qui_n_existe_pas_ne_s_imprime_pas(client, dupont, regie, petit, payer):
    facturer(dupont, regie, 1, [(petit, NatureFiscale.GARDE, "40.00")])
    payer("40.00")
    bureau = entrer(client, "comptable")
    fichiers = ("2025/0.pdf", "2025/2.pdf", "2024/1.pdf", "99999999/1.pdf", "2026/1.pdf")
    liasses = ("2025/liasse-2.pdf", "2025/liasse-0.zip", "2025/liasse-1.exe", "2024/liasse-1.pdf")
    for adresse in (*fichiers, *liasses):
        assert bureau.get(f"{BUREAU}{adresse}").status_code == 404, adresse
    assert bureau.get(BUREAU, {"annee": "2031"}).status_code == 422
    assert bureau.get(BUREAU).status_code == 200


def test_elle_est_signee_par_la_regie_qui_a_recu(dupont, regie, petit, payer, collectivite):
    regie.regisseur = "Mme Roux"
    regie.save()
    facturer(dupont, regie, 1, [(petit, NatureFiscale.GARDE, "40.00")])
    payer("40.00")
    (trouvee,) = attestations_de_l_annee(2025)
    lu = lire(documents.attestation_fiscale(trouvee))
    assert "Fait à Saint-Jean, le 03/12/2026." in lu
    assert "Régie garderie ALSH, le régisseur : Mme Roux" in lu
