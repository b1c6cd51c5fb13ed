"""The planning of a child, month by month."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from familles.acces import Acces, famille_requise
from familles.horloge import aujourdhui, maintenant
from planning import actions, examen, flux, navigation
from planning.calendrier import ANNEES
from planning.connus import enfants_connus
from planning.feuille import Feuille
from planning.models import AbonnementCalendrier


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


def jour_touche(texte: str) -> date | None:
    """It only says which week a phone opens: what is no day says nothing."""
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


@famille_requise
@require_safe
def mois(request, enfant_id):
    """A month of a child: the grid, the same by weeks on a phone, and the ways to the other months."""
    premier = mois_demande(request.GET.get("mois"))
    instant, version = maintenant(), request.collectivite.version
    reglement = examen.reglement_a(instant, version)
    connus = enfants_connus(request.acces, residence=reglement.distingue_les_residents)
    connu = connus.get(enfant_id)
    if connu is None:
        raise Http404("Cet enfant n’est pas de votre famille.")
    grille = examen.mois(acces=request.acces, connu=connu, premier=premier, reglement=reglement)
    contexte = {
        "onglet": "enfants",
        "page_enfant": "planning",
        "enfant": connu.enfant,
        "enfants": [c.enfant for c in connus.values()],
        "feuille": Feuille(grille, touche=jour_touche(request.GET.get("jour", ""))),
        "premier": premier,
        "mois": navigation.adresse_mois(premier),
        "calepin": navigation.calepin(connu, premier, instant.date()),
        "annonces": navigation.annonces(connu, reglement),
    }
    return render(request, "planning/mois.html", contexte)


@famille_requise
def calendrier(request):
    """« Mon agenda »: make, renew or revoke the address that a calendar program reads."""
    responsable, adresse = request.acces.responsable, ""
    if request.method == "POST" and "supprimer" in request.POST:
        actions.desabonner(responsable=responsable, par=request.user)
        messages.success(request, "L’adresse est supprimée : plus aucun agenda ne peut la lire.")
        return redirect("planning:calendrier")
    if request.method == "POST" and "creer" in request.POST:
        jeton = actions.abonner(responsable=responsable, par=request.user)
        adresse = request.build_absolute_uri(reverse("planning:flux", args=[jeton]))
    contexte = {
        "onglet": "enfants",
        "adresse": adresse,
        "abonnement": AbonnementCalendrier.objects.filter(responsable=responsable).first(),
    }
    reponse = render(request, "planning/calendrier.html", contexte)
    # The page that shows a secret stays in no cache.
    reponse["Cache-Control"] = "no-store"
    return reponse


@login_not_required
@require_safe
def lire_flux(request, jeton):
    """What a calendar program reads, without a login: whoever holds the address. Unknown or revoked: 404."""
    abonnements = AbonnementCalendrier.objects.du_jeton(jeton).filter(
        responsable__utilisateur__is_active=True
    )
    abonnements = abonnements.select_related("responsable__famille", "responsable__utilisateur")
    responsable = get_object_or_404(abonnements).responsable
    acces = Acces(responsable.utilisateur, responsable.famille, responsable, 1)
    contenu = flux.ecrire(acces, maintenant(), request.collectivite.nom)
    return HttpResponse(
        contenu,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="planning.ics"',
            "Cache-Control": "private, max-age=900",
            "X-Robots-Tag": "noindex",
        },
    )
