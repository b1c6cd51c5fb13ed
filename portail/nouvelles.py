"""The news that a home page shows: read once per version of the settings, chosen for the family in memory."""

from dataclasses import dataclass
from datetime import date

from familles.donnees import par_version
from portail.models import Document, Nouvelle
from portail.resume import Resume


@dataclass(frozen=True)
class Annonce:
    """A piece of news out of the database, and for whom it is."""

    pk: int
    titre: str
    texte: str
    du: date
    au: date | None
    ecole_id: int | None
    classe: str
    prestation_id: int | None
    document: Document | None

    def concerne(self, resumes: list[Resume], jour: date) -> bool:
        """For all, or for what one of the family's children attends that day."""
        if self.du > jour or (self.au is not None and self.au < jour):
            return False
        if self.ecole_id is None and self.prestation_id is None:
            return True
        return any(self._concerne(resume, jour) for resume in resumes)

    def _concerne(self, resume: Resume, jour: date) -> bool:
        if self.prestation_id is not None:
            return any(
                offre.prestation_id == self.prestation_id and du <= jour <= au
                for offre, du, au in resume.inscriptions
            )
        classe = (resume.enfant.classe or "").lower()
        return resume.enfant.ecole_id == self.ecole_id and self.classe.lower() in ("", classe)


def nouvelles_de(resumes: list[Resume], jour: date, version: str | None) -> list[Annonce]:
    """Those of the day for this family, the latest first."""
    return [a for a in par_version("nouvelles", _lire, version) if a.concerne(resumes, jour)]


def _lire() -> list[Annonce]:
    return [
        Annonce(
            n.pk,
            n.titre,
            n.texte,
            n.publie_du,
            n.publie_au,
            n.ecole_id,
            n.classe,
            n.prestation_id,
            n.document,
        )
        for n in Nouvelle.objects.select_related("document")
    ]
