"""What the structure tells on a home page, news and menus: read once per version of the settings, in one
query, then chosen for the family in memory.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BigIntegerField, CharField, DateField, TextField, Value
from django.db.models.functions import Cast, Coalesce

from familles.donnees import par_version
from familles.horloge import aujourdhui
from portail.menus import Plat
from portail.models import Document, Menu, Nouvelle
from portail.models.menus import lundi_de
from portail.resume import Resume

# A menu is told of today and of the next day that has one, a week-end apart at most.
JOURS_ANNONCES = 4
NOUVELLE, MENU = "NOUVELLE", "MENU"


@dataclass(frozen=True)
class Annonce:
    """A piece of news, or the menu of a week, out of the database, and for whom it is."""

    sorte: str
    pk: int
    titre: str
    texte: str
    du: date
    au: date | None
    ecole_id: int | None
    classe: str
    prestation_id: int | None
    document: Document | None
    public: str

    def concerne(self, resumes: list[Resume], jour: date) -> bool:
        """For all, or for what one of the family's children attends that day."""
        if self.sorte == NOUVELLE and (self.du > jour or (self.au is not None and self.au < jour)):
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

    def plats(self, jour: date) -> list[Plat]:
        """Of a menu: the dishes of a day of its week."""
        if lundi_de(jour) != self.du:
            return []
        return [Plat.de_json(p) for p in json.loads(self.texte).get(str(jour.isoweekday()), [])]


@dataclass(frozen=True)
class Repas:
    """The dishes of a day, for whom they are where it must be said."""

    jour: date
    public: str
    plats: list[Plat]


def affiche_de(resumes: list[Resume], jour: date, version: str | None) -> tuple[list[Annonce], list[Repas]]:
    """For this family: the news of the day, the latest first; the menus of today and of the next day."""
    lues = [a for a in par_version("affiche", _lire, version) if a.concerne(resumes, jour)]
    nouvelles = [a for a in lues if a.sorte == NOUVELLE]
    menus = [a for a in lues if a.sorte == MENU]
    repas: list[Repas] = []
    for rang in range(JOURS_ANNONCES):
        date_ = jour + timedelta(days=rang)
        servis = [(menu.public, plats) for menu in menus if (plats := menu.plats(date_))]
        du_jour = [Repas(date_, public if len(servis) > 1 else "", plats) for public, plats in servis]
        repas += du_jour
        if du_jour and rang:
            break
    return nouvelles, repas


COLONNES_DES_NOUVELLES = (
    "pk",
    "titre",
    "texte",
    "publie_du",
    "publie_au",
    "ecole",
    "classe",
    "prestation",
    "document",
    "document__titre",
)


def _colonnes_des_menus() -> tuple:
    """The same, in the same order."""
    return (
        "pk",
        "remarque",
        Cast("jours", TextField()),
        "semaine",
        Cast(Value(None), DateField()),
        "ecole",
        Value(""),
        "prestation",
        Cast(Value(None), BigIntegerField()),
        Cast(Value(None), CharField()),
    )


def _lire() -> list[Annonce]:
    """The two tables in one query: the page keeps to its budget."""
    nouvelles = Nouvelle.objects.order_by().values_list(Value(NOUVELLE), *COLONNES_DES_NOUVELLES, Value(""))
    publies = Menu.objects.publies().filter(semaine__gte=lundi_de(aujourdhui())).order_by()
    menus = publies.values_list(
        Value(MENU), *_colonnes_des_menus(), Coalesce("ecole__nom", "prestation__nom", Value(""))
    )
    annonces = []
    for *debut, document, titre, public in nouvelles.union(menus, all=True):
        joint = Document(pk=document, titre=titre) if document else None
        annonces.append(Annonce(*debut, document=joint, public=public))
    return sorted(sorted(annonces, key=lambda a: a.titre), key=lambda a: a.du, reverse=True)
