"""« Réserver pour l’année scolaire »: ticks, then a recap of what they make, then one request."""

from django.shortcuts import get_object_or_404, redirect, render

from demandes import actions
from demandes.natures.annee import AnneeForm, inscriptions_a_venir
from demandes.natures.feuilles import copier
from demandes.views.commun import confirmer, lecture_ou_envoi
from facturation.estimation import estimer
from familles.acces import famille_requise
from familles.erreurs import Refus
from familles.horloge import maintenant
from familles.models import Enfant


@famille_requise
@lecture_ou_envoi
def annee(request, enfant_id):
    """« Réserver pour l’année scolaire »: ticks, then a recap of what they make, then one request."""
    enfant = get_object_or_404(Enfant.objects.pour(request.acces), pk=enfant_id)
    instant, donnees = maintenant(), request.POST or None
    inscriptions = list(inscriptions_a_venir(request.acces, instant.date()))
    if donnees and "copier" in donnees:
        donnees = copier(donnees, inscriptions)
    form = AnneeForm(
        donnees,
        acces=request.acces,
        inscriptions=inscriptions,
        instant=instant,
        version=request.collectivite.version,
    )
    inscrit = any(inscription.enfant_id == enfant.pk for inscription in inscriptions)
    contexte = {"onglet": "enfants", "enfant": enfant, "form": form, "inscrit": inscrit}
    a_juger = request.method == "POST" and not {"copier", "modifier"} & set(request.POST)
    if not a_juger or not form.is_valid():
        statut = 422 if a_juger else 200
        contexte |= {"feuilles": form.feuilles(enfant), "juge": a_juger}
        return render(request, "demandes/annee.html", contexte, status=statut)
    return _recapituler(request, form, contexte)


def _recapituler(request, form: AnneeForm, contexte):
    """The request leaves once its recap was read: the same days, neither more nor fewer."""
    statut, avis = 200 if form.acceptes else 409, ""
    if "envoyer" in request.POST and form.acceptes:
        statut, avis = (
            409,
            "Ce qui peut être réservé a changé depuis que vous avez lu cette page : relisez-la.",
        )
        if form.cleaned_data["vu"] == form.empreinte:
            try:
                demande = actions.deposer(
                    nature="reservation", acces=request.acces, formulaire=form, par=request.user
                )
            except Refus as refus:
                statut, avis = refus.statut, refus.message
            else:
                confirmer(request, demande)
                return redirect(demande)
    recap = form.recapitulatif()
    estimation = None
    # A price tells what the account's holder earns.
    if request.acces.complet and recap:
        estimation = estimer(famille_id=request.acces.famille.pk, jours=form.jours_voulus)
    contexte |= {
        "avis": avis,
        "nombre": len(form.acceptes),
        "lignes": [
            (ligne, estimation and cle not in estimation.sans_prix and estimation.montants[cle])
            for cle, ligne in recap.items()
        ],
        "ecarts": form.ecarts(),
        "estimation": estimation,
    }
    return render(request, "demandes/annee_recap.html", contexte, status=statut)
