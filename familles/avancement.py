"""How far a long job went, told outside of its transaction: SQLite has one writer, whose work nobody sees.

A small file of counts in DOSSIER_DONNEES, which the worker and the pages share; its age is the last sign of
life. Losing one loses a progress bar, never a fact.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from familles.horloge import instant_reel

# Silent for longer, whoever worked on it is gone.
SILENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Avancement:
    fait: int = 0
    total: int = 0
    signe_le: datetime | None = None

    @property
    def muet(self) -> bool:
        return self.signe_le is not None and instant_reel() - self.signe_le > SILENCE


def _chemin(nom: str) -> Path:
    return Path(settings.DOSSIER_DONNEES) / "avancement" / nom


def noter(nom: str, fait: int, total: int) -> None:
    chemin = _chemin(nom)
    chemin.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    provisoire = chemin.with_suffix(".ecriture")
    provisoire.write_text(f"{fait} {total}", encoding="ascii")
    provisoire.replace(chemin)


def lire(nom: str) -> Avancement:
    chemin = _chemin(nom)
    try:
        fait, total = chemin.read_text(encoding="ascii").split()
        signe = datetime.fromtimestamp(chemin.stat().st_mtime, tz=UTC)
    except (FileNotFoundError, ValueError):
        return Avancement()
    return Avancement(int(fait), int(total), signe)


def oublier(nom: str) -> None:
    _chemin(nom).unlink(missing_ok=True)
