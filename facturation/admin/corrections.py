"""Pages that correct what was issued: some days given back, a closed day rectified."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from facturation import actions
from facturation.forms_corrections import AvoirPartielForm, RectificationForm, RegistreForm
from facturation.models import Facture
from familles.erreurs import AConfirmer, Refus
from familles.francais import enumerer, euros
from planning.models import Rectification

# Corrections shown under the form, with their reason.
DERNIERES = 20


def adresses(modele) -> list:
    """Under the invoices' own address."""
    vue = modele.admin_site.admin_view
    return [
        path(
            "<int:facture_id>/avoir-partiel/",
            vue(lambda r, facture_id: avoir_partiel(modele, r, facture_id)),
            name="facturation_facture_avoir_partiel",
        ),
        path("rectifier/", vue(lambda r: rectifier(modele, r)), name="facturation_facture_rectifier"),
    ]


def emettre_un_avoir(modele, request, facture_id, *, formulaire, emettre, titre: str, phrase, fait):
    """The page of both credit notes, whole or of some days.

    `formulaire` and `phrase` know the invoice; `emettre` writes; `fait` tells what was written.
    """
    if not modele.has_add_permission(request):
        raise PermissionDenied
    facture = get_object_or_404(Facture.objects.factures(), pk=facture_id)
    if facture.annulee and request.method == "GET":
        messages.warning(request, f"La facture {facture} a déjà son avoir : il ne reste rien à rendre.")
        return redirect("admin:facturation_facture_change", facture.pk)
    form = formulaire(request.POST or None, facture)
    if request.method == "POST" and form.is_valid():
        try:
            ecrit = emettre(facture=facture, par=request.user, **form.cleaned_data)
        except Refus as refus:
            form.add_error(None, refus.message)
        else:
            messages.success(request, fait(ecrit, facture))
            return redirect("admin:facturation_facture_change", ecrit.pk)
    contexte = modele.contexte(
        request,
        titre.format(facture),
        form=form,
        retour=reverse("admin:facturation_facture_change", args=[facture.pk]),
        phrase=phrase(facture),
        bouton="Émettre l’avoir",
    )
    return render(request, "admin/facturation/motif.html", contexte, status=422 if form.errors else 200)


def avoir_partiel(modele, request, facture_id):
    """Choose the days of an invoice to give back."""
    return emettre_un_avoir(
        modele,
        request,
        facture_id,
        formulaire=lambda donnees, facture: AvoirPartielForm(donnees, facture=facture),
        emettre=actions.avoir_partiel,
        titre="Rendre des journées de la facture {}",
        phrase=lambda _: "Un avoir sera émis pour les journées cochées, majorations comprises.",
        fait=lambda ecrit, f: f"L’avoir {ecrit} rend {euros(-ecrit.total)} sur la facture {f}.",
    )


def rectifier(modele, request):
    """Say what a closed day really was; the credit note or the additional invoice follows by itself."""
    if not modele.has_add_permission(request) or not request.user.has_perm("planning.add_cloture"):
        raise PermissionDenied
    form = RectificationForm(request.POST or None, initial=_propose(request))
    if request.method == "POST" and form.is_valid():
        try:
            resultat = actions.rectifier(**form.cleaned_data, par=request.user)
        except AConfirmer as avis:
            form.demander_confirmation(avis.message)
        except Refus as refus:
            form.add_error(None, refus.message)
        else:
            messages.success(request, _bilan(resultat))
            return redirect("admin:facturation_facture_changelist")
    contexte = modele.contexte(
        request,
        "Rectifier une journée",
        form=form,
        media=modele.media + form.media,
        retour=reverse("admin:facturation_facture_changelist"),
        phrase="La journée est corrigée même close. Si elle est déjà facturée, l’avoir ou le complément est "
        "émis en même temps.",
        bouton="Rectifier la journée",
        dernieres=Rectification.objects.select_related("enfant", "prestation", "par")[:DERNIERES],
    )
    return render(request, "admin/facturation/rectifier.html", contexte, status=422 if form.errors else 200)


def _propose(request) -> dict:
    """From a closed register: its service and its day; from an invoice: its first child, service and day."""
    choix = RegistreForm(request.GET)
    if choix.is_valid():
        return choix.cleaned_data
    # A character that no database stores is no number either.
    numero = request.GET.get("facture", "").replace("\x00", "")
    facture = Facture.objects.filter(numero_imprime=numero).first()
    unite = facture and facture.unites.filter(frais=None).order_by("jour").first()
    return {"enfant": unite.enfant_id, "prestation": unite.prestation_id, "jour": unite.jour} if unite else {}


def _bilan(resultat: actions.Rectification) -> str:
    if resultat.ecrites:
        noms = [f"{f.get_nature_display().lower()} {f} de {euros(abs(f.total))}" for f in resultat.ecrites]
        return f"La journée est rectifiée : {enumerer(noms)}."
    if resultat.a_facturer:
        return "La journée est rectifiée ; la facturation du mois en tiendra compte."
    return "La journée est rectifiée ; aucune facture n’est à corriger."
