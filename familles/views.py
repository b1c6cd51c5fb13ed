"""« Mon compte » and « Mes enfants »: the family file as the manual shows it; changes go by requests."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from familles import coffre, fiche
from familles.acces import famille_requise
from familles.enums import Rang, VerbeTrace
from familles.francais import de
from familles.horloge import aujourdhui
from familles.models import Enfant, Famille, FicheSanitaire, PersonneAutorisee, Responsable, Trace

# The sections of the account alone: key, title, how it is read, where.
PROTEGEES = (
    ("fiscal", "Informations fiscales", fiche.fiscales, "informations_fiscales"),
    ("caf", "Informations CAF", fiche.caf, "informations_caf"),
    ("bancaire", "Coordonnées bancaires", fiche.bancaires, "coordonnees_bancaires"),
)
SEPARES = (
    "Vous vivez séparément : seule la personne concernée, {}, peut demander à changer cette rubrique, "
    "depuis son propre compte."
)
DU_TITULAIRE = (
    "Vous vivez séparément : seule la personne titulaire du dossier peut demander à changer cette rubrique."
)


def _section(cle: str, titre: str, champs, modifiable: bool = True, reservee_a: str = "") -> dict:
    return {
        "cle": cle,
        "titre": titre,
        "champs": champs,
        "modifiable": modifiable,
        "reservee_a": "" if modifiable else reservee_a,
    }


def _titre(adulte: Responsable, acces) -> str:
    """The manual's words for the titulaire, whom it shows; the other adult reads whose each section is."""
    if acces.titulaire:
        return "Mon conjoint" if adulte.rang == Rang.CONJOINT else "Infos responsable"
    return "Mes informations" if adulte == acces.responsable else f"Informations {de(adulte.appel)}"


@famille_requise
@require_safe
def compte(request):
    """The six sections of « Mon compte », cut down to what this adult may read."""
    acces = request.acces
    famille = Famille.objects.select_related(
        "informations_fiscales", "informations_caf", "coordonnees_bancaires"
    ).get(pk=acces.famille.pk)
    adultes = list(Responsable.objects.filter(famille=famille))
    sections = [
        _section(
            "conjoint" if adulte.rang == 2 else "responsable",
            _titre(adulte, acces),
            fiche.du_responsable(adulte, coordonnees=acces.peut_voir(adulte), organisme=adulte.rang == 1),
            modifiable=acces.peut_modifier(adulte),
            reservee_a=SEPARES.format(adulte.appel),
        )
        for adulte in adultes
    ]
    if acces.complet:
        sections += [
            _section(cle, titre, lire(getattr(famille, attribut, None)))
            for cle, titre, lire, attribut in PROTEGEES
        ]
    generales = fiche.champs(famille, ("numero", "situation"))
    sections.append(
        _section(
            "famille", "Informations famille", generales, modifiable=acces.complet, reservee_a=DU_TITULAIRE
        )
    )
    return render(
        request, "familles/compte.html", {"onglet": "compte", "famille": famille, "sections": sections}
    )


def _enfants(request):
    jour = aujourdhui()
    return Enfant.objects.pour(request.acces).avec_ecole(jour).avec_photo_visible(request.acces, jour)


@famille_requise
@require_safe
def enfants(request):
    liste = _enfants(request)
    return render(request, "familles/enfants.html", {"onglet": "enfants", "enfants": liste})


def _enfant(request, enfant_id) -> Enfant:
    return get_object_or_404(_enfants(request), pk=enfant_id)


@famille_requise
@require_safe
def enfant(request, enfant_id):
    """Identity, and who may collect the child or is called in an emergency."""
    enfant = _enfant(request, enfant_id)
    contexte = {
        "onglet": "enfants",
        "enfant": enfant,
        "personnes": PersonneAutorisee.objects.filter(enfant=enfant),
        "tenu": request.acces.tient(enfant),
        "page_enfant": "identite",
        "sante_fermee": not request.acces.voit_sante(enfant),
        "modifiable": request.acces.decide_pour(enfant),
    }
    return render(request, "familles/enfant.html", contexte)


@famille_requise
@require_safe
def sante(request, enfant_id):
    """The child's health data: only for an adult whose LienParental says so; each reading is traced."""
    enfant = _enfant(request, enfant_id)
    if not request.acces.voit_sante(enfant):
        raise PermissionDenied("Les données sanitaires de cet enfant ne vous sont pas ouvertes.")
    fiche_sanitaire = FicheSanitaire.objects.filter(enfant=enfant).first()
    if fiche_sanitaire:
        Trace.objects.inscrire(
            par=request.user, verbe=VerbeTrace.CONSULTER, objet=fiche_sanitaire, famille=request.acces.famille
        )
    contexte = {
        "onglet": "enfants",
        "enfant": enfant,
        "page_enfant": "sante",
        "modifiable": request.acces.decide_pour(enfant),
        "champs": fiche.champs(fiche_sanitaire or FicheSanitaire(), fiche.SANTE),
    }
    return render(request, "familles/sante.html", contexte)


@famille_requise
@require_safe
def photo(request, enfant_id):
    """The child's photograph, re-encoded as JPEG when it was deposited."""
    enfant = _enfant(request, enfant_id)
    if not (enfant.photo_cle and enfant.photo_visible):
        raise Http404
    return HttpResponse(
        coffre.lire(enfant.photo_cle),
        content_type="image/jpeg",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=300"},
    )
