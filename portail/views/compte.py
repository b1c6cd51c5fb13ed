"""One's own access: the first password, the browsers that are logged in, a form kept while logged out."""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from familles.erreurs import Refus
from portail import actions
from portail.forms import CodeForm, NouveauMotDePasseForm
from portail.models import Activation, Seance
from portail.reprise import oublier, saisie_gardee

CLE_ACTIVATION = "activation"


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def premiere_connexion(request):
    """Identifier and code of the letter; the same answer for an unknown identifier and a wrong code."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        identite = {"username": form.cleaned_data["identifiant"]}
        if not AxesProxyHandler.is_allowed(request, identite):
            return get_lockout_response(request, identite)
        activation = actions.verifier_code(**form.cleaned_data, par=request.user)
        if activation is not None:
            request.session[CLE_ACTIVATION] = activation.pk
            return redirect("portail:premier_mot_de_passe")
        # Counted with the wrong passwords: the same door, the same patience.
        user_login_failed.send(sender=__name__, credentials=identite, request=request)
        form.add_error(
            None,
            "Identifiant ou code inconnu, déjà utilisé ou trop ancien : vérifiez la lettre.",
        )
    return render(
        request, "portail/premiere_connexion.html", {"form": form}, status=422 if form.errors else 200
    )


@login_not_required
@never_cache
def premier_lien(request, lien):
    """The link of the letter: kept in the session, so that it does not stay in the address bar."""
    activation = Activation.objects.du_lien(lien)
    if activation is None:
        return render(request, "portail/lien_perime.html", status=404)
    request.session[CLE_ACTIVATION] = activation.pk
    return redirect("portail:premier_mot_de_passe")


@login_not_required
@never_cache
@sensitive_post_parameters()
def premier_mot_de_passe(request):
    activation = Activation.objects.valables().filter(pk=request.session.get(CLE_ACTIVATION)).first()
    if activation is None:
        return redirect("portail:premiere_connexion")
    form = NouveauMotDePasseForm(activation.utilisateur, request.POST or None)
    if form.is_valid():
        try:
            actions.activer(activation=activation, mot_de_passe=form.cleaned_data["new_password1"], par=None)
        except Refus as refus:
            form.add_error(None, refus.message)
        else:
            del request.session[CLE_ACTIVATION]
            messages.success(request, "Votre mot de passe est enregistré : connectez-vous.")
            return redirect("portail:connexion")
    contexte = {"form": form, "compte": activation.utilisateur}
    return render(request, "portail/premier_mot_de_passe.html", contexte, status=422 if form.errors else 200)


def appareils(request):
    """Where this account is logged in, and how to log it out from there."""
    courante = request.session.session_key
    if request.method == "POST":
        if "toutes" in request.POST:
            actions.fermer_les_autres(garder=courante, par=request.user)
            messages.success(request, "Les autres appareils sont déconnectés.")
        elif actions.fermer(reference=request.POST.get("seance", ""), par=request.user):
            messages.success(request, "Cet appareil est déconnecté.")
        else:
            messages.info(request, "Cet appareil était déjà déconnecté.")
        return redirect("portail:appareils")
    seances = [(s, s.session_key == courante) for s in Seance.objects.ouvertes(request.user)]
    return render(request, "portail/appareils.html", {"onglet": "accueil", "seances": seances})


def reprise(request):
    """« Votre session avait expiré »: the form as it was typed, one button to send it, one to give it up."""
    saisie = saisie_gardee(request)
    if request.method == "POST" or saisie is None:
        oublier(request)
        return redirect("portail:accueil")
    return render(request, "portail/reprise.html", {"saisie": saisie})
