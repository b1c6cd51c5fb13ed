"""Documents joined to a request: judged, kept across a refused form, read, thrown away."""

import io
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from demandes import actions
from demandes.models import Demande, PieceJointe
from demandes.natures import NATURES
from familles import coffre, horloge
from familles.enums import Situation, VerbeTrace
from familles.erreurs import DejaTraite
from familles.models import LienParental, Trace
from tests.demandes.conftest import (
    JOUR,
    MAINTENANT,
    SAISIES,
    acces_de,
    adresse,
    case,
    fiche,
    saisie,
    texte,
)


@pytest.fixture(autouse=True)
def _coffre(settings, tmp_path):
    settings.DOSSIER_DONNEES = str(tmp_path)


def image(nom="avis.png"):
    sortie = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(sortie, "PNG")
    return SimpleUploadedFile(nom, sortie.getvalue(), "image/png")


def pdf(nom="avis.pdf", script=False):
    sortie = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if script:
            action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
            document.Root.OpenAction = action
        document.save(sortie)
    return SimpleUploadedFile(nom, sortie.getvalue(), "application/pdf")


@pytest.fixture
def envoyer(connecter):
    """Post a section of the account with files."""

    def _envoyer(responsable, *fichiers, nature="fiscal", pieces=(), **changes):
        changes = SAISIES[nature] | {"fichiers": list(fichiers), "pieces": list(pieces)} | changes
        donnees = saisie(responsable, nature, **changes)
        return connecter(responsable).post(adresse("modifier", nature), donnees)

    return _envoyer


def fichiers_du_coffre(settings) -> int:
    return sum(p.is_file() for p in Path(settings.DOSSIER_DONNEES, "prive").rglob("*"))


def test_un_document_part_avec_la_demande(dupont, envoyer):
    assert envoyer(dupont.titulaire, image("../../avis <b>.PNG"), pdf()).status_code == 302
    demande = Demande.objects.get()
    premiere, seconde = demande.pieces.all()
    assert (premiere.nom, premiere.type_mime, premiere.champ) == ("avis b.png", "image/png", "fiscal")
    assert (seconde.type_mime, seconde.demande) == ("application/pdf", demande)
    assert coffre.lire(premiere.cle)[:4] == b"\x89PNG"


def test_un_formulaire_refuse_garde_le_document(dupont, envoyer):
    reponse = envoyer(dupont.titulaire, image(), nombre_parts="2,3")
    assert reponse.status_code == 422
    gardee = PieceJointe.objects.get()
    assert gardee.demande is None
    assert f'name="pieces" value="{gardee.pk}"' in reponse.content.decode()
    assert envoyer(dupont.titulaire, pieces=[gardee.pk]).status_code == 302
    gardee.refresh_from_db()
    assert gardee.demande == Demande.objects.get()


@pytest.mark.parametrize(
    ("fichier", "phrase"),
    [
        (lambda: SimpleUploadedFile("a.png", b""), "vide"),
        (lambda: SimpleUploadedFile("a.png", b"<html><script>"), "pas de ceux que nous lisons"),
        (lambda: SimpleUploadedFile("photo.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40), "HEIC"),
        (lambda: SimpleUploadedFile("a.pdf", b"%PDF-1.7 rien"), "abîmé"),
        (lambda: pdf(script=True), "programme"),
        (lambda: SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * (8 * 1024 * 1024)), "8 Mo"),
    ],
)
def test_un_mauvais_fichier_se_dit_et_rien_n_est_envoye(dupont, envoyer, settings, fichier, phrase):
    reponse = envoyer(dupont.titulaire, fichier())
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert 'value="32450"' in reponse.content.decode()
    assert not Demande.objects.exists()
    assert fichiers_du_coffre(settings) == 0


def test_un_mauvais_fichier_ne_fait_pas_perdre_ses_voisins(dupont, envoyer):
    reponse = envoyer(dupont.titulaire, image(), pdf(script=True))
    assert reponse.status_code == 422
    assert "programme" in texte(reponse)
    gardee = PieceJointe.objects.get()
    assert f'name="pieces" value="{gardee.pk}"' in reponse.content.decode()
    assert envoyer(dupont.titulaire, pieces=[gardee.pk]).status_code == 302


def test_un_document_ne_part_pas_deux_fois(dupont, envoyer):
    envoyer(dupont.titulaire, image(), nombre_parts="zz")
    acces, pieces = acces_de(dupont.titulaire), list(PieceJointe.objects.all())
    envoyer(dupont.titulaire, pieces=[pieces[0].pk])
    form = NATURES["caf"].formulaire(acces, saisie(dupont.titulaire, "caf", **SAISIES["caf"]))
    assert form.is_valid()
    with pytest.raises(DejaTraite):
        actions.deposer(
            nature="caf", acces=acces, formulaire=form, pieces=pieces, par=dupont.titulaire.utilisateur
        )
    assert Demande.objects.get().nature == "fiscal"


def test_un_fichier_disparu_du_coffre_se_dit(dupont, envoyer, connecter):
    envoyer(dupont.titulaire, image())
    piece = PieceJointe.objects.get()
    coffre.jeter(piece.cle)
    assert statuts(connecter, piece, [dupont.titulaire]) == [404]


def test_lire_un_document_de_l_argent_laisse_une_trace_aux_parents_aussi(dupont, envoyer, connecter):
    envoyer(dupont.titulaire, image())
    statuts(connecter, PieceJointe.objects.get(), [dupont.titulaire])
    assert Trace.objects.filter(verbe=VerbeTrace.CONSULTER, par=dupont.titulaire.utilisateur).count() == 1


def test_cinq_documents_au_plus(dupont, envoyer):
    envoyer(dupont.titulaire, *(image() for _ in range(4)), nombre_parts="zz")
    gardees = PieceJointe.objects.values_list("pk", flat=True)
    reponse = envoyer(dupont.titulaire, image(), image(), pieces=gardees)
    assert reponse.status_code == 422
    assert "Cinq documents au plus" in texte(reponse)
    assert PieceJointe.objects.count() == 4


def test_le_document_d_un_autre_ne_s_attache_pas(dupont, martin, envoyer):
    envoyer(dupont.titulaire, image(), nombre_parts="zz")
    gardee = PieceJointe.objects.get()
    assert envoyer(martin.titulaire, pieces=[gardee.pk, 999]).status_code == 302
    gardee.refresh_from_db()
    assert gardee.demande is None
    assert envoyer(martin.titulaire, pieces=["x"], nature="caf").status_code == 422


# --- Who reads it ----------------------------------------------------------------------------------------


def test_un_document_se_lit_par_qui_lit_la_demande(dupont, martin, envoyer, agent, autre_agent, connecter):
    envoyer(dupont.titulaire, image(), nombre_parts="zz")
    piece = PieceJointe.objects.get()
    # Not sent yet: the one who chose it, and nobody else.
    personnes = (dupont.titulaire, dupont.conjoint, martin.titulaire, autre_agent)
    assert statuts(connecter, piece, personnes) == [200, 404, 404, 404]
    envoyer(dupont.titulaire, pieces=[piece.pk])
    agent.user_permissions.add(Permission.objects.get(codename="voir_banque"))
    assert statuts(connecter, piece, (*personnes, agent)) == [200, 404, 404, 404, 200]
    reponse = connecter(agent).get(piece.get_absolute_url())
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in reponse.headers["Cache-Control"]
    assert Trace.objects.filter(verbe=VerbeTrace.CONSULTER, par=agent).count() == 2


def statuts(connecter, piece, personnes) -> list[int]:
    return [connecter(qui).get(piece.get_absolute_url()).status_code for qui in personnes]


def test_un_document_de_sante_suit_les_droits_de_sante(dupont, lea, voit_sante, connecter):
    client = connecter(dupont.titulaire)
    donnees = saisie(dupont.titulaire, "sanitaire", lea, allergies="arachides") | {"fichiers": [image()]}
    assert client.post(adresse("modifier_enfant", "sanitaire", lea.pk), donnees).status_code == 302
    piece = PieceJointe.objects.get()
    dupont.situation = Situation.MARIE
    dupont.save()
    assert statuts(connecter, piece, (dupont.titulaire, dupont.conjoint)) == [200, 200]
    LienParental.objects.filter(responsable=dupont.conjoint).update(voit_sante=False)
    assert statuts(connecter, piece, (dupont.titulaire, dupont.conjoint)) == [200, 404]
    assert piece.nom not in texte(connecter(dupont.conjoint).get(piece.demande.get_absolute_url()))


def test_la_page_de_decision_montre_les_images_et_donne_les_pdf(dupont, agent, connecter):
    donnees = fiche(dupont.titulaire, adresse="3 place du Marché") | {"fichiers": [image(), pdf()]}
    connecter(dupont.titulaire).post(adresse("modifier", "responsable"), donnees)
    photo, papier = PieceJointe.objects.all()
    page = reverse("admin:demandes_demande_decider", args=[photo.demande_id])
    contenu = connecter(agent).get(page).content.decode()
    assert f'<img src="{photo.get_absolute_url()}"' in contenu
    assert f'<img src="{papier.get_absolute_url()}"' not in contenu
    assert f'<img src="{adresse("planche", papier.pk, 1)}" alt="avis.pdf, page 1 sur 1"' in contenu
    assert f'href="{papier.get_absolute_url()}"' in contenu
    assert "<iframe" not in contenu


# --- What becomes of it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("geste", ["accepter", "refuser", "retirer"])
def test_un_document_sensible_s_efface_a_la_reponse(
    dupont, envoyer, agent, settings, geste, django_capture_on_commit_callbacks
):
    envoyer(dupont.titulaire, image())
    demande = Demande.objects.get()
    suites = {"motif": "Illisible"} if geste == "refuser" else {}
    with django_capture_on_commit_callbacks(execute=True):
        getattr(actions, geste)(demande=demande, par=agent, **suites)
    assert not PieceJointe.objects.exists()
    assert fichiers_du_coffre(settings) == 0


@pytest.mark.parametrize(("geste", "restent"), [("accepter", 1), ("refuser", 0)])
def test_le_document_du_pai_reste_si_la_demande_est_acceptee(
    dupont, lea, voit_sante, agent, connecter, geste, restent
):
    donnees = saisie(dupont.titulaire, "sanitaire", lea, allergies="arachides") | {"fichiers": [image()]}
    connecter(dupont.titulaire).post(adresse("modifier_enfant", "sanitaire", lea.pk), donnees)
    suites = {"motif": "Illisible"} if geste == "refuser" else {}
    getattr(actions, geste)(demande=Demande.objects.get(), par=agent, **suites)
    assert PieceJointe.objects.count() == restent


def test_une_absence_peut_porter_un_justificatif(dupont, lea, repas, reserver, agent, raison, connecter):
    actions.accepter(demande=reserver(dupont.titulaire, lea), par=agent)
    client = connecter(dupont.titulaire)
    donnees = {"mois": "2026-12", "cases": [case(repas, JOUR)]}
    sans_raison = client.post(adresse("absence", lea.pk), donnees | {"fichiers": [image()]})
    assert sans_raison.status_code == 200
    piece = PieceJointe.objects.get()
    assert f'name="pieces" value="{piece.pk}"' in sans_raison.content.decode()
    donnees |= {"motif": raison.pk, "pieces": [piece.pk]}
    assert client.post(adresse("absence", lea.pk), donnees).status_code == 302
    piece.refresh_from_db()
    assert piece.demande.nature == "absence"


def test_ce_qui_n_est_jamais_envoye_est_jete_apres_un_jour(dupont, envoyer, settings, capsys):
    envoyer(dupont.titulaire, image(), nombre_parts="zz")
    envoyer(dupont.titulaire, image(), nature="caf")
    with horloge.figer(MAINTENANT + timedelta(hours=23)):
        call_command("purger_pieces")
    assert PieceJointe.objects.count() == 2
    with horloge.figer(MAINTENANT + timedelta(hours=25)):
        call_command("purger_pieces")
    assert PieceJointe.objects.get().demande.nature == "caf"
    assert "1\N{NO-BREAK SPACE}pièce jetée" in capsys.readouterr().out


def test_personne_n_encombre_le_coffre(dupont, envoyer):
    for _ in range(6):
        envoyer(dupont.titulaire, *(image() for _ in range(5)), nombre_parts="zz")
    reponse = envoyer(dupont.titulaire, image())
    assert reponse.status_code == 422
    assert "réessayez demain" in texte(reponse)
    assert PieceJointe.objects.count() == 30
