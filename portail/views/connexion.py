"""Coming in, going out, passwords, choice of the family. Django's own classes do what they do well."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_POST

from familles.models import Responsable
from portail.authentification import rouvrir
from portail.forms import (
    ChoixFamilleForm,
    ConnexionForm,
    MotDePasseForm,
    MotDePasseOublieForm,
    NouveauMotDePasseForm,
)
from portail.middleware import CLE_FAMILLE
from portail.reprise import saisie_gardee
from portail.sessions import CLE_NAVIGATEUR, nommer_navigateur
from portail.taches import annoncer_le_mot_de_passe, envoyer_liens_mot_de_passe


class RefusDit:
    """A form of Django's own pages that is refused: 422, as everywhere; a shut door keeps its 429."""

    def form_invalid(self, form):
        page = super().form_invalid(form)
        page.status_code = 422
        return page


class Connexion(RefusDit, auth.LoginView):
    """« Accès famille »: families and staff come in by the same door."""

    form_class = ConnexionForm
    template_name = "portail/connexion.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        # Kept in the session itself: it is how a person recognises it among « appareils connectés ».
        self.request.session[CLE_NAVIGATEUR] = nommer_navigateur(self.request.headers.get("User-Agent", ""))
        return super().form_valid(form)

    def get_success_url(self):
        """To the form that was being sent when the session ended, if there is one."""
        return reverse("portail:reprise") if saisie_gardee(self.request) else super().get_success_url()

    def get_default_redirect_url(self):
        utilisateur = self.request.user
        if utilisateur.is_staff and not Responsable.objects.de(utilisateur).exists():
            return reverse("admin:index")
        return super().get_default_redirect_url()


@login_not_required
@require_POST
def deconnexion(request):
    """To the town's page, or back to the login when the town gave none; the demonstration has one for it."""
    logout(request)
    defaut = "portail:page_de_la_ville" if settings.MODE == "demonstration" else "portail:connexion"
    return redirect(request.collectivite.url_apres_deconnexion or defaut)


class MotDePasse(RefusDit, auth.PasswordChangeView):
    form_class = MotDePasseForm
    template_name = "portail/mot_de_passe.html"
    extra_context = {"onglet": "accueil"}
    success_url = reverse_lazy("portail:accueil")

    def form_valid(self, form):
        messages.success(self.request, "Votre mot de passe est changé.")
        reponse = super().form_valid(form)
        annoncer_le_mot_de_passe.enqueue(self.request.user.pk)
        return reponse


@login_not_required
def mot_de_passe_oublie(request):
    """The same answer, after the same work, whether the account exists or not."""
    form = MotDePasseOublieForm(request.POST or None)
    if form.is_valid():
        envoyer_liens_mot_de_passe.enqueue([compte.pk for compte in form.comptes()])
        return redirect("portail:mot_de_passe_envoye")
    statut = 422 if form.is_bound else 200
    return render(request, "portail/mot_de_passe_oublie.html", {"form": form}, status=statut)


@login_not_required
def mot_de_passe_envoye(request):
    return render(request, "portail/mot_de_passe_envoye.html")


class NouveauMotDePasse(RefusDit, auth.PasswordResetConfirmView):
    """Behind the link of the e-mail."""

    form_class = NouveauMotDePasseForm
    template_name = "portail/mot_de_passe_nouveau.html"
    success_url = reverse_lazy("portail:connexion")

    def form_valid(self, form):
        rouvrir(self.user)
        messages.success(self.request, "Votre nouveau mot de passe est enregistré : connectez-vous.")
        reponse = super().form_valid(form)
        annoncer_le_mot_de_passe.enqueue(self.user.pk)
        return reponse


def choisir_famille(request):
    """For a login that opens several families; the choice lasts as long as the session."""
    form = ChoixFamilleForm(request.POST or None, utilisateur=request.user)
    if form.is_valid():
        request.session[CLE_FAMILLE] = form.cleaned_data["famille"].famille_id
        return redirect("portail:accueil")
    responsables = Responsable.objects.de(request.user).prefetch_related("famille__responsables")
    statut = 422 if form.is_bound else 200
    return render(request, "portail/choisir_famille.html", {"responsables": responsables}, status=statut)
