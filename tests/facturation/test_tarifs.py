"""The price of a unit: the towns of the règlements, then what must hold whatever the numbers."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturation.enums import Cas, ModeMajoration, ModeTarif
from facturation.tarifs import (
    Faits,
    Grille,
    Remise,
    SansPrix,
    Tranche,
    depassement,
    nombre,
    prix,
    prix_maximal,
)

VAILHAUQUES = Grille(
    ModeTarif.FIXE,
    montant=D("4.10"),
    majoration=D(50),
    majoration_en=ModeMajoration.POURCENT,
    prix_absence=D("2.99"),
    prix_hors_contrat=D(10),
)
LE_SOURN = Grille(
    ModeTarif.TRANCHES,
    tranches=(
        Tranche(D(400), D("1.00")),
        Tranche(D(700), D("2.50")),
        Tranche(D(1000), D("3.00")),
        Tranche(None, D("3.50")),
    ),
    prix_hors_commune=D("5.00"),
    prix_hors_contrat=D("5.49"),
)
SAINT_DENIS = Grille(ModeTarif.TRANCHES, tranches=(Tranche(D(300), D("0.15")), Tranche(None, D("4.91"))))
SAINT_COLOMBAN = Grille(ModeTarif.FIXE, montant=D("3.95"), prix_pai=D("2.15"))
FAY = Grille(ModeTarif.TAUX, taux=D("0.36"), plancher=D("2.60"), plafond=D("4.50"), prix_pai=D("1.75"))
CHEMAUDIN_AVANT = Grille(
    ModeTarif.TRANCHES,
    tranches=tuple(
        Tranche(D(q) if q else None, D(p))
        for q, p in [(400, "1"), (800, "2"), (1200, "3"), (1600, "4"), (None, "5")]
    ),
)
CHEMAUDIN_APRES = Grille(
    ModeTarif.TRANCHES,
    tranches=tuple(
        Tranche(D(q) if q else None, D(p))
        for q, p in [
            (300, "0.90"),
            (600, "1.50"),
            (800, "2.10"),
            (1000, "2.80"),
            (1200, "3.20"),
            (1600, "4.20"),
            (None, "5.20"),
        ]
    ),
)

CAS_DES_REGLEMENTS = [
    ("R4 normal", VAILHAUQUES, Faits(), "4.10", "0"),
    ("R4 réservation tardive, + 50 %", VAILHAUQUES, Faits(tardive=True), "4.10", "2.05"),
    ("R4 absence injustifiée", VAILHAUQUES, Faits(cas=Cas.ABSENCE), "2.99", "0"),
    ("R4 absence, même réservée tard", VAILHAUQUES, Faits(cas=Cas.ABSENCE, tardive=True), "2.99", "0"),
    ("R4 présent sans réservation", VAILHAUQUES, Faits(cas=Cas.HORS_CONTRAT), "10.00", "0"),
    ("R16 première tranche", LE_SOURN, Faits(quotient=D(250)), "1.00", "0"),
    ("R16 borne comprise", LE_SOURN, Faits(quotient=D(400)), "1.00", "0"),
    ("R16 juste au-dessus", LE_SOURN, Faits(quotient=D("400.01")), "2.50", "0"),
    ("R16 dernière tranche", LE_SOURN, Faits(quotient=D(5000)), "3.50", "0"),
    ("R16 quotient inconnu", LE_SOURN, Faits(), "3.50", "0"),
    ("R16 hors commune", LE_SOURN, Faits(quotient=D(250), dans_la_commune=False), "5.00", "0"),
    ("R16 sans réservation, prix coûtant", LE_SOURN, Faits(D(250), cas=Cas.HORS_CONTRAT), "5.49", "0"),
    ("R26 absence au prix du quotient, bas", SAINT_DENIS, Faits(D(100), cas=Cas.ABSENCE), "0.15", "0"),
    ("R26 absence au prix du quotient, haut", SAINT_DENIS, Faits(D(900), cas=Cas.ABSENCE), "4.91", "0"),
    ("R28 absence non prévenue, prix plein", SAINT_COLOMBAN, Faits(cas=Cas.ABSENCE), "3.95", "0"),
    ("R28 panier fourni", SAINT_COLOMBAN, Faits(pai=True), "2.15", "0"),
    ("R34 au taux", FAY, Faits(quotient=D(1000)), "3.60", "0"),
    ("R34 arrondi au demi-centime supérieur", FAY, Faits(quotient=D("1001.39")), "3.61", "0"),
    ("R34 plancher", FAY, Faits(quotient=D(500)), "2.60", "0"),
    ("R34 plafond", FAY, Faits(quotient=D(2000)), "4.50", "0"),
    ("R34 quotient inconnu", FAY, Faits(), "4.50", "0"),
    ("R34 panier fourni", FAY, Faits(quotient=D(1000), pai=True), "1.75", "0"),
    ("R45 cinq tranches", CHEMAUDIN_AVANT, Faits(quotient=D(900)), "3.00", "0"),
    ("R45 sept tranches", CHEMAUDIN_APRES, Faits(quotient=D(900)), "2.80", "0"),
]


@pytest.mark.parametrize(
    "grille, faits, montant, majoration",
    [cas[1:] for cas in CAS_DES_REGLEMENTS],
    ids=[cas[0] for cas in CAS_DES_REGLEMENTS],
)
def test_le_prix_est_celui_du_reglement_interieur(grille, faits, montant, majoration):
    calcule = prix(grille, faits)
    assert (calcule.montant, calcule.majoration) == (D(montant), D(majoration))
    assert calcule.explication.endswith(".")


@pytest.mark.parametrize(
    "grille, faits, phrase",
    [
        (VAILHAUQUES, Faits(), "Prix unique."),
        (LE_SOURN, Faits(quotient=D("512.50")), "Quotient familial 512,5 : tranche de plus de 400 à 700."),
        (LE_SOURN, Faits(quotient=D(100)), "Quotient familial 100 : tranche jusqu’à 400."),
        (LE_SOURN, Faits(quotient=D(1200)), "Quotient familial 1200 : tranche au-dessus de 1000."),
        (LE_SOURN, Faits(), "Quotient familial inconnu : tranche la plus haute."),
        (LE_SOURN, Faits(dans_la_commune=False), "Famille domiciliée hors de la commune."),
        (LE_SOURN, Faits(quotient_expire=True), "Quotient familial expiré : tranche la plus haute."),
        (FAY, Faits(), "Quotient familial inconnu : prix plafond."),
        (FAY, Faits(quotient_expire=True), "Quotient familial expiré : prix plafond."),
        (FAY, Faits(quotient=D(1000)), "0,36 % du quotient familial 1000 = 3,60\u00a0€."),
        (FAY, Faits(D(500)), "0,36 % du quotient familial 500 = 1,80\u00a0€, porté au plancher."),
        (FAY, Faits(D(2000)), "0,36 % du quotient familial 2000 = 7,20\u00a0€, ramené au plafond."),
        (FAY, Faits(pai=True), "Panier fourni par la famille."),
        (
            SAINT_COLOMBAN,
            Faits(cas=Cas.ABSENCE),
            "Absence facturée au prix de la journée. Prix unique.",
        ),
        (
            SAINT_COLOMBAN,
            Faits(cas=Cas.HORS_CONTRAT),
            "Présence sans réservation, au prix ordinaire. Prix unique.",
        ),
    ],
)
def test_le_prix_s_explique_en_une_phrase(grille, faits, phrase):
    assert prix(grille, faits).explication == phrase


def test_la_majoration_dit_pourquoi():
    assert prix(VAILHAUQUES, Faits(tardive=True)).motif_majoration == (
        "Réservation tardive : + 50 % de 4,10\u00a0€."
    )
    en_euros = Grille(ModeTarif.FIXE, montant=D(4), majoration=D("1.50"))
    calcule = prix(en_euros, Faits(tardive=True))
    assert calcule.motif_majoration == "Réservation tardive : + 1,50\u00a0€."
    assert calcule.total == D("5.50")


def test_une_presence_sans_reservation_n_est_pas_une_reservation_tardive():
    grille = Grille(ModeTarif.FIXE, montant=D(4), majoration=D(1))
    assert prix(grille, Faits(tardive=True, cas=Cas.HORS_CONTRAT)).majoration == 0


@pytest.mark.parametrize(
    "grille, faits",
    [
        (Grille(ModeTarif.FIXE), Faits()),
        (Grille(ModeTarif.TRANCHES), Faits()),
        (Grille(ModeTarif.TRANCHES, tranches=(Tranche(D(400), D(1)),)), Faits(quotient=D(401))),
        (Grille(ModeTarif.TAUX, taux=D(1)), Faits(quotient=D(401))),
    ],
)
def test_une_grille_incomplete_n_invente_pas_de_prix(grille, faits):
    with pytest.raises(SansPrix):
        prix(grille, faits)


@pytest.mark.parametrize(
    "grille, maximal",
    [
        (VAILHAUQUES, "10.00"),
        (LE_SOURN, "5.49"),
        (FAY, "4.50"),
        (Grille(ModeTarif.FIXE, montant=D(4), majoration=D(1)), "5.00"),
        (
            Grille(
                ModeTarif.TRANCHES,
                tranches=(Tranche(None, D(3)),),
                majoration=D(10),
                majoration_en=ModeMajoration.POURCENT,
            ),
            "3.30",
        ),
    ],
)
def test_le_prix_le_plus_haut_compte_la_majoration(grille, maximal):
    assert prix_maximal(grille) == D(maximal)


def test_le_depassement_du_cout_reel_se_chiffre():
    assert depassement(Grille(ModeTarif.FIXE, montant=D("6.20"), cout_reel=D(6))) == D("0.20")
    assert depassement(Grille(ModeTarif.FIXE, montant=D(6), cout_reel=D(6))) == 0
    assert depassement(Grille(ModeTarif.FIXE, montant=D(6))) == 0
    assert prix_maximal(Grille(ModeTarif.FIXE)) is None


@pytest.mark.parametrize(
    "valeur, texte", [("512", "512"), ("512.50", "512,5"), ("0.3600", "0,36"), ("100", "100"), ("0", "0")]
)
def test_un_nombre_s_ecrit_sans_zero_inutile(valeur, texte):
    assert nombre(D(valeur)) == texte


# --- Whatever the numbers ------------------------------------------------------------------------------

montants = st.decimals(0, 100, places=2)
quotients = st.one_of(st.none(), st.decimals(0, 10_000, places=2))
faits_quelconques = st.builds(
    Faits,
    quotient=quotients,
    dans_la_commune=st.booleans(),
    pai=st.booleans(),
    tardive=st.booleans(),
    cas=st.sampled_from(list(Cas)),
    rang=st.integers(1, 4),
    occasionnelle=st.booleans(),
)
facultatif = st.one_of(st.none(), montants)
remises = st.builds(Remise, rang=st.integers(2, 4), valeur=montants, en=st.sampled_from(list(ModeMajoration)))


@st.composite
def grilles(tirer) -> Grille:
    """Any complete grid whose brackets rise."""
    bornes = sorted(tirer(st.sets(st.decimals(1, 5000, places=2), max_size=6)))
    prix_des_tranches = sorted(tirer(st.lists(montants, min_size=len(bornes) + 1, max_size=len(bornes) + 1)))
    plancher, plafond = sorted([tirer(montants), tirer(montants)])
    return Grille(
        mode=tirer(st.sampled_from(list(ModeTarif))),
        montant=tirer(montants),
        tranches=tuple(map(Tranche, [*bornes, None], prix_des_tranches)),
        taux=tirer(st.decimals(0, 5, places=4)),
        plancher=plancher,
        plafond=plafond,
        prix_hors_commune=tirer(facultatif),
        prix_pai=tirer(facultatif),
        prix_hors_contrat=tirer(facultatif),
        prix_absence=tirer(facultatif),
        majoration=tirer(facultatif),
        majoration_en=tirer(st.sampled_from(list(ModeMajoration))),
        prix_occasionnel=tirer(facultatif),
        remises=tirer(st.lists(remises, max_size=2).map(tuple)),
    )


@given(grilles(), faits_quelconques)
def test_un_prix_n_est_jamais_negatif_et_tient_en_centimes(grille, faits):
    calcule = prix(grille, faits)
    assert calcule.montant >= 0
    assert calcule.majoration >= 0
    assert calcule.total == calcule.total.quantize(D("0.01"))
    assert calcule.total <= prix_maximal(grille)


@given(grilles(), faits_quelconques, st.decimals(0, 10_000, places=2), st.decimals(0, 10_000, places=2))
def test_un_quotient_plus_haut_ne_paie_jamais_moins(grille, faits, un, autre):
    bas, haut = sorted([un, autre])
    avec = {nom: getattr(faits, nom) for nom in ("dans_la_commune", "pai", "tardive", "cas")}
    assert prix(grille, Faits(bas, **avec)).total <= prix(grille, Faits(haut, **avec)).total
    assert prix(grille, Faits(haut, **avec)).total <= prix(grille, Faits(None, **avec)).total


@given(grilles(), quotients)
def test_le_plancher_et_le_plafond_tiennent(grille, quotient):
    au_taux = Grille(ModeTarif.TAUX, taux=grille.taux, plancher=grille.plancher, plafond=grille.plafond)
    assert grille.plancher <= prix(au_taux, Faits(quotient)).montant <= grille.plafond
