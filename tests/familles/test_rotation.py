"""Change of key: after the command, the old key opens nothing and the new one everything."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command
from django.db import connection

from familles import coffre
from familles.chiffrement import ChampChiffre
from familles.models import CoordonneesBancaires, FicheSanitaire
from familles.rotation import LOT, colonnes_chiffrees, tourner_lignes
from tests.fabriques import familles as f

ANCIENNE, NOUVELLE = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture(autouse=True)
def _coffre(settings, tmp_path):
    settings.DOSSIER_DONNEES = str(tmp_path)
    settings.CLES_CHIFFREMENT = [ANCIENNE]


@pytest.fixture
def remplie(db):
    banque = f.CoordonneesBancairesFactory()
    banque.nom_banque = "Autre banque"
    banque.save()
    sante = f.FicheSanitaireFactory(pai=True, pai_fin=date(2027, 7, 3))
    return banque, sante, coffre.ranger(b"avis"), coffre.ranger(b"photo")


def jetons() -> list[str]:
    """Every ciphertext of the database, read without our fields."""
    lus = []
    with connection.cursor() as curseur:
        for modele, champs in colonnes_chiffrees():
            for champ in champs:
                nom = connection.ops.quote_name(modele._meta.get_field(champ).column)
                table = connection.ops.quote_name(modele._meta.db_table)
                # Names of our own tables and columns.
                curseur.execute(f"SELECT {nom} FROM {table} WHERE {nom} IS NOT NULL AND {nom} <> ''")  # noqa: S608
                lus += [ligne[0] for ligne in curseur.fetchall()]
    return lus


def test_l_introspection_trouve_tout_historique_compris():
    trouves = {modele._meta.label: champs for modele, champs in colonnes_chiffrees()}
    assert "iban" in trouves["familles.CoordonneesBancaires"]
    assert trouves["familles.HistoricalCoordonneesBancaires"] == trouves["familles.CoordonneesBancaires"]
    assert trouves["demandes.Demande"] == ["saisie"]
    assert trouves["demandes.PieceJointe"] == ["nom"]
    assert "allergies" in trouves["familles.HistoricalFicheSanitaire"]


def test_la_nouvelle_cle_ouvre_tout_et_l_ancienne_plus_rien(remplie, settings):
    banque, _, *fichiers = remplie
    avant = len(jetons())
    settings.CLES_CHIFFREMENT = [NOUVELLE, ANCIENNE]
    sortie = StringIO()
    call_command("tourner_les_cles", stdout=sortie)
    assert "2\N{NO-BREAK SPACE}fichiers" in sortie.getvalue()
    assert "retirez-les" in sortie.getvalue()
    tous = jetons()
    assert len(tous) == avant > 8
    nouvelle, ancienne = Fernet(NOUVELLE), Fernet(ANCIENNE)
    contenus = [*(jeton.encode() for jeton in tous), *(fichier(cle) for cle in fichiers)]
    for contenu in contenus:
        nouvelle.decrypt(contenu)
        with pytest.raises(InvalidToken):
            ancienne.decrypt(contenu)
    settings.CLES_CHIFFREMENT = [NOUVELLE]
    relue = CoordonneesBancaires.objects.get()
    assert (relue.iban, relue.nom_banque) == (banque.iban, "Autre banque")
    assert relue.history.count() == 2, "tourner une clé n’est pas un changement du dossier"
    assert FicheSanitaire.objects.get().pai_fin == date(2027, 7, 3)
    assert [coffre.lire(cle) for cle in fichiers] == [b"avis", b"photo"]


def fichier(cle) -> bytes:
    return coffre._chemin(cle).read_bytes()


def test_une_cle_manquante_arrete_la_commande_et_rien_n_est_perdu(remplie, settings):
    settings.CLES_CHIFFREMENT = [NOUVELLE]
    with pytest.raises(CommandError, match="Remettez-la"):
        call_command("tourner_les_cles", stdout=StringIO())
    settings.CLES_CHIFFREMENT = [ANCIENNE]
    assert CoordonneesBancaires.objects.get().iban == remplie[0].iban


def test_la_commande_reprend_apres_un_arret(remplie, settings):
    reste = coffre._chemin(remplie[2]).with_suffix(".ecriture")
    reste.write_bytes(b"moitie")
    settings.CLES_CHIFFREMENT = [NOUVELLE, ANCIENNE]
    for _ in range(2):
        call_command("tourner_les_cles", stdout=StringIO())
    assert coffre.lire(remplie[2]) == b"avis"
    assert not list(Path(settings.DOSSIER_DONNEES).rglob("*.ecriture"))


def test_chaque_lot_est_tourne(db, settings):
    famille = f.FamilleFactory()
    HistoriqueBanque = CoordonneesBancaires.history.model
    banque = f.CoordonneesBancairesFactory(famille=famille)
    modele = banque.history.first()
    valeurs = {c.attname: getattr(modele, c.attname) for c in modele._meta.fields if not c.primary_key}
    HistoriqueBanque.objects.bulk_create(HistoriqueBanque(**valeurs) for _ in range(LOT + 5))
    champs = [c.name for c in modele._meta.fields if isinstance(c, ChampChiffre)]
    assert list(tourner_lignes(HistoriqueBanque, champs)) == [LOT, 6]
