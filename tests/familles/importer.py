"""What the tests of the import do again and again: a file examined, a file written, what is said of it."""

from familles import actions, coffre
from familles.importation import fichier
from familles.importation.champs import deviner
from familles.importation.examen import Rapport
from familles.models import (
    Enfant,
    Famille,
    ImportFamilles,
    LienParental,
    Rattachement,
    Responsable,
    Scolarite,
)

COMPTES = (Famille, Responsable, Enfant, Rattachement, LienParental, Scolarite)


def examiner(contenu: bytes, par, partages: bool = False, **options) -> ImportFamilles:
    feuille = fichier.lire(contenu)
    importation = actions.deposer(feuille=feuille, nom="familles.csv", par=par)
    actions.associer(
        import_id=importation.pk,
        correspondance={str(rang): cle for rang, cle in deviner(feuille.titres, [*feuille.ecartees]).items()},
        options={"du": "2026-09-01", "situation": "SEPARE", "partages": partages} | options,
        par=par,
    )
    return actions.examiner(import_id=importation.pk)


def importer(contenu: bytes, par, **options) -> ImportFamilles:
    importation = examiner(contenu, par, **options)
    actions.lancer(import_id=importation.pk, par=par)
    return actions.ecrire(import_id=importation.pk)


def comptes(importation: ImportFamilles) -> tuple[int, int, int, int]:
    return importation.creees, importation.modifiees, importation.inchangees, importation.refusees


def rapport(importation: ImportFamilles) -> Rapport:
    return Rapport.depuis_octets(coffre.lire(importation.rapport_cle))


def refus(importation: ImportFamilles) -> list[tuple[int, str]]:
    return [(constat.ligne, constat.colonne) for constat in rapport(importation).refus]


def lignes_en_base() -> list[int]:
    return [modele.objects.count() for modele in COMPTES]
