"""Private files: each has its owner, and one that nobody names leaves the disk, a day later."""

import os
import re
import time

import pytest
from django.apps import apps
from django.db import models

from familles import coffre, orphelins
from familles.chiffrement import CleFichier
from familles.erreurs import Refus
from tests.fabriques.familles import EnfantFactory

HIER = time.time() - 25 * 3600


@pytest.fixture(autouse=True)
def _coffre(settings, tmp_path):
    settings.DOSSIER_DONNEES = str(tmp_path)


def deposer(contenu: bytes, quand: float = HIER) -> str:
    cle = coffre.ranger(contenu)
    os.utime(coffre._chemin(cle), (quand, quand))
    return cle


def test_seul_le_fichier_que_personne_ne_nomme_est_jete(db):
    gardee, perdue, toute_neuve = deposer(b"photo"), deposer(b"perdue"), deposer(b"neuve", time.time())
    EnfantFactory(photo_cle=gardee)
    moitie = coffre._chemin(perdue).with_suffix(".ecriture")
    moitie.write_bytes(b"moitie")
    os.utime(moitie, (HIER, HIER))
    assert orphelins.purger() == 2
    assert coffre.cles() == sorted([gardee, toute_neuve])
    assert not moitie.exists()


def test_une_photo_remplacee_ne_tient_plus_a_son_historique(db):
    ancienne, nouvelle = deposer(b"ancienne"), deposer(b"nouvelle")
    enfant = EnfantFactory(photo_cle=ancienne)
    enfant.photo_cle = nouvelle
    enfant.save()
    assert orphelins.purger() == 1
    assert coffre.cles() == [nouvelle]


def test_une_autre_base_ne_vide_pas_le_dossier(db):
    deposer(b"facture")
    with pytest.raises(Refus, match="Rien n’a été jeté"):
        orphelins.purger()
    assert len(coffre.cles()) == 1


def test_toute_cle_de_fichier_se_declare():
    """A key kept in a plain column would be taken for an orphan, and its file thrown away."""
    muettes = [
        str(champ)
        for modele in apps.get_models()
        for champ in modele._meta.local_fields
        if isinstance(champ, models.CharField)
        and re.fullmatch(r"(\w+_)?cle", champ.name)
        and champ.max_length == 32
        and not isinstance(champ, CleFichier)
    ]
    assert muettes == []
