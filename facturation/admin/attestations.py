"""« Attestations fiscales »: those of a year, one per payer, to print together or one by one."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path

from facturation import documents
from facturation.attestation import Attestation, annees_a_attester, attestations_de_l_annee
from facturation.forms_caisse import AttestationsForm
from facturation.impression import archiver
from facturation.liasse import fusionner
from familles.envois import envoyer

# Rendered when asked: as many as a browser waits for.
PAR_FICHIER = 100


def adresses(modele) -> list:
    """Under the payments' own address."""
    vue = modele.admin_site.admin_view
    return [
        path("attestations/", vue(lambda r: choisir(modele, r)), name="facturation_attestations"),
        path(
            "attestations/<int:annee>/<int:rang>.pdf",
            vue(lambda r, annee, rang: une(modele, r, annee, rang)),
            name="facturation_attestation",
        ),
        path(
            "attestations/<int:annee>/liasse-<int:liasse>.<str:format_>",
            vue(lambda r, annee, liasse, format_: plusieurs(modele, r, annee, liasse, format_)),
            name="facturation_attestations_liasse",
        ),
    ]


def choisir(modele, request):
    if not modele.has_view_permission(request):
        raise PermissionDenied
    annees = annees_a_attester()
    form = AttestationsForm(request.GET or None, annees=annees)
    contexte = modele.contexte(request, "Attestations fiscales", form=form, attestations=None, annees=annees)
    if form.is_bound and form.is_valid():
        annee = int(form.cleaned_data["annee"])
        toutes = attestations_de_l_annee(annee)
        contexte |= {
            "annee": annee,
            "attestations": [(a, rang) for rang, a in enumerate(toutes, start=1)],
            "total": sum(a.total for a in toutes),
            "liasses": _liasses(len(toutes)),
        }
    return render(
        request, "admin/facturation/attestations.html", contexte, status=422 if form.errors else 200
    )


def _liasses(nombre: int) -> list[dict]:
    """« 1 à 100 », « 101 à 164 »."""
    debuts = range(1, nombre + 1, PAR_FICHIER)
    return [
        {"liasse": liasse, "du": du, "au": min(du + PAR_FICHIER - 1, nombre)}
        for liasse, du in enumerate(debuts, start=1)
    ]


def _de_l_annee(modele, request, annee: int) -> list[Attestation]:
    if not modele.has_view_permission(request):
        raise PermissionDenied
    return attestations_de_l_annee(annee) if annee in annees_a_attester() else []


def une(modele, request, annee, rang):
    toutes = _de_l_annee(modele, request, annee)
    if not 1 <= rang <= len(toutes):
        raise Http404("Cette attestation n’existe pas.")
    return envoyer(documents.attestation_fiscale(toutes[rang - 1]), _nom(toutes[rang - 1], rang))


def plusieurs(modele, request, annee, liasse, format_):
    toutes = _de_l_annee(modele, request, annee)
    debut = (liasse - 1) * PAR_FICHIER
    if format_ not in {"pdf", "zip"} or liasse < 1 or debut >= len(toutes):
        raise Http404("Ces attestations n’existent pas.")
    choisies = toutes[debut : debut + PAR_FICHIER]
    contenus = [documents.attestation_fiscale(a) for a in choisies]
    nom = f"attestations-fiscales-{annee}-{liasse}.{format_}"
    if format_ == "pdf":
        return envoyer(fusionner(contenus, f"Attestations fiscales {annee}"), nom)
    noms = (_nom(attestation, rang) for rang, attestation in enumerate(choisies, start=debut + 1))
    return envoyer(archiver(zip(noms, contenus, strict=True)), nom, "application/zip", joint=True)


def _nom(attestation: Attestation, rang: int) -> str:
    return f"attestation-{attestation.annee}-{attestation.famille.numero}-{rang}.pdf"
