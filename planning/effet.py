"""What a deadline rule says, in words and day by day: for the person who writes it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from familles.francais import JOURS, enumerer, heure, moment, pluriel
from planning.calendrier import HORS_SEMAINE, Calendrier, Offre
from planning.delais import Regle, echeance
from planning.enums import Comptage, ModeDelai

JOURS_MONTRES = 14
NE_VISE_PAS = "La règle ne vise pas ce jour."
NE_DIT_RIEN = (
    "La règle ne dit rien de ce jour : une règle plus générale décide, sinon il n’y a pas de limite."
)
AUTRE_REGLE = "Une autre règle l’emporte ce jour-là :"
FERME = "Aucune prestation n’ouvre ce jour-là."


@dataclass(frozen=True)
class Effet:
    """A day, its limit (in words) and the sentence that families read; `ferme`: nothing to book."""

    jour: date
    prestation: str
    limite: str
    phrase: str
    ferme: bool = False


def phrase_regle(regle: Regle) -> str:
    """« le jeudi de la semaine précédente, jusqu’à 12 h 00 »."""
    if regle.mode == ModeDelai.AUCUN:
        return "sans limite"
    return f"{_quand(regle)}, jusqu’à {heure(regle.heure)}"


def _quand(regle: Regle) -> str:
    n = regle.nombre
    if regle.mode == ModeDelai.SEMAINE:
        jour = f"le {JOURS[regle.jour_limite - 1]}"
        if n == 0:
            return f"{jour} de la semaine même"
        return f"{jour} de la semaine précédente" if n == 1 else f"{jour}, {n} semaines avant"
    if regle.mode == ModeDelai.MOIS:
        quantieme = "le 1er" if regle.quantieme == 1 else f"le {regle.quantieme}"
        if n == 0:
            return f"{quantieme} du mois même"
        return f"{quantieme} du mois précédent" if n == 1 else f"{quantieme}, {n} mois avant"
    if regle.mode == ModeDelai.VACANCES:
        return f"{pluriel(n, 'jour franc', 'jours francs')} avant le début des vacances"
    if regle.mode == ModeDelai.DATES:
        return f"à des dates données une à une ({len(regle.dates)})"
    return _jours_avant(n, regle.comptage)


def _jours_avant(n: int, comptage: str) -> str:
    if n == 0:
        return "le jour même"
    if n == 1 and comptage == Comptage.CALENDAIRES:
        return "la veille"
    mots = {
        Comptage.CALENDAIRES: ("jour", "jours"),
        Comptage.OUVRES: ("jour ouvré", "jours ouvrés"),
        Comptage.OUVERTURE: ("jour d’ouverture", "jours d’ouverture"),
    }
    return f"{pluriel(n, *mots[Comptage(comptage)])} avant"


def jours_vises(jours: str) -> str:
    """« 1245 » → « lundi, mardi, jeudi et vendredi »; empty: all."""
    return enumerer([JOURS[int(chiffre) - 1] for chiffre in jours]) or "tous les jours"


def effets(
    regle: Regle,
    offres: Sequence[tuple[str, Offre]],
    calendrier: Calendrier,
    instant: datetime,
    toutes: Sequence[Regle] = (),
) -> list[Effet]:
    """The next fortnight under this rule; `offres`: prestations by name, the first open one serves.

    `toutes`: the town's rules in their order, this one among them. Where another wins, the day says so.
    """
    premier = instant.date()
    jours = [premier + timedelta(days=n) for n in range(JOURS_MONTRES)]
    return [_effet(regle, jour, offres, calendrier, instant, toutes or (regle,)) for jour in jours]


def _effet(
    regle: Regle,
    jour: date,
    offres: Iterable[tuple[str, Offre]],
    calendrier: Calendrier,
    instant: datetime,
    toutes: Sequence[Regle],
) -> Effet:
    visees = [(n, o) for n, o in offres if regle.prestation_id in (None, o.prestation_id)]
    ouvertes = [(n, o) for n, o in visees if calendrier.ouvre(o, jour)]
    if not ouvertes:
        raisons = [f for _, o in visees if (f := calendrier.ferme(o, jour)) and f.cause != HORS_SEMAINE]
        return Effet(jour, "", "", raisons[0].phrase if raisons else FERME, ferme=True)
    # An example that follows this rule, rather than one that has its own.
    propres = {r.prestation_id for r in toutes if r.operation == regle.operation and r != regle}
    nom, offre = next(((n, o) for n, o in ouvertes if o.prestation_id not in propres), ouvertes[0])
    if not regle.vise(regle.operation, offre, jour):
        return Effet(jour, nom, "", NE_VISE_PAS)
    fuseau = instant.tzinfo
    if fuseau is None:
        raise ValueError("« instant » doit porter un fuseau.")
    limite = echeance([regle], regle.operation, jour, offre, calendrier, fuseau)
    if limite.limite is None and regle.mode != ModeDelai.AUCUN:
        return Effet(jour, nom, "", NE_DIT_RIEN)
    appliquee = echeance(toutes, regle.operation, jour, offre, calendrier, fuseau)
    if appliquee != limite:
        return Effet(jour, nom, "", f"{AUTRE_REGLE} {appliquee.phrase(instant)}")
    return Effet(jour, nom, moment(limite.limite) if limite.limite else "sans limite", limite.phrase(instant))
