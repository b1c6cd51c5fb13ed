"""A child’s photo: asked, looked at, kept small and anonymous, shown to whom LienParental lets see it."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from demandes import actions
from demandes.models import Demande, PieceJointe
from familles import coffre
from familles.enums import Situation
from familles.models import Enfant, LienParental, Rattachement
from tests.demandes.conftest import adresse, envoyer_photo, image, texte
from tests.demandes.test_pieces import pdf


@pytest.fixture
def page(lea):
    return adresse("modifier_enfant", "photo", lea.pk)


def exif() -> Image.Exif:
    """Where it was taken."""
    donnees = Image.Exif()
    donnees[0x010F] = "Appareil de Jean"
    donnees.get_ifd(0x8825)[1] = "N"
    return donnees


def test_la_photo_est_carree_petite_et_sans_rien_de_l_appareil(dupont, lea, page, agent, connecter):
    photo = image("lea.jpg", "JPEG", exif=exif())
    assert (
        connecter(dupont.titulaire).post(page, {"fichiers": [photo], "csrfmiddlewaretoken": "x"}).status_code
        == 302
    )
    actions.accepter(demande=Demande.objects.get(), par=agent)
    lea.refresh_from_db()
    gardee = Image.open(io.BytesIO(coffre.lire(lea.photo_cle)))
    assert (gardee.format, gardee.size) == ("JPEG", (400, 400))
    assert not gardee.getexif()
    assert b"Appareil" not in coffre.lire(lea.photo_cle)
    assert not PieceJointe.objects.exists()


@pytest.mark.parametrize(
    "fichiers",
    [[], ["pdf"], ["image", "image"], ["pdf", "image"], ["texte"]],
    ids=lambda f: "+".join(f) or "rien",
)
def test_ce_qui_n_est_pas_une_photo_est_refuse(dupont, lea, page, connecter, fichiers):
    modeles = {"pdf": pdf, "image": image, "texte": lambda: io.BytesIO(b"bonjour")}
    reponse = connecter(dupont.titulaire).post(
        page, {"csrfmiddlewaretoken": "x", "fichiers": [modeles[nom]() for nom in fichiers]}
    )
    assert reponse.status_code == 422
    assert not Demande.objects.exists()
    assert "JPEG" in texte(reponse)


def test_remplacer_jette_l_ancienne_et_retirer_aussi(
    dupont, lea, page, agent, connecter, django_capture_on_commit_callbacks
):
    actions.accepter(demande=envoyer_photo(dupont.titulaire, lea), par=agent)
    premiere = Enfant.objects.get().photo_cle
    with django_capture_on_commit_callbacks(execute=True):
        actions.accepter(demande=envoyer_photo(dupont.titulaire, lea), par=agent)
    with pytest.raises(FileNotFoundError):
        coffre.lire(premiere)
    client = connecter(dupont.titulaire)
    les_deux = client.post(page, {"retirer": "on", "fichiers": [image()]})
    assert les_deux.status_code == 422
    assert "pas les deux" in texte(les_deux)
    assert client.post(page, {"retirer": "on"}).status_code == 302
    actions.accepter(demande=Demande.objects.en_attente().get(), par=agent)
    assert Enfant.objects.get().photo_cle == ""


def test_l_agent_regarde_la_photo_avant_de_decider(dupont, martin, lea, agent, connecter):
    demande = envoyer_photo(dupont.titulaire, lea)
    client = connecter(agent)
    decision = client.get(reverse("admin:demandes_demande_decider", args=[demande.pk])).content.decode()
    assert f'<img src="{PieceJointe.objects.get().get_absolute_url()}"' in decision
    en_nombre = client.post(
        reverse("admin:demandes_demande_en_nombre"), {"demandes": [demande.pk], "accepter": "1"}, follow=True
    )
    assert "lisez-la sur sa page" in en_nombre.content.decode()
    actions.accepter(demande=envoyer_photo(dupont.conjoint, lea), par=agent)
    decision = client.get(reverse("admin:demandes_demande_decider", args=[demande.pk])).content.decode()
    assert "changée depuis le dépôt" in decision


def voient(connecter, lea, *adultes) -> list[bool]:
    vues = []
    for adulte in adultes:
        client = connecter(adulte)
        ouverte = client.get(reverse("familles:photo", args=[lea.pk])).status_code == 200
        liste = client.get(reverse("familles:enfants")).content.decode()
        assert (reverse("familles:photo", args=[lea.pk]) in liste) is ouverte
        vues.append(ouverte)
    return vues


def test_les_deux_parents_voient_la_photo_comme_le_lien_parental_le_dit(
    dupont, lea, martin, agent, connecter
):
    actions.accepter(demande=envoyer_photo(dupont.titulaire, lea), par=agent)
    adultes = (dupont.titulaire, dupont.conjoint, martin.titulaire)
    assert voient(connecter, lea, *adultes) == [True, True, False]
    LienParental.objects.create(
        responsable=dupont.conjoint, enfant=lea, qualite="MERE", autorite_parentale=False
    )
    assert voient(connecter, lea, *adultes) == [True, False, False]
    # A step-parent of the same household sees the child whom he or she lives with.
    dupont.situation = Situation.MARIE
    dupont.save()
    assert voient(connecter, lea, *adultes) == [True, True, False]
    Rattachement.objects.update(au="2026-11-01")
    assert voient(connecter, lea, *adultes) == [False, False, False]


def test_l_adulte_sans_autorite_ne_demande_pas_de_photo(dupont, lea, page, connecter):
    LienParental.objects.create(
        responsable=dupont.conjoint, enfant=lea, qualite="MERE", autorite_parentale=False
    )
    assert connecter(dupont.conjoint).get(page).status_code == 404
