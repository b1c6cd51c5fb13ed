"""What the database itself refuses, and what nobody may rewrite."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from facturation.models import (
    CompteurNumero,
    Facture,
    Imputation,
    LigneFacture,
    Reglement,
    Tarif,
    TrancheTarif,
    UniteFacturee,
)
from familles.erreurs import Refus
from familles.models import Collectivite
from tests.facturation.conftest import acces_de, enfants_de

pytestmark = pytest.mark.django_db


def creer_facture(famille, regie, numero=36, **champs) -> Facture:
    valeurs = {
        "numero_imprime": f"{regie.prefixe}-{numero}",
        "date": date(2015, 4, 8),
        "du": date(2015, 4, 1),
        "au": date(2015, 4, 30),
        "echeance": date(2015, 4, 30),
        "total": D("120.60"),
        "emetteur_nom": "Les P’tiots Lanniaux",
        "regie_nom": regie.nom,
        "destinataire": "M. Jean DUPONT",
        "emise_par": None,
    }
    return Facture.objects.create(famille=famille, regie=regie, numero=numero, **{**valeurs, **champs})


def creer_reglement(famille, regie, numero=228, **champs) -> Reglement:
    valeurs = {
        "numero_imprime": f"{regie.prefixe}-{numero}",
        "mode": "CHEQUE",
        "recu_le": date(2015, 4, 8),
        "montant": D("243.20"),
    }
    return Reglement.objects.create(famille=famille, regie=regie, numero=numero, **{**valeurs, **champs})


@pytest.fixture
def facture(dupont, regie) -> Facture:
    return creer_facture(dupont, regie)


@pytest.fixture
def ecrits(facture, dupont, regie, repas):
    """One row of each model that is written once."""
    alexandre = enfants_de(dupont)[0]
    ligne = LigneFacture.objects.create(
        facture=facture, libelle="Repas", quantite=1, prix_unitaire=D("3.50"), montant=D("3.50")
    )
    unite = UniteFacturee.objects.create(
        facture=facture,
        ligne=ligne,
        famille=dupont,
        enfant=alexandre,
        prestation=repas,
        jour=date(2015, 4, 2),
    )
    reglement = creer_reglement(dupont, regie)
    imputation = Imputation.objects.create(reglement=reglement, facture=facture, montant=D(10))
    return [facture, ligne, unite, reglement, imputation]


def test_rien_d_emis_ne_se_modifie_ni_ne_s_efface(ecrits):
    for ecrit in ecrits:
        with pytest.raises(ValidationError):
            ecrit.save()
        with pytest.raises(ValidationError):
            ecrit.delete()
        lignes = type(ecrit).objects.filter(pk=ecrit.pk)
        for geste in (
            lambda q: q.update(pk=1),
            lambda q: q.delete(),
            lambda q, e=ecrit: q.bulk_update([e], ["id"]),
            lambda q: q.update_or_create(pk=1),
        ):
            with pytest.raises(TypeError):
                geste(lignes)
        assert lignes.count() == 1


def test_le_pdf_se_range_une_seule_fois(facture):
    assert Facture.objects.retenir_pdf(facture.pk, "a" * 32, "b" * 64) is True
    assert Facture.objects.retenir_pdf(facture.pk, "c" * 32, "d" * 64) is False
    facture.refresh_from_db()
    assert facture.pdf_cle == "a" * 32
    assert not Facture.objects.sans_pdf().exists()


def refuse(creation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        creation()


def test_un_numero_ne_sert_qu_une_fois(facture, dupont, martin, regie):
    refuse(lambda: creer_facture(martin, regie))
    refuse(lambda: creer_facture(martin, regie, numero=37, numero_imprime="AL-36"))
    creer_reglement(dupont, regie)
    refuse(lambda: creer_reglement(martin, regie))


def test_un_meme_numero_peut_etre_celui_d_une_facture_et_d_un_reglement(facture, dupont, regie):
    assert creer_reglement(dupont, regie, numero=36).numero_imprime == facture.numero_imprime


@pytest.mark.parametrize(
    "champs",
    [
        {"total": D("-1")},
        {"nature": "AVOIR", "total": D("-1")},
        {"du": date(2015, 5, 1), "au": date(2015, 4, 1)},
    ],
    ids=["facture négative", "avoir sans facture", "période à l’envers"],
)
def test_une_facture_incoherente_est_refusee(dupont, regie, champs):
    refuse(lambda: creer_facture(dupont, regie, **champs))


@pytest.mark.parametrize("montant", [D(0), D(-5)])
def test_un_reglement_est_positif(dupont, regie, montant):
    refuse(lambda: creer_reglement(dupont, regie, montant=montant))


def test_une_imputation_n_est_pas_nulle(facture, dupont, regie):
    reglement = creer_reglement(dupont, regie)
    refuse(lambda: Imputation.objects.create(reglement=reglement, facture=facture, montant=D(0)))


def test_un_jour_ne_se_facture_jamais_deux_fois(ecrits, dupont, repas):
    facture, ligne, unite, *_ = ecrits

    def encore(**champs):
        return UniteFacturee.objects.create(
            facture=facture,
            ligne=ligne,
            famille=unite.famille,
            enfant=unite.enfant,
            prestation=repas,
            jour=date(2015, 4, 2),
            **champs,
        )

    refuse(encore)
    assert UniteFacturee.objects.filter(pk=unite.pk).liberer() == 1
    encore()
    refuse(lambda: encore(signe=-1))  # an opposite unit names what it takes back


# --- Who sees ------------------------------------------------------------------------------------------


def test_le_titulaire_voit_ses_factures_le_conjoint_separe_et_l_etranger_aucune(
    facture, dupont, martin, regie
):
    creer_reglement(dupont, regie)
    for lignes in (Facture.objects, Reglement.objects):
        assert lignes.pour(acces_de(dupont)).count() == 1
        assert not lignes.pour(acces_de(dupont, rang=2)).exists()
        assert not lignes.pour(acces_de(martin)).exists()


def test_un_couple_qui_vit_ensemble_voit_tout(martin, regie):
    creer_facture(martin, regie)
    assert Facture.objects.pour(acces_de(martin, rang=2)).count() == 1


# --- What is still due ---------------------------------------------------------------------------------


def test_le_reste_deduit_les_reglements_et_les_avoirs(dupont, regie):
    payee, partielle, annulee, due = (creer_facture(dupont, regie, numero=n) for n in range(1, 5))
    reglement = creer_reglement(dupont, regie)
    Imputation.objects.create(reglement=reglement, facture=payee, montant=D("120.60"))
    Imputation.objects.create(reglement=reglement, facture=partielle, montant=D("100.40"))
    creer_facture(dupont, regie, numero=5, nature="AVOIR", total=D("-120.60"), avoir_de=annulee)
    restes = {f.numero: f.reste for f in Facture.objects.factures().avec_reste()}
    assert restes == {1: D("0.00"), 2: D("20.20"), 3: D("0.00"), 4: D("120.60")}
    assert list(Facture.objects.impayees()) == [partielle, due]
    assert Reglement.objects.avec_disponible().get().disponible == D("22.20")


# --- Numbers -------------------------------------------------------------------------------------------


def test_les_numeros_se_suivent_et_les_dates_ne_reculent_pas(regie):
    with transaction.atomic():
        compteur = CompteurNumero.objects.verrouiller(regie, "FACTURE")
        assert [compteur.suivant(date(2026, 11, jour)) for jour in (3, 3, 4)] == [1, 2, 3]
        with pytest.raises(Refus, match="04/11/2026"):
            compteur.suivant(date(2026, 11, 3))
    autre = CompteurNumero.objects.get(regie=regie, serie="FACTURE")
    assert (autre.dernier, autre.derniere_date) == (3, date(2026, 11, 4))
    assert str(autre) == "Factures et avoirs : 3"


# --- Prices --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "champs",
    [
        {"mode": "FIXE"},
        {"mode": "TAUX", "taux": D("0.36"), "plancher": D("2.60")},
        {"mode": "TAUX", "taux": D("0.36"), "plancher": D("2.60"), "plafond": D("1")},
        {"mode": "FIXE", "montant": D("-1")},
        {"mode": "FIXE", "montant": D(1), "majoration": D("-1")},
        {"mode": "FIXE", "montant": D(1), "prix_absence": D("-1")},
    ],
)
def test_un_tarif_incoherent_est_refuse(repas, champs):
    refuse(lambda: Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), **champs))


def test_une_seule_tranche_est_sans_limite(repas):
    tarif = Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), mode="TRANCHES")
    TrancheTarif.objects.create(tarif=tarif, prix=D(5))
    TrancheTarif.objects.create(tarif=tarif, jusqu_a=D(400), prix=D(1))
    refuse(lambda: TrancheTarif.objects.create(tarif=tarif, prix=D(6)))
    assert [str(t) for t in tarif.tranches.all()] == ["jusqu’à 400,00", "dernière tranche"]


def test_changer_un_prix_perime_ce_qui_est_en_cache(repas):
    avant = Collectivite.objects.version()
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), montant=D(4))
    assert Collectivite.objects.version() != avant
