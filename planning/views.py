"""The planning of a child, month by month."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from familles.acces import famille_requise
from familles.horloge import aujourdhui, maintenant
from familles.models import Enfant
from planning import examen


def mois_demande(texte: str | None) -> date:
    """« 2026-11 » → its first day; the current month when nothing is asked. Raise Http404 on nonsense."""
    if texte is None:
        return aujourdhui().replace(day=1)
    annee, _, mois = texte.partition("-")
    if not (texte.isascii() and annee.isdigit() and len(annee) == 4 and mois.isdigit() and len(mois) == 2):
        raise Http404("Ce mois n’existe pas.")
    try:
        return date(int(annee), int(mois), 1)
    except ValueError:
        raise Http404("Ce mois n’existe pas.") from None


@famille_requise
def mois(request, enfant_id):
    premier = mois_demande(request.GET.get("mois"))
    enfant = get_object_or_404(Enfant.objects.pour(request.acces), pk=enfant_id)
    grille = examen.mois(
        acces=request.acces,
        enfant=enfant,
        premier=premier,
        instant=maintenant(),
        version=request.collectivite.version,
    )
    return render(request, "planning/mois.html", {"onglet": "enfants", "enfant": enfant, "grille": grille})
