"""Infos./Documents, menus of the canteen and Fiche d'inscription."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from familles import coffre, fiche
from familles.acces import famille_requise
from familles.horloge import aujourdhui
from familles.models import AnneeScolaire, Enfant, Inscription, Responsable
from familles.validation import DERNIERE_ANNEE, PREMIERE_ANNEE
from portail.menus import ALLERGENES
from portail.models import Document, Menu
from portail.models.menus import lundi_de
from portail.models.publications import Rubrique


@famille_requise
@require_safe
def documents(request):
    rubriques: dict[str, list[Document]] = {libelle: [] for libelle in Rubrique.labels}
    for publie in Document.objects.pour(request.acces, aujourdhui()):
        rubriques[publie.get_rubrique_display()].append(publie)
    lundi = lundi_de(aujourdhui())
    semaines = (
        Menu.objects.publies()
        .pour(request.acces, aujourdhui())
        .filter(semaine__gte=lundi)
        .order_by("semaine")
    )
    contexte = {
        "onglet": "accueil",
        "rubriques": [(nom, liste) for nom, liste in rubriques.items() if liste],
        "semaines": sorted(set(semaines.values_list("semaine", flat=True))),
    }
    return render(request, "portail/documents.html", contexte)


@famille_requise
@require_safe
def menus(request):
    """The menus of a week, with their allergens: those published, nothing is drawn from the child's file."""
    lus = Menu.objects.publies().pour(request.acces, aujourdhui())
    lundi = lundi_de(_jour(request.GET.get("semaine", "")))
    semaines = sorted(set(lus.order_by().values_list("semaine", flat=True)))
    contexte = {
        "onglet": "accueil",
        "lundi": lundi,
        "vendredi": lundi + timedelta(days=4),
        "menus": lus.filter(semaine=lundi).select_related("ecole", "prestation").order_by("pk"),
        "precedente": max((s for s in semaines if s < lundi), default=None),
        "suivante": min((s for s in semaines if s > lundi), default=None),
        "allergenes": ALLERGENES.values(),
    }
    return render(request, "portail/menus.html", contexte)


def _jour(saisie: str) -> date:
    """The day asked for in the address; today when it is none."""
    try:
        jour = date.fromisoformat(saisie)
    except ValueError:
        return aujourdhui()
    return jour if PREMIERE_ANNEE <= jour.year <= DERNIERE_ANNEE else aujourdhui()


@famille_requise
@require_safe
def document(request, document_id):
    """A download, whatever the browser would rather do with it."""
    demande = get_object_or_404(Document.objects.pour(request.acces, aujourdhui()), pk=document_id)
    return HttpResponse(
        coffre.lire(demande.fichier_cle),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{slugify(demande.titre)}.pdf"',
            "Cache-Control": "private, max-age=300",
        },
    )


@famille_requise
@require_safe
def fiche_inscription(request):
    """What the structure holds about the family, to be printed, checked and signed."""
    acces, jour = request.acces, aujourdhui()
    adultes = [
        (
            adulte,
            fiche.du_responsable(adulte, coordonnees=acces.peut_voir(adulte), organisme=adulte.rang == 1),
        )
        for adulte in Responsable.objects.filter(famille=acces.famille)
    ]
    inscriptions = (
        Inscription.objects.pour(acces)
        .filter(annee__in=AnneeScolaire.objects.filter(fin__gte=jour))
        .select_related("prestation", "annee")
        .order_by("annee__debut", "prestation__ordre")
    )
    par_enfant = {}
    for inscription in inscriptions:
        par_enfant.setdefault(inscription.enfant_id, []).append(inscription)
    enfants = [
        (enfant, par_enfant.get(enfant.pk, []))
        for enfant in Enfant.objects.tenus_par(acces.famille, jour)
        .avec_ecole(jour)
        .prefetch_related("personnes")
    ]
    contexte = {"onglet": "accueil", "famille": acces.famille, "adultes": adultes, "enfants": enfants}
    return render(request, "portail/fiche_inscription.html", contexte)
