"""What an agent writes for a family: deadlines passed over, all else judged, reason kept."""

from datetime import date

import pytest

from familles.donnees import perimer
from familles.erreurs import Invalide, Refus
from familles.models import Trace
from messagerie.models import Message
from planning import actions
from planning.actions import cloturer
from planning.enums import EtatPointage, EtatReservation
from planning.fermetures import touchees
from planning.guichet import Geste
from planning.models import Fermeture, Mouvement, Reservation
from tests.fabriques import familles as ff
from tests.fabriques import planning as fp
from tests.planning.pages import compter_requetes, messages, texte

E = EtatReservation
AUJOURDHUI, DEMAIN, LUNDI = date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 23)
AJOUT = "/admin/planning/reservation/add/"


@pytest.fixture(autouse=True)
def mardi(figer):
    return figer("2026-11-24T11:45")


@pytest.fixture
def saisir(lea_inscrite, repas, agent):
    def faire(geste=Geste.RESERVER, jours=(DEMAIN,), **champs):
        champs = {"motif": "Au téléphone", "par": agent} | champs
        return actions.saisir(enfant=lea_inscrite, prestation=repas, jours=jours, geste=geste, **champs)

    return faire


def envoi(lea, repas, **champs) -> dict:
    return {
        "enfant": lea.pk,
        "prestation": repas.pk,
        "geste": "RESERVER",
        "du": "2026-11-26",
        "motif": "Au téléphone",
    } | champs


def test_un_agent_reserve_apres_la_limite_et_le_motif_reste(saisir, repas, agent):
    fp.RegleDelaiFactory()
    ecrites, refuses = saisir()
    (reservation,) = ecrites
    assert (reservation.etat, reservation.tardive, refuses) == (E.RESERVEE, False, [])
    assert set(Mouvement.objects.values_list("motif", "par")) == {("Au téléphone", agent.pk)}
    assert Trace.objects.get().par == agent
    message = Message.objects.get()
    assert "Jeudi 26 novembre 2026 : réservé" in message.corps.replace("\u00a0", " ")
    assert "téléphone" not in message.corps


def test_l_agent_dit_si_le_prix_est_celui_d_une_reservation_tardive(saisir):
    assert saisir(tardive=True)[0][0].tardive


@pytest.mark.parametrize(
    "etat, geste, devient",
    [
        (E.RESERVEE, Geste.EXCUSER, E.ABSENT_EXCUSE),
        (E.RESERVEE, Geste.FACTURER, E.ABSENT_FACTURE),
        (E.RESERVEE, Geste.ANNULER, E.ANNULEE),
        (E.ABSENT_FACTURE, Geste.EXCUSER, E.ABSENT_EXCUSE),
        (E.ABSENT_EXCUSE, Geste.EXCUSER, None),
        (E.DEMANDEE, Geste.ANNULER, None),
        (E.ABSENCE_DEMANDEE, Geste.EXCUSER, None),
        (E.LISTE_ATTENTE, Geste.ANNULER, None),
        (E.RESERVEE, Geste.RESERVER, None),
        (E.DEMANDEE, Geste.RESERVER, None),
        (E.ABSENCE_DEMANDEE, Geste.RESERVER, None),
        (E.ABSENT_FACTURE, Geste.RESERVER, E.RESERVEE),
        (E.ABSENT_EXCUSE, Geste.RESERVER, E.RESERVEE),
    ],
)
def test_chaque_geste_ne_change_que_ce_qu_il_peut(saisir, lea_inscrite, repas, etat, geste, devient):
    rang = {"rang_attente": 1} if etat == E.LISTE_ATTENTE else {}
    reservation = fp.ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=DEMAIN, etat=etat, **rang)
    if devient is None:
        with pytest.raises(Refus):
            saisir(geste)
    else:
        saisir(geste)
    reservation.refresh_from_db()
    assert reservation.etat == (devient or etat)
    assert Reservation.objects.count() == 1


@pytest.mark.parametrize(
    "jour, phrase",
    [
        (date(2026, 11, 28), "n’ouvre pas ce jour de la semaine"),
        (date(2026, 12, 25), "Jour férié"),
        (LUNDI, "Ce jour est passé"),
        (date(2028, 1, 3), "n’est pas inscrit à ce service ce jour-là"),
    ],
)
def test_ce_que_le_jour_interdit_l_est_aussi_a_l_agent(saisir, jour, phrase):
    fp.JourFerieFactory()
    perimer()
    with pytest.raises(Refus, match=phrase):
        saisir(jours=[jour])
    assert not Reservation.objects.exists() and not Message.objects.exists()


def test_les_jours_possibles_passent_et_les_autres_sont_dits(saisir, lea_inscrite, repas):
    fp.ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=DEMAIN)
    ecrites, refuses = saisir(jours=[DEMAIN, date(2026, 11, 27)])
    assert [r.jour for r in ecrites] == [date(2026, 11, 27)]
    assert [(j.jour, j.phrase) for j in refuses] == [(DEMAIN, "Déjà « Réservé ».")]


def test_un_jour_complet_met_sur_la_liste_d_attente(saisir, repas, hugo):
    repas.capacite = 1
    repas.save()
    fp.ReservationFactory(enfant=hugo, prestation=repas, jour=DEMAIN)
    assert saisir()[0][0].etat == E.LISTE_ATTENTE
    assert "sur la liste d’attente" in Message.objects.get().corps


def test_l_enfant_qui_reste_quand_sa_classe_part_se_reserve_sans_rien_annuler(
    saisir, lea_inscrite, repas, agent
):
    """The trip excused the whole class; one child stays, another day is new: one gesture for both."""
    fp.ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=DEMAIN)
    classe = ff.ScolariteFactory(enfant=lea_inscrite)
    sortie = Fermeture(motif="Musée", du=DEMAIN, au=DEMAIN, ecole=classe.ecole, classe=classe.classe)
    actions.fermer(fermeture=sortie, attendue=touchees(sortie).empreinte, par=agent)
    assert Reservation.objects.get().etat == E.ABSENT_EXCUSE
    ecrites, refuses = saisir(jours=[DEMAIN, date(2026, 11, 27)], motif="Reste à l’école")
    assert [(r.jour, r.etat) for r in ecrites] == [
        (date(2026, 11, 27), E.RESERVEE),
        (DEMAIN, E.RESERVEE),
    ]
    assert not refuses
    dit = Message.objects.order_by("pk").last().corps.replace("\u00a0", " ")
    assert "Jeudi 26 novembre 2026 : réservé\nVendredi 27 novembre 2026 : réservé" in dit


def test_une_place_donnee_a_un_autre_ne_se_reprend_pas(saisir, lea_inscrite, repas, hugo):
    repas.capacite = 1
    repas.save()
    fp.ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=DEMAIN, etat=E.ABSENT_EXCUSE)
    fp.ReservationFactory(enfant=hugo, prestation=repas, jour=DEMAIN)
    with pytest.raises(Refus, match="plus de place"):
        saisir()
    assert Reservation.objects.get(enfant=lea_inscrite).etat == E.ABSENT_EXCUSE


def test_une_presence_pointee_ne_devient_pas_une_absence(saisir, lea_inscrite, repas):
    fp.ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=LUNDI)
    fp.PointageFactory(enfant=lea_inscrite, prestation=repas, jour=LUNDI, etat=EtatPointage.PRESENT)
    with pytest.raises(Refus, match="pointé présent"):
        saisir(Geste.EXCUSER, jours=[LUNDI])


def test_une_journee_close_ne_bouge_plus(saisir, lea_inscrite, repas, agent):
    fp.ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=LUNDI)
    cloturer(prestation=repas, du=LUNDI, au=LUNDI, par=agent)
    with pytest.raises(Refus, match="closes"):
        saisir(Geste.EXCUSER, jours=[LUNDI])


def test_le_foyer_qui_a_l_enfant_ce_jour_la_paie(saisir, lea_inscrite, repas, famille_dupont):
    assert saisir()[0][0].inscription.famille == famille_dupont


@pytest.mark.parametrize("motif", ["", "   "])
def test_le_motif_est_obligatoire(saisir, motif):
    with pytest.raises(Invalide, match="Indiquez pourquoi"):
        saisir(motif=motif)


# --- The page --------------------------------------------------------------------------------------------


def test_la_page_enregistre_une_semaine_une_seule_fois(client_agent, lea_inscrite, repas):
    saisie = envoi(lea_inscrite, repas, du="2026-12-07", au="2026-12-11", jours=["1", "4"])
    suite = client_agent.post(AJOUT, saisie, follow=True)
    assert "2 jours réservés, la famille est prévenue" in messages(suite).replace("\u00a0", " ")
    assert [r.jour.day for r in Reservation.objects.order_by("jour")] == [7, 10]
    double = client_agent.post(AJOUT, saisie)
    assert double.status_code == 409 and "Déjà « Réservé »" in messages(double)
    assert (Reservation.objects.count(), Message.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "champs, phrase",
    [
        ({"enfant": "99999"}, "Cet enfant n’existe pas"),
        ({"enfant": "zz"}, "Cet enfant n’existe pas"),
        ({"prestation": "0"}, "Sélectionnez un choix valide"),
        ({"geste": "EFFACER"}, "Sélectionnez un choix valide"),
        ({"du": "2026-02-30"}, "date valide"),
        ({"au": "2026-11-01"}, "La fin ne peut précéder le début."),
        ({"au": "2028-11-30"}, "Un an au plus à la fois."),
        ({"au": "2026-11-28", "jours": ["6"]}, "Aucun jour d’ouverture"),
        ({"motif": ""}, "Ce champ est obligatoire"),
    ],
)
def test_une_saisie_impossible_est_rendue_avec_sa_phrase(client_agent, lea_inscrite, repas, champs, phrase):
    page = client_agent.post(AJOUT, envoi(lea_inscrite, repas) | champs)
    assert page.status_code == 422
    assert phrase in texte(page)
    assert not Reservation.objects.exists()


def test_un_comptable_ne_saisit_rien(client_comptable, lea_inscrite, repas):
    assert client_comptable.post(AJOUT, envoi(lea_inscrite, repas)).status_code == 403


def test_une_annee_ne_coute_pas_plus_de_requetes_qu_un_mois(client_agent, lea_inscrite, repas):
    nombres: list[int] = []
    for du, au in (("2026-12-01", "2026-12-18"), ("2027-01-04", "2027-07-02")):
        with compter_requetes(nombres):
            assert client_agent.post(AJOUT, envoi(lea_inscrite, repas, du=du, au=au)).status_code == 302
    assert nombres[1] <= nombres[0] <= 60
    assert Reservation.objects.count() > 100
