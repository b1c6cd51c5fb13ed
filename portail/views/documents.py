"""Infos./Documents, menus of the canteen and Fiche d'inscription."""

from datetime import date, timedelta

from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from familles import coffre
from familles.acces import famille_requise
from familles.envois import envoyer
from familles.horloge import aujourdhui
from familles.validation import DERNIERE_ANNEE, PREMIERE_ANNEE
from portail import fiche_inscription as fiche_inscription_de
from portail.jours_de_cantine import sans_repas
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
    jours = [lundi + timedelta(days=n) for n in range(5)]
    fermes = sans_repas(jours, request.collectivite.version)
    contexte = {
        "onglet": "accueil",
        "sans_cantine": fermes[lundi].phrase if len(fermes) == len(jours) else "",
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
    return envoyer(coffre.lire(demande.fichier_cle), f"{slugify(demande.titre)}.pdf", joint=True)


@famille_requise
@require_safe
def fiche_inscription(request):
    """What the structure holds about the family, to be printed, checked and signed."""
    contexte = {"onglet": "accueil", **fiche_inscription_de.contenu(request.acces)}
    return render(request, "portail/fiche_inscription.html", contexte)


@famille_requise
@require_safe
def fiche_inscription_pdf(request):
    """The same as a PDF, with the services to tick and the documents to join."""
    contenu = fiche_inscription_de.imprimer(request.acces, request.collectivite)
    return envoyer(contenu, f"fiche-inscription-{request.acces.famille.numero}.pdf", joint=True)
