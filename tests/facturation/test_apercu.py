"""What a period would bill: prices of the day, what is odd, and a number of queries that does not grow."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facturation.apercu import _couvre, apercevoir
from facturation.enums import NatureAnomalie
from facturation.models import Tarif, TrancheTarif
from familles.models import (
    FicheSanitaire,
    Prestation,
    QuotientFamilial,
    Residence,
    Responsable,
)
from planning.consommation import NatureConsommation
from tests.facturation.conftest import NOVEMBRE, creer_famille, enfants_de

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE


def natures(apercu) -> set[str]:
    return {a.nature for b in apercu.brouillons for a in b.anomalies}


def lignes(apercu, famille) -> list[tuple]:
    brouillon = next(b for b in apercu.brouillons if b.famille_id == famille.pk)
    return [(li.libelle, li.quantite, li.prix_unitaire, li.montant) for li in brouillon.lignes]


def test_l_apercu_montre_chaque_famille_et_le_total(novembre, regie, dupont, martin):
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert [f for f, _ in apercu.lignes] == [dupont, martin]
    assert lignes(apercu, dupont) == [
        ("Repas", 4, D("3.50"), D("14.00")),
        ("Garderie Matin 7h30 – 8h30", 2, D("1.20"), D("2.40")),
    ]
    assert apercu.total == D("26.90")
    assert apercu.emissibles == 2
    assert apercu.a_cloturer == []
    assert natures(apercu) == set()


def test_l_apercu_d_une_famille_ne_lit_qu_elle(novembre, regie, martin):
    apercu = apercevoir(regie=regie, du=DU, au=AU, familles=[martin.pk])
    assert [f for f, _ in apercu.lignes] == [martin]


def test_rien_a_facturer_donne_un_apercu_vide(journal, regie, repas):
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert (apercu.brouillons, apercu.total, apercu.a_cloturer) == ([], 0, [])


# --- A day is priced with the facts of that day --------------------------------------------------------


@pytest.fixture
def par_quotient(repas) -> Tarif:
    """From 1 September 2026: 2,50 up to 700, 3,50 above."""
    tarif = Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), mode="TRANCHES")
    TrancheTarif.objects.create(tarif=tarif, jusqu_a=D(700), prix=D("2.50"))
    TrancheTarif.objects.create(tarif=tarif, prix=D("3.50"))
    return tarif


def test_un_quotient_qui_change_compte_a_partir_de_sa_date(journal, regie, repas, martin, par_quotient):
    """R34: never backwards."""
    QuotientFamilial.objects.create(
        famille=martin, valeur=D(500), du=date(2026, 1, 1), recu_le=date(2026, 1, 5)
    )
    QuotientFamilial.objects.create(
        famille=martin, valeur=D(900), du=date(2026, 11, 16), recu_le=date(2026, 11, 20)
    )
    journal.noter(martin, enfants_de(martin)[0], repas, 13, 16)
    assert lignes(apercevoir(regie=regie, du=DU, au=AU), martin) == [
        ("Repas", 1, D("2.50"), D("2.50")),
        ("Repas", 1, D("3.50"), D("3.50")),
    ]


def test_un_tarif_qui_change_compte_a_partir_de_sa_date(journal, regie, repas, martin):
    """R45: new brackets on a date."""
    Tarif.objects.create(prestation=repas, du=date(2026, 11, 16), montant=D("4.00"))
    journal.noter(martin, enfants_de(martin)[0], repas, 13, 16)
    assert [li[2] for li in lignes(apercevoir(regie=regie, du=DU, au=AU), martin)] == [D("3.50"), D("4.00")]


def test_un_quotient_expire_paie_la_tranche_la_plus_haute_et_se_signale(
    journal, regie, repas, martin, par_quotient
):
    QuotientFamilial.objects.create(
        famille=martin, valeur=D(500), du=date(2026, 1, 1), au=date(2026, 11, 10), recu_le=date(2026, 1, 5)
    )
    journal.noter(martin, enfants_de(martin)[0], repas, 2, 13)
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert [li[2] for li in lignes(apercu, martin)] == [D("2.50"), D("3.50")]
    assert natures(apercu) == {NatureAnomalie.QF_EXPIRE}
    anomalie = apercu.brouillons[0].anomalies[0]
    assert (anomalie.montant, anomalie.bloquante) == (D("3.50"), False)
    assert "1\u00a0jour, ven.\u00a013" in anomalie.phrase


def test_une_famille_d_ailleurs_paie_son_prix(journal, regie, repas, martin, dupont):
    Tarif.objects.filter(prestation=repas).first().delete()
    Tarif.objects.create(
        prestation=repas, du=date(2026, 9, 1), montant=D("3.50"), prix_hors_commune=D("5.00")
    )
    Residence.objects.create(
        famille=martin,
        code_insee="31555",
        commune="Toulouse",
        dans_la_commune=False,
        du=date(2026, 11, 10),
    )
    journal.noter(martin, enfants_de(martin)[0], repas, 2, 13)
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert [li[2] for li in lignes(apercu, martin)] == [D("3.50"), D("5.00")]
    assert natures(apercu) == {NatureAnomalie.RESIDENCE_INCONNUE}


def test_le_panier_fourni_a_son_prix_tant_que_le_pai_court(journal, regie, repas, martin):
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), montant=D("3.50"), prix_pai=D("1.75"))
    rose = enfants_de(martin)[0]
    FicheSanitaire.objects.create(enfant=rose, pai=True, pai_fin=date(2026, 11, 10))
    journal.noter(martin, rose, repas, 10, 12)
    assert [li[2] for li in lignes(apercevoir(regie=regie, du=DU, au=AU), martin)] == [D("1.75"), D("3.50")]


def test_les_donnees_de_sante_ne_sont_pas_ouvertes_quand_aucun_prix_n_en_depend(novembre, regie):
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        apercevoir(regie=regie, du=DU, au=AU)
    assert not [r for r in requetes if "fichesanitaire" in r["sql"]]


def test_une_reservation_tardive_est_majoree_selon_le_depot(journal, regie, repas, martin):
    Tarif.objects.create(
        prestation=repas, du=date(2026, 9, 1), montant=D("4.00"), majoration=D(50), majoration_en="POURCENT"
    )
    rose = enfants_de(martin)[0]
    journal.noter(martin, rose, repas, 2)
    journal.noter(martin, rose, repas, 3, tardive=True)
    assert lignes(apercevoir(regie=regie, du=DU, au=AU), martin) == [
        ("Repas", 2, D("4.00"), D("8.00")),
        ("Repas – réservation tardive", 1, D("2.00"), D("2.00")),
    ]


@pytest.mark.parametrize(
    "nature, libelle, montant",
    [
        (NatureConsommation.PRESENT, "Repas", "4.10"),
        (NatureConsommation.NON_POINTE, "Repas", "4.10"),
        (NatureConsommation.ABSENT_FACTURE, "Repas – absence facturée", "2.99"),
        (NatureConsommation.ABSENT_NON_SIGNALE, "Repas – absence facturée", "2.99"),
        (NatureConsommation.HORS_CONTRAT, "Repas – sans réservation", "10.00"),
    ],
)
def test_chaque_nature_de_journee_a_son_prix(journal, regie, repas, martin, nature, libelle, montant):
    Tarif.objects.create(
        prestation=repas,
        du=date(2026, 9, 1),
        montant=D("4.10"),
        prix_absence=D("2.99"),
        prix_hors_contrat=D("10.00"),
    )
    journal.noter(martin, enfants_de(martin)[0], repas, 2, nature=nature)
    assert lignes(apercevoir(regie=regie, du=DU, au=AU), martin) == [(libelle, 1, D(montant), D(montant))]


# --- Odd things ----------------------------------------------------------------------------------------


def test_une_journee_sans_appel_se_signale_et_se_facture_selon_le_reglage(journal, regie, repas, martin):
    journal.noter(martin, enfants_de(martin)[0], repas, 2, nature=NatureConsommation.NON_POINTE)
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert apercu.total == D("3.50")
    assert natures(apercu) == {NatureAnomalie.NON_POINTE}
    Tarif.objects.create(prestation=repas, du=date(2026, 11, 1), montant=D("3.50"), facturer_non_pointe=False)
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert apercu.total == 0
    assert "non facturé" in apercu.brouillons[0].anomalies[0].phrase


def test_a_terme_a_echoir_une_journee_a_venir_se_facture_sans_anomalie(journal, regie, repas, martin):
    repas.terme = "A_ECHOIR"
    repas.save()
    journal.noter(martin, enfants_de(martin)[0], repas, 2, nature=NatureConsommation.NON_POINTE)
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert (apercu.total, natures(apercu), apercu.a_cloturer) == (D("3.50"), set(), [])


def test_une_presence_sans_reservation_se_signale(journal, regie, repas, martin):
    journal.noter(martin, enfants_de(martin)[0], repas, 2, nature=NatureConsommation.HORS_CONTRAT)
    assert natures(apercevoir(regie=regie, du=DU, au=AU)) == {NatureAnomalie.HORS_CONTRAT}


def test_sans_prix_la_famille_est_bloquee_et_sort_du_total(novembre, regie, garderie, dupont):
    Tarif.objects.filter(prestation=garderie).first().delete()
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    bloque = next(b for b in apercu.brouillons if b.famille_id == dupont.pk)
    assert bloque.bloque
    assert (apercu.emissibles, apercu.total) == (1, D("10.50"))
    assert bloque.anomalies[0].libelle == "Aucun prix"


def test_une_tranche_qui_manque_bloque_aussi(journal, regie, repas, martin):
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), mode="TRANCHES")
    journal.noter(martin, enfants_de(martin)[0], repas, 2)
    assert natures(apercevoir(regie=regie, du=DU, au=AU)) == {NatureAnomalie.SANS_TARIF}


def test_une_adresse_incomplete_se_signale_sans_bloquer(novembre, regie, martin):
    zoe = Responsable.objects.get(famille=martin, rang=1)
    zoe.adresse = ""
    zoe.save()
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert natures(apercu) == {NatureAnomalie.SANS_ADRESSE}
    assert apercu.emissibles == 2


# --- Closing, flats, bounded reading -------------------------------------------------------------------


@pytest.mark.parametrize(
    "periodes, couvert",
    [
        ([], False),
        ([(1, 30)], True),
        ([(1, 15), (16, 30)], True),
        ([(1, 15), (17, 30)], False),
        ([(1, 20), (10, 30)], True),
        ([(2, 30)], False),
        ([(1, 29)], False),
    ],
)
def test_une_periode_est_close_quand_aucun_jour_ne_manque(periodes, couvert):
    jours = [(date(2026, 11, du), date(2026, 11, au)) for du, au in periodes]
    assert _couvre(jours, DU, AU) is couvert


def test_ce_qui_n_est_pas_clos_est_nomme(journal, regie, repas, garderie, dupont, clore):
    alexandre = enfants_de(dupont)[0]
    journal.noter(dupont, alexandre, repas, 2)
    journal.noter(dupont, alexandre, garderie, 2)
    clore(repas)
    assert apercevoir(regie=regie, du=DU, au=AU).a_cloturer == [garderie]


def test_un_forfait_est_du_une_fois_par_mois_commence(journal, regie, structure, martin):
    """R31: a started month is due."""
    forfait = Prestation.objects.create(
        nom="Garderie Mercredi Forfait", structure=structure, regie=regie, unite="FORFAIT"
    )
    Tarif.objects.create(
        prestation=forfait, du=date(2026, 9, 1), montant=D("20.00"), prix_absence=D(1), majoration=D(5)
    )
    rose = enfants_de(martin)[0]
    journal.noter(martin, rose, forfait, 4, nature=NatureConsommation.ABSENT_FACTURE, tardive=True)
    journal.noter(martin, rose, forfait, 18, 25)
    apercu = apercevoir(regie=regie, du=DU, au=AU)
    assert lignes(apercu, martin) == [("Garderie Mercredi Forfait", 1, D("20.00"), D("20.00"))]
    assert apercu.brouillons[0].lignes[0].jours == "novembre 2026"


def test_l_apercu_lit_autant_de_fois_pour_une_famille_que_pour_vingt(novembre, regie, repas, martin):
    def compter() -> int:
        with CaptureQueriesContext(connection) as requetes:
            apercevoir(regie=regie, du=DU, au=AU)
        return len(requetes)

    avant = compter()
    for rang in range(18):
        famille = creer_famille(
            f"20010018183{rang:02}",
            "CELIBATAIRE",
            [("MME", f"Mère{rang}", f"Nom{rang}", "1 rue", f"mere{rang}")],
            [(f"Enfant{rang}", f"Nom{rang}", date(2018, 1, 1))],
        )
        novembre.noter(famille, enfants_de(famille)[0], repas, 2, 3, 5)
    assert compter() == avant <= 13
