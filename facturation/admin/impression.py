"""« Imprimer un mois »: one PDF in the order of the post, or a ZIP; and telling the families."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse

from facturation import actions
from facturation.admin.envois import choix_valide
from facturation.annonces import a_annoncer, accepte_le_courriel
from facturation.forms_caisse import ImpressionForm
from facturation.impression import en_un_seul_pdf, en_zip
from facturation.models import Facture
from familles.envois import envoyer
from familles.erreurs import Refus
from familles.francais import de_mois, pluriel


def adresses(modele) -> list:
    """Under the invoices' own address."""
    vue = modele.admin_site.admin_view
    return [
        path("imprimer/", vue(lambda r: imprimer(modele, r)), name="facturation_facture_imprimer"),
        path("imprimer/mois.pdf", vue(lambda r: mois_pdf(modele, r)), name="facturation_facture_mois_pdf"),
        path("imprimer/mois.zip", vue(lambda r: mois_zip(modele, r)), name="facturation_facture_mois_zip"),
    ]


def imprimer(modele, request):
    """Choose the month, see how many go to the post and by e-mail, then print or tell."""
    if not modele.has_view_permission(request):
        raise PermissionDenied
    form = ImpressionForm(request.POST or request.GET or None)
    contexte = modele.contexte(request, "Imprimer un mois", form=form, factures=None)
    if form.is_bound and form.is_valid():
        toutes = _du_mois(form)
        if request.method == "POST":
            return _annoncer(modele, request, toutes)
        par_courriel = sum(accepte_le_courriel(f.famille) for f in toutes)
        contexte |= {
            "factures": _a_imprimer(form, toutes),
            "total": len(toutes),
            "par_courriel": par_courriel,
            "a_annoncer": len(a_annoncer(toutes)),
            "peut_annoncer": modele.has_add_permission(request),
            "suite": request.GET.urlencode(),
        }
    return render(request, "admin/facturation/imprimer.html", contexte, status=422 if form.errors else 200)


def mois_pdf(modele, request):
    form, factures = _choisies(modele, request)
    titre = f"Factures {de_mois(form.periode[0])}"
    contenu = en_un_seul_pdf(factures, form.cleaned_data["recto_verso"], titre)
    return envoyer(contenu, f"factures-{form.cleaned_data['mois']}.pdf")


def mois_zip(modele, request):
    form, factures = _choisies(modele, request)
    return envoyer(
        en_zip(factures), f"factures-{form.cleaned_data['mois']}.zip", "application/zip", joint=True
    )


def _choisies(modele, request) -> tuple[ImpressionForm, list[Facture]]:
    if not modele.has_view_permission(request):
        raise PermissionDenied
    form = choix_valide(ImpressionForm(request.GET))
    factures = _a_imprimer(form, _du_mois(form))
    if not factures:
        raise Refus("Aucune facture à imprimer pour ce mois.")
    return form, factures


def _du_mois(form) -> list[Facture]:
    """Invoices and credit notes whose period ends in that month; the adults are read with them."""
    du, au = form.periode
    lignes = Facture.objects.filter(regie=form.cleaned_data["regie"], au__range=(du, au))
    return list(
        lignes.select_related("famille", "avoir_de")
        .prefetch_related("famille__responsables")
        .order_by("numero")
    )


def _a_imprimer(form, factures: list[Facture]) -> list[Facture]:
    if form.cleaned_data["sans_courriel"]:
        return [f for f in factures if not accepte_le_courriel(f.famille)]
    return factures


def _annoncer(modele, request, factures):
    if not modele.has_add_permission(request):
        raise PermissionDenied
    nombre = actions.prevenir_familles(factures=factures, par=request.user)
    phrase = f"{pluriel(nombre, 'famille prévenue', 'familles prévenues')}." if nombre else "Tout était dit."
    messages.success(request, phrase)
    choix = f"?regie={request.POST['regie']}&mois={request.POST['mois']}"
    return redirect(reverse("admin:facturation_facture_imprimer") + choix)
