"""What an absence costs under the règlement intérieur: judged at the deposit, told to everyone, then done."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from demandes import actions
from demandes.models import Demande
from familles import horloge
from familles.erreurs import DejaTraite, Refus
from familles.francais import jour_chiffres, jour_en_lettres
from messagerie.models import Message
from planning.actions import changer_etat, pointer
from planning.enums import Consequence, EtatReservation, ModeDelai, Operation
from planning.models import MotifAbsence, RegleDelai, Reservation
from tests.demandes.conftest import AUTRE_JOUR, JOUR, MAINTENANT, adresse, case, texte

R = EtatReservation
# The day before at noon: on 2 December at 18:00 the 3rd is late, the 4th is not.
LE_SOIR = MAINTENANT.replace(month=12, day=2, hour=18)


@pytest.fixture
def regle_absence(collectivite):
    return RegleDelai.objects.create(
        operation=Operation.ABSENCE, mode=ModeDelai.JOURS, nombre=1, heure=time(12, 0)
    )


@pytest.fixture
def reserves(dupont, lea, reserver, agent, regle_absence):
    """Two days of Léa, booked."""
    actions.accepter(demande=reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR), par=agent)


def motif(consequence):
    return MotifAbsence.objects.create(libelle=f"RAISON {consequence}", consequence=consequence)


CAS = [
    (Consequence.EXCUSEE, R.ABSENT_EXCUSE, R.ABSENT_EXCUSE, "non facturée"),
    (Consequence.FACTUREE, R.ABSENT_FACTURE, R.ABSENT_FACTURE, "facturée"),
    (Consequence.SELON_DELAI, R.ABSENT_FACTURE, R.ABSENT_EXCUSE, "facturée pour 1 des 2 jours"),
]


@pytest.mark.parametrize(("consequence", "le_3", "le_4", "annonce"), CAS)
def test_ce_que_coute_une_absence_se_dit_avant_puis_se_fait(
    dupont, lea, repas, reserves, deposer, agent, connecter, consequence, le_3, le_4, annonce
):
    raison = motif(consequence)
    cases = [case(repas, JOUR), case(repas, AUTRE_JOUR)]
    with horloge.figer(LE_SOIR):
        page = texte(connecter(dupont.titulaire).post(adresse("absence", lea.pk), {"cases": cases}))
        assert f"{raison} {annonce}" in page
        demande = deposer(dupont.titulaire, "absence", {"cases": cases, "motif": raison.pk}, enfant=lea)
    corps = Message.objects.order_by("pk").last().corps
    for jour, etat in ((JOUR, le_3), (AUTRE_JOUR, le_4)):
        titre = "Absence non facturée" if etat == R.ABSENT_EXCUSE else "Absence facturée"
        (paragraphe,) = [p for p in corps.split("\n\n") if p.startswith(f"{titre}, d’après")]
        assert jour_en_lettres(jour) in paragraphe or jour_chiffres(jour) in paragraphe
    # Decided days later, at the consequence of the deposit.
    with horloge.figer(LE_SOIR + timedelta(days=9)):
        actions.accepter(demande=demande, par=agent)
    assert {r.jour: r.etat for r in Reservation.objects.all()} == {JOUR: le_3, AUTRE_JOUR: le_4}
    reponse = Message.objects.order_by("pk").last().corps
    attendus = {
        "Acceptée, non facturée" if e == R.ABSENT_EXCUSE else "Acceptée, facturée" for e in (le_3, le_4)
    }
    assert all(f"{attendu} :" in reponse for attendu in attendus)


def test_l_agent_et_la_famille_lisent_la_consequence_de_chaque_jour(
    dupont, lea, repas, reserves, deposer, agent, connecter
):
    donnees = {
        "cases": [case(repas, JOUR), case(repas, AUTRE_JOUR)],
        "motif": motif(Consequence.SELON_DELAI).pk,
    }
    with horloge.figer(LE_SOIR):
        demande = deposer(dupont.titulaire, "absence", donnees, enfant=lea)
    decision = connecter(agent).get(reverse("admin:demandes_demande_decider", args=[demande.pk]))
    suivi = connecter(dupont.titulaire).get(demande.get_absolute_url())
    for page in (decision.content.decode(), suivi.content.decode()):
        assert page.index("jeudi 3 décembre") < page.index("Absence facturée") < page.index("vendredi 4")
        assert page.index("vendredi 4 décembre") < page.index("Absence non facturée")


def test_une_absence_refusee_laisse_le_jour_reserve_et_se_redemande(
    dupont, lea, declarer_absence, deposer, repas, raison, agent
):
    actions.refuser(demande=declarer_absence(dupont.titulaire, lea), motif="Sans justificatif", par=agent)
    reservation = Reservation.objects.get()
    assert (reservation.etat, reservation.absence_excusee) == (R.RESERVEE, None)
    donnees = {"cases": [case(repas, JOUR)], "motif": raison.pk}
    assert deposer(dupont.titulaire, "absence", donnees, enfant=lea).en_attente


def test_une_absence_d_un_enfant_pointe_present_ne_s_accepte_pas(dupont, lea, repas, declarer_absence, agent):
    demande = declarer_absence(dupont.titulaire, lea)
    with horloge.figer(LE_SOIR + timedelta(days=1)):
        pointer(prestation=repas, jour=JOUR, presences={lea.pk: "PRESENT"}, par=agent)
        with pytest.raises(Refus, match="pointé présent"):
            actions.accepter(demande=demande, par=agent)
    assert Demande.objects.get(pk=demande.pk).en_attente
    assert Reservation.objects.get().etat == R.ABSENCE_DEMANDEE


def test_un_jour_que_le_personnel_a_deja_range_ne_bloque_pas_le_refus(dupont, lea, declarer_absence, agent):
    demande = declarer_absence(dupont.titulaire, lea, JOUR, AUTRE_JOUR)
    premiere = Reservation.objects.get(jour=JOUR)
    changer_etat(reservations=[premiere], vers=R.ABSENT_EXCUSE, par=agent)
    with pytest.raises(DejaTraite, match="n’attend plus de réponse"):
        actions.accepter(demande=demande, par=agent)
    actions.refuser(demande=demande, motif="Déjà fait", par=agent)
    etats = {r.jour: r.etat for r in Reservation.objects.all()}
    assert etats == {JOUR: R.ABSENT_EXCUSE, AUTRE_JOUR: R.RESERVEE}
