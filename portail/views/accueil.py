"""The first page after login."""

from datetime import timedelta
from decimal import Decimal

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from facturation.models import Facture
from facturation.releve import ZERO, solde
from familles.acces import Acces, famille_requise
from familles.horloge import aujourdhui, maintenant
from portail.nouvelles import affiche_de
from portail.resume import resumer


def _compte(acces: Acces) -> dict:
    """Balance and unpaid invoices, for those who see the account: two queries."""
    du: Decimal = solde(acces.famille)
    impayees = list(Facture.objects.pour(acces).impayees())
    return {
        "solde": du,
        "solde_affiche": abs(du),
        "impayees": impayees,
        "total": sum((facture.reste for facture in impayees), ZERO),
        "partielles": any(facture.reste != facture.total for facture in impayees),
    }


@famille_requise
def _famille(request):
    acces, jour = request.acces, aujourdhui()
    resumes, appel, ouverture, reponses = resumer(acces, maintenant(), request.collectivite.version)
    nouvelles, repas = affiche_de(resumes, jour, request.collectivite.version)
    contexte = {
        "onglet": "accueil",
        "jour": jour,
        "responsable": acces.responsable,
        "famille": acces.famille,
        "enfants": [(resume.enfant, resume.inscriptions, resume.annonce(jour)) for resume in resumes],
        "appel": appel,
        "ouverture": ouverture,
        "compte": _compte(acces) if acces.complet else None,
        "reponses": reponses,
        "nouvelles": nouvelles,
        "repas": repas,
        "demain": jour + timedelta(days=1),
    }
    return render(request, "portail/accueil.html", contexte)


@require_safe
def accueil(request):
    """The family's page; staff who open no family work in the admin."""
    if request.user.is_staff and not request.acces.nombre_familles:
        return redirect("admin:index")
    return _famille(request)
