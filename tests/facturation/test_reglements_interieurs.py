"""House rules seen in towns, from the settings to the lines of the invoice."""

from datetime import date
from decimal import Decimal as D

import pytest

from facturation import actions
from facturation.apercu import apercevoir
from facturation.enums import NatureAnomalie
from facturation.models import Facture, FraisAnnuels, ReglesFacturation, RemiseRang, Tarif, UniteFacturee
from familles.models import Ecole, Enfant, QuotientFamilial, Rattachement, Scolarite
from planning.consommation import NatureConsommation as N
from tests.facturation.conftest import NOVEMBRE, enfants_de
from tests.facturation.test_modeles import creer_facture

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE
SEPTEMBRE = date(2026, 9, 1)


@pytest.fixture
def rose(martin) -> Enfant:
    return enfants_de(martin)[0]


@pytest.fixture
def noter(journal, martin, rose, repas):
    return lambda *jours, **plus: journal.noter(martin, rose, repas, *jours, **plus)


@pytest.fixture
def facturer(regie, comptable, clore, repas):
    clore(repas)

    def executer(du=DU, au=AU, famille=None) -> list[Facture]:
        bilan = actions.emettre_periode(regie=regie, du=du, au=au, par=comptable)
        assert bilan.echecs == []
        return bilan.emises

    return executer


def lignes(apercu) -> list[tuple]:
    return [(li.libelle, li.quantite, li.montant) for b in apercu.brouillons for li in b.lignes]


def voir(regie):
    return apercevoir(regie=regie, du=DU, au=AU)


def test_l_occasionnel_devient_un_forfait_au_dela_de_cinq_jours(noter, facturer, regie, repas):
    """R39: occasional 4 €; above 5 presences in a month the flat of 19,80 applies."""
    Tarif.objects.create(
        prestation=repas, du=SEPTEMBRE, montant=D(4), forfait_mensuel=D("19.80"), forfait_au_dela=5
    )
    noter(2, 3, 5, 6, 9)
    assert lignes(voir(regie)) == [("Repas", 5, D("20.00"))]
    noter(10)
    apercu = voir(regie)
    assert lignes(apercu) == [("Repas – forfait", 1, D("19.80"))]
    assert apercu.brouillons[0].lignes[0].jours.count(",") == 5
    (facture,) = facturer()
    assert facture.total == D("19.80") == sum(u.montant for u in UniteFacturee.objects.all())


def test_un_jour_ajoute_apres_coup_rejuge_le_mois(noter, facturer, regie, repas):
    Tarif.objects.create(
        prestation=repas, du=SEPTEMBRE, montant=D(4), forfait_mensuel=D("19.80"), forfait_au_dela=5
    )
    noter(2, 3, 5, 6, 9)
    facturer()
    noter(10)
    assert lignes(voir(regie)) == [("Repas – forfait", 1, D("19.80")), ("Repas", -5, D("-20.00"))]
    (avoir, complement) = facturer()
    assert (avoir.nature, avoir.total, complement.total) == ("AVOIR", D("-20.00"), D("19.80"))
    assert facturer() == []
    assert UniteFacturee.objects.en_vigueur().count() == 6


def test_l_occasionnel_se_decide_aussi_apres_le_mois(noter, regie, repas):
    Tarif.objects.create(
        prestation=repas, du=SEPTEMBRE, montant=D(3), prix_occasionnel=D(4), occasionnel_jusqu_a=2
    )
    noter(2, 3)
    assert lignes(voir(regie)) == [("Repas", 2, D("8.00"))]
    noter(5)
    assert lignes(voir(regie)) == [("Repas", 3, D("9.00"))]


def test_le_premier_jour_de_maladie_reste_du(noter, regie, repas):
    """R10: the first day of illness is due, the rest is not."""
    Tarif.objects.create(prestation=repas, du=SEPTEMBRE, montant=D("3.50"), jours_carence=1)
    noter(2, 6)
    noter(3, 4, 5, nature=N.ABSENT_EXCUSE)
    noter(9, nature=N.ABSENT_EXCUSE)
    assert lignes(voir(regie)) == [("Repas", 2, D("7.00")), ("Repas – absence facturée", 2, D("7.00"))]


def test_des_la_septieme_presence_sans_reservation_le_prix_double(noter, regie, repas):
    """R24, the count begins in September."""
    Tarif.objects.create(
        prestation=repas, du=SEPTEMBRE, montant=D(3), coefficient_hors_contrat=D(2), hors_contrat_des=7
    )
    noter(*(date(2026, 10, j) for j in range(1, 6)), nature=N.HORS_CONTRAT)
    noter(2, 3, 5, nature=N.HORS_CONTRAT)
    montants = sorted(m for _, _, m in lignes(voir(regie)))
    assert montants == [D(3), D(6), D(6)]


def test_le_droit_a_l_erreur_se_compte_et_se_montre(noter, regie, repas):
    ReglesFacturation.objects.create(regie=regie, erreurs_pardonnees=2)
    Tarif.objects.create(
        prestation=repas,
        du=SEPTEMBRE,
        montant=D(4),
        prix_hors_contrat=D(10),
        prix_absence=D(3),
        majoration=D(1),
    )
    noter(2, tardive=True)
    noter(3, nature=N.ABSENT_NON_SIGNALE)
    noter(5, nature=N.HORS_CONTRAT)
    apercu = voir(regie)
    assert apercu.total == D("4.00") + 0 + D("10.00")
    phrases = " ".join(li.explication for li in apercu.brouillons[0].lignes)
    assert "1re erreur de l’année, 2 pardonnées" in phrases
    assert "2e erreur de l’année, 2 pardonnées" in phrases


def test_le_rang_est_celui_de_l_enfant_dans_la_famille_qui_paie(noter, journal, martin, rose, regie, repas):
    tarif = Tarif.objects.create(prestation=repas, du=SEPTEMBRE, montant=D(4))
    RemiseRang.objects.create(tarif=tarif, rang=2, valeur=D(50))
    aine = Enfant.objects.create(prenom="Luc", nom="Martin", date_naissance=date(2016, 1, 1))
    Rattachement.objects.create(enfant=aine, famille=martin, du=date(2026, 11, 5))
    noter(2, 6)
    assert [m for *_, m in lignes(voir(regie))] == [D(4), D(2)]


def test_un_niveau_peut_avoir_son_tarif(noter, rose, regie, repas):
    Tarif.objects.create(prestation=repas, du=SEPTEMBRE, niveaux="ps, ms", montant=D(2))
    ecole = Ecole.objects.create(nom="École")
    Scolarite.objects.create(enfant=rose, ecole=ecole, niveau="MS", du=SEPTEMBRE, au=date(2026, 11, 4))
    Scolarite.objects.create(enfant=rose, ecole=ecole, niveau="GS", du=date(2026, 11, 5))
    noter(2, 6)
    assert [m for *_, m in lignes(voir(regie))] == [D(2), D("3.50")]


def test_les_tranches_changent_le_2_septembre(noter, martin, regie, repas):
    """R45: dated prices; the day before keeps its own."""
    Tarif.objects.create(prestation=repas, du=date(2026, 11, 3), montant=D("3.10"))
    noter(2, 3)
    assert sorted(m for *_, m in lignes(voir(regie))) == [D("3.10"), D("3.50")]


def test_un_quotient_qui_change_compte_le_mois_suivant(noter, martin, regie, repas):
    """R34, by setting."""
    ReglesFacturation.objects.create(regie=regie, effet_quotient="MOIS_SUIVANT")
    Tarif.objects.create(
        prestation=repas, du=SEPTEMBRE, mode="TAUX", taux=D("0.36"), plancher=D("2.60"), plafond=D("4.50")
    )
    for valeur, du, recu in [(1000, date(2026, 1, 1), date(2026, 1, 2)), (1100, DU, date(2026, 11, 5))]:
        QuotientFamilial.objects.create(famille=martin, valeur=D(valeur), du=du, recu_le=recu)
    noter(2, 20)
    assert lignes(voir(regie)) == [("Repas", 2, D("7.20"))]


def test_le_dernier_quotient_connu_est_garde_et_signale(noter, martin, regie, repas):
    ReglesFacturation.objects.create(regie=regie, mois_quotient_garde=2)
    Tarif.objects.create(
        prestation=repas, du=SEPTEMBRE, mode="TAUX", taux=D("0.36"), plancher=D("2.60"), plafond=D("4.50")
    )
    QuotientFamilial.objects.create(
        famille=martin, valeur=D(1000), du=date(2026, 1, 1), au=date(2026, 9, 30), recu_le=date(2026, 1, 2)
    )
    noter(2)
    apercu = voir(regie)
    assert lignes(apercu) == [("Repas", 1, D("3.60"))]
    assert [a.nature for _, a in apercu.anomalies] == [NatureAnomalie.QF_EXPIRE]


def test_les_frais_de_l_annee_viennent_avec_la_premiere_facture(noter, facturer, regie):
    """R10: 10 € per family and year."""
    FraisAnnuels.objects.create(regie=regie, libelle="Adhésion", montant=D(10), du=SEPTEMBRE)
    FraisAnnuels.objects.create(regie=regie, libelle="Dossier", montant=D(2), du=SEPTEMBRE, assiette="ENFANT")
    noter(2)
    (facture,) = facturer()
    assert [(li.libelle, li.enfant_nom, li.montant) for li in facture.lignes.all()] == [
        ("Repas", "MARTIN Rose", D("3.50")),
        ("Dossier", "MARTIN Rose", D("2.00")),
        ("Adhésion", "", D("10.00")),
    ]
    noter(3)
    assert [f.total for f in facturer()] == [D("3.50")]


def test_une_facture_trois_fois_plus_chere_se_signale(noter, regie, martin):
    creer_facture(martin, regie, total=D("3.50"), du=date(2026, 10, 1), au=date(2026, 10, 31))
    noter(2, 3)
    assert voir(regie).anomalies == []
    noter(5)
    ((_, anomalie),) = voir(regie).anomalies
    assert (anomalie.nature, anomalie.montant) == (NatureAnomalie.INHABITUEL, D("7.00"))


# --- Billed in advance ---------------------------------------------------------------------------------


@pytest.fixture
def d_avance(repas):
    repas.terme = "A_ECHOIR"
    repas.save()
    return repas


DECEMBRE = (date(2026, 12, 1), date(2026, 12, 31))


def test_une_absence_apres_facturation_vient_en_moins_sur_la_suivante(
    d_avance, noter, facturer, journal, regie, comptable
):
    noter(2, 3, 30, nature=N.NON_POINTE)
    facturer()
    journal.lignes = [c for c in journal.lignes if c.jour.day != 30]
    noter(date(2026, 12, 1), date(2026, 12, 3), nature=N.NON_POINTE)
    apercu = apercevoir(regie=regie, du=DECEMBRE[0], au=DECEMBRE[1])
    assert lignes(apercu) == [("Repas", 2, D("7.00")), ("Repas", -1, D("-3.50"))]
    reprise = apercu.brouillons[0].lignes[1]
    assert reprise.jours.replace("\u00a0", " ") == "novembre 2026 : lun. 30"
    assert "AL-1" in reprise.explication
    (suivante,) = facturer(*DECEMBRE)
    assert (suivante.nature, suivante.total) == ("FACTURE", D("3.50"))
    assert facturer(*DECEMBRE) == facturer() == []
    annulee = UniteFacturee.objects.get(signe=-1)
    assert (annulee.annule.jour, annulee.annule.en_vigueur) == (date(2026, 11, 30), False)


def test_quand_il_n_y_a_plus_qu_a_rendre_c_est_un_avoir(d_avance, noter, facturer, journal):
    noter(2, 30, nature=N.NON_POINTE)
    (facture,) = facturer()
    journal.lignes.clear()
    (avoir,) = facturer(*DECEMBRE)
    assert (avoir.nature, avoir.avoir_de, avoir.total) == ("AVOIR", facture, D("-7.00"))
    assert Facture.objects.avec_reste().get(pk=facture.pk).reste == 0


def test_un_jour_qui_change_de_nature_se_refait(d_avance, noter, facturer, journal, repas, regie):
    Tarif.objects.create(prestation=repas, du=SEPTEMBRE, montant=D("3.50"), prix_absence=D(2))
    noter(2, nature=N.NON_POINTE)
    facturer()
    journal.lignes.clear()
    noter(2, nature=N.ABSENT_NON_SIGNALE)
    apercu = apercevoir(regie=regie, du=DECEMBRE[0], au=DECEMBRE[1])
    assert sorted(m for *_, m in lignes(apercu)) == [D("-3.50"), D("2.00")]
    assert sum(f.total for f in facturer(*DECEMBRE)) == D("-1.50")
    assert facturer(*DECEMBRE) == []


def test_ce_qui_est_clos_ne_se_reprend_pas_tout_seul(noter, facturer, journal, regie):
    noter(2, 3)
    facturer()
    journal.lignes.clear()
    assert lignes(voir(regie)) == []
