"""« Liste des demandes », and the pages that deposit one: a change of the file, a booking, an absence."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from demandes import actions
from demandes.enums import NATURES_PAR_VOLET, Volet
from demandes.models import Demande
from demandes.natures import NATURES
from demandes.natures.annee import AnneeForm, inscriptions_a_venir
from demandes.natures.feuilles import copier
from demandes.tableaux import GROUPES, tableaux
from facturation.estimation import estimer
from familles.acces import famille_requise
from familles.erreurs import Refus
from familles.horloge import maintenant
from familles.models import Enfant

PAR_PAGE = 20


def _demandes(acces):
    """Those that this adult may read, of the natures that are offered."""
    return Demande.objects.pour(acces).filter(nature__in=list(NATURES))


@famille_requise
def liste(request):
    """By half (Mon compte, Mes enfants), by nature, by answer; an unknown filter is no filter."""
    volet = request.GET.get("volet")
    volet = volet if volet in Volet.values else Volet.COMPTE.value
    offertes = [n for n in NATURES_PAR_VOLET[Volet(volet)] if n in NATURES]
    nature = request.GET.get("nature", "")
    nature = nature if nature in offertes else ""
    etat = request.GET.get("etat", "")
    groupe = GROUPES.get(etat)
    demandes = _demandes(request.acces).du_volet(volet).recentes(request.collectivite.jours_liste_demandes)
    if nature:
        demandes = demandes.filter(nature=nature)
    if groupe:
        demandes = demandes.filter(etat__in=groupe.etats)
    demandes = demandes.par_reponse().select_related("concerne").avec_lignes()
    page = Paginator(demandes, PAR_PAGE).get_page(request.GET.get("page"))
    choix = {"volet": volet, "nature": nature, "etat": etat if groupe else ""}
    contexte = {
        "onglet": "demandes",
        **choix,
        "jours": request.collectivite.jours_liste_demandes,
        "volets": [(v.value, v.label, v.value == volet) for v in Volet],
        "natures": [(n.value, n.label, n.value == nature) for n in offertes],
        "etats": [(g.cle, g.libelle, g is groupe) for g in GROUPES.values()],
        "tableaux": tableaux(page, NATURES.get(nature)),
        "page": page,
        "parametres": f"&{urlencode(choix)}",
    }
    return render(request, "demandes/liste.html", contexte)


@famille_requise
def detail(request, demande_id):
    """What was asked, and its answer day by day."""
    demandes = _demandes(request.acces).select_related("concerne", "deposant").avec_lignes()
    demande = get_object_or_404(demandes, pk=demande_id)
    contexte = {
        "onglet": "demandes",
        "demande": demande,
        "volet": demande.volet,
        "changements": NATURES[demande.nature].resume(demande),
        "precisions": any(ligne.precision for ligne in demande.lignes.all()),
        "retirable": demande.retirable_par(request.acces),
    }
    return render(request, "demandes/detail.html", contexte)


@famille_requise
@require_POST
def retirer(request, demande_id):
    demande = get_object_or_404(_demandes(request.acces), pk=demande_id)
    if not demande.est_de(request.acces):
        raise PermissionDenied("Seule la personne qui a déposé cette demande peut la retirer.")
    actions.retirer(demande=demande, par=request.user)
    messages.success(request, f"Votre demande n° {demande.pk} est retirée.")
    return redirect(demande)


@famille_requise
def modifier(request, nature):
    """Ask for a change of a section of the family file."""
    regle = NATURES.get(nature)
    form = regle and regle.formulaire(request.acces, request.POST or None)
    if form is None:
        raise Http404("Cette rubrique ne se modifie pas ici.")
    statut = 200
    if request.method == "POST":
        statut = 422
        if form.is_valid():
            try:
                demande = actions.deposer(
                    nature=nature, acces=request.acces, formulaire=form, par=request.user
                )
            except Refus as refus:
                form.add_error(None, refus.message)
                statut = refus.statut
            else:
                _confirmer(request, demande)
                return redirect("familles:compte")
    contexte = {
        "onglet": "compte",
        "nature": regle,
        "form": form,
        "en_attente": _demandes(request.acces).en_attente().filter(cle=nature).first(),
    }
    return render(request, "demandes/modifier.html", contexte, status=statut)


def _confirmer(request, demande) -> None:
    if demande.en_attente:
        messages.success(
            request,
            f"Votre demande n° {demande.pk} est transmise : "
            "son accusé de réception est dans votre boîte de réception.",
        )
    else:
        messages.success(
            request, f"Votre demande n° {demande.pk} a sa réponse : elle est dans votre boîte de réception."
        )


@famille_requise
@require_POST
def reserver(request, enfant_id):
    """The cells chosen on the grid; nothing is written while one of them is refused."""
    return _deposer_des_jours(request, enfant_id, "reservation", request.POST)


@famille_requise
def absence(request, enfant_id):
    """« Entrer la raison de l’absence »: the cells come from the grid, then the reason with them."""
    donnees = request.POST if request.method == "POST" else request.GET
    return _deposer_des_jours(request, enfant_id, "absence", donnees)


def _deposer_des_jours(request, enfant_id, nature, donnees):
    enfant = get_object_or_404(Enfant.objects.pour(request.acces), pk=enfant_id)

    def examiner():
        form = NATURES[nature].formulaire(
            request.acces, donnees, enfant=enfant, version=request.collectivite.version
        )
        return form, form.is_valid() and not form.refuses

    form, pret = examiner()
    premier, statut = form.cleaned_data.get("mois"), _statut(form, request.method, donnees)
    if pret and request.method == "POST":
        try:
            demande = actions.deposer(nature=nature, acces=request.acces, formulaire=form, par=request.user)
        except Refus as refus:
            # Somebody was faster: the days are judged again, those still possible are kept.
            form, _ = examiner()
            form.add_error(None, refus.message)
            statut = refus.statut
        else:
            _confirmer(request, demande)
            return redirect(enfant.url_planning(premier or form.acceptes[0].jour))
    contexte = {
        "onglet": "enfants",
        "enfant": enfant,
        "form": form,
        "mois": premier,
        "adresse_planning": enfant.url_planning(premier),
    }
    return render(request, PAGES[nature], contexte, status=statut)


@famille_requise
def annee(request, enfant_id):
    """« Réserver pour l’année scolaire »: ticks, then a recap of what they make, then one request."""
    enfant = get_object_or_404(Enfant.objects.pour(request.acces), pk=enfant_id)
    instant, donnees = maintenant(), request.POST or None
    inscriptions = list(inscriptions_a_venir(request.acces, instant.date()))
    if donnees and "copier" in donnees:
        donnees = copier(donnees, inscriptions)
    form = AnneeForm(
        donnees,
        acces=request.acces,
        inscriptions=inscriptions,
        instant=instant,
        version=request.collectivite.version,
    )
    contexte = {"onglet": "enfants", "enfant": enfant, "form": form}
    a_juger = request.method == "POST" and not {"copier", "modifier"} & set(request.POST)
    if not a_juger or not form.is_valid():
        statut = 422 if a_juger else 200
        contexte |= {"feuilles": form.feuilles(enfant), "juge": a_juger}
        return render(request, "demandes/annee.html", contexte, status=statut)
    return _recapituler(request, form, contexte)


def _recapituler(request, form: AnneeForm, contexte):
    """The request leaves once its recap was read: the same days, neither more nor fewer."""
    statut, avis = 200 if form.acceptes else 409, ""
    if "envoyer" in request.POST and form.acceptes:
        statut, avis = (
            409,
            "Ce qui peut être réservé a changé depuis que vous avez lu cette page : relisez-la.",
        )
        if form.cleaned_data["vu"] == form.empreinte:
            try:
                demande = actions.deposer(
                    nature="reservation", acces=request.acces, formulaire=form, par=request.user
                )
            except Refus as refus:
                statut, avis = refus.statut, refus.message
            else:
                _confirmer(request, demande)
                return redirect(demande)
    recap = form.recapitulatif()
    estimation = None
    # A price tells what the account's holder earns.
    if request.acces.complet and recap:
        estimation = estimer(famille_id=request.acces.famille.pk, jours=form.jours_voulus)
    contexte |= {
        "avis": avis,
        "nombre": len(form.acceptes),
        "lignes": [
            (ligne, estimation and cle not in estimation.sans_prix and estimation.montants[cle])
            for cle, ligne in recap.items()
        ],
        "ecarts": form.ecarts(),
        "estimation": estimation,
    }
    return render(request, "demandes/annee_recap.html", contexte, status=statut)


PAGES = {"reservation": "demandes/reserver.html", "absence": "demandes/absence.html"}


def _statut(form, methode: str, donnees) -> int:
    """409: nothing of it is possible; 200: the reason of the absence is still to give; else 422."""
    if form.verdicts and not form.acceptes:
        return 409
    sans_raison = form.acceptes and "motif" in form.fields and not donnees.get("motif")
    return 200 if sans_raison or methode == "GET" else 422
