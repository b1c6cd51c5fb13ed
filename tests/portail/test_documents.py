"""Infos./Documents and Fiche d'inscription."""

import io
import re
from datetime import date, timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from demandes.models import VersionReglement
from familles import coffre
from familles.acces import Acces
from familles.horloge import aujourdhui
from familles.models import Enfant, PersonneAutorisee, Rattachement
from portail import actions, fiche_inscription
from portail.forms import TAILLE_MAXIMALE, DocumentForm
from portail.models import Document
from tests.fabriques import familles as f

PDF = b"%PDF-1.7 contenu"


@pytest.fixture
def chez_jean(client, jean):
    client.force_login(jean.utilisateur)
    return client


@pytest.fixture
def publier(agent):
    def _publier(titre="Règlement intérieur", contenu=PDF, **champs):
        return actions.publier(document=Document(titre=titre, **champs), contenu=contenu, par=agent)

    return _publier


# --- Documents -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "du, au, visible",
    [(0, None, True), (-3, 0, True), (-3, -1, False), (1, None, False), (0, 0, True)],
)
def test_un_document_ne_se_lit_que_pendant_sa_publication(chez_jean, publier, du, au, visible):
    jour = aujourdhui()
    document = publier(
        publie_du=jour + timedelta(days=du), publie_au=None if au is None else jour + timedelta(days=au)
    )
    assert ("Règlement intérieur" in chez_jean.get("/documents/").content.decode()) is visible
    assert chez_jean.get(document.get_absolute_url()).status_code == (200 if visible else 404)


def test_un_document_se_telecharge_et_ne_s_ouvre_jamais_dans_la_page(chez_jean, publier):
    reponse = chez_jean.get(publier().get_absolute_url())
    assert reponse.content == PDF
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert reponse.headers["Content-Disposition"] == 'attachment; filename="reglement-interieur.pdf"'
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"


def test_sans_document_la_page_dit_ce_qui_viendra(chez_jean):
    assert "Aucun document pour l’instant" in chez_jean.get("/documents/").content.decode()


def test_le_mot_d_accueil_de_la_ville_est_sur_la_page(chez_jean, collectivite):
    collectivite.message_accueil = "Inscriptions du 1er au 30 juin.\nEn ligne."
    collectivite.save()
    assert "Inscriptions du 1er au 30 juin." in chez_jean.get("/documents/").content.decode()


def test_remplacer_le_fichier_jette_l_ancien(publier, agent, django_capture_on_commit_callbacks):
    document = publier()
    ancienne = document.fichier_cle
    with django_capture_on_commit_callbacks(execute=True):
        actions.publier(document=document, contenu=b"%PDF-2", par=agent)
    assert coffre.lire(document.fichier_cle) == b"%PDF-2"
    with pytest.raises(FileNotFoundError):
        coffre.lire(ancienne)


def test_changer_le_titre_garde_le_fichier(publier, agent):
    document = publier()
    cle = document.fichier_cle
    document.titre = "Menus"
    actions.publier(document=document, contenu=None, par=agent)
    document.refresh_from_db()
    assert (document.titre, document.fichier_cle, document.taille) == ("Menus", cle, len(PDF))


def test_la_publication_ne_finit_pas_avant_de_commencer(db):
    document = Document(titre="Menus", publie_du=date(2026, 9, 1), publie_au=date(2026, 8, 1), taille=1)
    with pytest.raises(ValidationError, match="ne peut précéder"):
        document.validate_constraints()


@pytest.mark.parametrize(
    "contenu, erreur",
    [
        (None, "Choisissez le fichier PDF"),
        (b"<html>pdf</html>", "n’est pas un PDF"),
        (b"%PDF-" + b"0" * TAILLE_MAXIMALE, "dépasse 10 Mo"),
        (PDF, None),
    ],
    ids=["absent", "html", "lourd", "pdf"],
)
def test_seul_un_pdf_raisonnable_est_accepte(db, contenu, erreur):
    fichiers = {"fichier": SimpleUploadedFile("menu.pdf", contenu)} if contenu else {}
    form = DocumentForm({"titre": "Menus", "rubrique": "MENUS", "publie_du": "01/09/2026"}, fichiers)
    assert form.is_valid() is (erreur is None)
    assert erreur is None or erreur in form.errors["fichier"][0]


def test_un_agent_publie_depuis_l_administration(client, agent, chez_jean):
    client.force_login(agent)
    saisie = {"titre": "Menus", "rubrique": "MENUS", "publie_du": aujourdhui().strftime("%d/%m/%Y")}
    fichier = SimpleUploadedFile("menu.pdf", PDF, content_type="application/pdf")
    reponse = client.post(reverse("admin:portail_document_add"), {**saisie, "fichier": fichier})
    assert reponse.status_code == 302
    document = Document.objects.get()
    assert (document.titre, coffre.lire(document.fichier_cle)) == ("Menus", PDF)


# --- Fiche d'inscription -------------------------------------------------------------------------------


@pytest.fixture
def alexandre(dupont, jean):
    jean.adresse = "12 RUE DES BONBONS"
    jean.telephone_domicile = "01.02.03.04.05"
    jean.employeur = "Mairie de Saint-Jean"
    jean.save()
    enfant = Enfant.objects.create(nom="Dupont", prenom="Alexandre", date_naissance=date(2010, 12, 2))
    Rattachement.objects.create(enfant=enfant, famille=dupont, du=date(2014, 9, 1))
    PersonneAutorisee.objects.create(enfant=enfant, nom="Martin", prenom="Odile", lien="grand-mère")
    return enfant


def test_la_fiche_porte_les_donnees_du_dossier(chez_jean, alexandre):
    page = chez_jean.get("/fiche-inscription/").content.decode()
    for attendu in ("1001001818331", "12 RUE DES BONBONS", "Alexandre DUPONT", "02/12/2010", "MARTIN Odile"):
        assert attendu in page


def test_la_fiche_de_jeanne_ne_dit_rien_des_coordonnees_de_jean(client, jeanne, alexandre):
    client.force_login(jeanne.utilisateur)
    page = client.get("/fiche-inscription/").content.decode()
    assert "Alexandre DUPONT" in page
    for secret in ("12 RUE DES BONBONS", "01.02.03.04.05", "Mairie de Saint-Jean", "jean.dupont@wanadoo.fr"):
        assert secret not in page


def test_la_fiche_coute_pareil_avec_un_enfant_ou_trois(
    chez_jean, dupont, alexandre, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        chez_jean.get("/fiche-inscription/")
    for prenom in ("Cyril", "Léa"):
        enfant = Enfant.objects.create(nom="Dupont", prenom=prenom)
        Rattachement.objects.create(enfant=enfant, famille=dupont, du=date(2014, 9, 1))
    with django_assert_max_num_queries(8):
        assert "Léa DUPONT" in chez_jean.get("/fiche-inscription/").content.decode()


def test_la_fiche_se_donne_en_pdf_rempli_a_signer(chez_jean, dupont, alexandre, collectivite):
    collectivite.documents_inscription = "Attestation d’assurance scolaire\n\n  Justificatif de domicile "
    collectivite.save()
    inscrire(alexandre, dupont)
    VersionReglement.objects.create(du=date(2026, 9, 1), texte="À l’heure.")
    alexandre.sexe = "M"
    alexandre.save()
    assert "Repas, 2026-2027 : lundi, jeudi" in chez_jean.get("/fiche-inscription/").content.decode()
    reponse = chez_jean.get("/fiche-inscription.pdf")
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in reponse.headers["Cache-Control"]
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
    html = fiche_inscription.html(Acces.pour_utilisateur(dupont.titulaire.utilisateur), collectivite)
    lue = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    for attendu in (
        "Année scolaire 2026-2027, famille n° 1001001818331",
        "12 RUE DES BONBONS",
        "Né le 02/12/2010",
        "Repas",
        "lundi, jeudi",
        "MARTIN Odile",
        "Alexandre : service",
        "accepte le règlement intérieur (règlement intérieur, version du 01/09/2026)",
        "Attestation d’assurance scolaire",
        "Justificatif de domicile",
        "Nom, prénom et signature",
    ):
        assert attendu in lue


def test_la_fiche_en_pdf_de_jeanne_ne_dit_rien_des_coordonnees_de_jean(jeanne, alexandre, collectivite):
    html = fiche_inscription.html(Acces.pour_utilisateur(jeanne.utilisateur), collectivite)
    assert "Alexandre DUPONT" in html
    for secret in ("12 RUE DES BONBONS", "01.02.03.04.05", "Mairie de Saint-Jean", "jean.dupont@wanadoo.fr"):
        assert secret not in html


def inscrire(enfant, famille):
    """Lunch on Mondays and Thursdays."""
    prestation = f.PrestationFactory(nom="Repas")
    f.InscriptionFactory(
        enfant=enfant, prestation=prestation, famille=famille, semaine_paire="14", semaine_impaire="14"
    )
