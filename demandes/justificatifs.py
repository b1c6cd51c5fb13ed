"""Until when a document excuses days that are billed: said alike on the pages and in the letters."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from demandes.models import Demande, LigneDemande
from familles.francais import enumerer, jour_sans_annee, moment

DITES_AU_PLUS = 6


def dire_limites(limites: Mapping[date, datetime]) -> str:
    """« jusqu’au … »: each day has its own, told for the first and the last when they are many."""
    jours = sorted(limites)
    if len(set(limites.values())) == 1:
        return f"jusqu’au {moment(limites[jours[0]])}"
    if len(jours) > DITES_AU_PLUS:
        premiere, derniere = moment(limites[jours[0]]), moment(limites[jours[-1]])
        return f"jusqu’au {premiere} pour le premier jour, jusqu’au {derniere} pour le dernier"
    return enumerer([f"jusqu’au {moment(limites[j])} pour le {jour_sans_annee(j)}" for j in jours])


def dire_excusables(excusables: Iterable[tuple[LigneDemande, datetime]]) -> str:
    """Empty when there is none."""
    limites = {ligne.jour: limite for ligne, limite in excusables}
    if not limites:
        return ""
    sujet = "ce jour peut" if len(limites) == 1 else "ces jours peuvent"
    excuse = "être excusé" if len(limites) == 1 else "être excusés"
    return (
        f"Avec un justificatif, {sujet} encore {excuse} : envoyez-le {dire_limites(limites)}, depuis la page "
        "de cette demande."
    )


def adresse_du_justificatif(demande: Demande, excusables: Iterable[tuple[LigneDemande, datetime]]) -> str:
    """Where a document is sent for days already granted as billed: a request of their own; empty: none."""
    cases = [f"{ligne.prestation_id}:{ligne.jour.isoformat()}" for ligne, _ in excusables]
    if demande.en_attente or not cases or demande.enfant_id is None:
        return ""
    parametres = urlencode({"cases": cases}, doseq=True)
    return f"{reverse('demandes:absence', args=[demande.enfant_id])}?{parametres}"
