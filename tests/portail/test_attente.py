"""« Ce qui attend »: each card counts what it says, leads where it is dealt with, is shown to who may."""

# budget: each card of the page, and its one count.

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demandes.enums import NatureDemande
from demandes.models import Demande, LigneDemande
from familles.enums import TermeFacturation
from familles.horloge import maintenant
from planning.enums import EtatReservation as E
from portail.attente import Lecture, _impayees, ce_qui_attend
from tests.fabriques import facturation as ff
from tests.fabriques import familles as f
from tests.fabriques import messagerie as fm
from tests.fabriques import planning as fp

AUJOURDHUI = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def agent(collectivite):
    return f.UtilisateurFactory(groupe="Agents")


def cartes(compte) -> dict:
    return {carte.libelle: carte for carte in ce_qui_attend(compte)}


def carte(compte, debut: str):
    trouvees = [c for libelle, c in cartes(compte).items() if libelle.startswith(debut)]
    assert len(trouvees) == 1, list(cartes(compte))
    return trouvees[0]


def jour(n: int) -> date:
    return AUJOURDHUI + timedelta(days=n)


# --- Who sees what -------------------------------------------------------------------------------------

DES_AGENTS = {
    "Demandes à décider",
    "Appel du jour : enfants à pointer",
    "Appels oubliés ou incomplets, sur deux semaines",
    "Appels en erreur : présents malgré une absence ou une fermeture",
    "Appels avec un enfant venu sans réservation",
    "Listes d’attente avec une place libre",
    "Messages à traiter",
    "PAI à renouveler dans les trente jours",
}
DES_COMPTABLES = {"Factures impayées", "Factures en retard", "Mois à clôturer ou à facturer"}
DES_ADMINISTRATEURS = {"Courriels qui n’ont pas pu partir", "Pages légales : mentions à compléter"}


@pytest.mark.parametrize(
    "groupe, attendues",
    [
        (None, set()),
        ("Agents", DES_AGENTS),
        ("Comptables", DES_COMPTABLES | {"Demandes à décider"}),
        ("Administrateurs", DES_AGENTS | DES_COMPTABLES | DES_ADMINISTRATEURS),
    ],
)
def test_chacun_ne_voit_que_ce_qu_il_peut_traiter(collectivite, groupe, attendues):
    compte = f.UtilisateurFactory(groupe=groupe) if groupe else f.UtilisateurFactory(is_staff=True)
    assert set(cartes(compte)) == attendues
    assert all(c.nombre == 0 for c in ce_qui_attend(compte) if "légales" not in c.libelle)


def test_chaque_carte_mene_a_une_page_qui_s_ouvre_a_qui_la_voit(client, repas, famille_dupont):
    """With something in each, so that each address has its filters."""
    _remplir(repas, famille_dupont, combien=1)
    for groupe in ("Agents", "Comptables", "Administrateurs"):
        compte = f.UtilisateurFactory(groupe=groupe)
        client.force_login(compte)
        ouvertes = ce_qui_attend(compte)
        assert len(ouvertes) >= 3
        for c in ouvertes:
            assert client.get(c.adresse).status_code == 200, (groupe, c)


def demander(famille, nature, *jours, enfant=None, prestation=None):
    demande = Demande.objects.create(famille=famille, nature=nature, deposant=famille.titulaire)
    for j in jours:
        LigneDemande.objects.create(demande=demande, enfant=enfant, prestation=prestation, jour=j)
    return demande


def test_les_demandes_se_comptent_par_nature(agent, famille_dupont):
    demander(famille_dupont, NatureDemande.CONJOINT)
    demander(famille_dupont, NatureDemande.RESERVATION)
    demander(famille_dupont, NatureDemande.RESERVATION)
    decidee = demander(famille_dupont, NatureDemande.RESPONSABLE)
    decidee.clore("ACCEPTEE", par=agent, le=maintenant())
    assert {libelle: c.nombre for libelle, c in cartes(agent).items() if libelle.startswith("Demandes")} == {
        "Demandes : Informations conjoint": 1,
        "Demandes : Réservations": 2,
    }
    assert carte(agent, "Demandes : Rés").adresse == (
        reverse("admin:demandes_demande_changelist") + "?nature=reservation"
    )


@pytest.mark.parametrize("dans, urgentes", [(0, 1), (1, 1), (2, 0)])
def test_une_demande_pour_demain_sans_reponse_est_urgente(agent, famille_dupont, lea, repas, dans, urgentes):
    demander(famille_dupont, NatureDemande.ABSENCE, jour(dans), enfant=lea, prestation=repas)
    trouvees = [
        c for c in ce_qui_attend(agent) if c.libelle == "Demandes pour aujourd’hui ou demain, sans réponse"
    ]
    assert [c.nombre for c in trouvees] == [1] * urgentes
    assert all(c.urgent and "urgence=oui" in c.adresse for c in trouvees)


def test_un_message_a_traiter(agent, famille_dupont):
    fm.ConversationFactory(famille=famille_dupont)
    fm.ConversationFactory(famille=famille_dupont, traitee_le=maintenant())
    assert carte(agent, "Messages").nombre == 1


def test_un_courriel_abandonne(admin):
    fm.CourrielFactory()
    fm.CourrielFactory(envoye_le=maintenant(), prochain_essai=None)
    assert carte(admin, "Courriels").nombre == 0
    fm.CourrielFactory(prochain_essai=None)
    assert (carte(admin, "Courriels").nombre, carte(admin, "Courriels").urgent) == (1, True)


@pytest.mark.parametrize(
    "etat, dans, nombre",
    [
        (E.RESERVEE, -1, 1),
        (E.ABSENCE_DEMANDEE, -1, 1),
        (E.RESERVEE, -14, 1),
        (E.RESERVEE, -15, 0),
        (E.RESERVEE, 0, 0),
        (E.ABSENT_EXCUSE, -1, 0),
        (E.DEMANDEE, -1, 0),
    ],
)
def test_un_appel_non_fait_des_deux_dernieres_semaines(agent, lea, repas, etat, dans, nombre):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=jour(dans), etat=etat)
    assert carte(agent, "Appels oubliés").nombre == nombre


def test_un_appel_se_compte_par_jour_et_par_service_et_mene_a_leur_liste(agent, lea, cyril, prestations):
    repas, soir = prestations["Repas"], prestations["Garderie Soir 16h45 – 17h45"]
    for enfant in (lea, cyril):
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=jour(-1))
        fp.ReservationFactory(enfant=enfant, prestation=soir, jour=jour(-4))
    attente = carte(agent, "Appels oubliés")
    assert attente.nombre == 2
    adresse = urlsplit(attente.adresse)
    assert adresse.path == reverse("admin:planning_pointage_anomalies")
    assert parse_qs(adresse.query) == {"nature": ["oubli"]}


def test_un_enfant_oublie_suffit_et_un_appel_complet_ne_compte_plus(agent, lea, cyril, repas):
    reservations = [fp.ReservationFactory(enfant=e, prestation=repas, jour=jour(-1)) for e in (lea, cyril)]
    fp.PointageFactory(reservation=reservations[0])
    assert carte(agent, "Appels oubliés").nombre == 1
    fp.PointageFactory(reservation=reservations[1], etat="ABSENT")
    assert carte(agent, "Appels oubliés").nombre == 0


@pytest.mark.parametrize("ferme", [True, False])
def test_une_journee_close_ou_fermee_ne_se_pointe_plus(agent, lea, repas, ferme):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=jour(-1))
    if ferme:
        fp.FermetureFactory(du=jour(-1))
    else:
        fp.ClotureFactory(prestation=repas, du=jour(-5), au=jour(-1))
    assert carte(agent, "Appels oubliés").nombre == 0


@pytest.mark.parametrize(
    "capacite, du_jour, prises, nombre",
    [
        (1, None, 1, 0),  # full
        (2, None, 1, 1),  # a place was freed
        (1, 2, 1, 1),  # the day was enlarged
        (2, 1, 1, 0),  # the day was reduced
        (2, 0, 0, 0),  # no place at all that day
        (None, None, 1, 1),  # the limit was lifted
    ],
)
def test_une_liste_d_attente_compte_quand_une_place_est_libre(
    agent, lea, cyril, repas, capacite, du_jour, prises, nombre
):
    repas.capacite = capacite
    repas.save()
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=jour(3), etat=E.LISTE_ATTENTE)
    if prises:
        fp.ReservationFactory(enfant=cyril, prestation=repas, jour=jour(3))
    if du_jour is not None:
        fp.JourneeFactory(prestation=repas, jour=jour(3), capacite=du_jour)
    attente = carte(agent, "Listes")
    assert (attente.nombre, attente.urgent) == (nombre, bool(nombre))


def test_les_enfants_du_jour_se_comptent_un_par_un(agent, lea, cyril, repas):
    reservations = [fp.ReservationFactory(enfant=e, prestation=repas, jour=jour(0)) for e in (lea, cyril)]
    assert carte(agent, "Appel du jour").nombre == 2
    fp.PointageFactory(reservation=reservations[0])
    assert carte(agent, "Appel du jour").nombre == 1
    fp.FermetureFactory(du=jour(0))
    assert carte(agent, "Appel du jour").nombre == 0


def test_une_liste_d_attente_passee_n_attend_plus(agent, lea, repas):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=jour(-1), etat=E.LISTE_ATTENTE)
    assert carte(agent, "Listes").nombre == 0


def test_les_factures_impayees_et_en_retard(comptable, famille_dupont, regie):
    payee = ff.FactureFactory(famille=famille_dupont, regie=regie, echeance=jour(-9))
    ff.ImputationFactory(
        facture=payee, reglement=ff.ReglementFactory(famille=famille_dupont, regie=regie), montant=payee.total
    )
    ff.FactureFactory(famille=famille_dupont, regie=regie, echeance=jour(0))
    ff.FactureFactory(famille=famille_dupont, regie=regie, echeance=jour(-1))
    assert (carte(comptable, "Factures imp").nombre, carte(comptable, "Factures en r").nombre) == (2, 1)


@pytest.mark.parametrize("rang", [1, 30])
def test_les_impayees_se_comptent_en_une_requete_avoirs_et_acomptes_deduits(
    comptable, famille_dupont, regie, rang
):
    for _ in range(rang):
        entamee, annulee, soldee = (
            ff.FactureFactory(famille=famille_dupont, regie=regie, echeance=jour(-1), total=Decimal(n))
            for n in (40, 25, 30)
        )
        for corrigee, montant in ((annulee, -25), (soldee, -10)):
            ff.FactureFactory(
                famille=famille_dupont, regie=regie, nature="AVOIR", avoir_de=corrigee, total=Decimal(montant)
            )
        reglement = ff.ReglementFactory(famille=famille_dupont, regie=regie, montant=Decimal(60))
        for facture, montant in ((entamee, 39), (soldee, 20)):
            ff.ImputationFactory(facture=facture, reglement=reglement, montant=Decimal(montant))
    lecture = Lecture(comptable)
    with CaptureQueriesContext(connection) as requetes:
        cartes = _impayees(lecture)
    assert [c.nombre for c in cartes] == [rang, rang]
    assert len(requetes) == 1


def test_un_mois_passe_se_cloture_puis_se_facture(comptable, lea, repas, famille_dupont):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=date(2026, 10, 5))
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=jour(-1))
    a_clore = carte(comptable, "Services à clôturer, octobre 2026")
    assert a_clore.nombre == 1
    assert parse_qs(urlsplit(a_clore.adresse).query) == {"regie": [str(repas.regie_id)], "mois": ["2026-10"]}
    fp.ClotureFactory(prestation=repas, du=date(2026, 10, 1), au=date(2026, 10, 15))
    assert carte(comptable, "Services à clôturer").nombre == 1
    fp.ClotureFactory(prestation=repas, du=date(2026, 10, 16), au=date(2026, 10, 31))
    assert carte(comptable, "Régies à facturer, octobre 2026").nombre == 1
    ff.FactureFactory(famille=famille_dupont, regie=repas.regie, total=Decimal("3.30"))
    assert carte(comptable, "Mois à clôturer").nombre == 0


def test_un_service_facture_d_avance_n_attend_pas_de_cloture(comptable, lea, repas):
    repas.terme = TermeFacturation.A_ECHOIR
    repas.save()
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=date(2026, 10, 5))
    assert carte(comptable, "Mois à clôturer").nombre == 0


def _remplir(repas, famille, combien):
    """Something in each card, on as many days and for as many families as asked."""
    for rang in range(combien):
        foyer = f.FoyerFactory()
        enfant = f.EnfantFactory(famille=foyer)
        demander(foyer, NatureDemande.RESERVATION, jour(1), enfant=enfant, prestation=repas)
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=jour(-1 - rang % 2))
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=jour(0))
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=jour(2 + rang % 3), etat=E.LISTE_ATTENTE)
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=date(2026, 10, 5 + rang % 5))
        fm.ConversationFactory(famille=foyer)
        fm.CourrielFactory(prochain_essai=None)
        ff.FactureFactory(famille=foyer, regie=repas.regie, date=date(2026, 9, 2), echeance=jour(-1))


def test_la_premiere_page_tient_en_vingt_cinq_requetes(client_admin, repas, famille_dupont):
    def couter() -> int:
        with CaptureQueriesContext(connection) as capture:
            assert client_admin.get("/admin/").status_code == 200
        return len(capture)

    _remplir(repas, famille_dupont, combien=1)
    cache.clear()
    assert couter() <= 25
    avec_une = couter()
    _remplir(repas, famille_dupont, combien=29)
    couter()
    assert couter() == avec_une


def test_l_urgence_se_dit_par_un_dessin_et_pas_seulement_par_la_couleur(client_admin, repas, famille_dupont):
    page = client_admin.get("/admin/").content.decode()
    assert 'class="urgent"' not in page
    _remplir(repas, famille_dupont, combien=1)
    page = client_admin.get("/admin/").content.decode()
    carte_urgente = page[page.index('class="urgent"') :]
    assert "exclamation-triangle" in carte_urgente[: carte_urgente.index("</li>")]
