"""« Importer des familles », as an administrator does it, without a script."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from familles import avancement, taches
from familles.admin import importation as ecrans
from familles.enums import EtatImport
from familles.horloge import instant_reel
from familles.models import Enfant, Famille, ImportFamilles
from tests.fabriques import familles as f
from tests.fabriques.fichiers import ALEXANDRE, HUGO, LEA, TITRES
from tests.fabriques.fichiers import fichier as ecrire

pytestmark = pytest.mark.django_db
LISTE = "/admin/familles/importfamilles/"
AJOUTER = f"{LISTE}add/"


@pytest.fixture(autouse=True)
def jour(figer, collectivite, annee):
    figer("2026-11-24T10:00")
    f.EcoleFactory(nom="Groupe scolaire Térence Ridout")


def texte(reponse) -> str:
    return html.unescape(reponse.content.decode()).replace("\u00a0", " ")


def deposer(client, contenu: bytes):
    return client.post(AJOUTER, {"fichier": SimpleUploadedFile("familles.csv", contenu)})


def proposees(client, page: str) -> dict[str, str]:
    """What the page of the columns would post as it is."""
    form = client.get(page).context["form"]
    return {nom: form[nom].value() or "" for nom in form.fields if form[nom].value() not in (None, False)}


def examiner(client, contenu: bytes, **autres) -> str:
    page = deposer(client, contenu).url
    assert client.post(page, proposees(client, page) | autres).status_code == 302
    return page


def test_du_fichier_aux_familles(client_admin):
    page = deposer(client_admin, ecrire(LEA, ALEXANDRE, HUGO, encodage="cp1252")).url
    colonnes = texte(client_admin.get(page))
    for vu in (
        "3 lignes, en Windows-1252, séparateur : point-virgule",
        "Groupe scolaire Térence",
        "Léa",
    ):
        assert vu in colonnes
    envoi = proposees(client_admin, page)
    assert (envoi["du"].isoformat(), envoi["situation"]) == ("2026-09-01", "SEPARE")
    assert client_admin.post(page, envoi).status_code == 302
    vu = texte(client_admin.get(page))
    assert "<strong>3</strong> créées" in vu
    assert "Importer 3 lignes" in vu
    assert Famille.objects.count() == 0
    assert client_admin.post(page, {"importer": "1"}).status_code == 302
    fini = texte(client_admin.get(page))
    assert "Importé par Andrée Ricard le 24 novembre 2026" in fini
    assert "Le fichier est jeté" in fini
    assert (Famille.objects.count(), Enfant.objects.count()) == (2, 3)
    assert "familles.csv" in texte(client_admin.get(LISTE))


def test_le_compte_rendu_dit_chaque_ligne(client_admin):
    page = examiner(client_admin, ecrire(LEA, HUGO | {"Date de naissance": "31/02/2018"}))
    vu = texte(client_admin.get(page))
    for dit in (
        "Lignes refusées",
        "Cette date n’existe pas au calendrier.",
        "31/02/2018",
        "Rien n’est importé",
    ):
        assert dit in vu
    assert "Importer 2 lignes" not in vu
    reponse = client_admin.get(page.replace("change", "compte-rendu"))
    assert reponse["Content-Disposition"].startswith("attachment")
    assert reponse.content.decode("utf-8-sig").splitlines() == [
        "Ligne;Résultat;Colonne;Explication;Valeur lue",
        '2;Créée;;"Famille créée ; Conjoint créé ; Enfant créé";',
        "3;Refusée;Date de naissance;Cette date n’existe pas au calendrier.;31/02/2018",
    ]
    # Without a right line left out of the file, nothing can be asked for.
    assert client_admin.post(page, {"importer": "1"}).status_code == 302
    assert Famille.objects.count() == 0


def test_un_fichier_illisible_est_refuse_avec_sa_raison(client_admin):
    reponse = deposer(client_admin, "Nom|Prénom\nDUPONT|Jean\n".encode())
    assert reponse.status_code == 422
    assert "Ligne 1, colonne « Nom|Prénom »" in texte(reponse)
    assert ImportFamilles.objects.count() == 0


def test_une_colonne_qui_manque_est_nommee_et_le_choix_est_garde(client_admin):
    sans_prenom = [titre for titre in TITRES if titre != "Prénom resp. 1"]
    page = deposer(client_admin, ecrire(LEA, titres=sans_prenom)).url
    reponse = client_admin.post(page, proposees(client_admin, page) | {"situation": "DIVORCE"})
    assert reponse.status_code == 422
    assert "Ligne 1 : aucune colonne ne donne « Prénom du responsable »" in texte(reponse)
    assert reponse.context["form"]["situation"].value() == "DIVORCE"
    assert ImportFamilles.objects.get().etat == EtatImport.A_ASSOCIER


def test_deux_colonnes_ne_donnent_pas_la_meme_chose(client_admin):
    page = deposer(client_admin, ecrire(LEA)).url
    reponse = client_admin.post(page, proposees(client_admin, page) | {"colonne_11": "responsable.nom"})
    assert "Deux colonnes donnent « Nom du responsable »" in texte(reponse)


def test_une_colonne_de_sante_ne_se_choisit_pas(client_admin):
    page = deposer(client_admin, ecrire(LEA | {"Allergies": "arachide"}, titres=[*TITRES, "Allergies"])).url
    vu = texte(client_admin.get(page))
    assert "Jamais importée : donnée de santé" in vu
    assert "arachide" not in vu
    forcee = proposees(client_admin, page) | {"colonne_21": "enfant.classe", "colonne_20": ""}
    client_admin.post(page, forcee)
    assert "enfant.classe" not in ImportFamilles.objects.get().correspondance.values()


def test_les_colonnes_d_un_fichier_aux_memes_titres_sont_proposees_de_nouveau(client_admin):
    titres = ["Réf", *TITRES[1:]]
    choisi = {"colonne_0": "famille.numero", "situation": "CELIBATAIRE"}
    examiner(client_admin, ecrire(LEA, titres=titres), **choisi)
    page = deposer(client_admin, ecrire(HUGO, titres=titres)).url
    assert choisi.items() <= proposees(client_admin, page).items()


def test_les_colonnes_se_revoient_apres_l_examen_et_l_import_s_abandonne(client_admin):
    page = examiner(client_admin, ecrire(LEA))
    assert proposees(client_admin, f"{page}?colonnes")["colonne_3"] == "responsable.nom"
    client_admin.post(page, {"abandonner": "1"})
    vu = texte(client_admin.get(page))
    assert "Rien n’a été importé, et le fichier est jeté." in vu
    assert ImportFamilles.objects.get().fichier_cle == ""
    assert client_admin.get(page.replace("change", "compte-rendu")).status_code == 404
    assert client_admin.post(page, {"importer": "1"}).status_code == 302
    assert Famille.objects.count() == 0


def test_un_grand_fichier_avance_sans_la_page(client_admin, monkeypatch):
    monkeypatch.setattr(ecrans, "IMMEDIAT", 1)
    page = examiner(client_admin, ecrire(LEA, HUGO))
    importation = ImportFamilles.objects.get()
    assert importation.etat == EtatImport.EXAMEN
    avancement.noter(importation.nom_avancement, 1, 4)
    vu = texte(client_admin.get(page))
    assert '<progress id="avancement" max="4" value="1">' in vu
    assert "data-avancement" in vu
    taches.examiner_import.call(importation.pk)
    client_admin.post(page, {"importer": "1"})
    assert "Écriture de 2 lignes" in texte(client_admin.get(page))
    assert Famille.objects.count() == 0
    assert sorted(DBTaskResult.objects.values_list("task_path", flat=True)) == [
        "familles.taches.ecrire_import",
        "familles.taches.examiner_import",
    ]
    taches.ecrire_import.call(importation.pk)
    assert "<strong>2</strong> créées" in texte(client_admin.get(page))


def test_un_travail_arrete_se_relance(client_admin, monkeypatch):
    monkeypatch.setattr(ecrans, "IMMEDIAT", 1)
    page = examiner(client_admin, ecrire(LEA, HUGO))
    importation = ImportFamilles.objects.get()
    avancement.oublier(importation.nom_avancement)
    assert "Relancer" not in texte(client_admin.get(page))
    ImportFamilles.objects.update(touche_le=instant_reel() - 2 * avancement.SILENCE)
    assert "Le travail s’est arrêté avant la fin" in texte(client_admin.get(page))
    client_admin.post(page, {"relancer": "1"})
    assert DBTaskResult.objects.count() == 2


@pytest.mark.parametrize("qui", ["agent", "comptable"])
def test_seule_la_permission_ouvre_l_import(qui, request, client_admin):
    page = examiner(client_admin, ecrire(LEA))
    client = request.getfixturevalue(f"client_{qui}")
    for adresse in (LISTE, AJOUTER, page, page.replace("change", "compte-rendu")):
        assert client.get(adresse).status_code == 403
        assert client.post(adresse, {"importer": "1"}).status_code == 403
    assert "importfamilles" not in texte(client.get("/admin/"))
    assert Famille.objects.count() == 0
