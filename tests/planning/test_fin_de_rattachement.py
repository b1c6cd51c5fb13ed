"""A household that no longer holds a child books nothing for it; what it had booked is told to the staff."""

from datetime import date

import pytest

from familles.actions import arreter_les_inscriptions
from familles.erreurs import Refus
from familles.models import Inscription, Rattachement
from messagerie.models import Message
from planning import actions
from planning.enums import EtatReservation as E
from portail.attente import ce_qui_attend
from tests.fabriques import familles as f
from tests.fabriques.planning import ReservationFactory
from tests.planning.conftest import etats

FIN = date(2026, 11, 30)
AVANT, APRES = date(2026, 11, 27), date(2026, 12, 4)


@pytest.fixture(autouse=True)
def _mercredi(figer):
    figer("2026-11-25T10:00")


def finir(lea, au=FIN):
    Rattachement.objects.filter(enfant=lea).update(au=au)
    return arreter_les_inscriptions(enfants=[lea.pk], par=None)


def test_les_inscriptions_s_arretent_avec_le_rattachement(lea_inscrite, annee):
    assert arreter_les_inscriptions(enfants=[lea_inscrite.pk], par=None) == []
    assert len(finir(lea_inscrite)) == 6
    assert set(Inscription.objects.values_list("au", flat=True)) == {FIN}
    assert Inscription.history.filter(au=FIN).count() == 6
    # Told once.
    assert arreter_les_inscriptions(enfants=[lea_inscrite.pk], par=None) == []


def test_un_foyer_qui_tient_de_nouveau_l_enfant_garde_ses_inscriptions(lea_inscrite):
    rattachement = Rattachement.objects.get(enfant=lea_inscrite)
    f.RattachementFactory(enfant=lea_inscrite, famille=rattachement.famille, du=date(2026, 12, 1))
    assert finir_seulement(rattachement) == []


def finir_seulement(rattachement):
    Rattachement.objects.filter(pk=rattachement.pk).update(au=FIN)
    return arreter_les_inscriptions(enfants=[rattachement.enfant_id], par=None)


def test_une_inscription_qui_commencerait_apres_s_en_va_sauf_si_un_jour_y_est_reserve(lea_inscrite, repas):
    reservation = ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=APRES, etat=E.RESERVEE)
    finir(lea_inscrite, au=date(2026, 8, 31))
    assert list(Inscription.objects.filter(enfant=lea_inscrite)) == [reservation.inscription]


def test_l_administration_le_fait_et_le_dit(client_admin, lea_inscrite):
    rattachement = Rattachement.objects.get(enfant=lea_inscrite)
    adresse = f"/admin/familles/rattachement/{rattachement.pk}/change/"
    saisie = {
        "enfant": lea_inscrite.pk,
        "famille": rattachement.famille_id,
        "du": "01/01/2020",
        "au": "30/11/2026",
        "mode_garde": rattachement.mode_garde,
        "jour_bascule": rattachement.jour_bascule,
        "moitie_vacances": rattachement.moitie_vacances,
        "exceptions-TOTAL_FORMS": "0",
        "exceptions-INITIAL_FORMS": "0",
    }
    page = client_admin.post(adresse, saisie, follow=True).content.decode()
    assert "s’arrêtent avec son rattachement" in page and "Repas" in page
    assert set(Inscription.objects.values_list("au", flat=True)) == {FIN}


def test_le_parent_ne_reserve_plus_apres_et_la_demande_faite_avant_n_est_plus_accordee(
    client_jean, lea_inscrite, repas, agent
):
    demandees = [
        ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=jour, etat=E.DEMANDEE)
        for jour in (AVANT, APRES)
    ]
    finir(lea_inscrite)
    reponse = client_jean.post(f"/demandes/reserver/{lea_inscrite.pk}/", {"cases": f"{repas.pk}:2026-12-08"})
    assert reponse.status_code == 409 and "inscrit" in reponse.content.decode()
    with pytest.raises(Refus, match="ne couvre plus ce jour"):
        actions.attribuer(reservations=demandees, par=agent)
    assert etats(*demandees) == [E.DEMANDEE, E.DEMANDEE]
    actions.attribuer(reservations=demandees[:1], par=agent)
    assert etats(*demandees) == [E.RESERVEE, E.DEMANDEE]
    # Refusing it asks for no right.
    actions.changer_etat(reservations=demandees[1:], vers=E.REFUSEE, par=agent)


def test_les_jours_qu_il_avait_reserves_sont_dits_aux_agents(lea_inscrite, repas, collectivite):
    agent = f.UtilisateurFactory(groupe="Agents")
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=APRES, etat=E.RESERVEE)
    libelles = {carte.libelle for carte in ce_qui_attend(agent)}
    assert "Jours réservés que l’inscription ne couvre plus" not in libelles
    finir(lea_inscrite)
    cartes = {carte.libelle: carte.nombre for carte in ce_qui_attend(agent)}
    assert cartes["Jours réservés que l’inscription ne couvre plus"] == 1


def test_qui_n_a_plus_le_droit_ne_prend_pas_la_place_de_qui_attend(lea_inscrite, hugo, repas, annee, agent):
    repas.capacite = 1
    repas.save()
    premiere = ReservationFactory(
        enfant=lea_inscrite, prestation=repas, jour=APRES, etat=E.LISTE_ATTENTE, rang_attente=1
    )
    finir(lea_inscrite)
    f.InscriptionFactory(enfant=hugo, prestation=repas, annee=annee)
    seconde = ReservationFactory(
        enfant=hugo, prestation=repas, jour=APRES, etat=E.LISTE_ATTENTE, rang_attente=2
    )
    actions.promouvoir(prestation=repas, jour=APRES, par=agent)
    assert etats(premiere, seconde) == [E.LISTE_ATTENTE, E.RESERVEE]


# --- Released at once ------------------------------------------------------------------------------------

ANOMALIES = "/admin/planning/pointage/anomalies/"


@pytest.fixture
def restees(lea_inscrite, repas):
    """Two days booked and one asked after the end of Léa's inscription."""
    lignes = [
        ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=date(2026, 12, jour), etat=etat)
        for jour, etat in ((4, E.RESERVEE), (8, E.ABSENT_EXCUSE), (10, E.DEMANDEE))
    ]
    finir(lea_inscrite)
    return lignes


def test_un_agent_annule_d_un_geste_les_jours_du_foyer_parti(restees, client_agent, client_jean):
    page = client_agent.get(ANOMALIES).content.decode()
    assert "Annuler ces jours (2)" in page
    assert client_agent.post(f"{ANOMALIES}liberer/", {"nombre": "1"}, follow=True).status_code == 200
    assert etats(*restees) == [E.RESERVEE, E.ABSENT_EXCUSE, E.DEMANDEE]
    lue = client_agent.post(f"{ANOMALIES}liberer/", {"nombre": "2"}, follow=True).content.decode()
    assert "2\u00a0jours annulés" in lue
    assert etats(*restees) == [E.ANNULEE, E.ANNULEE, E.DEMANDEE]
    assert "Réservations annulées" in client_jean.get("/messages/").content.decode()
    assert "2 jours, du 04/12/2026 au 08/12/2026" in Message.objects.latest("pk").corps


@pytest.mark.parametrize("nombre", ["", "zz", "-1", "9" * 30])
def test_un_nombre_invente_n_annule_rien(restees, client_agent, nombre):
    assert client_agent.post(f"{ANOMALIES}liberer/", {"nombre": nombre}).status_code == 302
    assert etats(*restees) == [E.RESERVEE, E.ABSENT_EXCUSE, E.DEMANDEE]
