"""Two workers, two administrators at once: an import is written once, and one at a time."""

import pytest

from familles import actions
from familles.enums import EtatImport
from familles.erreurs import DejaTraite
from familles.models import Enfant, Famille, ImportFamilles
from tests.fabriques import familles as f
from tests.fabriques.fichiers import HUGO, LEA, ville
from tests.fabriques.fichiers import fichier as ecrire
from tests.facturation.test_concurrence import ensemble
from tests.familles.importer import examiner

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ecole(figer):
    figer("2026-11-24T10:00")
    f.CollectiviteFactory()
    return f.EcoleFactory(nom="Groupe scolaire Térence Ridout")


def test_deux_ouvriers_n_ecrivent_le_meme_import_qu_une_fois(ecole):
    par = f.UtilisateurFactory()
    vu = examiner(ecrire(*ville(60, ecole.nom)), par)
    actions.lancer(import_id=vu.pk, par=par)

    def travailler():
        return actions.ecrire(import_id=vu.pk).etat

    assert ensemble(travailler, travailler) == [EtatImport.TERMINE] * 2
    assert (Enfant.objects.count(), Enfant.history.count()) == (60, 60)


def test_deux_imports_lances_ensemble_ne_partent_pas_ensemble(ecole):
    par = f.UtilisateurFactory()
    cles = [examiner(ecrire(ligne), par).pk for ligne in (LEA, HUGO)]
    reponses = ensemble(*(lambda cle=cle: actions.lancer(import_id=cle, par=par) for cle in cles))
    assert sorted(type(r) for r in reponses if isinstance(r, Exception)) == [DejaTraite]
    assert ImportFamilles.objects.filter(etat=EtatImport.ECRITURE).count() == 1


def test_deux_imports_de_la_meme_famille_n_en_font_qu_une(ecole):
    """The second was examined before the first was written: it is read again before anything is written."""
    par = f.UtilisateurFactory()
    cles = [examiner(ecrire(LEA), par).pk for _ in range(2)]
    etats = []
    for cle in cles:
        actions.lancer(import_id=cle, par=par)
        etats.append(actions.ecrire(import_id=cle).etat)
    assert etats == [EtatImport.TERMINE, EtatImport.EXAMINE]
    assert Famille.objects.count() == 1
