"""The certificate that comes after its absence was declared, while nobody has answered yet."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from demandes import actions
from demandes.enums import NatureDemande
from demandes.models import Demande, PieceJointe
from familles.enums import Situation, VerbeTrace
from familles.erreurs import Refus
from familles.models import Trace
from planning.enums import Consequence, EtatReservation
from planning.models import MotifAbsence, Reservation
from tests.demandes.conftest import AUTRE_JOUR, JOUR, texte
from tests.demandes.test_annulations import declarer
from tests.demandes.test_pieces import image


@pytest.fixture(autouse=True)
def _coffre(settings, tmp_path):
    settings.DOSSIER_DONNEES = str(tmp_path)


@pytest.fixture(autouse=True)
def _reserve(dupont, lea, reserver, agent):
    """Two days of Léa, booked."""
    actions.accepter(demande=reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR), par=agent)


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


def test_apres_la_reponse_on_ecrit_au_service(dupont, absence, agent, connecter):
    actions.accepter(demande=absence, par=agent)
    client = connecter(dupont.titulaire)
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
