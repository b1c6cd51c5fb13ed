"""The certificate that comes after its absence was declared, while nobody has answered yet."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from demandes import actions
from demandes.enums import NatureDemande
from demandes.models import Demande, PieceJointe
from familles.enums import Situation, VerbeTrace
from familles.erreurs import Refus
from familles.models import Trace
from messagerie.models import Message
from planning.actions import cloturer
from planning.enums import Consequence, EtatReservation
from planning.models import MotifAbsence, Mouvement, Reservation
from tests.demandes.conftest import AUTRE_JOUR, JOUR, adresse, case, texte
from tests.demandes.test_annulations import declarer
from tests.demandes.test_pieces import image


@pytest.fixture(autouse=True)
def _coffre(settings, tmp_path):
    settings.DOSSIER_DONNEES = str(tmp_path)


@pytest.fixture(autouse=True)
def _reserve(dupont, lea, reserver, agent):
    """Two days of Léa, booked."""
    actions.accepter(demande=reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR), par=agent)


def dernier_message() -> str:
    return Message.objects.order_by("pk").last().corps.replace("\xa0", " ")


@pytest.fixture
def maladie(collectivite):
    return MotifAbsence.objects.create(
        libelle="MALADIE", consequence=Consequence.JUSTIFICATIF, justificatif_heures=48
    )


@pytest.fixture
def absence(dupont, lea, repas, maladie) -> Demande:
    return declarer(dupont, lea, repas, maladie, JOUR)


def joindre(client, demande, *fichiers, **donnees):
    adresse = reverse("demandes:joindre", args=[demande.pk])
    return client.post(adresse, {"fichiers": list(fichiers), **donnees})


def test_un_certificat_ajoute_avant_la_reponse_excuse_le_jour_et_laisse_une_trace(
    dupont, absence, agent, connecter
):
    assert Reservation.objects.get(jour=JOUR).absence_excusee is False
    client = connecter(dupont.titulaire)
    page = client.get(absence.get_absolute_url())
    assert "Ajouter un justificatif" in texte(page)
    assert joindre(client, absence, image("certificat.png")).status_code == 302
    assert "certificat.png" in texte(client.get(absence.get_absolute_url()))
    assert Trace.objects.filter(verbe=VerbeTrace.MODIFIER, objet_id=absence.pk).count() == 1
    assert Reservation.objects.get(jour=JOUR).absence_excusee is True
    actions.accepter(demande=absence, par=agent)
    assert Reservation.objects.get(jour=JOUR).etat == EtatReservation.ABSENT_EXCUSE


def test_un_certificat_venu_apres_son_delai_se_joint_sans_excuser(dupont, absence, connecter, figer):
    client = connecter(dupont.titulaire)
    figer("2026-12-05T00:00")
    assert joindre(client, absence, image()).status_code == 302
    assert Reservation.objects.get(jour=JOUR).absence_excusee is False


def test_la_reponse_attend_que_le_document_soit_lu(dupont, absence, agent, connecter):
    """The agent read the page without it; answering throws it away."""
    from demandes.natures import NATURES

    vu = NATURES["absence"].empreinte(absence)
    joindre(connecter(dupont.titulaire), absence, image())
    with pytest.raises(Refus, match="un document est arrivé"):
        actions.accepter(demande=absence, par=agent, vu=vu)


def test_la_date_du_justificatif_se_lit_dans_l_accuse_sur_la_demande_et_dans_la_reponse(
    dupont, absence, agent, connecter
):
    excuse = (
        "Avec un justificatif, ce jour peut encore être excusé : envoyez-le jusqu’au "
        "vendredi 4 décembre 2026 à 23 h 59, depuis la page de cette demande."
    )
    client = connecter(dupont.titulaire)
    assert excuse in dernier_message()
    assert excuse in texte(client.get(absence.get_absolute_url()))
    actions.accepter(demande=absence, par=agent)
    assert excuse in dernier_message()
    lue = client.get(absence.get_absolute_url())
    assert excuse in texte(lue)
    assert "Envoyer un justificatif" in texte(lue)


def test_plusieurs_jours_ont_chacun_leur_date(dupont, lea, repas, maladie):
    declarer(dupont, lea, repas, maladie, JOUR, AUTRE_JOUR)
    assert (
        "jusqu’au vendredi 4 décembre 2026 à 23 h 59 pour le jeudi 3 décembre et "
        "jusqu’au samedi 5 décembre 2026 à 23 h 59 pour le vendredi 4 décembre"
    ) in dernier_message()


def test_une_autre_raison_ne_promet_rien_avant_la_reponse(dupont, lea, repas, maladie):
    toujours = MotifAbsence.objects.create(libelle="VOYAGE", consequence=Consequence.FACTUREE)
    declarer(dupont, lea, repas, toujours, JOUR)
    assert "justificatif" not in dernier_message()


@pytest.fixture
def facturee(absence, agent) -> Demande:
    return actions.accepter(demande=absence, par=agent)


@pytest.fixture
def justifiee(dupont, lea, repas, maladie, facturee, connecter) -> Demande:
    """The certificate sent once the absence is accepted, from the page that the request leads to."""
    client = connecter(dupont.titulaire)
    offerte = re.search(r'href="(/[^"]*cases=[^"]*)"', page_de(client, facturee))
    formulaire = client.get(unescape(offerte[1]))
    assert formulaire.status_code == 200
    assert "MALADIE" in texte(formulaire)
    envoi = client.post(
        adresse("absence", lea.pk),
        {"cases": case(repas, JOUR), "motif": maladie.pk, "confirme": "oui", "fichiers": [image("mot.png")]},
    )
    assert envoi.status_code == 302
    return Demande.objects.exclude(pk=facturee.pk).get(nature="absence")


def page_de(client, demande) -> str:
    return client.get(demande.get_absolute_url()).content.decode()


def test_un_certificat_venu_apres_la_reponse_n_attend_pas_l_enfant_de_nouveau(
    dupont, lea, repas, maladie, justifiee, connecter
):
    """Nobody cooks for the child again: the absence stays agreed and billed until the document is read."""
    reservation = Reservation.objects.get(jour=JOUR)
    assert (reservation.etat, reservation.absence_excusee) == (EtatReservation.ABSENT_FACTURE, True)
    client = connecter(dupont.titulaire)
    planning = texte(client.get(lea.url_planning(JOUR)))
    assert "le justificatif de cette absence attend une réponse" in planning.lower()
    seconde = client.post(adresse("absence", lea.pk), {"cases": case(repas, JOUR), "motif": maladie.pk})
    assert seconde.status_code == 409
    assert "Le justificatif de cette absence attend une réponse" in texte(seconde)


def test_l_agent_lit_le_justificatif_et_excuse_le_jour_en_l_acceptant(justifiee, agent, connecter):
    page = texte(connecter(agent).get(reverse("admin:demandes_demande_decider", args=[justifiee.pk])))
    assert "mot.png" in page
    assert "Cette absence est déjà acceptée, et facturée" in page
    assert "Absence non facturée" in page
    actions.accepter(demande=justifiee, par=agent)
    assert Reservation.objects.get(jour=JOUR).etat == EtatReservation.ABSENT_EXCUSE
    assert "Acceptée, non facturée" in dernier_message()
    mouvement = Mouvement.objects.order_by("pk").last()
    assert (mouvement.vers, mouvement.par) == (EtatReservation.ABSENT_EXCUSE, agent)


def test_l_agent_laisse_le_jour_facture_et_le_dit(justifiee, agent):
    actions.refuser(demande=justifiee, motif="Document illisible", par=agent)
    reservation = Reservation.objects.get(jour=JOUR)
    assert (reservation.etat, reservation.absence_excusee) == (EtatReservation.ABSENT_FACTURE, False)
    assert "Refusée, l’absence reste facturée (Document illisible)" in dernier_message()


def test_un_justificatif_retire_laisse_le_jour_facture_et_peut_revenir(
    dupont, lea, repas, maladie, justifiee, connecter
):
    client = connecter(dupont.titulaire)
    assert client.post(reverse("demandes:retirer", args=[justifiee.pk])).status_code == 302
    reservation = Reservation.objects.get(jour=JOUR)
    assert (reservation.etat, reservation.absence_excusee) == (EtatReservation.ABSENT_FACTURE, False)
    envoi = {"cases": case(repas, JOUR), "motif": maladie.pk, "confirme": "oui", "fichiers": [image()]}
    assert client.post(adresse("absence", lea.pk), envoi).status_code == 302


def test_sans_document_ni_raison_qui_en_demande_rien_ne_part(
    dupont, lea, repas, maladie, facturee, connecter
):
    toujours = MotifAbsence.objects.create(libelle="VOYAGE", consequence=Consequence.FACTUREE)
    client = connecter(dupont.titulaire)
    for envoi in (
        {"motif": maladie.pk, "confirme": "oui"},
        {"motif": toujours.pk, "confirme": "oui", "fichiers": [image()]},
    ):
        reponse = client.post(adresse("absence", lea.pk), {"cases": case(repas, JOUR), **envoi})
        assert reponse.status_code == 422
    assert Reservation.objects.get(jour=JOUR).absence_excusee is False


def test_une_journee_ne_se_cloture_pas_avant_que_le_justificatif_soit_lu(repas, justifiee, agent, figer):
    figer("2026-12-04T10:00")
    with pytest.raises(Refus, match="attend une réponse"):
        cloturer(prestation=repas, du=JOUR, au=JOUR, par=agent)
    actions.refuser(demande=justifiee, motif="Document illisible", par=agent)
    cloturer(prestation=repas, du=JOUR, au=JOUR, par=agent)


def test_apres_la_reponse_et_le_delai_on_ecrit_au_service(dupont, absence, agent, connecter, figer):
    actions.accepter(demande=absence, par=agent)
    client = connecter(dupont.titulaire)
    figer("2026-12-05T00:00")
    lue = texte(client.get(absence.get_absolute_url()))
    assert "Écrivez au service" in lue
    assert "Ajouter un justificatif" not in lue
    reponse = joindre(client, absence, image())
    assert reponse.status_code == 409
    assert not absence.pieces.exists()


@pytest.mark.parametrize(
    ("fichiers", "phrase"),
    [
        (list, "Choisissez au moins un document."),
        (lambda: [SimpleUploadedFile("a.pdf", b"%PDF-1.7 rien")], "abîmé"),
        (lambda: [image(f"{n}.png") for n in range(6)], "Cinq"),
    ],
)
def test_ce_qui_ne_se_joint_pas_se_dit_sur_la_page(dupont, absence, connecter, fichiers, phrase):
    reponse = joindre(connecter(dupont.titulaire), absence, *fichiers())
    assert reponse.status_code == 422
    assert phrase.lower() in texte(reponse).lower()
    assert not absence.pieces.exists()


def test_un_bon_fichier_a_cote_d_un_mauvais_n_est_pas_perdu(dupont, absence, connecter):
    client = connecter(dupont.titulaire)
    reponse = joindre(client, absence, image("bon.png"), SimpleUploadedFile("a.pdf", b"%PDF-1.7 rien"))
    assert reponse.status_code == 422
    assert "Envoyer bon.png" in texte(reponse)
    gardee = PieceJointe.objects.get()
    assert joindre(client, absence, pieces=[gardee.pk]).status_code == 302
    assert absence.pieces.get() == gardee


def test_cinq_documents_au_plus_ceux_du_depot_compris(dupont, absence, connecter):
    client = connecter(dupont.titulaire)
    joindre(client, absence, *(image(f"{n}.png") for n in range(4)))
    reponse = joindre(client, absence, image("5.png"), image("6.png"))
    assert reponse.status_code == 422
    assert "ceux déjà joints compris" in texte(reponse)
    assert absence.pieces.count() == 4


def test_l_autre_parent_separe_un_etranger_et_un_agent_n_y_joignent_rien(
    dupont, martin, absence, agent, connecter
):
    dupont.situation = Situation.SEPARE
    dupont.save()
    assert joindre(connecter(dupont.conjoint), absence, image()).status_code == 403
    assert joindre(connecter(martin.titulaire), absence, image()).status_code == 404
    assert not PieceJointe.objects.exists()


def test_une_reservation_ne_recoit_pas_de_document(dupont, lea, connecter):
    demande = Demande.objects.create(
        famille=dupont, nature=NatureDemande.RESERVATION, deposant=dupont.titulaire, enfant=lea
    )
    assert joindre(connecter(dupont.titulaire), demande, image()).status_code == 404
    assert "Ajouter un justificatif" not in texte(connecter(dupont.titulaire).get(demande.get_absolute_url()))
