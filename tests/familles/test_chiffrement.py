from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection

from familles import coffre
from familles.chiffrement import chiffrer, dechiffrer
from familles.models import CoordonneesBancaires, FicheSanitaire
from tests.fabriques.familles import EnfantFactory, FamilleFactory

IBAN = "FR76 3000 6000 0112 3456 7890 189"


@pytest.mark.django_db
def test_l_iban_n_est_jamais_en_clair_dans_la_base():
    CoordonneesBancaires.objects.create(famille=FamilleFactory(), iban=IBAN)
    with connection.cursor() as curseur:
        curseur.execute("SELECT iban FROM familles_coordonneesbancaires")
        ecrit = curseur.fetchone()[0]
    assert "3000" not in ecrit and ecrit.startswith("gAAAA")
    assert CoordonneesBancaires.objects.get().iban == IBAN


@pytest.mark.django_db
def test_l_historique_aussi_est_chiffre():
    coordonnees = CoordonneesBancaires.objects.create(famille=FamilleFactory(), iban=IBAN)
    with connection.cursor() as curseur:
        curseur.execute("SELECT iban FROM familles_historicalcoordonneesbancaires")
        assert curseur.fetchone()[0].startswith("gAAAA")
    assert coordonnees.history.get().iban == IBAN


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("pai", True),
        ("pai", False),
        ("pai", None),
        ("pai_fin", date(2027, 7, 5)),
        ("allergies", "arachide, œuf"),
    ],
)
def test_chaque_sorte_de_champ_chiffre_revient_comme_elle_est_partie(champ, valeur):
    FicheSanitaire.objects.create(enfant=EnfantFactory(), **{champ: valeur})
    assert getattr(FicheSanitaire.objects.get(), champ) == valeur


@pytest.mark.django_db
def test_comparer_un_champ_chiffre_est_une_erreur_et_non_une_reponse_vide():
    with pytest.raises(FieldError, match="ne se compare pas"):
        CoordonneesBancaires.objects.filter(iban=IBAN).exists()


def test_l_ancienne_cle_lit_encore_et_la_premiere_ecrit(settings):
    ancienne, nouvelle = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CLES_CHIFFREMENT = [ancienne]
    jeton = chiffrer(b"secret")
    settings.CLES_CHIFFREMENT = [nouvelle, ancienne]
    assert dechiffrer(jeton) == b"secret"
    assert Fernet(nouvelle).decrypt(chiffrer(b"autre")) == b"autre"
    settings.CLES_CHIFFREMENT = [nouvelle]
    with pytest.raises(ImproperlyConfigured, match="aucune clé"):
        dechiffrer(jeton)


@pytest.mark.parametrize("cles", [[], ["trop-courte"]])
def test_une_liste_de_cles_inutilisable_se_dit_clairement(settings, cles):
    settings.CLES_CHIFFREMENT = cles
    with pytest.raises(ImproperlyConfigured, match="CLES_CHIFFREMENT"):
        chiffrer(b"x")


def test_un_fichier_range_est_chiffre_et_revient_entier(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path
    cle = coffre.ranger(b"%PDF-1.7 contenu")
    (fichier,) = [f for f in (tmp_path / "prive").rglob("*") if f.is_file()]
    assert b"contenu" not in fichier.read_bytes() and fichier.stat().st_mode & 0o077 == 0
    assert coffre.lire(cle) == b"%PDF-1.7 contenu"
    coffre.jeter(cle)
    with pytest.raises(FileNotFoundError):
        coffre.lire(cle)


@pytest.mark.parametrize("cle", ["../../etc/passwd", "", "prive"])
def test_une_cle_qui_n_en_est_pas_une_ne_sort_pas_du_coffre(settings, tmp_path, cle):
    settings.DOSSIER_DONNEES = tmp_path
    with pytest.raises(ValueError):
        coffre.lire(cle)
