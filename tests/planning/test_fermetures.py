"""Closures: read before they are decided, then excused, released and told in one go; and opened again."""

from datetime import date

import pytest

from familles.donnees import perimer
from familles.enums import Acceptation
from familles.erreurs import DejaTraite
from familles.models import Scolarite
from messagerie.models import Courriel, Message
from planning import actions
from planning.actions.fermetures import A_CHANGE, DEJA
from planning.consommation import consommations
from planning.enums import EtatPointage, EtatReservation
from planning.fermetures import touchees
from planning.models import Cloture, Fermeture, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur
from tests.fabriques import familles as f
from tests.fabriques import planning as fp

E = EtatReservation
JEUDI = date(2026, 12, 3)
AJOUT = "/admin/planning/fermeture/add/"


@pytest.fixture(autouse=True)
def mardi(figer):
    return figer("2026-11-24T11:45")


@pytest.fixture
def greve(repas) -> Fermeture:
    """Not saved yet."""
    return Fermeture(motif="Grève", du=JEUDI, au=JEUDI, prestation=repas)


@pytest.fixture
def fermer(agent):
    def appliquer(fermeture: Fermeture) -> Fermeture:
        actions.fermer(fermeture=fermeture, attendue=touchees(fermeture).empreinte, par=agent)
        return fermeture

    return appliquer


def sa_classe(enfant, classe: str = "CM2") -> Scolarite:
    scolarite = enfant.scolarites.get()
    scolarite.classe = classe
    scolarite.save()
    return scolarite


# --- Who is hit ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "etat, devient",
    [
        (E.RESERVEE, E.ABSENT_EXCUSE),
        (E.ABSENT_FACTURE, E.ABSENT_EXCUSE),
        (E.DEMANDEE, E.DEMANDEE),
        (E.ABSENCE_DEMANDEE, E.ABSENCE_DEMANDEE),
        (E.ABSENT_EXCUSE, E.ABSENT_EXCUSE),
        (E.CONGE, E.CONGE),
        (E.ANNULEE, E.ANNULEE),
        (E.REFUSEE, E.REFUSEE),
    ],
)
def test_une_fermeture_excuse_ce_qui_etait_reserve(greve, fermer, lea, repas, etat, devient):
    reservation = fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI, etat=etat)
    fermer(greve)
    reservation.refresh_from_db()
    assert reservation.etat == devient
    assert consommations(prestations=[repas], du=JEUDI, au=JEUDI) == []


def test_la_liste_d_attente_prend_fin(greve, fermer, lea, repas):
    attente = fp.ReservationFactory(
        enfant=lea, prestation=repas, jour=JEUDI, etat=E.LISTE_ATTENTE, rang_attente=1
    )
    fermer(greve)
    attente.refresh_from_db()
    assert (attente.etat, attente.rang_attente) == (E.REFUSEE, None)


@pytest.mark.parametrize("portee, attendues", [("prestation", 1), ("structure", 2), ("tout", 3)])
def test_elle_ne_touche_que_ce_qu_elle_ferme(repas, garderie_matin, lea, portee, attendues):
    ailleurs = f.PrestationFactory(structure=f.StructureFactory(nom="Autre école"))
    for prestation in (repas, garderie_matin, ailleurs):
        fp.ReservationFactory(enfant=lea, prestation=prestation, jour=JEUDI)
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=date(2026, 12, 4))
    champs = {"prestation": {"prestation": repas}, "structure": {"structure": repas.structure}, "tout": {}}
    lues = touchees(Fermeture(motif="Pont", du=JEUDI, au=JEUDI, **champs[portee]))
    assert len(lues.a_excuser) == attendues


def test_une_classe_en_sortie_n_enleve_rien_aux_autres(fermer, lea, hugo, repas, agent):
    classe = sa_classe(lea)
    sa_classe(hugo, "GS")
    for enfant in (lea, hugo):
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=JEUDI)
    fermer(Fermeture(motif="Musée", du=JEUDI, au=JEUDI, ecole=classe.ecole, classe=classe.classe))
    assert Reservation.objects.get(enfant=lea).etat == E.ABSENT_EXCUSE
    assert Reservation.objects.get(enfant=hugo).etat == E.RESERVEE
    assert reglement_interieur().calendrier.ouvre(offre_de(repas), JEUDI)


def test_la_place_d_un_enfant_en_sortie_sert_au_premier_qui_attend(fermer, lea, hugo, repas):
    repas.capacite, repas.acceptation = 1, Acceptation.AUTOMATIQUE_PLACES
    repas.save()
    perimer()
    classe = sa_classe(lea)
    sa_classe(hugo, "GS")
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)
    attente = fp.ReservationFactory(
        enfant=hugo, prestation=repas, jour=JEUDI, etat=E.LISTE_ATTENTE, rang_attente=1
    )
    fermer(Fermeture(motif="Musée", du=JEUDI, au=JEUDI, ecole=classe.ecole, classe=classe.classe))
    attente.refresh_from_db()
    assert attente.etat == E.RESERVEE


def test_un_enfant_servi_et_une_journee_close_ne_bougent_pas(fermer, lea, hugo, repas, garderie_matin):
    lundi = date(2026, 11, 23)
    servie = fp.ReservationFactory(enfant=lea, prestation=repas, jour=lundi)
    fp.PointageFactory(enfant=lea, prestation=repas, jour=lundi, etat=EtatPointage.PRESENT)
    close = fp.ReservationFactory(enfant=hugo, prestation=garderie_matin, jour=lundi)
    Cloture.objects.create(prestation=garderie_matin, du=lundi, au=lundi)
    absente = fp.ReservationFactory(enfant=hugo, prestation=repas, jour=lundi)
    fermeture = Fermeture(motif="Neige", du=lundi, au=lundi)
    lues = touchees(fermeture)
    assert (lues.servies, lues.closes) == (1, 1)
    fermer(fermeture)
    for reservation, etat in ((servie, E.RESERVEE), (close, E.RESERVEE), (absente, E.ABSENT_EXCUSE)):
        reservation.refresh_from_db()
        assert reservation.etat == etat


# --- Told, once ------------------------------------------------------------------------------------------


def test_chaque_famille_est_prevenue_de_ses_seuls_jours(greve, fermer, lea, hugo, repas, famille_martin):
    for enfant in (lea, hugo):
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=JEUDI)
    fermer(greve)
    recus = {m.conversation.famille_id: m for m in Message.objects.all()}
    assert len(recus) == len({r.inscription.famille_id for r in Reservation.objects.all()})
    for message in recus.values():
        assert message.conversation.sujet == "Pas de service : Grève"
    assert not Courriel.objects.filter(sujet__contains="Léa").exists()


def test_la_meme_fermeture_ne_se_fait_pas_deux_fois(greve, fermer, repas, lea, agent):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)
    fermer(greve)
    double = Fermeture(motif="Grève", du=JEUDI, au=JEUDI, prestation=repas)
    with pytest.raises(DejaTraite, match=DEJA):
        fermer(double)
    assert (Fermeture.objects.count(), Message.objects.count()) == (1, 1)


def test_personne_ne_confirme_ce_qui_a_change(greve, repas, lea, agent):
    lue = touchees(greve).empreinte
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)
    with pytest.raises(DejaTraite, match=A_CHANGE):
        actions.fermer(fermeture=greve, attendue=lue, par=agent)
    assert not Fermeture.objects.exists() and not Message.objects.exists()


# --- Opened again ----------------------------------------------------------------------------------------


def test_rouvrir_rend_les_reservations_et_le_dit(greve, fermer, lea, hugo, repas, agent):
    for enfant, etat in ((lea, E.RESERVEE), (hugo, E.ABSENT_FACTURE)):
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=JEUDI, etat=etat)
    fermer(greve)
    reprises, perdues = actions.rouvrir(fermeture=greve, par=agent)
    assert ([r.enfant for r in reprises], perdues) == ([lea], [])
    assert Reservation.objects.get(enfant=lea).etat == E.RESERVEE
    assert Reservation.objects.get(enfant=hugo).etat == E.ABSENT_FACTURE
    assert reglement_interieur().calendrier.ouvre(offre_de(repas), JEUDI)
    assert Message.objects.filter(conversation__sujet="Service rétabli : Grève").count() == 1


def test_une_absence_excusee_autrement_reste_excusee(greve, fermer, lea, repas, agent):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI, etat=E.ABSENT_EXCUSE)
    fermer(greve)
    assert actions.rouvrir(fermeture=greve, par=agent) == ([], [])
    assert Reservation.objects.get().etat == E.ABSENT_EXCUSE


def test_une_place_donnee_entre_temps_n_est_pas_reprise(fermer, lea, hugo, repas, agent):
    repas.capacite = 1
    repas.save()
    classe = sa_classe(lea)
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)
    sortie = fermer(Fermeture(motif="Musée", du=JEUDI, au=JEUDI, ecole=classe.ecole, classe=classe.classe))
    fp.ReservationFactory(enfant=hugo, prestation=repas, jour=JEUDI)
    reprises, perdues = actions.rouvrir(fermeture=sortie, par=agent)
    assert (reprises, [r.enfant for r in perdues]) == ([], [lea])


def test_les_jours_passes_ne_reviennent_pas(fermer, figer, lea, repas, agent):
    for jour in (JEUDI, date(2026, 12, 4)):
        fp.ReservationFactory(enfant=lea, prestation=repas, jour=jour)
    fermeture = fermer(Fermeture(motif="Grève", du=JEUDI, au=date(2026, 12, 4)))
    figer("2026-12-04T08:00")
    reprises, _ = actions.rouvrir(fermeture=fermeture, par=agent)
    assert [r.jour for r in reprises] == [date(2026, 12, 4)]


@pytest.mark.parametrize("etat", [E.DEMANDEE, E.ABSENCE_DEMANDEE])
def test_une_demande_en_attente_est_prevenue_et_ne_sera_pas_facturee(fermer, greve, lea, repas, etat):
    reservation = fp.ReservationFactory(
        enfant=lea, prestation=repas, jour=JEUDI, etat=etat, absence_excusee=False
    )
    fermer(greve)
    reservation.refresh_from_db()
    assert (reservation.etat, reservation.absence_excusee) == (etat, etat == E.ABSENCE_DEMANDEE)
    [message] = Message.objects.all()
    assert "attendent encore une réponse, mais il n’y aura pas de service pour" in message.corps
    assert "Léa, Repas : jeudi 3 décembre 2026" in message.corps
    assert "sont annulées" not in message.corps
