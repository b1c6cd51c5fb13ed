"""The town's calendar, seeded from the official one; its rows are then edited by the town."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from simple_history.utils import bulk_create_with_history

from familles.donnees import perimer
from familles.enums import Zone
from familles.erreurs import Invalide
from familles.models import Collectivite
from familles.transactions import action
from planning import calendrier_officiel as officiel
from planning.ecritures import personne
from planning.enums import SourceCalendrier
from planning.models import JourFerie, Vacances

# Nobody keeps books before, and the dates of the school are guesses long before the end.
PREMIER, DERNIER = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class BilanImport:
    """What an import changed. `inconnues`: the school years for which no school holidays are known."""

    feries: int = 0
    vacances: int = 0
    conservees: int = 0
    provisoires: int = 0
    inconnues: tuple[str, ...] = ()


@action
def importer_calendrier(
    *,
    du: date,
    au: date,
    zone: str | None = None,
    territoire: str | None = None,
    remplacer: bool = False,
    par=None,
) -> BilanImport:
    """Add the public and school holidays of a period that are not there yet.

    By default those of the town's zone and commune. A row that is there, edited or not, is left alone, and so
    is a holiday that overlaps one; with `remplacer`, those that came from an import are written anew, and
    only those that the town entered itself stay.
    """
    # The only row of the town: two imports at once wait for each other.
    collectivite = Collectivite.objects.select_for_update().first() or Collectivite()
    zone = collectivite.zone if zone is None else zone
    territoire = officiel.territoire_de(collectivite.code_insee) if territoire is None else territoire
    if zone not in Zone or territoire not in {"", *officiel.TERRITOIRES}:
        raise Invalide("Cette zone ou ce territoire est inconnu.")
    if not (PREMIER <= du <= au <= DERNIER):
        raise Invalide(f"Le premier jour précède le dernier, entre {PREMIER.year} et {DERNIER.year}.")
    voulues = officiel.vacances(du, au, zone) if territoire in officiel.DES_ZONES else []
    feries, feries_conserves = _feries(officiel.feries(du, au, territoire), remplacer, par)
    vacances, vacances_conservees = _vacances(voulues, remplacer, par)
    if feries or vacances:
        perimer()
    return BilanImport(
        feries=len(feries),
        vacances=len(vacances),
        conservees=feries_conserves + vacances_conservees,
        provisoires=sum(v.source == SourceCalendrier.EXTRAPOLEE for v in vacances),
        inconnues=_annees_sans(voulues, du, au),
    )


def _feries(voulus: dict[date, str], remplacer: bool, par) -> tuple[list[JourFerie], int]:
    connus = {f.jour: f for f in JourFerie.objects.filter(jour__in=voulus)}
    perimes = [
        f
        for f in connus.values()
        if remplacer and f.source != SourceCalendrier.VILLE and f.nom != voulus[f.jour]
    ]
    _effacer(perimes, par)
    gardes = connus.keys() - {f.jour for f in perimes}
    nouveaux = [
        JourFerie(jour=jour, nom=nom, source=SourceCalendrier.OFFICIELLE)
        for jour, nom in voulus.items()
        if jour not in gardes
    ]
    return _creer(JourFerie, nouveaux, par), len(gardes)


def _vacances(
    voulues: list[officiel.VacancesOfficielles], remplacer: bool, par
) -> tuple[list[Vacances], int]:
    connues = list(Vacances.objects.all())
    nouvelles: list[Vacances] = []
    perimees: dict[int, Vacances] = {}
    for voulue in voulues:
        genantes = [v for v in connues if voulue.croise(v.du, v.au)]
        a_refaire = remplacer and all(v.source != SourceCalendrier.VILLE for v in genantes)
        identique = len(genantes) == 1 and _memes(genantes[0], voulue)
        if genantes and (identique or not a_refaire):
            continue
        perimees.update({v.pk: v for v in genantes})
        nouvelles.append(Vacances(**vars(voulue)))
    _effacer(perimees.values(), par)
    return _creer(Vacances, nouvelles, par), len(voulues) - len(nouvelles)


def _memes(ligne: Vacances, voulue: officiel.VacancesOfficielles) -> bool:
    return all(getattr(ligne, champ) == valeur for champ, valeur in vars(voulue).items())


def _effacer(lignes: Iterable[JourFerie | Vacances], par) -> None:
    for ligne in lignes:
        ligne._history_user = personne(par)
        ligne.delete()


def _creer(modele, lignes: list, par) -> list:
    return bulk_create_with_history(lignes, modele, default_user=personne(par)) if lignes else []


def _annees_sans(voulues: list[officiel.VacancesOfficielles], du: date, au: date) -> tuple[str, ...]:
    """School years of the period without any school holidays: the town enters them itself."""
    premiere, derniere = (jour.year - (jour.month < 9) for jour in (du, au))
    return tuple(
        f"{annee}-{annee + 1}"
        for annee in range(premiere, derniere + 1)
        if not any(v.croise(date(annee, 9, 2), date(annee + 1, 8, 31)) for v in voulues)
    )
