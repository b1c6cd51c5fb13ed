"""The demonstration town, filled once for this module around 24 November 2026, and left as it was found."""

import hashlib
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from demandes.enums import EtatDemande
from demandes.models import Demande
from facturation.models import Facture
from facturation.releve import releve, solde
from familles.acces import Acces
from familles.garde import payeur_du_jour
from familles.gardes import gardes_de
from familles.models import (
    AnneeScolaire,
    Enfant,
    Famille,
    FicheSanitaire,
    Inscription,
    Responsable,
    Utilisateur,
)
from messagerie.models import Conversation, Courriel, Message
from planning.enums import ACTIFS, EtatPointage, EtatReservation
from planning.examen import examiner
from planning.models import Cloture, Journee, Mouvement, Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur
from portail.demonstration import remplissage
from portail.demonstration.ville import MOT_DE_PASSE
from portail.models import Document
from tests.planning.mois import grille_de
from tests.sources import APPS

JOUR = date(2026, 11, 24)
MATIN = "2026-11-24T10:00"
E = EtatReservation


@pytest.fixture(scope="module")
def remplie(django_db_setup, django_db_blocker):
    """One transaction around the module: pytest-django's own stand inside, on savepoints."""
    with django_db_blocker.unblock(), transaction.atomic():
        phrase = remplissage.remplir(le=JOUR)
        yield phrase
        transaction.set_rollback(True)


@pytest.fixture
def ville(remplie, db, figer):
    figer(MATIN)
    return remplie


@pytest.fixture
def acces_jean(ville) -> Acces:
    return Acces.pour_utilisateur(Utilisateur.objects.get(username="jean.dupont"))


def enfant(prenom: str, nom: str = "DUPONT") -> Enfant:
    return Enfant.objects.get(nom=nom, prenom=prenom)


# --- Always the same, always valid ---------------------------------------------------------------------

TIRES_AU_SORT = {"password", "version", "fichier_cle", "pdf_cle", "photo_cle"}


def nos_modeles():
    modeles = [m for app in APPS for m in apps.get_app_config(app).get_models()]
    return [m for m in modeles if not hasattr(m, "instance_type")]


def empreintes() -> dict[str, str]:
    """Of each table, keys and hours included: salts, random keys and the history of changes left out."""
    lues = {}
    for modele in nos_modeles():
        champs = [f.attname for f in modele._meta.concrete_fields if f.name not in TIRES_AU_SORT]
        lignes = modele._base_manager.order_by("pk").values_list(*champs)
        lues[modele._meta.label] = hashlib.sha256(repr(list(lignes)).encode()).hexdigest()
    return lues


def test_la_meme_date_donne_les_memes_lignes(ville):
    # Twice from emptied tables: earlier tests moved the sequences of PostgreSQL.
    remplissage.remplir(le=JOUR, familles=12, effacer=True)
    avant = empreintes()
    remplissage.remplir(le=JOUR, familles=12, effacer=True)
    assert empreintes() == avant


def test_chaque_ligne_est_valide(ville):
    """A sample of each table, judged as a form would."""
    vides = []
    for modele in nos_modeles():
        cles = list(modele._base_manager.order_by("pk").values_list("pk", flat=True))
        vides += [modele.__name__] if not cles else []
        for objet in modele._base_manager.filter(pk__in=cles[:: max(1, len(cles) // 12)]):
            # « par » is empty when the portal acts, which a form could not do.
            libres = [
                f.name
                for f in objet._meta.concrete_fields
                if f.null and not f.blank and f.value_from_object(objet) is None
            ]
            objet.full_clean(exclude=libres)
    assert not set(vides) & {"Enfant", "Reservation", "Pointage", "Facture", "Reglement", "Demande"}


def test_aucune_reservation_ne_tombe_un_jour_ferme(ville):
    calendrier = reglement_interieur().calendrier
    lues = Reservation.objects.filter(etat__in=ACTIFS).select_related("prestation")
    offres = {r.prestation_id: offre_de(r.prestation) for r in lues}
    assert not [r for r in lues if not calendrier.ouvre(offres[r.prestation_id], r.jour)]


def test_chaque_reservation_a_son_histoire(ville):
    """The last movement says the state it stands in, and they follow each other."""
    suites: dict[int, list[Mouvement]] = {}
    for mouvement in Mouvement.objects.order_by("le", "pk"):
        suites.setdefault(mouvement.reservation_id, []).append(mouvement)
    etats = dict(Reservation.objects.values_list("pk", "etat"))
    assert {pk: suite[-1].vers for pk, suite in suites.items()} == etats
    assert all([m.de for m in s] == ["", *(m.vers for m in s[:-1])] for s in suites.values())


def test_tous_les_courriels_sont_partis(ville):
    assert {courriel.envoye_le is None for courriel in Courriel.objects.all()} == {False}


# --- The manual's year ---------------------------------------------------------------------------------


def test_le_releve_2014_2015_est_celui_du_mode_d_emploi(acces_jean):
    compte = releve(acces_jean.famille, AnneeScolaire.objects.du_libelle("2014-2015"))
    jour = date(2015, 4, 8)
    assert [(o.numero, o.date, o.description, o.debit, o.credit) for o in compte.operations] == [
        ("AL-36", jour, "Facture : 01/04/2015 - 30/04/2015", Decimal("120.60"), None),
        ("AL-228", jour, "Règlement : Chèque", None, Decimal("243.20")),
        ("AL-12", jour, "Facture : 01/02/2015 - 31/03/2015", Decimal("243.20"), None),
    ]
    assert {o.regie for o in compte.operations} == {"Régie garderie ALSH"}
    totaux = (compte.ancien_solde, compte.total_debit, compte.total_credit, compte.solde)
    assert totaux == (0, Decimal("363.80"), Decimal("243.20"), Decimal("120.60"))
    (impayee,) = Facture.objects.filter(famille=acces_jean.famille).impayees()
    assert (impayee.numero_imprime, impayee.echeance) == ("AL-36", date(2015, 4, 30))
    assert solde(acces_jean.famille) == Decimal("120.60")


AVRIL = {
    "Garderie Matin 7h15 – 7h30": {1: "reserve", 8: "reserve+", 30: "reserve+"},
    "Garderie Matin 7h30 – 8h30": {1: "reserve", 8: "reserve+", 30: "reserve+"},
    "Garderie Mercredi Forfait": {},
    "Garderie Soir 16h45 – 17h45": dict.fromkeys((2, 3, 7, 9, 10), "reserve+"),
    "Garderie Soir 17h45 – 18h45": {},
    "Repas": dict.fromkeys((2, 3, 8), "attente"),
}


@pytest.mark.parametrize("prestation", AVRIL)
def test_avril_2015_est_celui_du_mode_d_emploi(acces_jean, figer, prestation):
    instant = figer("2015-05-04T10:00")
    grille = grille_de(acces_jean, enfant("Alexandre"), date(2015, 4, 1), instant)
    cases = next(li for li in grille.lignes if li.prestation == prestation).cases
    lue = {c.jour.day: c.affichage.cle + ("+" if c.present else "") for c in cases}
    assert lue[6] == "ferie"
    assert {lue[n] for n in (*range(13, 18), *range(20, 25))} == {"petites"}
    utiles = {n: cle for n, cle in lue.items() if cle not in ("libre", "hors", "ferie", "petites")}
    assert utiles == AVRIL[prestation]


# --- The Duponts and the others ------------------------------------------------------------------------

COMPTES = ["jean.dupont", "jeanne.dupont", "martin", "agent", "comptable", "admin"]


@pytest.mark.parametrize("identifiant", COMPTES)
def test_les_six_comptes_se_connectent(ville, identifiant):
    client = Client()
    reponse = client.post("/connexion/", {"username": identifiant, "password": MOT_DE_PASSE})
    assert reponse.status_code == 302
    assert client.session["_auth_user_id"] == str(Utilisateur.objects.get(username=identifiant).pk)
    assert Utilisateur.objects.get(username=identifiant).is_staff == (identifiant in COMPTES[3:])


def test_la_fiche_de_jean_est_celle_du_mode_d_emploi(acces_jean):
    jean = acces_jean.responsable
    assert acces_jean.famille.numero == "1001001818331"
    assert acces_jean.famille.get_situation_display() == "Séparé"
    assert (jean.adresse, jean.telephone_domicile) == ("12 rue des Bonbons", "01.02.03.04.05")
    assert (jean.email, jean.mobile, jean.telephone_professionnel) == ("jean.dupont@wanadoo.fr", "", "")


def test_lea_peut_reserver_le_premier_jeudi_a_midi(acces_jean, figer):
    repas = Inscription.objects.filter(enfant=enfant("Léa"), prestation__nom="Repas").get().prestation_id
    (verdict,) = examiner(
        acces=acces_jean,
        enfant=enfant("Léa"),
        cellules=[(repas, date(2026, 12, 10))],
        operation="RESERVER",
        instant=figer(MATIN),
    )
    assert verdict.possible
    assert verdict.phrase.replace("\xa0", " ") == "Réservable jusqu’au jeudi 3 décembre 2026 à 12 h 00."


def test_le_mois_de_lea_est_vivant(acces_jean, figer):
    instant = figer(MATIN)
    montres = Counter()
    for premier in (date(2026, 11, 1), date(2026, 12, 1)):
        grille = grille_de(acces_jean, enfant("Léa"), premier, instant)
        montres.update(c.affichage.cle for li in grille.lignes for c in li.cases)
    attendus = "regulier reserve excuse facture attente refus attente-absence hors-contrat fermeture ferie"
    assert set(attendus.split()) <= set(montres)
    assert FicheSanitaire.objects.get(enfant=enfant("Léa")).allergies == "arachide, trousse n° 31 au bureau"


def test_jean_a_un_message_non_lu_et_des_demandes_de_toutes_sortes(acces_jean):
    assert Message.objects.pour(acces_jean).non_lus().count() == 1
    etats = set(Demande.objects.pour(acces_jean).recentes(31).values_list("etat", flat=True))
    assert etats == {EtatDemande.EN_ATTENTE, EtatDemande.ACCEPTEE, EtatDemande.REFUSEE}
    assert not Demande.objects.filter(nature="responsable", famille=acces_jean.famille).en_attente().exists()


def test_les_martin_n_ont_rien_en_commun_avec_les_dupont(ville):
    dupont, martin = (
        Responsable.objects.get(utilisateur__username=nom).famille for nom in ("jean.dupont", "martin")
    )
    for champ in ("nom", "adresse", "telephone_domicile", "mobile", "email"):
        des_uns = {v for v in dupont.responsables.values_list(champ, flat=True) if v}
        assert not des_uns & set(martin.responsables.values_list(champ, flat=True))
    assert not Enfant.objects.de_la_famille(dupont) & Enfant.objects.de_la_famille(martin)


def test_l_enfant_de_deux_foyers_est_reserve_par_celui_qui_l_a(ville):
    nour = enfant("Nour", "BENALI")
    vacances = [(v.du, v.au) for v in reglement_interieur().calendrier.vacances]
    reservations = Reservation.objects.filter(enfant=nour).select_related("inscription")
    payeurs = {
        (r.inscription.famille_id, payeur_du_jour(gardes_de(nour), r.jour, vacances)) for r in reservations
    }
    assert len(payeurs) == 2
    assert all(paye == a_l_enfant for paye, a_l_enfant in payeurs)


# --- A living year -------------------------------------------------------------------------------------


def test_la_ville_a_une_soixantaine_de_familles_et_une_centaine_d_enfants(ville):
    assert ville.startswith("Les P’tiots Lanniaux, mardi 24 novembre 2026 : 60")
    assert Famille.objects.actives().count() == 60
    assert 80 <= Enfant.objects.filter(inscriptions__annee__debut__year=2026).distinct().count() <= 110


def test_l_appel_est_fait_jusqu_a_hier_a_quelques_oublis_pres(ville):
    appels = Pointage.objects.filter(jour__gte=date(2026, 9, 1))
    assert appels.order_by("-jour").first().jour == JOUR - timedelta(days=1)
    presents = appels.filter(etat=EtatPointage.PRESENT).count()
    assert presents > 0.9 * appels.count() > 0
    assert appels.filter(reservation=None).exists()
    passees = Reservation.objects.filter(etat=E.RESERVEE).sur(date(2026, 9, 1), JOUR - timedelta(days=1))
    oublis = passees.filter(pointages=None)
    assert 0 < oublis.count() < 0.05 * passees.count()
    assert oublis.order_by("jour").first().jour > date(2026, 10, 31)


def test_les_mois_clos_sont_factures_payes_ou_en_retard_et_le_dernier_reste_a_facturer(ville):
    clos = Cloture.objects.filter(du__gte=date(2026, 9, 1))
    assert set(clos.values_list("au", flat=True)) == {date(2026, 9, 30)}
    factures = Facture.objects.filter(date__gte=date(2026, 9, 1))
    impayees = factures.impayees()
    assert set(factures.values_list("du", flat=True)) == {date(2026, 9, 1)}
    assert 0 < impayees.count() < factures.count() / 2
    assert impayees.filter(echeance__lt=JOUR).exists()


def test_une_liste_d_attente_et_une_demande_urgente(ville):
    attente = Reservation.objects.en_attente()
    assert [r.rang_attente for r in attente] == [1, 2, 3]
    jour = attente[0].jour
    journee = Journee.objects.get(jour=jour, prestation__nom="Repas")
    assert (
        Reservation.objects.occupantes().filter(jour=jour, prestation__nom="Repas").count()
        == journee.capacite
    )
    assert Demande.objects.urgentes(JOUR).count() == 1
    assert Demande.objects.en_attente().count() > 5


def test_la_structure_a_un_message_sans_reponse_et_des_documents(ville, client):
    assert Conversation.objects.echanges().a_traiter().count() == 1
    client.force_login(Utilisateur.objects.get(username="jean.dupont"))
    assert Document.objects.publies(JOUR).count() == 2
    for document in Document.objects.all():
        assert client.get(document.get_absolute_url()).content.startswith(b"%PDF-")
