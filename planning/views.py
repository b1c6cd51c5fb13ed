"""The planning of a child, month by month."""

from datetime import date

from django.http import Http404
from django.shortcuts import render

from familles.acces import famille_requise
from familles.horloge import aujourdhui, maintenant
from planning import examen, navigation
from planning.calendrier import ANNEES
from planning.cases import LEGENDE
from planning.feuille import Feuille


def mois_demande(texte: str | None) -> date:
    """« 2026-11 » → its first day; the current month when nothing is asked. Raise Http404 on nonsense."""
    if texte is None:
        return aujourdhui().replace(day=1)
    annee, _, mois = texte.partition("-")
    if not (texte.isascii() and annee.isdigit() and len(annee) == 4 and mois.isdigit() and len(mois) == 2):
        raise Http404("Ce mois n’existe pas.")
    try:
        premier = date(int(annee), int(mois), 1)
    except ValueError:
        raise Http404("Ce mois n’existe pas.") from None
    if premier.year not in ANNEES:
        raise Http404("Ce mois n’existe pas.")
    return premier


@famille_requise
def mois(request, enfant_id):
    """A month of a child: the grid, the same by weeks on a phone, and the ways to the other months."""
    premier = mois_demande(request.GET.get("mois"))
    connus = navigation.enfants_connus(request.acces)
    connu = connus.get(enfant_id)
    if connu is None:
        raise Http404("Cet enfant n’est pas de votre famille.")
    instant, version = maintenant(), request.collectivite.version
    grille = examen.mois(
        acces=request.acces, enfant=connu.enfant, premier=premier, instant=instant, version=version
    )
    contexte = {
        "onglet": "enfants",
        "page_enfant": "planning",
        "enfant": connu.enfant,
        "enfants": [c.enfant for c in connus.values()],
        "feuille": Feuille(grille),
        "premier": premier,
        "mois": navigation.adresse_mois(premier),
        "calepin": navigation.calepin(connu, premier, instant.date()),
        "annonce": navigation.annonce(connu, instant, version),
        "legende": LEGENDE.values(),
    }
    return render(request, "planning/mois.html", contexte)
