"""On which days a meal is served, so that no menu promises one on a day without service."""

from datetime import date

from familles.enums import NatureFiscale
from familles.models import Prestation
from planning.calendrier import JourFerme
from planning.reglement_interieur import offre_de, reglement_interieur


def sans_repas(jours: list[date], version: str | None = None, **prestations) -> dict[date, JourFerme]:
    """Of these days, those when none of the meals (filtered by `prestations`) is served, and why.

    Empty in a town that has no meal at all: it knows nothing of the days then.
    """
    repas = Prestation.objects.filter(active=True, nature_fiscale=NatureFiscale.REPAS, **prestations)
    offres = [offre_de(prestation) for prestation in repas]
    calendrier = reglement_interieur(version).calendrier
    causes = {jour: [calendrier.ferme(offre, jour) for offre in offres] for jour in jours}
    return {jour: fermes[0] for jour, fermes in causes.items() if fermes and all(fermes)}
