"""Days of a request that went by before its answer: what the register says, and what accepting does."""

from collections.abc import Iterable
from datetime import date

from demandes.models import Demande, LigneDemande
from demandes.natures.jours import en_bref
from familles.francais import pluriel
from familles.horloge import aujourdhui
from planning.enums import EtatPointage, Operation
from planning.models import Pointage

P = EtatPointage
NON_FAIT, SANS_LUI = "NON_FAIT", "SANS_LUI"  # nobody was noted that day; others were, and not this child
APPELS: dict[str, str] = {
    P.PRESENT: "l’appel note l’enfant présent",
    P.ABSENT: "l’appel note l’enfant absent",
    SANS_LUI: "l’appel a été fait sans cet enfant",
    NON_FAIT: "l’appel n’a pas été fait",
}
# What accepting makes of it.
RESERVER: dict[str, str] = {
    P.PRESENT: "Accepter le réserve : sa présence sera facturée comme réservée.",
    P.ABSENT: "Accepter en fait une absence non signalée.",
    SANS_LUI: "Accepter le réserve, sans présence notée.",
    NON_FAIT: "Accepter le réserve ; il restera à pointer.",
}
ABSENCE: dict[str, str] = {P.PRESENT: "Accepter laissera une erreur à régler : absent, et présent à l’appel."}


def passees(lignes: Iterable[LigneDemande], jour: date | None = None) -> list[LigneDemande]:
    """Those that still wait for an answer though their day is past."""
    jour = jour or aujourdhui()
    return [ligne for ligne in lignes if ligne.en_attente and ligne.jour < jour]


def phrases(lignes: Iterable[LigneDemande]) -> dict[int, str]:
    """By key of the line, what the staff must know before they answer: one query at most."""
    attendues = passees(lignes)
    if not attendues:
        return {}
    pointages = Pointage.objects.filter(
        prestation__in={ligne.prestation_id for ligne in attendues},
        jour__in={ligne.jour for ligne in attendues},
    ).values_list("prestation", "jour", "enfant", "etat")
    notes = {(prestation, jour, enfant): etat for prestation, jour, enfant, etat in pointages}
    faits = {(prestation, jour) for prestation, jour, _ in notes}
    return {ligne.pk: _phrase(ligne, notes, faits) for ligne in attendues}


def _phrase(ligne: LigneDemande, notes: dict, faits: set) -> str:
    journee = (ligne.prestation_id, ligne.jour)
    appel = notes.get((*journee, ligne.enfant_id), SANS_LUI if journee in faits else NON_FAIT)
    suites = ABSENCE if ligne.operation == Operation.ABSENCE else RESERVER
    return f"Ce jour est passé : {APPELS[appel]}. {suites.get(appel, '')}".strip()


def en_resume(demande: Demande) -> str:
    """The same in a few words, where several requests are seen together."""
    jours = {ligne.jour for ligne in passees(demande.lignes.all())}
    if not jours:
        return ""
    combien = pluriel(len(jours), "jour est déjà passé", "jours sont déjà passés")
    return f"{combien} ({en_bref(jours)}) : sa page dit ce qu’en note l’appel."
