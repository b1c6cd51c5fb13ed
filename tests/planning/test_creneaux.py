"""Booking windows: closed, opened to residents, opened to all, closed again; the sentence that says when."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from planning.calendrier import Offre
from planning.creneaux import Creneau, prochain_creneau, refus_du_creneau
from tests.fabriques.familles import ResidenceFactory
from tests.fabriques.planning import CreneauFactory, RegleDelaiFactory
from tests.planning.mois import grille_de
from tests.planning.pages import mots

PARIS, CAYENNE, REUNION = (ZoneInfo(z) for z in ("Europe/Paris", "America/Cayenne", "Indian/Reunion"))
SECONDE = timedelta(seconds=1)
OUVERT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
REPAS, GARDERIE = Offre(1, 1, "1245"), Offre(2, 1, "1245")
JOUR = date(2026, 12, 3)
HABITANTS = datetime(2026, 6, 8, 9, 0, tzinfo=PARIS)
TOUS = datetime(2026, 6, 15, 9, 0, tzinfo=PARIS)
FIN = datetime(2026, 7, 3, 12, 0, tzinfo=PARIS)
ANNEE = Creneau("Année 2026-2027", date(2026, 9, 1), date(2027, 8, 31), TOUS, HABITANTS, FIN, frozenset({1}))


def refus(instant, *, resident=True, jour=JOUR, offre=REPAS, creneaux=(ANNEE,)) -> str:
    return refus_du_creneau(creneaux, offre, jour, instant, resident).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("instant", "habitants", "autres"),
    [
        (HABITANTS - SECONDE, False, False),
        (HABITANTS, True, False),
        (TOUS - SECONDE, True, False),
        (TOUS, True, True),
        (FIN, True, True),
        (FIN + timedelta(microseconds=999_999), True, True),
        (FIN + SECONDE, False, False),
    ],
)
def test_un_creneau_ouvre_et_ferme_a_la_seconde_les_habitants_d_abord(instant, habitants, autres):
    assert (refus(instant) == "") is habitants
    assert (refus(instant, resident=False) == "") is autres


@pytest.mark.parametrize(
    ("instant", "resident", "phrase"),
    [
        (
            HABITANTS - SECONDE,
            True,
            "Les réservations de ce jour (Année 2026-2027) ouvrent le lundi 8 juin 2026 à 9 h 00 "
            "pour les habitants de la commune.",
        ),
        (
            HABITANTS,
            False,
            "Les réservations de ce jour (Année 2026-2027) ouvrent le lundi 15 juin 2026 à 9 h 00 "
            "(dès le lundi 8 juin 2026 à 9 h 00 pour les habitants de la commune).",
        ),
        (
            FIN + SECONDE,
            True,
            "Les réservations de ce jour (Année 2026-2027) sont closes depuis le vendredi 3 juillet 2026 "
            "à 12 h 00.",
        ),
    ],
)
def test_la_phrase_dit_quand(instant, resident, phrase):
    assert refus(instant, resident=resident) == phrase


@pytest.mark.parametrize(
    ("jour", "offre"),
    [(date(2026, 8, 31), REPAS), (date(2027, 9, 1), REPAS), (JOUR, GARDERIE)],
    ids=["la veille", "le lendemain", "une autre prestation"],
)
def test_ce_qu_aucun_creneau_ne_couvre_reste_libre(jour, offre):
    assert refus(HABITANTS - SECONDE, jour=jour, offre=offre) == ""
    for premier in (date(2026, 9, 1), date(2027, 8, 31)):
        assert refus(HABITANTS - SECONDE, jour=premier)


def test_de_deux_creneaux_un_ouvert_suffit_sinon_le_premier_a_ouvrir_se_dit():
    rattrapage = Creneau("Rattrapage", JOUR, JOUR, FIN + timedelta(days=50))
    entre_deux = FIN + timedelta(days=1)
    assert "(Rattrapage) ouvrent le samedi 22 août 2026" in refus(entre_deux, creneaux=(ANNEE, rattrapage))
    assert refus(TOUS, creneaux=(rattrapage, ANNEE)) == ""
    assert refus(FIN + timedelta(days=51), creneaux=(ANNEE, rattrapage)) == ""


@pytest.mark.parametrize(
    ("fuseau", "heure"),
    [
        (PARIS, "lundi 15 juin 2026 à 9 h 00"),
        (CAYENNE, "lundi 15 juin 2026 à 4 h 00"),
        (REUNION, "lundi 15 juin 2026 à 11 h 00"),
    ],
)
def test_l_ouverture_se_lit_a_l_heure_de_la_ville(fuseau, heure):
    instant = (TOUS - SECONDE).astimezone(fuseau)
    seul = Creneau("Année", ANNEE.du, ANNEE.au, TOUS.astimezone(UTC))
    assert f"ouvrent le {heure}." in refus(instant, creneaux=(seul,))


@pytest.mark.parametrize(
    "nuit", [datetime(2026, 10, 25, 2, 30, tzinfo=PARIS), datetime(2027, 3, 28, 3, 0, tzinfo=PARIS)]
)
def test_une_ouverture_la_nuit_du_changement_d_heure_tient_sa_seconde(nuit):
    seul = Creneau("Nuit", JOUR, date(2027, 8, 31), nuit)
    avant, apres = (nuit.astimezone(UTC) + d for d in (-SECONDE, timedelta(0)))
    assert refus(avant.astimezone(PARIS), creneaux=(seul,))
    assert refus(apres.astimezone(PARIS), creneaux=(seul,)) == ""


def test_le_prochain_creneau_s_annonce_a_qui_peut_s_y_inscrire():
    avant = HABITANTS - SECONDE
    assert "ouvrent le lundi 8 juin" in prochain_creneau([ANNEE], [REPAS], avant, True).replace("\xa0", " ")
    assert prochain_creneau([ANNEE], [GARDERIE], avant, True) == ""
    assert prochain_creneau([ANNEE], [], avant, True) == ""
    assert prochain_creneau([ANNEE], [REPAS], TOUS, True) == ""


# --- Out of the database -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"au": date(2026, 8, 1)}, "La fin ne peut précéder"),
        ({"fermeture": datetime(2026, 6, 15, 7, 0, tzinfo=UTC)}, "ferme après son ouverture"),
        ({"ouverture_residents": datetime(2026, 6, 15, 7, 0, tzinfo=UTC)}, "commencent avant"),
    ],
)
def test_un_creneau_insense_est_refuse(db, champs, phrase):
    with pytest.raises(ValidationError, match=phrase):
        CreneauFactory.build(**champs).full_clean()


def repas_du(acces, enfant, jour, instant):
    grille = grille_de(acces, enfant, jour.replace(day=1), instant)
    (ligne,) = [li for li in grille.lignes if li.prestation == "Repas"]
    return ligne.cases[jour.day - 1].reserver


@pytest.mark.parametrize(("habite", "ouvert"), [(True, True), (False, False), (None, False)])
def test_les_habitants_reservent_d_abord_d_apres_leur_residence(
    acces_jean, lea_inscrite, famille_dupont, repas, figer, habite, ouvert
):
    """Where the family lives is read in its file; unknown, it waits for all."""
    if habite is not None:
        ResidenceFactory(famille=famille_dupont, dans_la_commune=habite, du=date(2020, 1, 1))
    CreneauFactory(
        prestations=[repas],
        ouverture=datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
        ouverture_residents=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    )
    verdict = repas_du(acces_jean, lea_inscrite, date(2026, 12, 10), figer("2026-11-24T10:00"))
    assert verdict.possible is ouvert
    assert ouvert or "ouvrent le lundi 30 novembre 2026" in verdict.phrase


def test_un_creneau_a_venir_se_lit_sur_le_planning_et_l_accueil(client_jean, lea_inscrite, repas, figer):
    figer("2026-11-24T10:00")
    CreneauFactory(ouverture=datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
    phrase = "Les réservations (Année 2026-2027) ouvrent le mardi 1er décembre 2026 à 9 h 00."
    planning = client_jean.get(reverse("planning:mois", args=[lea_inscrite.pk]), {"mois": "2026-12"})
    for reponse in (planning, client_jean.get("/")):
        page = mots(reponse.content.decode()).replace("\xa0", " ")
        assert phrase in page
        assert "Jusqu’au" not in page


@pytest.mark.parametrize(
    ("retard", "instant", "phrase"),
    [
        ("REFUSE", "2026-11-24T10:00", "Réservable jusqu’au dimanche 20 décembre 2026 à 18 h 00."),
        ("REFUSE", "2026-12-20T18:00", "Réservable jusqu’au dimanche 20 décembre 2026 à 18 h 00."),
        ("REFUSE", "2026-12-20T18:01", "sont closes depuis le dimanche 20 décembre 2026 à 18 h 00."),
        ("AGENT", "2026-12-20T18:01", "sont closes depuis le dimanche 20 décembre 2026 à 18 h 00."),
    ],
)
def test_un_creneau_qui_ferme_avant_la_limite_du_jour_donne_la_sienne(
    acces_jean, lea_inscrite, repas, figer, retard, instant, phrase
):
    """The deadline of 7 January is the last day of the year."""
    RegleDelaiFactory(operation="RESERVER", mode="SEMAINE", retard=retard)
    CreneauFactory(ouverture=OUVERT, fermeture=datetime(2026, 12, 20, 17, 0, tzinfo=UTC))
    verdict = repas_du(acces_jean, lea_inscrite, date(2027, 1, 7), figer(instant))
    assert phrase in verdict.phrase.replace("\xa0", " ")


def test_un_creneau_qui_ferme_apres_la_limite_du_jour_la_laisse_et_borne_le_retard(
    acces_jean, lea_inscrite, repas, figer
):
    RegleDelaiFactory(operation="RESERVER", mode="SEMAINE", retard="AGENT")
    CreneauFactory(ouverture=OUVERT, fermeture=datetime(2026, 12, 1, 17, 0, tzinfo=UTC))
    jour = date(2026, 12, 3)
    avant = repas_du(acces_jean, lea_inscrite, jour, figer("2026-11-24T10:00")).phrase.replace("\xa0", " ")
    assert avant == "Réservable jusqu’au jeudi 26 novembre 2026 à 12 h 00."
    apres = repas_du(acces_jean, lea_inscrite, jour, figer("2026-11-27T10:00")).phrase.replace("\xa0", " ")
    assert "Une demande reste possible jusqu’au mardi 1er décembre 2026 à 18 h 00" in apres


def test_de_deux_creneaux_ouverts_le_dernier_ferme_compte(acces_jean, lea_inscrite, figer):
    for jour in (15, 20):
        CreneauFactory(nom=f"{jour}", ouverture=OUVERT, fermeture=datetime(2026, 12, jour, 17, 0, tzinfo=UTC))
    lu = repas_du(acces_jean, lea_inscrite, date(2027, 1, 7), figer("2026-11-24T10:00")).phrase
    assert lu.replace("\xa0", " ") == "Réservable jusqu’au dimanche 20 décembre 2026 à 18 h 00."
    CreneauFactory(nom="Sans fin", ouverture=OUVERT)
    lu = repas_du(acces_jean, lea_inscrite, date(2027, 1, 7), figer("2026-11-24T10:00")).phrase
    assert lu == "Réservable jusqu’au jour même."


def test_la_fin_d_un_creneau_se_lit_sur_le_planning_et_l_accueil_meme_pour_des_jours_lointains(
    client_jean, lea_inscrite, figer
):
    figer("2026-11-24T10:00")
    CreneauFactory(du=date(2027, 4, 1), ouverture=OUVERT, fermeture=datetime(2026, 12, 20, 17, 0, tzinfo=UTC))
    planning = client_jean.get(reverse("planning:mois", args=[lea_inscrite.pk]), {"mois": "2026-12"})
    for reponse in (planning, client_jean.get("/")):
        assert "dimanche 20 décembre" in mots(reponse.content.decode()).replace("\xa0", " ")


@pytest.mark.parametrize("voie", ["reserver", "annee"])
def test_hors_du_creneau_aucune_voie_ne_reserve(client_jean, lea_inscrite, repas, figer, voie):
    figer("2026-11-24T10:00")
    CreneauFactory(ouverture=datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
    donnees = {
        "reserver": {"cases": [f"{repas.pk}:2026-12-10"], "mois": "2026-12"},
        "annee": {
            "du": "2026-12-07",
            "au": "2026-12-18",
            "semaines": "chaque",
            f"paires-{lea_inscrite.pk}-{repas.pk}": ["4"],
            "envoyer": "1",
        },
    }[voie]
    reponse = client_jean.post(reverse(f"demandes:{voie}", args=[lea_inscrite.pk]), donnees)
    assert reponse.status_code == 409
    assert "ouvrent le mardi 1er décembre 2026" in mots(reponse.content.decode())
    assert not lea_inscrite.reservations.exists()


def test_choisir_ses_prestations_se_voit_aussitot(acces_jean, lea_inscrite, repas, garderie_matin, figer):
    creneau = CreneauFactory(prestations=[garderie_matin], ouverture=datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
    instant, jour = figer("2026-11-24T10:00"), date(2026, 12, 10)
    assert repas_du(acces_jean, lea_inscrite, jour, instant).possible
    creneau.prestations.set([repas])
    creneau.save()
    assert not repas_du(acces_jean, lea_inscrite, jour, instant).possible


def test_les_habitants_d_abord_a_la_cantine_avertit_l_administrateur(client_admin, repas):
    donnees = {
        "nom": "Année",
        "du": "01/09/2027",
        "au": "31/08/2028",
        "prestations": [repas.pk],
        "ouverture_0": "15/06/2027",
        "ouverture_1": "09:00",
        "ouverture_residents_0": "08/06/2027",
        "ouverture_residents_1": "09:00",
    }
    reponse = client_admin.post(reverse("admin:planning_creneau_add"), donnees, follow=True)
    assert reponse.status_code == 200
    assert "tout élève a droit à la cantine" in mots(reponse.content.decode())
