"""Cancelling before the deadline, and the absence that a document excuses: asked, told, done."""

# budget: one file over 300 lines, one request and all that may go wrong with it.

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from demandes import actions
from demandes.enums import EtatDemande
from demandes.models import Demande, PieceJointe
from facturation.cout_absence import couter_absences
from familles import coffre, horloge
from familles.enums import Acceptation
from familles.erreurs import Invalide
from familles.models import Trace
from messagerie.models import Message
from planning.actions import pointer
from planning.delais import limite_justificatif
from planning.enums import Comptage, Consequence, EtatReservation, ModeDelai, Operation
from planning.models import MotifAbsence, Mouvement, RegleDelai, Reservation
from tests.demandes.conftest import AUTRE_JOUR, JOUR, acces_de, adresse, case, texte
from tests.fabriques.facturation import TarifFactory

R = EtatReservation


@pytest.fixture(autouse=True)
def heure_de_la_ville():
    with timezone.override(PARIS):
        yield


PARIS = ZoneInfo("Europe/Paris")
# Rovon, Andancette: the day before at noon; the 3rd of December is a Thursday.
MIDI_LA_VEILLE = datetime(2026, 12, 2, 12, 0, tzinfo=PARIS)


@pytest.fixture
def veille_midi(collectivite):
    return RegleDelai.objects.create(
        operation=Operation.ANNULER,
        mode=ModeDelai.JOURS,
        nombre=1,
        comptage=Comptage.CALENDAIRES,
        heure=time(12, 0),
    )


@pytest.fixture
def reserve(dupont, lea, reserver, agent):
    """Two days of Léa, booked."""
    actions.accepter(demande=reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR), par=agent)


def annuler(connecter, personne, enfant, repas, *jours, confirmer="1"):
    donnees = {"cases": [case(repas, j) for j in jours], "mois": "2026-12", "confirmer": confirmer}
    return connecter(personne).post(adresse("annuler", enfant.pk), donnees)


@pytest.mark.usefixtures("reserve", "veille_midi")
@pytest.mark.parametrize(
    ("instant", "statut", "etat"),
    [
        (MIDI_LA_VEILLE, 302, R.ANNULEE),
        (MIDI_LA_VEILLE + timedelta(seconds=1), 409, R.RESERVEE),
    ],
)
def test_une_reservation_s_annule_jusqu_a_la_seconde_de_sa_limite(
    dupont, lea, repas, connecter, instant, statut, etat
):
    with horloge.figer(instant):
        reponse = annuler(connecter, dupont.titulaire, lea, repas, JOUR)
    assert reponse.status_code == statut
    assert Reservation.objects.get(jour=JOUR).etat == etat
    if statut == 409:
        assert "Le délai pour annuler est passé depuis le mercredi 2 décembre 2026" in texte(reponse)


@pytest.mark.usefixtures("reserve", "veille_midi")
def test_l_annulation_se_lit_avant_de_se_faire_puis_laisse_une_trace(dupont, lea, repas, connecter):
    lue = annuler(connecter, dupont.conjoint, lea, repas, JOUR, AUTRE_JOUR, confirmer="")
    assert lue.status_code == 200
    assert "Ce qui sera annulé" in texte(lue)
    assert set(Reservation.objects.values_list("etat", flat=True)) == {R.RESERVEE}
    annuler(connecter, dupont.conjoint, lea, repas, JOUR, AUTRE_JOUR)
    assert set(Reservation.objects.values_list("etat", flat=True)) == {R.ANNULEE}
    assert Mouvement.objects.filter(vers=R.ANNULEE, par=dupont.conjoint.utilisateur).count() == 2
    assert Trace.objects.filter(verbe="RETIRER", famille=dupont, objet_id=lea.pk).count() == 1
    message = Message.objects.order_by("pk").last()
    assert message.conversation.responsable == dupont.conjoint
    assert "Léa, Repas : jeudi 3 décembre 2026" in message.corps


@pytest.mark.usefixtures("reserve")
def test_sans_regle_d_annulation_une_absence_se_declare(dupont, lea, repas, connecter):
    reponse = annuler(connecter, dupont.titulaire, lea, repas, JOUR)
    assert reponse.status_code == 409
    assert "ne s’annule pas : déclarez une absence" in texte(reponse)
    planning = connecter(dupont.titulaire).get(lea.url_planning(JOUR)).content.decode()
    assert "Annuler la réservation" not in planning


@pytest.mark.usefixtures("reserve", "veille_midi")
def test_le_planning_dit_jusqu_a_quand_annuler(dupont, lea, connecter):
    planning = connecter(dupont.titulaire).get(lea.url_planning(JOUR)).content.decode()
    assert "Annuler la réservation" in planning
    assert "Annulable jusqu’au mercredi 2 décembre 2026 à 12\xa0h\xa000." in planning


@pytest.mark.usefixtures("reserve", "veille_midi")
def test_un_jour_possible_et_un_qui_ne_l_est_plus_rien_ne_s_annule(dupont, lea, repas, connecter):
    with horloge.figer(MIDI_LA_VEILLE + timedelta(hours=1)):
        reponse = annuler(connecter, dupont.titulaire, lea, repas, JOUR, AUTRE_JOUR)
    assert reponse.status_code == 200
    assert "Ce qui ne peut pas être annulé" in texte(reponse)
    assert set(Reservation.objects.values_list("etat", flat=True)) == {R.RESERVEE}


@pytest.mark.usefixtures("reserve", "veille_midi")
def test_un_etranger_n_annule_rien(martin, lea, repas, connecter):
    assert annuler(connecter, martin.titulaire, lea, repas, JOUR).status_code == 404
    assert Reservation.objects.get(jour=JOUR).etat == R.RESERVEE


@pytest.mark.usefixtures("reserve", "veille_midi")
def test_annuler_deux_fois_n_annule_qu_une_fois(dupont, lea, repas, connecter):
    assert annuler(connecter, dupont.titulaire, lea, repas, JOUR).status_code == 302
    messages = Message.objects.count()
    seconde = annuler(connecter, dupont.titulaire, lea, repas, JOUR)
    assert seconde.status_code == 409
    assert "Seul un jour réservé, ou en liste d’attente, s’annule." in texte(seconde)
    assert Mouvement.objects.filter(vers=R.ANNULEE).count() == 1
    assert Message.objects.count() == messages


@pytest.mark.usefixtures("reserve", "veille_midi")
@pytest.mark.parametrize("confirmer", ["1", "on", "x"])
def test_une_confirmation_forgee_n_annule_que_ce_que_les_regles_permettent(
    dupont, martin, lea, hugo, repas, reserver, agent, connecter, confirmer
):
    """« confirmer » is no key: what it confirms is judged anew, cell by cell."""
    actions.accepter(demande=reserver(martin.titulaire, hugo, JOUR), par=agent)
    jamais = date(2026, 12, 8)
    reponse = annuler(connecter, dupont.titulaire, lea, repas, JOUR, jamais, confirmer=confirmer)
    assert reponse.status_code == 200
    # Somebody else's child, by its own address.
    assert annuler(connecter, dupont.titulaire, hugo, repas, JOUR, confirmer=confirmer).status_code == 404
    with horloge.figer(MIDI_LA_VEILLE + timedelta(hours=1)):
        tard = annuler(connecter, dupont.titulaire, lea, repas, JOUR, confirmer=confirmer)
    assert tard.status_code == 409
    assert not Reservation.objects.filter(etat=R.ANNULEE).exists()


@pytest.mark.usefixtures("veille_midi")
@pytest.mark.parametrize(
    ("acceptation", "etat"),
    [(Acceptation.AUTOMATIQUE_PLACES, R.RESERVEE), (Acceptation.AGENT, R.LISTE_ATTENTE)],
)
def test_la_place_annulee_va_au_premier_qui_attend_ou_se_propose_a_l_agent(
    dupont, martin, lea, hugo, repas, reserver, agent, connecter, acceptation, etat
):
    repas.capacite = 1
    repas.save()
    for famille, enfant in ((dupont, lea), (martin, hugo)):
        actions.accepter(demande=reserver(famille.titulaire, enfant), par=agent)
    repas.acceptation = acceptation
    repas.save()
    annuler(connecter, dupont.titulaire, lea, repas, JOUR)
    assert Reservation.objects.get(enfant=hugo).etat == etat
    prevenue = Message.objects.filter(conversation__famille=martin, corps__contains="la place est à vous")
    assert prevenue.exists() is (etat == R.RESERVEE)


def test_on_quitte_la_liste_d_attente_sans_regle(
    dupont, martin, lea, hugo, repas, reserver, agent, connecter
):
    repas.capacite = 1
    repas.save()
    for famille, enfant in ((martin, hugo), (dupont, lea)):
        actions.accepter(demande=reserver(famille.titulaire, enfant), par=agent)
    assert annuler(connecter, dupont.titulaire, lea, repas, JOUR).status_code == 302
    assert Reservation.objects.get(enfant=lea).etat == R.ANNULEE


# --- A document within so many hours -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jour", "heures", "fuseau", "limite"),
    [
        (date(2026, 12, 3), 48, "Europe/Paris", "2026-12-04T23:59:59.999999+01:00"),
        (date(2026, 12, 30), 168, "Europe/Paris", "2027-01-05T23:59:59.999999+01:00"),
        (date(2026, 10, 24), 48, "Europe/Paris", "2026-10-25T23:59:59.999999+01:00"),
        (date(2027, 3, 27), 48, "Europe/Paris", "2027-03-28T23:59:59.999999+02:00"),
        (date(2028, 2, 28), 48, "Europe/Paris", "2028-02-29T23:59:59.999999+01:00"),
        (date(2026, 12, 31), 24, "America/Cayenne", "2026-12-31T23:59:59.999999-03:00"),
        (date(2026, 12, 3), 36, "Indian/Reunion", "2026-12-04T11:59:59.999999+04:00"),
    ],
)
def test_les_heures_du_justificatif_se_comptent_a_l_horloge_de_la_ville(jour, heures, fuseau, limite):
    assert limite_justificatif(jour, heures, ZoneInfo(fuseau)).isoformat() == limite


@pytest.fixture
def maladie(collectivite):
    """Le Crès: « malade, avec un certificat sous 48 heures »."""
    return MotifAbsence.objects.create(
        libelle="MALADIE", consequence=Consequence.JUSTIFICATIF, justificatif_heures=48
    )


@pytest.fixture
def certificat(dupont):
    return PieceJointe.objects.create(
        famille=dupont,
        champ="absence",
        depose_par=dupont.titulaire.utilisateur,
        nom="certificat.pdf",
        cle=coffre.ranger(b"%PDF-"),
        type_mime="application/pdf",
        taille=5,
        sha256="0" * 64,
    )


def declarer(dupont, lea, repas, motif, *jours, pieces=()):
    from demandes.natures import NATURES

    acces, donnees = acces_de(dupont.titulaire), {"cases": [case(repas, j) for j in jours], "motif": motif.pk}
    form = NATURES["absence"].formulaire(acces, donnees, enfant=lea)
    if not form.is_valid() or form.refuses:
        return form
    return actions.deposer(
        nature="absence", acces=acces, formulaire=form, pieces=pieces, par=dupont.titulaire.utilisateur
    )


@pytest.mark.usefixtures("reserve")
@pytest.mark.parametrize(("joint", "etat"), [(True, R.ABSENT_EXCUSE), (False, R.ABSENT_FACTURE)])
def test_une_maladie_s_excuse_avec_son_certificat(
    dupont, lea, repas, maladie, certificat, agent, joint, etat
):
    demande = declarer(dupont, lea, repas, maladie, JOUR, pieces=[certificat] if joint else [])
    actions.accepter(demande=demande, par=agent)
    assert Reservation.objects.get(jour=JOUR).etat == etat


@pytest.mark.usefixtures("reserve")
@pytest.mark.parametrize(
    ("instant", "possible"),
    [
        (datetime(2026, 12, 4, 23, 59, 59, tzinfo=PARIS), True),
        (datetime(2026, 12, 5, 0, 0, tzinfo=PARIS), False),
    ],
)
def test_une_absence_non_signalee_s_excuse_encore_pendant_quarante_huit_heures(
    dupont, lea, repas, maladie, certificat, agent, instant, possible
):
    with horloge.figer(datetime(2026, 12, 3, 13, 0, tzinfo=PARIS)):
        pointer(prestation=repas, jour=JOUR, presences={lea.pk: "ABSENT"}, par=agent)
    with horloge.figer(instant):
        resultat = declarer(dupont, lea, repas, maladie, JOUR, pieces=[certificat])
        if not possible:
            assert [v.phrase for v in resultat.refuses] == ["Ce jour est passé."]
            return
        actions.accepter(demande=resultat, par=agent)
    assert Reservation.objects.get(jour=JOUR).etat == R.ABSENT_EXCUSE


@pytest.mark.usefixtures("reserve")
def test_passe_le_jour_seul_un_justificatif_excuse(dupont, lea, repas, maladie):
    raison = MotifAbsence.objects.get(libelle="AUTRES")
    with horloge.figer(datetime(2026, 12, 4, 9, 0, tzinfo=PARIS)):
        assert "justificatif" in str(declarer(dupont, lea, repas, raison, JOUR).errors)
        with pytest.raises(Invalide, match="Joignez le justificatif"):
            declarer(dupont, lea, repas, maladie, JOUR)
    assert Reservation.objects.get(jour=JOUR).etat == R.RESERVEE


@pytest.mark.usefixtures("reserve")
def test_un_certificat_tardif_refuse_laisse_l_absence_facturee(
    dupont, lea, repas, maladie, certificat, agent
):
    """Told without its document, billed; asked again with it, refused: billed still."""
    actions.accepter(demande=declarer(dupont, lea, repas, maladie, JOUR), par=agent)
    with horloge.figer(datetime(2026, 12, 4, 9, 0, tzinfo=PARIS)):
        demande = declarer(dupont, lea, repas, maladie, JOUR, pieces=[certificat])
        assert Reservation.objects.get(jour=JOUR).etat == R.ABSENCE_DEMANDEE
        actions.refuser(demande=demande, motif="Certificat illisible", par=agent)
    assert Reservation.objects.get(jour=JOUR).etat == R.ABSENT_FACTURE
    assert Demande.objects.get(pk=demande.pk).etat == EtatDemande.REFUSEE


# --- What it costs, told at once ---------------------------------------------------------------------------


@pytest.mark.usefixtures("reserve")
def test_le_cout_se_dit_avant_l_envoi_a_qui_voit_le_compte(dupont, lea, repas, maladie, connecter):
    TarifFactory(prestation=repas, montant=Decimal("3.50"))
    facturee = MotifAbsence.objects.create(libelle="CONGES", consequence=Consequence.FACTUREE)
    donnees = {"cases": [case(repas, JOUR), case(repas, AUTRE_JOUR)]}
    lue = texte(connecter(dupont.titulaire).post(adresse("absence", lea.pk), donnees)).replace("\xa0", " ")
    assert f"{facturee} facturée : 7,00 €" in lue
    assert "MALADIE facturée, sauf avec un justificatif jusqu’au vendredi 4 décembre 2026 à 23 h 59" in lue
    assert "€" not in texte(connecter(dupont.conjoint).post(adresse("absence", lea.pk), donnees))


@pytest.mark.usefixtures("reserve")
def test_le_premier_jour_de_maladie_reste_du_et_se_dit(dupont, lea, repas, connecter, raison):
    """Saint-Lager: « premier jour dû, les suivants crédités »."""
    TarifFactory(prestation=repas, montant=Decimal("3.50"), jours_carence=1)
    raison.consequence = Consequence.EXCUSEE
    raison.save()
    donnees = {"cases": [case(repas, JOUR), case(repas, AUTRE_JOUR)]}
    lue = texte(connecter(dupont.titulaire).post(adresse("absence", lea.pk), donnees)).replace("\xa0", " ")
    assert f"{raison} facturée pour 1 des 2 jours : 3,50 € (délai de carence)" in lue


@pytest.mark.usefixtures("reserve")
def test_le_delai_de_carence_se_redit_dans_les_messages_sur_la_demande_et_a_l_agent(
    dupont, lea, repas, connecter, raison, agent
):
    """What is sent never promises the contrary of what the invoice takes."""
    TarifFactory(prestation=repas, montant=Decimal("3.50"), jours_carence=1)
    raison.consequence = Consequence.EXCUSEE
    raison.save()
    demande = declarer(dupont, lea, repas, raison, JOUR, AUTRE_JOUR)
    carence = "Absence excusée, facturée (délai de carence)"
    accuse = Message.objects.order_by("pk").last().corps
    assert f"{carence}, d’après le règlement intérieur :\nLéa, Repas : jeudi 3 décembre 2026\n" in accuse
    page = texte(connecter(agent).get(reverse("admin:demandes_demande_decider", args=[demande.pk])))
    assert page.count(carence) == 1
    actions.accepter(demande=demande, par=agent)
    lue = texte(connecter(dupont.titulaire).get(demande.get_absolute_url()))
    assert (lue.count(carence), lue.count("Absence non facturée")) == (1, 1)
    reponse = Message.objects.order_by("pk").last().corps
    assert (
        "Acceptée, excusée mais facturée (délai de carence) :\nLéa, Repas : jeudi 3 décembre 2026\n"
        in reponse
    )
    assert "Acceptée, non facturée :\nLéa, Repas : vendredi 4 décembre 2026\n" in reponse


@pytest.mark.usefixtures("reserve")
def test_une_maladie_qui_continue_n_a_plus_de_carence(dupont, lea, repas):
    TarifFactory(prestation=repas, montant=Decimal("3.50"), jours_carence=1)
    Reservation.objects.filter(jour=JOUR).update(etat=R.ABSENT_EXCUSE)
    couts = couter_absences(famille_id=dupont.pk, jours={(lea.pk, repas.pk, AUTRE_JOUR): True})
    assert {c.carence for c in couts.values()} == {False}
    Reservation.objects.filter(jour=JOUR).update(etat=R.RESERVEE)
    couts = couter_absences(famille_id=dupont.pk, jours={(lea.pk, repas.pk, JOUR): True})
    assert {(c.carence, c.montant) for c in couts.values()} == {(True, Decimal("3.50"))}
