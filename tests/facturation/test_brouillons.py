"""Lines of an invoice: child by child, prestation by prestation, price by price."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturation.brouillons import Anomalie, Brouillon, Unite, composer, jours_en_lettres
from facturation.enums import Cas, NatureAnomalie
from facturation.tarifs import Prix
from familles.enums import NatureFiscale, UniteFacturation
from familles.models import Enfant, Prestation

ALEXANDRE = Enfant(pk=1, nom="Dupont", prenom="Alexandre", date_naissance=date(2010, 12, 2))
CYRIL = Enfant(pk=2, nom="Dupont", prenom="Cyril", date_naissance=date(2013, 12, 11))
MATIN = Prestation(pk=1, nom="Garderie Matin", ordre=1, nature_fiscale=NatureFiscale.GARDE)
REPAS = Prestation(pk=2, nom="Repas", ordre=6, nature_fiscale=NatureFiscale.REPAS)
FORFAIT = Prestation(pk=3, nom="Garderie Mercredi Forfait", ordre=3, unite=UniteFacturation.FORFAIT)


def unite(enfant, prestation, jour, montant="3.50", explication="Prix unique.", **options) -> Unite:
    cas = options.pop("cas", Cas.NORMAL)
    return Unite(enfant, prestation, date(2026, 11, jour), Prix(D(montant), explication, **options), cas)


def clair(jours: str) -> str:
    """A day and its number are kept together by a no-break space."""
    return jours.replace("\u00a0", " ")


def test_les_lignes_suivent_les_enfants_du_plus_grand_au_plus_petit_puis_les_prestations():
    lignes = composer(
        [
            unite(CYRIL, REPAS, 2),
            unite(ALEXANDRE, REPAS, 3),
            unite(ALEXANDRE, MATIN, 3, "1.20"),
            unite(ALEXANDRE, REPAS, 2),
        ]
    )
    assert [(li.enfant.prenom, li.libelle, li.quantite, li.montant, clair(li.jours)) for li in lignes] == [
        ("Alexandre", "Garderie Matin", 1, D("1.20"), "mar. 3"),
        ("Alexandre", "Repas", 2, D("7.00"), "lun. 2, mar. 3"),
        ("Cyril", "Repas", 1, D("3.50"), "lun. 2"),
    ]


def test_un_prix_qui_change_dans_le_mois_fait_deux_lignes():
    lignes = composer(
        [
            unite(CYRIL, REPAS, 2, "2.50", "Quotient familial 500 : tranche de plus de 400 à 700."),
            unite(CYRIL, REPAS, 16, "3.50", "Quotient familial 900 : tranche au-dessus de 700."),
        ]
    )
    assert [(li.quantite, li.prix_unitaire, clair(li.jours)) for li in lignes] == [
        (1, D("2.50"), "lun. 2"),
        (1, D("3.50"), "lun. 16"),
    ]
    assert "900" in lignes[1].explication


def test_une_majoration_a_sa_ligne_sa_raison_et_n_est_pas_de_la_garde():
    tardif = {"majoration": D("1.75"), "motif_majoration": "Réservation tardive : + 50 % de 3,50 €."}
    lignes = composer([unite(CYRIL, MATIN, 2), unite(CYRIL, MATIN, 3, **tardif)])
    ordinaire, majoration = lignes
    assert (ordinaire.quantite, ordinaire.nature_fiscale) == (2, NatureFiscale.GARDE)
    assert majoration.libelle == "Garderie Matin – réservation tardive"
    assert majoration.explication == "Réservation tardive : + 50 % de 3,50 €."
    assert (majoration.quantite, majoration.montant, clair(majoration.jours)) == (1, D("1.75"), "mar. 3")
    assert majoration.nature_fiscale == NatureFiscale.PENALITE


@pytest.mark.parametrize(
    "cas, libelle",
    [
        (Cas.NORMAL, "Repas"),
        (Cas.ABSENCE, "Repas – absence facturée"),
        (Cas.HORS_CONTRAT, "Repas – sans réservation"),
    ],
)
def test_le_libelle_dit_ce_qui_est_facture(cas, libelle):
    assert composer([unite(CYRIL, REPAS, 2, cas=cas)])[0].libelle == libelle


def test_le_prix_unique_ne_s_explique_pas_sur_la_facture():
    assert composer([unite(CYRIL, REPAS, 2)])[0].explication == ""


def test_un_forfait_nomme_son_mois():
    assert composer([unite(CYRIL, FORFAIT, 1, "20.00")])[0].jours == "novembre 2026"


def test_les_jours_de_plusieurs_mois_nomment_leur_mois():
    assert clair(jours_en_lettres([date(2026, 11, 30), date(2026, 12, 1)])) == (
        "novembre 2026 : lun. 30 ; décembre 2026 : mar. 1"
    )


def test_seule_une_anomalie_bloquante_bloque_la_facture():
    brouillon = Brouillon(famille_id=1, anomalies=[Anomalie(NatureAnomalie.QF_INCONNU, "…")])
    assert not brouillon.bloque
    brouillon.anomalies.append(Anomalie(NatureAnomalie.SANS_TARIF, "…"))
    assert brouillon.bloque
    assert brouillon.anomalies[1].libelle == "Aucun prix"


unites_quelconques = st.lists(
    st.builds(
        Unite,
        enfant=st.sampled_from([ALEXANDRE, CYRIL]),
        prestation=st.sampled_from([MATIN, REPAS]),
        jour=st.dates(date(2026, 9, 1), date(2026, 12, 31)),
        prix=st.builds(
            Prix,
            montant=st.decimals(0, 50, places=2),
            explication=st.sampled_from(["Prix unique.", "Absence facturée."]),
            majoration=st.decimals(0, 5, places=2),
            motif_majoration=st.just("Réservation tardive."),
        ),
        cas=st.sampled_from(list(Cas)),
    )
)


@given(unites_quelconques, st.randoms())
def test_la_somme_des_lignes_est_celle_des_jours_dans_n_importe_quel_ordre(unites, hasard):
    lignes = composer(unites)
    assert sum((li.montant for li in lignes), D(0)) == sum((u.prix.total for u in unites), D(0))
    assert sum(li.quantite for li in lignes if not li.majoration) == len(unites)
    melangees = list(unites)
    hasard.shuffle(melangees)
    assert [(li.libelle, li.montant) for li in composer(melangees)] == [
        (li.libelle, li.montant) for li in lignes
    ]
