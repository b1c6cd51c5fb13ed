"""« Relevé de compte », and what a family prints: invoices, receipts, the statement, the tax certificate."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from facturation import documents
from facturation.attestation import attestations
from facturation.depenses import depenses
from facturation.liasse import fusionner
from facturation.models import Facture, Reglement, Relance
from facturation.pdf import pdf_de
from facturation.releve import ZERO, annees_du_compte, annees_offertes, dresser, lire_operations, restes
from familles.acces import famille_requise
from familles.horloge import aujourdhui
from familles.models import AnneeScolaire

VOLETS = {
    "": ("Relevé des opérations", "journal-text"),
    "factures": ("Mes factures", "receipt"),
    "reglements": ("Mes règlements", "cash-coin"),
    "compte": ("Informations compte", "info-circle"),
}


@famille_requise
@require_safe
def releve(request):
    """Operations of a school year, as the manual prints them; the separated conjoint has no account here."""
    if not request.acces.complet:
        return _sans_compte(request)
    volet = request.GET.get("volet", "")
    if volet not in VOLETS:
        raise Http404("Cette partie du relevé n’existe pas.")
    factures = list(Facture.objects.pour(request.acces).avec_reste())
    operations = lire_operations(factures, Reglement.objects.pour(request.acces))
    annees = annees_du_compte(AnneeScolaire.objects.all(), operations)
    annee = _annee_choisie(annees, request.GET.get("annee"))
    solde = sum((o.mouvement for o in operations), ZERO)
    contexte = {
        "onglet": "releve",
        "annees": annees_offertes(annees, operations, annee, aujourdhui()),
        "annee": annee,
        "volet": volet,
        "titre": VOLETS[volet][0],
        "menu": _menu(volet, annee),
        "releve": dresser(operations, annee.debut, annee.fin) if annee else None,
        "parts": depenses(request.acces.famille, annee.debut, annee.fin) if annee and not volet else [],
        "attestations": _attestations(request.acces) if volet == "compte" else {},
        "solde": solde,
        "solde_affiche": abs(solde),
        "impayees": (impayees := restes(factures)),
        "total_impaye": sum(f.reste for f in impayees),
        "instructions": list(dict.fromkeys(f.instructions for f in factures if f.instructions)),
    }
    return render(request, "facturation/releve.html", contexte)


def _sans_compte(request):
    """What the separated conjoint paid, and nothing of what the other owes."""
    contexte = {
        "onglet": "releve",
        "reglements": Reglement.objects.payes_par(request.acces).filter(contrepasse=None),
        "attestations": _attestations(request.acces),
    }
    return render(request, "facturation/releve_ferme.html", contexte)


def _annee_choisie(annees: list[AnneeScolaire], libelle: str | None) -> AnneeScolaire | None:
    """The year asked for (404 when unknown), else the current one, else the latest before it."""
    if libelle is not None:
        annee = next((a for a in annees if a.libelle == libelle), None)
        if annee is None:
            raise Http404("Cette année scolaire n’existe pas.")
        return annee
    commencees = [a for a in annees if a.debut <= aujourdhui()]
    return next(iter(commencees or annees[-1:]), None)


def _menu(volet: str, annee: AnneeScolaire | None) -> list[dict]:
    suite = f"annee={annee.libelle}" if annee else ""
    return [
        {
            "texte": texte,
            "adresse": "?" + "&".join(filter(None, [suite, f"volet={cle}" if cle else ""])),
            "dessin": dessin,
            "courant": cle == volet,
        }
        for cle, (texte, dessin) in VOLETS.items()
    ]


@require_safe
def facture_pdf(request, numero):
    """The PDF that was put away; rendered here when the worker has not come to it yet."""
    factures = Facture.objects.pour(request.acces)
    if request.user.is_staff and request.user.has_perm("facturation.view_facture"):
        factures = Facture.objects.all()
    facture = get_object_or_404(factures.select_related("avoir_de"), numero_imprime=numero)
    nom = f"{facture.get_nature_display().lower()}-{facture.numero_imprime}.pdf"
    return reponse_pdf(pdf_de(facture), nom)


@famille_requise
@require_safe
def releve_pdf(request):
    """The statement of a school year, for those who see the account."""
    if not request.acces.complet:
        raise Http404("Ce compte est celui de l’autre responsable du dossier.")
    famille = request.acces.famille
    operations = lire_operations(Facture.objects.pour(request.acces), Reglement.objects.pour(request.acces))
    annees = annees_du_compte(AnneeScolaire.objects.all(), operations)
    annee = _annee_choisie(annees, request.GET.get("annee"))
    if annee is None:
        raise Http404("Aucune année scolaire n’est ouverte.")
    contenu = documents.releve(
        famille,
        annee,
        dresser(operations, annee.debut, annee.fin),
        depenses(famille, annee.debut, annee.fin),
    )
    return reponse_pdf(contenu, f"releve-{annee.libelle}.pdf")


@require_safe
def quittance_pdf(request, numero):
    """The receipt of a payment; a counter-entry has none."""
    acces = request.acces
    reglements = Reglement.objects.pour(acces) | Reglement.objects.payes_par(acces)
    lecteur = acces.responsable
    if request.user.is_staff and request.user.has_perm("facturation.view_reglement"):
        reglements, lecteur = Reglement.objects.all(), None
    avec_quittance = reglements.filter(contrepasse=None).select_related("regie", "famille", "payeur", "avec")
    reglement = get_object_or_404(avec_quittance, numero_imprime=numero)
    return reponse_pdf(documents.quittance(reglement, lecteur), f"quittance-{reglement.numero_imprime}.pdf")


@require_safe
def relance_pdf(request, relance_id):
    """The letter of a reminder."""
    relances = Relance.objects.pour(request.acces)
    if request.user.is_staff and request.user.has_perm("facturation.view_relance"):
        relances = Relance.objects.all()
    relance = get_object_or_404(relances.select_related("regie", "famille"), pk=relance_id)
    return reponse_pdf(documents.lettre(relance), f"relance-{relance.pk}.pdf")


@famille_requise
@require_safe
def attestation_pdf(request, annee):
    """The tax certificate of a calendar year that is over."""
    siennes = _attestations(request.acces)
    if annee not in siennes:
        raise Http404(f"Aucune somme à attester pour l’année {annee}.")
    contenus = [documents.attestation_fiscale(a, request.acces.responsable) for a in siennes[annee]]
    contenu = contenus[0] if len(contenus) == 1 else fusionner(contenus, f"Attestations fiscales {annee}")
    return reponse_pdf(contenu, f"attestation-fiscale-{annee}.pdf")


def _attestations(acces) -> dict[int, list]:
    """Of years that are over, those in this adult's name, or all of a couple's, the latest first."""
    siennes = {
        annee: [a for a in toutes if acces.famille.vie_commune or acces.responsable in a.payeurs]
        for annee, toutes in attestations(acces.famille).items()
        if annee < aujourdhui().year
    }
    return {annee: a for annee, a in siennes.items() if a}


def reponse_pdf(contenu: bytes, nom: str) -> HttpResponse:
    """A private document: shown, never kept by a cache on the way."""
    return HttpResponse(
        contenu,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{nom}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
