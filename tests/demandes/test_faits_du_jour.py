"""A decision obeys the facts of its own day; what the portal grants by itself; who may not decide."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse

from demandes import actions
from demandes.enums import EtatDemande, EtatLigne
from demandes.models import Demande
from demandes.views import jours
from familles import horloge
from familles.enums import Acceptation
from familles.erreurs import DejaTraite, Refus
from familles.models import Inscription, Prestation, Rattachement
from messagerie.models import Conversation, Message
from planning.actions import changer_etat
from planning.enums import EtatReservation, ModeDelai, Operation, Retard
from planning.models import Fermeture, RegleDelai, Reservation
from tests.demandes.conftest import AUTRE_JOUR, JOUR, MAINTENANT, adresse, case, enfant_inscrit, texte
from tests.demandes.test_annulations import declarer
from tests.planning.pages import mots

R = EtatReservation


def fermer(lea, repas):
    Fermeture(du=JOUR, au=JOUR, motif="Grève").save()


def desinscrire(lea, repas):
    inscription = Inscription.objects.get(enfant=lea)
    inscription.au = JOUR - timedelta(days=1)
    inscription.save()


def annuler(lea, repas):
    changer_etat(reservations=Reservation.objects.filter(jour=JOUR), vers=R.ANNULEE, par=None)


@pytest.mark.parametrize(
    ("change", "phrase"),
    [(fermer, "Grève"), (desinscrire, "n’y est plus inscrit"), (annuler, "Annulé")],
    ids=["ferme", "desinscrit", "annule"],
)
def test_ce_qui_a_change_depuis_le_depot_se_dit_et_se_refuse_jour_par_jour(
    dupont, lea, repas, reserver, agent, change, phrase
):
    demande = reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR)
    change(lea, repas)
    with pytest.raises(Refus, match=phrase):
        actions.accepter(demande=demande, par=agent)
    assert Demande.objects.get().en_attente
    actions.refuser(demande=demande, motif="Plus possible", par=agent)
    attendu = R.ANNULEE if change is annuler else R.REFUSEE
    assert Reservation.objects.get(jour=JOUR).etat == attendu
    assert Reservation.objects.get(jour=AUTRE_JOUR).etat == R.REFUSEE


def test_une_liste_d_attente_n_est_pas_annoncee_comme_une_place(
    dupont, lea, martin, hugo, repas, reserver, agent
):
    repas.capacite = 1
    repas.save()
    actions.accepter(demande=reserver(martin.titulaire, hugo), par=agent)
    actions.accepter(demande=reserver(dupont.titulaire, lea), par=agent)
    corps = Message.objects.order_by("pk").last().corps
    assert "est acceptée" not in corps
    assert "n’est pas encore réservé" in corps


@pytest.mark.parametrize("retard", [Retard.MAJORE, Retard.AGENT])
def test_une_demande_apres_la_limite_attend_un_agent_et_le_dit(
    dupont, lea, repas, reserver, retard, connecter, agent
):
    repas.acceptation = Acceptation.AUTOMATIQUE
    repas.save()
    RegleDelai.objects.create(
        operation=Operation.RESERVER, mode=ModeDelai.JOURS, nombre=20, heure=time(12, 0), retard=retard
    )
    demande = reserver(dupont.titulaire, lea)
    assert Demande.objects.get().en_attente
    assert "Jours demandés après la limite" in Message.objects.get().corps
    page = connecter(agent).get(reverse("admin:demandes_demande_decider", args=[demande.pk])).content.decode()
    attendu = "Réservation tardive : prix majoré" if retard == Retard.MAJORE else "Demandée hors délai"
    assert attendu in page


@pytest.fixture
def garderie(repas):
    """Granted by the portal itself."""
    return Prestation.objects.create(
        nom="Garderie",
        structure=repas.structure,
        regie=repas.regie,
        jours_ouverts="1245",
        acceptation=Acceptation.AUTOMATIQUE_PLACES,
    )


@pytest.fixture
def mixte(dupont, lea, repas, garderie, deposer):
    """A lunch, which an agent grants, and a garderie, granted at once."""
    inscription = Inscription.objects.get(enfant=lea)
    inscription.pk, inscription.prestation = None, garderie
    inscription.save()
    cases = [case(repas, JOUR), case(garderie, AUTRE_JOUR)]
    return deposer(dupont.titulaire, "reservation", {"cases": cases}, enfant=lea)


def etats(demande):
    return [ligne.etat for ligne in demande.lignes.all()]


def test_une_demande_mixte_est_accordee_pour_ce_qui_ne_demande_personne(mixte):
    assert Demande.objects.get().en_attente
    assert etats(mixte) == [EtatLigne.EN_ATTENTE, EtatLigne.ACCEPTEE]
    corps = Message.objects.get().corps
    assert "Acceptée :\nLéa, Garderie : vendredi 4 décembre 2026" in corps
    assert "Jours demandés :\nLéa, Repas : jeudi 3 décembre 2026" in corps


def test_la_reponse_a_une_demande_mixte_compte_ce_qui_etait_deja_accorde(mixte, agent):
    assert actions.refuser(demande=mixte, motif="Complet", par=agent).etat == EtatDemande.PARTIELLE
    assert etats(mixte) == [EtatLigne.REFUSEE, EtatLigne.ACCEPTEE]
    assert Reservation.objects.get(jour=AUTRE_JOUR).etat == R.RESERVEE


def test_retirer_une_demande_mixte_garde_ce_qui_est_accorde(mixte, dupont):
    actions.retirer(demande=mixte, par=dupont.titulaire.utilisateur)
    assert etats(mixte) == [EtatLigne.ANNULEE, EtatLigne.ACCEPTEE]
    assert Reservation.objects.get(jour=AUTRE_JOUR).etat == R.RESERVEE


def test_un_agent_ne_decide_pas_pour_l_enfant_qu_il_a_dans_un_autre_foyer(
    dupont, martin, lea, reserver, agent, autre_agent
):
    Rattachement.objects.create(enfant=lea, famille=martin, du=lea.date_naissance)
    conjoint = martin.responsables.get(rang=2)
    conjoint.utilisateur = agent
    conjoint.save()
    demande = reserver(dupont.titulaire, lea)
    with pytest.raises(Refus) as refus:
        actions.accepter(demande=demande, par=agent)
    assert refus.value.statut == 403
    assert actions.accepter(demande=demande, par=autre_agent).etat == EtatDemande.ACCEPTEE


def test_la_page_de_decision_le_dit_a_l_agent_de_la_famille(dupont, changer_adresse, agent, connecter):
    demande = changer_adresse(dupont.titulaire)
    conjoint = dupont.responsables.get(rang=2)
    conjoint.utilisateur = agent
    conjoint.save()
    page = connecter(agent).get(reverse("admin:demandes_demande_decider", args=[demande.pk])).content.decode()
    assert "propre famille" in page
    assert 'name="accepter"' not in page


@pytest.mark.parametrize("lignes", [["x"], ["-1"], ["١"], ["9" * 30]])
def test_des_jours_coches_illisibles_ne_donnent_pas_d_erreur_interne(
    dupont, lea, reserver, agent, connecter, lignes
):
    demande = reserver(dupont.titulaire, lea)
    adresse_ = reverse("admin:demandes_demande_decider", args=[demande.pk])
    reponse = connecter(agent).post(adresse_, {"lignes": lignes, "accepter": "1"})
    assert reponse.status_code == 422
    assert "n’ont pas pu être lus" in reponse.content.decode()
    assert Demande.objects.get().en_attente


def test_qui_est_devance_garde_les_jours_encore_possibles(
    dupont, lea, repas, reserver, connecter, monkeypatch
):
    """Another window took a day between the examination and the deposit."""
    deposer = actions.deposer

    def devance(**options):
        monkeypatch.setattr(jours.actions, "deposer", deposer)
        reserver(dupont.titulaire, lea, JOUR)
        return deposer(**options)

    monkeypatch.setattr(jours.actions, "deposer", devance)
    donnees = {"cases": [case(repas, JOUR), case(repas, AUTRE_JOUR)], "mois": "2026-12"}
    reponse = connecter(dupont.titulaire).post(adresse("reserver", lea.pk), donnees)
    assert reponse.status_code == 409
    assert "vient d’être demandé" in texte(reponse)
    contenu = reponse.content.decode()
    assert f'value="{case(repas, AUTRE_JOUR)}"' in contenu
    assert f'value="{case(repas, JOUR)}"' not in contenu
    assert Demande.objects.count() == 1


def test_l_accuse_est_lu_d_avance_et_la_reponse_est_nouvelle(dupont, changer_adresse, agent):
    demande = changer_adresse(dupont.titulaire)
    assert not Message.objects.non_lus().exists()
    actions.accepter(demande=demande, par=agent)
    assert Message.objects.non_lus().count() == 1
    assert not Conversation.objects.echanges().exists()


def test_une_demande_expiree_reste_decidable_par_son_depot(dupont, hugo, martin, reserver, agent):
    """Filed in time, read after the day itself: the family is never late because the staff were."""
    demande = reserver(martin.titulaire, hugo)
    with horloge.figer(MAINTENANT + timedelta(days=30)):
        assert actions.accepter(demande=demande, par=agent).etat == EtatDemande.ACCEPTEE


def test_la_page_du_compte_coute_autant_avec_des_demandes(
    dupont, changer_adresse, connecter, django_assert_max_num_queries
):
    client = connecter(dupont.titulaire)
    changer_adresse(dupont.titulaire)
    changer_adresse(dupont.conjoint)
    client.get(reverse("familles:compte"))
    with django_assert_max_num_queries(8):
        assert texte(client.get(reverse("familles:compte"))).count("en attente") == 4


def test_deux_enfants_d_une_famille_se_demandent_separement(dupont, lea, repas, reserver):
    autre = enfant_inscrit(dupont, repas, "Tom")
    reserver(dupont.titulaire, lea)
    assert reserver(dupont.titulaire, autre).en_attente
    with pytest.raises((DejaTraite, Refus)):
        reserver(dupont.titulaire, lea)


def test_un_jour_ferme_depuis_sa_demande_se_dit_a_l_agent_et_n_est_pas_coche(
    dupont, lea, repas, reserver, agent, connecter
):
    demande = reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR)
    Fermeture.objects.create(du=JOUR, au=JOUR, motif="Panne")
    page = connecter(agent).get(reverse("admin:demandes_demande_decider", args=[demande.pk])).content.decode()
    assert page.count("Fermeture (Panne) : pas de service. Refusez ce jour-là, ou rouvrez-le.") == 1
    assert len(re.findall(r'name="lignes"[^>]* checked', page)) == 1


def test_une_absence_d_un_autre_jour_n_est_pas_la_meme_rubrique(
    dupont, lea, repas, raison, reserver, agent, connecter
):
    actions.accepter(demande=reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR), par=agent)
    premiere, seconde = (declarer(dupont, lea, repas, raison, jour) for jour in (JOUR, AUTRE_JOUR))
    reponse = connecter(agent).get(reverse("admin:demandes_demande_decider", args=[premiere.pk]))
    page = mots(reponse.content.decode())
    assert f"Demande n° {seconde.pk}, absences" in page
    assert "la même rubrique" not in page
