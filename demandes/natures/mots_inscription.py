"""What is said of inscriptions: when they are open, the days of each week, the days to book apart."""

from demandes.natures.jours import en_bref
from familles.francais import JOURS, enumerer, jour_en_lettres
from familles.horloge import aujourdhui
from familles.models import AnneeScolaire
from planning.examen import Examen

SEMAINES = {"paire": "Semaines paires", "impaire": "Semaines impaires"}


FERMEES = "Les inscriptions ne sont pas ouvertes en ce moment."


def fenetres(annees) -> list[str]:
    """When each school year may be asked for, in a sentence, those without a window left out."""
    return [phrase for annee in annees if (phrase := _fenetre(annee, aujourdhui()))]


def _fenetre(annee: AnneeScolaire, jour) -> str:
    du, au = annee.inscriptions_du, annee.inscriptions_au
    debut = f"Inscriptions {annee.libelle} :"
    if du and jour < du:
        return f"{debut} à partir du {jour_en_lettres(du)}."
    if au and jour > au:
        return f"{debut} closes depuis le {jour_en_lettres(au)}."
    return f"{debut} jusqu’au {jour_en_lettres(au)} inclus." if au else ""


def rythme(paire: str, impaire: str) -> str:
    """« lundi, mardi », « lundi (semaines paires), mardi (semaines impaires) », « occasionnel »."""

    def noms(jours: str) -> str:
        return ", ".join(JOURS[int(jour) - 1] for jour in jours)

    if paire == impaire:
        return f"chaque {noms(paire)}" if paire else "occasionnel, sans jour réservé d’avance"
    return " ; ".join(
        f"{titre.lower()} : {noms(jours) or 'aucun jour'}"
        for titre, jours in zip(SEMAINES.values(), (paire, impaire), strict=True)
    )


def a_reserver_a_part(ecartes: list[Examen]) -> str:
    """What the answer says of the days of the pattern that could not be booked when they were asked."""
    if not ecartes:
        return ""
    par_phrase: dict[str, list[Examen]] = {}
    for ecarte in ecartes:
        par_phrase.setdefault(ecarte.phrase, []).append(ecarte)
    lignes = [
        f"{enumerer(sorted({e.prestation for e in groupe}))}, {en_bref(e.jour for e in groupe)} : {phrase}"
        for phrase, groupe in par_phrase.items()
    ]
    debut = "Ces jours ne sont pas réservés ; demandez-les sur le planning quand ils pourront l’être :"
    return "\n".join([debut, *lignes])
