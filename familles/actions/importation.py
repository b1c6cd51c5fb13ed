"""Families that come in from a file: put away, examined, written whole or not at all, forgotten."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction

from familles import adresse_du_compte, avancement, coffre
from familles.enums import EtatImport, VerbeTrace
from familles.erreurs import DejaTraite, Refus
from familles.horloge import aujourdhui, instant_reel, maintenant
from familles.importation import examen, fichier
from familles.importation.constats import Verdict
from familles.importation.examen import Examen, Suivi
from familles.importation.fichier import Feuille
from familles.importation.foyers import Foyer, Lecture
from familles.importation.ordres import LOT, Ordres, releve
from familles.importation.plan import Plan
from familles.importation.rapprochement import numeroter
from familles.lots import par_lots
from familles.models import Famille, ImportFamilles, Responsable, Trace
from familles.transactions import action, sauf_doublon

ESSAIS = 3
CHANGE = "Des dossiers ont changé depuis l’examen : relisez le compte rendu ci-dessous. Rien n’a été écrit."
UN_SEUL = "Un autre import est en cours : attendez sa fin, puis relancez celui-ci."
PLUS_DE_FICHIER = "Ce fichier n’est plus gardé : déposez-le de nouveau."


@action
def deposer(*, feuille: Feuille, nom: str, par) -> ImportFamilles:
    """Put the file away, encrypted; its columns are still to be mapped."""
    return ImportFamilles.objects.create(
        nom_fichier=nom[:120],
        fichier_cle=coffre.ranger(feuille.en_octets()),
        encodage=feuille.encodage,
        separateur=feuille.separateur,
        titres=feuille.titres,
        empreinte_titres=fichier.empreinte(feuille.titres),
        ecartees=sorted(feuille.ecartees.items()),
        lignes=len(feuille.lignes),
        depose_par=par,
    )


def _tenir(import_id: int) -> ImportFamilles:
    return ImportFamilles.objects.select_for_update(of=("self",)).get(pk=import_id)


@action
def associer(*, import_id: int, correspondance: dict[str, str], options: dict, par) -> ImportFamilles:
    """Say which column is what; the examination may begin."""
    importation = _tenir(import_id)
    if importation.etat not in (EtatImport.A_ASSOCIER, EtatImport.EXAMINE):
        raise DejaTraite("Cet import n’attend plus ses colonnes.")
    if not importation.fichier_cle:
        raise Refus(PLUS_DE_FICHIER)
    importation.correspondance, importation.options = correspondance, options
    _passer(importation, EtatImport.EXAMEN)
    return importation


def _passer(importation: ImportFamilles, etat: EtatImport, incident: str = "") -> None:
    importation.etat, importation.incident = etat, incident
    importation.touche_le = instant_reel()
    importation.save()
    if importation.en_travail:
        transaction.on_commit(partial(avancement.noter, importation.nom_avancement, 0, importation.lignes))
    else:
        transaction.on_commit(partial(avancement.oublier, importation.nom_avancement))


# --- Examination -----------------------------------------------------------------------------------------


def examiner(*, import_id: int, par=None) -> ImportFamilles:
    """The dry run. It writes nothing of the families, and holds no lock while it reads."""
    importation = ImportFamilles.objects.get(pk=import_id)
    if importation.etat != EtatImport.EXAMEN:
        return importation
    lecture, foyers = _lire(importation)
    vu = examen.comparer(importation, lecture, foyers, _suivi(importation, 1))
    return _conclure_l_examen(import_id, vu)


def _lire(importation: ImportFamilles) -> tuple[Lecture, list[Foyer]]:
    try:
        feuille = Feuille.depuis_octets(coffre.lire(importation.fichier_cle))
    except (FileNotFoundError, ValueError) as erreur:
        # An empty key is no key: the file was forgotten meanwhile.
        raise Refus(PLUS_DE_FICHIER) from erreur
    return examen.lire(importation, feuille, _suivi(importation, 0))


def _suivi(importation: ImportFamilles, etape: int) -> Suivi:
    """Reading, comparing, and for the real one writing: each a share of the bar."""
    etapes = 2 if importation.etat == EtatImport.EXAMEN else 3
    total = importation.lignes * etapes

    def suivre(fait: int) -> None:
        avancement.noter(importation.nom_avancement, importation.lignes * etape + fait, total)

    return suivre


@action
def _conclure_l_examen(import_id: int, vu: Examen) -> ImportFamilles:
    importation = _tenir(import_id)
    if importation.etat == EtatImport.EXAMEN:
        _ranger_le_rapport(importation, vu)
        _passer(importation, EtatImport.EXAMINE)
    return importation


def _ranger_le_rapport(importation: ImportFamilles, vu: Examen) -> None:
    if importation.rapport_cle:
        transaction.on_commit(partial(coffre.jeter, importation.rapport_cle))
    importation.rapport_cle = coffre.ranger(vu.rapport())
    importation.creees = vu.combien(Verdict.CREEE)
    importation.modifiees = vu.combien(Verdict.MODIFIEE)
    importation.inchangees = vu.combien(Verdict.INCHANGEE)
    importation.refusees = vu.combien(Verdict.REFUSEE)
    importation.bilan, importation.empreinte = vu.plan.bilan(), vu.empreinte


# --- Writing ---------------------------------------------------------------------------------------------


@action
def lancer(*, import_id: int, par) -> ImportFamilles:
    """Ask for what the examination showed; one import at a time."""
    importation = _tenir(import_id)
    if importation.etat != EtatImport.EXAMINE:
        raise DejaTraite("Cet import n’est plus à lancer.")
    if not importation.importable:
        raise Refus("Rien n’est importé tant qu’une ligne est refusée.")
    importation.importe_par = par
    with sauf_doublon(lambda: UN_SEUL):
        _passer(importation, EtatImport.ECRITURE)
    return importation


def ecrire(*, import_id: int, par=None) -> ImportFamilles:
    """All of it in one transaction. Run again after a crash, or by two workers at once, it writes once.

    What it writes is judged and made ready before the lock, which then holds for the writing alone: SQLite
    has one writer, and a parent's request waits behind it. What changed in between is judged again.
    """
    importation = ImportFamilles.objects.get(pk=import_id)
    if importation.etat != EtatImport.ECRITURE:
        return importation
    lecture, foyers = _lire(importation)
    for _ in range(ESSAIS):
        vues = releve()
        fini = _ecrire(import_id, _juger(importation, lecture, foyers), vues)
        if fini is not None:
            return fini
    return _juger_et_ecrire(import_id, lecture, foyers)


@dataclass
class Jugement:
    vu: Examen
    ordres: Ordres


def _juger(importation: ImportFamilles, lecture: Lecture, foyers: list[Foyer], verrou=False) -> Jugement:
    """What the examination finds today, and the statements that write it when it is what was shown."""
    vu = examen.comparer(importation, lecture, foyers, _suivi(importation, 1), verrou=verrou)
    ordres = Ordres(par=importation.importe_par, motif=f"Import n° {importation.pk}")
    if vu.empreinte == importation.empreinte:
        _numeroter(vu.plan)
        suivre = _suivi(importation, 2)
        ordres.preparer(vu.plan, lambda pretes: suivre(importation.lignes * pretes // vu.plan.taille))
    return Jugement(vu, ordres)


@action
def _ecrire(import_id: int, jugement: Jugement, vues) -> ImportFamilles | None:
    """None when anything changed since it was judged."""
    importation = _tenir(import_id)
    if importation.etat != EtatImport.ECRITURE:
        return importation
    jugement.vu.existant.tenir()
    return _conclure(importation, jugement) if releve() == vues else None


@action
def _juger_et_ecrire(import_id: int, lecture: Lecture, foyers: list[Foyer]) -> ImportFamilles:
    """The files never stay still: judged under the lock."""
    importation = _tenir(import_id)
    if importation.etat != EtatImport.ECRITURE:
        return importation
    return _conclure(importation, _juger(importation, lecture, foyers, verrou=True))


def _conclure(importation: ImportFamilles, jugement: Jugement) -> ImportFamilles:
    vu = jugement.vu
    if vu.empreinte != importation.empreinte:
        _ranger_le_rapport(importation, vu)
        _passer(importation, EtatImport.EXAMINE, CHANGE)
        return importation
    changees = _adresses_changees(vu.plan)
    jugement.ordres.executer()
    for adulte, ancienne in changees:
        adresse_du_compte.suivre(adulte, ancienne)
    importation.importe_le, importation.bilan = maintenant(), vu.plan.bilan()
    transaction.on_commit(partial(coffre.jeter, importation.fichier_cle))
    importation.fichier_cle = ""
    _passer(importation, EtatImport.TERMINE)
    Trace.objects.inscrire(par=importation.importe_par, verbe=VerbeTrace.IMPORTER, objet=importation)
    return importation


def _numeroter(plan: Plan) -> None:
    annee = aujourdhui().year
    neuves = plan.neufs[Famille]
    donnes = [f.numero for f in neuves if f.numero.startswith(str(annee))]
    numeroter(neuves, max([Famille.objects.dernier_numero(annee), *donnes]), annee)


def _adresses_changees(plan: Plan) -> list[tuple[Responsable, str]]:
    """The adults for whom the import brings another e-mail, with the one that the file still holds."""
    adultes = {cle: ligne for cle, (ligne, noms) in plan.changes[Responsable].items() if "email" in noms}
    tenues: dict[int, str] = {}
    for cles in par_lots(sorted(adultes), LOT):
        tenues.update(Responsable.objects.filter(pk__in=cles).values_list("pk", "email"))
    return [(adultes[cle], ancienne) for cle, ancienne in tenues.items()]


@action
def signaler(*, import_id: int, incident: str, par=None) -> None:
    """Nothing was written: say why, and wait for a new examination."""
    importation = _tenir(import_id)
    if importation.en_travail:
        importation.empreinte = ""
        etat = EtatImport.A_ASSOCIER if importation.fichier_cle else EtatImport.ABANDONNE
        _passer(importation, etat, incident)


# --- Forgetting ------------------------------------------------------------------------------------------


@action
def abandonner(*, import_id: int, par) -> ImportFamilles:
    importation = _tenir(import_id)
    if importation.etat in (EtatImport.ECRITURE, EtatImport.TERMINE):
        raise DejaTraite("Cet import ne s’abandonne plus.")
    _oublier(importation)
    return importation


@action
def oublier_les_anciens(*, par=None) -> int:
    """Throw away the files and reports kept long enough, whatever became of them; how many imports."""
    anciens = list(ImportFamilles.objects.oubliables(instant_reel()).select_for_update(of=("self",)))
    for importation in anciens:
        _oublier(importation)
    return len(anciens)


def _oublier(importation: ImportFamilles) -> None:
    for cle in filter(None, (importation.fichier_cle, importation.rapport_cle)):
        transaction.on_commit(partial(coffre.jeter, cle))
    importation.fichier_cle = importation.rapport_cle = ""
    fini = importation.etat == EtatImport.TERMINE
    _passer(importation, EtatImport.TERMINE if fini else EtatImport.ABANDONNE)
