"""An import is whole or is not, waits its turn, and leaves nothing of anybody behind."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from familles import actions, avancement, coffre, taches
from familles.enums import EtatImport, VerbeTrace
from familles.erreurs import DejaTraite, Indisponible, Refus
from familles.horloge import instant_reel
from familles.models import (
    Enfant,
    ImportFamilles,
    Scolarite,
    Trace,
)
from familles.models.importation import GARDE
from tests.fabriques import familles as f
from tests.fabriques.fichiers import ALEXANDRE, HUGO, LEA, ville
from tests.fabriques.fichiers import fichier as ecrire
from tests.familles.importer import COMPTES, comptes, examiner, lignes_en_base, rapport, refus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("jour")]
RENTREE = date(2026, 9, 1)


# --- All or nothing --------------------------------------------------------------------------------------

CASSES = {
    "separateur": (ecrire(LEA).replace(b"12 rue", b"12 ; rue"), (2, "Classe")),
    "ligne coupée": (ecrire(LEA).rsplit(b";", 2)[0] + b"\r\n", (2, "École")),
    "encodage": (ecrire(LEA | {"Prénom enfant": "LÃ©a"}), (2, "Prénom enfant")),
    "date absurde": (ecrire(LEA | {"Date de naissance": "31/02/2019"}), (2, "Date de naissance")),
    "double": (ecrire(LEA, LEA | {"Prénom enfant": "LEA"}), (3, "Prénom enfant")),
    "contradiction": (
        ecrire(LEA, ALEXANDRE | {"Tél. portable resp. 1": "0600000000"}),
        (3, "Tél. portable resp. 1"),
    ),
    "valeur manquante": (ecrire(LEA | {"Nom resp. 1": ""}), (2, "Nom resp. 1")),
    "enfant sans date": (ecrire(LEA | {"Date de naissance": ""}), (2, "Date de naissance")),
    "téléphone": (ecrire(LEA | {"Tél. portable resp. 1": "06 12"}), (2, "Tél. portable resp. 1")),
    "e-mail": (ecrire(LEA | {"E-mail resp. 1": "jean.dupont"}), (2, "E-mail resp. 1")),
    "école inconnue": (ecrire(LEA | {"École": "École du Lac"}), (2, "École")),
    "nom trop long": (ecrire(LEA | {"Nom resp. 1": "D" * 81}), (2, "Nom resp. 1")),
}


@pytest.mark.parametrize("contenu, lieu", CASSES.values(), ids=CASSES)
def test_un_fichier_casse_nomme_la_ligne_et_la_colonne_et_rien_n_est_ecrit(contenu, lieu, ridout, admin):
    vu = examiner(contenu, admin)
    assert refus(vu) == [lieu]
    # The other line of the family, if it has one, stays out with it.
    assert (vu.refusees + vu.creees, vu.importable) == (vu.lignes, False)
    with pytest.raises(Refus, match="Rien n’est importé"):
        actions.lancer(import_id=vu.pk, par=admin)
    assert lignes_en_base() == [0] * len(COMPTES)


def test_un_double_dit_de_quelle_ligne(ridout, admin):
    phrase = rapport(examiner(CASSES["double"][0], admin)).refus[0].phrase
    assert phrase == "Double : cet enfant est déjà à la ligne 2, dans cette famille."


def test_une_erreur_en_cours_d_ecriture_ne_laisse_rien(ridout, admin, monkeypatch):
    vu = examiner(ecrire(LEA, HUGO), admin)
    actions.lancer(import_id=vu.pk, par=admin)
    vrai = actions.importation.Ordres.executer

    def casser(ordres):
        vrai(ordres)
        assert Scolarite.objects.count() == 2
        raise IntegrityError("refus")

    monkeypatch.setattr(actions.importation.Ordres, "executer", casser)
    taches.ecrire_import.call(vu.pk)
    vu.refresh_from_db()
    assert lignes_en_base() == [0] * len(COMPTES)
    assert vu.etat == EtatImport.A_ASSOCIER
    assert "Rien n’a été écrit" in vu.incident
    assert not Trace.objects.filter(verbe=VerbeTrace.IMPORTER).exists()


def test_ce_qui_a_change_depuis_l_examen_se_relit_avant_de_s_ecrire(ridout, admin):
    vu = examiner(ecrire(LEA), admin)
    actions.lancer(import_id=vu.pk, par=admin)
    f.FamilleFactory(numero="1001001818331")
    fini = actions.ecrire(import_id=vu.pk)
    assert (fini.etat, comptes(fini)) == (EtatImport.EXAMINE, (1, 0, 0, 0))
    assert "ont changé depuis l’examen" in fini.incident
    assert Enfant.objects.count() == 0
    # Read again, it may be asked for again.
    actions.lancer(import_id=vu.pk, par=admin)
    assert actions.ecrire(import_id=vu.pk).etat == EtatImport.TERMINE


def test_un_second_import_attend_la_fin_du_premier(ridout, admin):
    premier, second = examiner(ecrire(LEA), admin), examiner(ecrire(HUGO), admin)
    actions.lancer(import_id=premier.pk, par=admin)
    with pytest.raises(DejaTraite, match="Un autre import est en cours"):
        actions.lancer(import_id=second.pk, par=admin)
    actions.ecrire(import_id=premier.pk)
    actions.lancer(import_id=second.pk, par=admin)
    assert actions.ecrire(import_id=second.pk).etat == EtatImport.TERMINE


def test_le_travail_recommence_sans_effet(ridout, admin):
    vu = examiner(ecrire(LEA), admin)
    taches.lancer_en_fond(import_id=vu.pk, par=admin)
    taches.ecrire_import.call(vu.pk)
    avant = lignes_en_base()
    taches.ecrire_import.call(vu.pk)
    taches.examiner_import.call(vu.pk)
    taches.relancer(import_id=vu.pk, par=admin)
    assert lignes_en_base() == avant
    assert Trace.objects.filter(verbe=VerbeTrace.IMPORTER).count() == 1


def test_la_base_occupee_remet_le_travail_a_une_minute(ridout, admin, monkeypatch):
    from django_tasks_db.models import DBTaskResult

    vu = examiner(ecrire(LEA), admin)
    actions.lancer(import_id=vu.pk, par=admin)

    def occupee(**_):
        raise Indisponible()

    monkeypatch.setattr(actions, "ecrire", occupee)
    taches.ecrire_import.call(vu.pk)
    assert DBTaskResult.objects.get().args_kwargs["args"] == [vu.pk]
    assert ImportFamilles.objects.get().etat == EtatImport.ECRITURE


# --- Personal data ---------------------------------------------------------------------------------------


def test_le_fichier_est_chiffre_puis_jete_une_fois_importe(
    ridout, admin, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        vu = examiner(ecrire(LEA), admin)
    cle = vu.fichier_cle
    brut = next(settings.DOSSIER_DONNEES.glob(f"prive/??/{cle}")).read_bytes()
    assert b"DUPONT" not in brut
    assert b"DUPONT" in coffre.lire(cle)
    with django_capture_on_commit_callbacks(execute=True):
        actions.lancer(import_id=vu.pk, par=admin)
        fini = actions.ecrire(import_id=vu.pk)
    assert fini.fichier_cle == ""
    with pytest.raises(FileNotFoundError):
        coffre.lire(cle)
    assert avancement.lire(fini.nom_avancement) == avancement.Avancement()


def test_un_fichier_oublie_est_jete_au_bout_de_sept_jours_avec_son_compte_rendu(
    ridout, admin, django_capture_on_commit_callbacks
):
    vu, recent = examiner(ecrire(LEA), admin), examiner(ecrire(HUGO), admin)
    cles = [vu.fichier_cle, vu.rapport_cle]
    ImportFamilles.objects.filter(pk=vu.pk).update(touche_le=instant_reel() - 2 * GARDE)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.oublier_les_anciens() == 1
    assert not set(cles) & set(coffre.cles())
    assert coffre.lire(recent.fichier_cle)
    vu.refresh_from_db()
    assert (vu.etat, vu.fichier_cle, vu.rapport_cle) == (EtatImport.ABANDONNE, "", "")
    assert actions.oublier_les_anciens() == 0


def test_aucune_valeur_d_une_famille_n_est_en_clair_hors_des_fiches(ridout, admin, caplog):
    vu = examiner(ecrire(LEA, HUGO | {"Date de naissance": "31/02/2018"}), admin)
    ligne = json.dumps(ImportFamilles.objects.filter(pk=vu.pk).values().get(), default=str)
    for secret in ("DUPONT", "Jean", "31/02/2018", "Bonbons", "wanadoo"):
        assert secret not in ligne + caplog.text


# --- Cost ------------------------------------------------------------------------------------------------


def requetes(lignes: int, admin, ecole) -> tuple[int, int]:
    contenu = ecrire(*ville(lignes, ecole.nom))
    with CaptureQueriesContext(connection) as examen:
        vu = examiner(contenu, admin)
    actions.lancer(import_id=vu.pk, par=admin)
    with CaptureQueriesContext(connection) as ecriture:
        actions.ecrire(import_id=vu.pk)
    return len(examen), len(ecriture)


def test_mille_lignes_coutent_un_nombre_borne_de_requetes(ridout, admin):
    """SQLite takes some fifty rows in one query, PostgreSQL five hundred."""
    examen, ecriture = requetes(1000, admin, ridout)
    assert Enfant.objects.count() == 1000
    assert examen <= 40
    assert ecriture <= (120 if connection.vendor == "postgresql" else 500)
