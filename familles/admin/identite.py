"""« Identité visuelle »: the town's name, colours and logo, seen before they are kept."""

import base64

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from familles import coffre, couleurs
from familles.actions import changer_l_identite
from familles.forms import IdentiteForm

# Paper, ink, quiet ink of static/css/jetons.css, for the two pictures of the preview.
FONDS = {
    "Clair": ("#f4f6f5", "#ffffff", "#17242b", "#4a5b64"),
    "Sombre": ("#0e1615", "#16211f", "#e8efed", "#a9b8b6"),
}


class PageIdentite:
    """Part of the admin of Collectivite."""

    change_form_template = "admin/familles/collectivite/change_form.html"

    def get_urls(self):
        vue = self.admin_site.admin_view(self.identite)
        return [path("identite/", vue, name="familles_collectivite_identite"), *super().get_urls()]

    def identite(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        ville = request.collectivite
        form = IdentiteForm(request.POST or None, request.FILES or None, ville=ville)
        valide = form.is_bound and form.is_valid()
        if valide and "enregistrer" in request.POST:
            return self._enregistrer(request, form.cleaned_data)
        saisie = form.cleaned_data if valide else {}
        couleur = saisie.get("teinte", ville.couleur)
        bandeau = saisie.get("teinte_bandeau", ville.couleur_bandeau)
        propose = base64.b64encode(saisie["image"][0].contenu).decode() if saisie.get("image") else ""
        contexte = self.contexte(
            request,
            "Identité visuelle",
            form=form,
            apercus=_apercus(couleurs.palette(couleur, bandeau)),
            avertissements=couleurs.avertissements(couleur, bandeau),
            nom=saisie.get("nom") or ville.nom,
            propose=propose,
            logo=propose or (_logo_actuel(ville) if not saisie.get("sans_logo") else ""),
            vu=valide,
        )
        statut = 422 if form.errors else 200
        return TemplateResponse(request, "admin/familles/collectivite/identite.html", contexte, status=statut)

    def _enregistrer(self, request, saisie):
        changer_l_identite(
            nom=saisie["nom"],
            couleur=saisie["teinte"],
            bandeau=saisie["teinte_bandeau"],
            logo=saisie["image"],
            sans_logo=saisie.get("sans_logo", False),
            par=request.user,
        )
        messages.success(request, "L’identité visuelle est enregistrée : toutes les pages la portent déjà.")
        for phrase in couleurs.avertissements(saisie["teinte"], saisie["teinte_bandeau"]):
            messages.warning(request, phrase)
        return redirect("admin:familles_collectivite_identite")


def _logo_actuel(ville) -> str:
    if not ville.logo_cle:
        return ""
    try:
        return base64.b64encode(coffre.lire(ville.logo_cle)).decode()
    except FileNotFoundError:
        return ""


def _apercus(palette: couleurs.Palette) -> list[dict]:
    """The two pictures, each with the contrasts that were measured."""
    apercus = []
    for (mode, (fond, papier, encre, discret)), teintes in zip(
        FONDS.items(), (palette.claire, palette.sombre), strict=True
    ):
        mesures = [
            ("Lien sur la page", couleurs.contraste(teintes.ville, papier)),
            ("Texte du bouton", couleurs.contraste(teintes.sur_ville, teintes.ville)),
            ("Texte du bandeau", couleurs.contraste(couleurs.BLANC, teintes.bandeau)),
        ]
        apercus.append(
            {
                "mode": mode,
                "teintes": teintes,
                "fond": fond,
                "papier": papier,
                "encre": encre,
                "discret": discret,
                "mesures": [(quoi, couleurs.ratio(valeur)) for quoi, valeur in mesures],
            }
        )
    return apercus
