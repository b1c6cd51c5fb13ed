"""Private files (documents of families, invoices): encrypted, named by a random key, never by their name.

They lie in `DOSSIER_DONNEES/prive/<2>/<uuid>`; only views that check who asks read them.
"""

import os
import uuid
from pathlib import Path

from django.conf import settings

from familles.chiffrement import chiffrer, dechiffrer


def _racine() -> Path:
    return Path(settings.DOSSIER_DONNEES) / "prive"


def _chemin(cle: str) -> Path:
    # uuid.UUID refuses anything that is not a key, « ../ » included.
    nom = uuid.UUID(cle).hex
    return _racine() / nom[:2] / nom


def ranger(contenu: bytes) -> str:
    """Write encrypted and return the key; the file appears whole or not at all."""
    cle = uuid.uuid4().hex
    _ecrire(_chemin(cle), contenu)
    return cle


def _ecrire(chemin: Path, contenu: bytes) -> None:
    chemin.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    provisoire = chemin.with_suffix(".ecriture")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descripteur, "wb") as fichier:
        fichier.write(chiffrer(contenu))
        fichier.flush()
        os.fsync(fichier.fileno())
    provisoire.replace(chemin)


def lire(cle: str) -> bytes:
    """Raise FileNotFoundError when the file is gone."""
    return dechiffrer(_chemin(cle).read_bytes())


def jeter(cle: str) -> None:
    _chemin(cle).unlink(missing_ok=True)


def cles() -> list[str]:
    """Every file that is kept; those half written are left out."""
    return sorted(fichier.name for fichier in _racine().glob("??/*") if not fichier.suffix)


def anciennes(avant: float) -> list[str]:
    """The keys of the files written before an instant (seconds since 1970)."""
    return [cle for cle in cles() if _ecrit_avant(_chemin(cle), avant)]


def jeter_les_moities(avant: float) -> int:
    """Throw away what a process that was killed had begun to write."""
    moities = [m for m in _racine().glob("??/*.ecriture") if _ecrit_avant(m, avant)]
    for moitie in moities:
        moitie.unlink(missing_ok=True)
    return len(moities)


def _ecrit_avant(chemin: Path, avant: float) -> bool:
    try:
        return chemin.stat().st_mtime < avant
    except FileNotFoundError:
        return False


def rechiffrer(cle: str) -> bool:
    """Write a file anew with the first key; False when it was thrown away meanwhile."""
    chemin = _chemin(cle)
    try:
        contenu = lire(cle)
    except FileNotFoundError:
        return False
    # A run that was killed may have left its half: nobody else writes under this name.
    chemin.with_suffix(".ecriture").unlink(missing_ok=True)
    _ecrire(chemin, contenu)
    return True
