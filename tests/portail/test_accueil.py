"""The home page: the manual's cards, the children's days, the deadline, and who sees the money."""

import re
from datetime import date, time
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from familles.enums import Situation
from familles.models import Responsable
from planning.enums import EtatReservation as E
from planning.enums import ModeDelai, Operation
from planning.models import RegleDelai, Reservation
from tests.fabriques import facturation as ff
from tests.fabriques import familles as f
from tests.fabriques import messagerie as fm
from tests.fabriques.demandes import DemandeFactory


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def jean(famille_dupont):
    return famille_dupont.responsables.get(rang=1)


@pytest.fixture
def jeanne(famille_dupont):
    return famille_dupont.responsables.get(rang=2)


@pytest.fixture
def jeudi_midi(db):
    """The manual's rule: Thursday noon for the next week."""
    return RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE, heure=time(12))


@pytest.fixture
def al_36(famille_dupont, regie):
    """The manual's unpaid invoice."""
    return ff.FactureFactory(
        famille=famille_dupont,
        regie=regie,
        date=date(2015, 4, 8),
        numero=36,
        numero_imprime="AL-36",
        echeance=date(2015, 4, 30),
        total=Decimal("120.60"),
    )


def texte(client) -> str:
    """The words of the page, frame apart."""
    reponse = client.get("/")
    assert reponse.status_code == 200
    page = re.search(r"<main.*</main>", reponse.content.decode(), re.DOTALL).group()
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


def reserver(enfant, prestation, jour, etat=E.RESERVEE):
    inscription = enfant.inscriptions.get(prestation=prestation)
    return Reservation.objects.create(
        enfant=enfant,
        prestation=prestation,
        inscription=inscription,
        jour=jour,
        etat=etat,
        rang_attente=1 if etat == E.LISTE_ATTENTE else None,
    )


# --- The manual's cards --------------------------------------------------------------------------------


def test_la_page_porte_les_mots_du_manuel(client_jean, al_36):
    page = texte(client_jean)
    assert page.startswith("Bienvenue sur votre page d’accueil")
    assert "Responsable Civilité Monsieur Nom DUPONT Prénom JEAN N° Famille 1001001818331" in page
    assert (
        "Opérations en cours "
        "À la date du mardi 24 novembre 2026, votre compte présente un solde de 120,60 € à payer" in page
    )
    assert "Informations compte Factures Impayées à la date du mardi 24 novembre 2026" in page
    assert "N° Facture Date Facture Date d’échéance Montant AL-36" in page
    assert "08/04/2015 30/04/2015 En retard 120,60 € Total FACTURES = 120,60 €" in page


def test_chaque_facture_impayee_mene_a_son_pdf(client_jean, al_36):
    assert f'href="{al_36.get_absolute_url()}"' in client_jean.get("/").content.decode()


@pytest.mark.parametrize(
    "echeance, en_retard", [(date(2026, 11, 23), True), (date(2026, 11, 24), False), (None, False)]
)
def test_le_retard_se_dit_en_toutes_lettres_apres_l_echeance(
    client_jean, famille_dupont, regie, echeance, en_retard
):
    ff.FactureFactory(famille=famille_dupont, regie=regie, echeance=echeance)
    assert ("En retard" in texte(client_jean)) is en_retard


def test_une_facture_payee_en_partie_dit_ce_qui_reste(client_jean, famille_dupont, regie, al_36):
    assert "Reste à payer" not in texte(client_jean)
    reglement = ff.ReglementFactory(famille=famille_dupont, regie=regie, montant=Decimal("20.60"))
    ff.ImputationFactory(reglement=reglement, facture=al_36)
    page = texte(client_jean)
    assert "Montant Reste à payer AL-36" in page
    assert "120,60 € 100,00 € Total FACTURES = 100,00 €" in page
    assert "solde de 100,00 € à payer" in page


@pytest.mark.parametrize(
    "paye, phrase",
    [("120.60", "0,00 € Votre compte est à jour."), ("150.00", "29,40 € en votre faveur")],
)
def test_un_compte_solde_ou_en_avance_le_dit(client_jean, famille_dupont, regie, al_36, paye, phrase):
    reglement = ff.ReglementFactory(famille=famille_dupont, regie=regie, montant=Decimal(paye))
    ff.ImputationFactory(reglement=reglement, facture=al_36, montant=Decimal("120.60"))
    page = texte(client_jean)
    assert phrase in page
    assert "Aucune facture impayée." in page


def test_une_famille_toute_neuve_lit_ce_qui_viendra(client_jean):
    page = texte(client_jean)
    assert "Aucun enfant n’est rattaché à votre dossier." in page
    assert "Aucune facture impayée. Vos prochaines factures apparaîtront ici" in page
    assert "Aucun nouveau message Aucune demande en attente" in page
    assert "Vous pouvez réserver" not in page


# --- The children --------------------------------------------------------------------------------------


def test_chaque_enfant_a_son_planning_et_ses_jours_a_venir(client_jean, lea_inscrite, prestations):
    repas, soir = prestations["Repas"], prestations["Garderie Soir 16h45 – 17h45"]
    reserver(lea_inscrite, repas, date(2026, 11, 24))
    reserver(lea_inscrite, soir, date(2026, 11, 24))
    reserver(lea_inscrite, repas, date(2026, 11, 26), E.DEMANDEE)
    reserver(lea_inscrite, repas, date(2026, 11, 27), E.ABSENT_EXCUSE)
    reserver(lea_inscrite, repas, date(2026, 11, 30), E.ANNULEE)
    reserver(lea_inscrite, repas, date(2026, 12, 1))
    page = texte(client_jean)
    assert "Léa DUPONT Planning de Léa GROUPE SCOLAIRE TERENCE RIDOUT" in page
    assert (
        "Aujourd’hui Garderie Soir 16h45 – 17h45 Repas "
        "jeudi 26 novembre Repas Réservation en cours de traitement "
        "vendredi 27 novembre Repas Absent excusé" in page
    )
    assert "30 novembre" not in page and "1er décembre" not in page
    assert f'href="{lea_inscrite.url_planning()}"' in client_jean.get("/").content.decode()


def test_un_enfant_sans_reservation_ou_sans_inscription_le_dit(client_jean, lea_inscrite, cyril):
    page = texte(client_jean)
    assert "Rien n’est réservé ces sept prochains jours." in page
    assert "Aucune inscription en cours" in page


def test_les_jours_de_l_autre_foyer_ne_se_lisent_pas(client_martin, enfant_alterne, repas, annee):
    autre = enfant_alterne.rattachements.exclude(famille__responsables__nom="MARTIN").get().famille
    f.InscriptionFactory(enfant=enfant_alterne, prestation=repas, annee=annee, famille=autre)
    reserver(enfant_alterne, repas, date(2026, 11, 24))
    page = texte(client_martin)
    assert "Nour" in page
    assert "Repas" not in page


# --- The deadline --------------------------------------------------------------------------------------


def test_la_prochaine_limite_dit_jusqu_a_quand_et_pour_qui(client_jean, lea_inscrite, repas, jeudi_midi):
    page = texte(client_jean)
    assert (
        "Vous pouvez réserver du lundi 30 novembre au vendredi 4 décembre "
        "jusqu’au jeudi 26 novembre à 12 h 00." in page
    )
    assert "Rien n’est encore demandé sur cette période pour Léa." in page
    assert f"{lea_inscrite.url_planning(date(2026, 11, 30))}" in client_jean.get("/").content.decode()
    reserver(lea_inscrite, repas, date(2026, 12, 4), E.DEMANDEE)
    assert "Rien n’est encore demandé" not in texte(client_jean)


def test_avec_plusieurs_enfants_chacun_a_son_bouton(
    client_jean, lea_inscrite, cyril, repas, annee, jeudi_midi
):
    f.InscriptionFactory(enfant=cyril, prestation=repas, annee=annee)
    page = texte(client_jean)
    assert "Réserver pour Léa" in page and "Réserver pour Cyril" in page
    assert "pour Cyril et Léa." in page


def test_une_inscription_qui_commence_plus_tard_n_appelle_pas_avant(
    client_jean, lea, repas, annee, jeudi_midi
):
    f.InscriptionFactory(enfant=lea, prestation=repas, annee=annee, du=date(2026, 12, 9))
    page = texte(client_jean)
    assert "réserver du mercredi 9 décembre au vendredi 11 décembre jusqu’au jeudi 3 décembre" in page


def test_un_seul_jour_se_nomme_seul(client_jean, lea, repas, annee, jeudi_midi):
    f.InscriptionFactory(enfant=lea, prestation=repas, annee=annee, du=date(2026, 12, 11))
    assert "Vous pouvez réserver le vendredi 11 décembre jusqu’au" in texte(client_jean)


def test_sans_limite_il_n_y_a_rien_a_rappeler(client_jean, lea_inscrite):
    assert "Vous pouvez réserver" not in texte(client_jean)


# --- Who sees what -------------------------------------------------------------------------------------


def test_la_conjointe_separee_voit_les_enfants_mais_pas_l_argent(
    client_jeanne, lea_inscrite, repas, jeudi_midi, al_36
):
    reserver(lea_inscrite, repas, date(2026, 11, 24))
    page = texte(client_jeanne)
    assert "Aujourd’hui Repas" in page
    assert "Conjoint Civilité" in page and "Prénom JEANNE" in page
    assert "jusqu’au jeudi 26 novembre à" in page
    for secret in ("AL-36", "120,60", "€", "Opérations", "Impayées", "JEAN ", "Jean "):
        assert secret not in page


def test_un_couple_voit_tout_chacun_avec_sa_carte(client_jeanne, famille_dupont, al_36):
    famille_dupont.situation = Situation.MARIE
    famille_dupont.save()
    page = texte(client_jeanne)
    assert "FACTURES = 120,60 €" in page
    assert "Prénom JEANNE" in page


def test_les_messages_non_lus_se_comptent(client_jean, famille_dupont):
    conversation = fm.ConversationFactory(famille=famille_dupont)
    fm.MessageFactory(conversation=conversation)
    assert "1 nouveau message" in texte(client_jean)
    fm.MessageFactory(conversation=conversation)
    assert "2 nouveaux messages" in texte(client_jean)


def test_les_demandes_en_attente_se_comptent(client_jean, client_jeanne, famille_dupont):
    DemandeFactory(famille=famille_dupont)
    assert "1 demande en cours de traitement" in texte(client_jean)
    assert 'href="/demandes/"' in client_jean.get("/").content.decode()
    # The titulaire's address is no business of hers.
    assert "Aucune demande en attente" in texte(client_jeanne)


def test_un_agent_sans_famille_va_a_l_administration(client_agent):
    assert client_agent.get("/").url == "/admin/"


# --- Costs ---------------------------------------------------------------------------------------------


def couter(client) -> int:
    with CaptureQueriesContext(connection) as capture:
        assert client.get("/").status_code == 200
    return len(capture)


def test_la_page_coute_autant_pour_un_enfant_que_pour_trente(
    client_jean, famille_dupont, lea_inscrite, repas, annee, regie, jeudi_midi, al_36
):
    cache.clear()
    assert couter(client_jean) <= 12
    chaud = couter(client_jean)
    assert chaud <= 8
    for rang in range(30):
        enfant = f.EnfantFactory(nom="DUPONT", prenom=f"Enfant {rang}", famille=famille_dupont)
        f.InscriptionFactory(enfant=enfant, prestation=repas, annee=annee)
        reserver(enfant, repas, date(2026, 11, 26))
        ff.FactureFactory(famille=famille_dupont, regie=regie)
    # The counter of numbers and the settings have moved: warm the cache again.
    couter(client_jean)
    assert couter(client_jean) == chaud
    assert texte(client_jean).count("jeudi 26 novembre Repas") == 30
    assert Responsable.objects.filter(famille=famille_dupont).count() == 2
