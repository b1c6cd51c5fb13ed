"""« Liste des demandes », and the pages that deposit one: a change of the file, a booking, an absence."""

import io
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_POST

from demandes import actions
from demandes.enums import NATURES_PAR_VOLET, Volet
from demandes.forms import PiecesForm
from demandes.models import Demande, PieceJointe, SuiteDuSilence
from demandes.natures import NATURES
from demandes.natures.inscription import FERMEES, fenetres
from demandes.tableaux import GROUPES, tableaux
from familles import coffre
from familles.acces import famille_requise
from familles.erreurs import Refus
from familles.horloge import aujourdhui
from familles.models import AnneeScolaire, Enfant

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
    demandes = demandes.par_reponse().select_related("concerne", "enfant").avec_lignes()
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
    demandes = (
        _demandes(request.acces).select_related("famille", "concerne", "enfant", "deposant").avec_lignes()
    )
    demande = get_object_or_404(demandes, pk=demande_id)
    regle = NATURES[demande.nature]
    lisible = regle.lisible_par(request.acces, demande)
    changements = regle.resume_famille(demande) if lisible else []
    pieces = list(demande.pieces.all()) if lisible else []
    if regle.tracee and (changements or pieces):
        actions.consulter(demande=demande, par=request.user)
    contexte = {
        "onglet": "demandes",
        "demande": demande,
        "volet": demande.volet,
        "changements": changements,
        "pieces": pieces,
        "silence": SuiteDuSilence.objects.de(demande.nature) if demande.en_attente else "",
        "reserve": "" if lisible or not (demande.saisie or demande.pieces.all()) else regle.reserve,
        "precisions": any(ligne.precision for ligne in demande.lignes.all()),
        "retirable": demande.retirable_par(request.acces),
    }
    return render(request, "demandes/detail.html", contexte)


@famille_requise
@require_POST
def retirer(request, demande_id):
    demande = get_object_or_404(_demandes(request.acces), pk=demande_id)
    if not demande.retrait_permis(request.acces):
        raise PermissionDenied(
            "Cette demande n’est retirée que par la personne qui l’a déposée, ou par celle dont elle change "
            "la fiche."
        )
    actions.retirer(demande=demande, par=request.user)
    messages.success(request, f"Votre demande n° {demande.pk} est retirée.")
    return redirect(demande)


@famille_requise
def inscription(request):
    """The door of the inscriptions: an address that may be sent to all families."""
    enfants = Enfant.objects.tenus_par(request.acces.famille, aujourdhui())
    annees = list(AnneeScolaire.objects.a_venir(aujourdhui()))
    contexte = {
        "onglet": "enfants",
        "enfants": enfants,
        "fenetres": fenetres(annees),
        "fermees": "" if any(a.inscriptions_ouvertes(aujourdhui()) for a in annees) else FERMEES,
    }
    return render(request, "demandes/inscription.html", contexte)


@famille_requise
def modifier(request, nature, enfant_id=None):
    """Ask for a change of a section of the family file, or of a child's."""
    enfant = get_object_or_404(Enfant.objects.pour(request.acces), pk=enfant_id) if enfant_id else None
    regle = NATURES.get(nature)
    regle = None if regle is None or regle.page_propre else regle
    form = regle and regle.formulaire(request.acces, request.POST or None, enfant=enfant)
    if form is None:
        raise Http404("Cette rubrique ne se modifie pas ici.")
    retour, statut = enfant or "familles:compte", 200
    joindre, gardees, pret = _pieces(request, regle)
    if request.method == "POST":
        statut, demande = _deposer(request, nature, form, gardees, pret)
        if demande:
            return redirect(retour)
    cle = regle.cle_de(request.acces, enfant)
    attentes = _demandes(request.acces).en_attente().filter(nature=nature, enfant=enfant)
    attentes = list(attentes.select_related("deposant"))
    contexte = {
        "onglet": "enfants" if enfant else "compte",
        "nature": regle,
        "enfant": enfant,
        "form": form,
        "joindre": joindre,
        "gardees": gardees,
        "retour": resolve_url(retour),
        "en_attente": next((d for d in attentes if d.cle == cle), None),
        "de_l_autre": next((d for d in attentes if d.cle != cle), None),
    }
    return render(request, "demandes/modifier.html", contexte, status=statut)


def _pieces(request, regle):
    """(form, documents kept, whether nothing is wrong with them): kept even when the rest is refused."""
    if not regle.pieces:
        return None, [], True
    joindre = PiecesForm(request.POST or None, request.FILES or None, acces=request.acces)
    if request.method != "POST":
        return joindre, [], True
    pret = joindre.is_valid()
    try:
        nouvelles = actions.joindre(
            acces=request.acces, nature=regle.cle, fichiers=joindre.nouvelles, par=request.user
        )
    except Refus as refus:
        joindre.add_error("fichiers", refus.message)
        return joindre, joindre.gardees, False
    return joindre, [*joindre.gardees, *nouvelles], pret


def _deposer(request, nature, form, pieces, pret):
    """(status, request): the form carries the refusal when there is none."""
    if not form.is_valid() or not pret:
        return 422, None
    try:
        demande = actions.deposer(
            nature=nature, acces=request.acces, formulaire=form, pieces=pieces, par=request.user
        )
    except Refus as refus:
        form.add_error(None, refus.message)
        return refus.statut, None
    _confirmer(request, demande)
    return 302, demande


def _piece_lisible(request, piece_id) -> PieceJointe | None:
    """By the family that sent it, else by a member of the staff who may read its request."""
    pieces = PieceJointe.objects.select_related("demande__famille", "demande__enfant").filter(pk=piece_id)
    if siennes := pieces.pour(request.acces).first():
        demande = siennes.demande
        ouverte = demande is None or NATURES[demande.nature].lisible_par(request.acces, demande)
        return siennes if ouverte else None
    piece = pieces.exclude(demande=None).first()
    if piece is None or not request.user.has_perm("demandes.view_demande"):
        return None
    return piece if NATURES[piece.demande.nature].lisible_par_agent(request.user) else None


def piece(request, piece_id):
    """A joined document, always as a download."""
    trouvee = _piece_lisible(request, piece_id)
    if trouvee is None:
        raise Http404("Ce document n’existe pas.")
    try:
        contenu = coffre.lire(trouvee.cle)
    except FileNotFoundError as erreur:
        raise Http404("Ce document n’est plus gardé.") from erreur
    if trouvee.demande and NATURES[trouvee.demande.nature].tracee:
        actions.consulter(demande=trouvee.demande, par=request.user)
    return FileResponse(
        io.BytesIO(contenu),
        as_attachment=True,
        filename=trouvee.nom,
        content_type=trouvee.type_mime,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


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
    joindre, gardees, pieces_pretes = _pieces(request, NATURES[nature])
    premier, statut = form.cleaned_data.get("mois"), _statut(form, request.method, donnees)
    if not pieces_pretes:
        statut = 422
    elif pret and request.method == "POST":
        try:
            demande = actions.deposer(
                nature=nature, acces=request.acces, formulaire=form, pieces=gardees, par=request.user
            )
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
        "nature": NATURES[nature],
        "form": form,
        "joindre": joindre,
        "gardees": gardees,
        "mois": premier,
        "adresse_planning": enfant.url_planning(premier),
    }
    return render(request, PAGES[nature], contexte, status=statut)


PAGES = {"reservation": "demandes/reserver.html", "absence": "demandes/absence.html"}


def _statut(form, methode: str, donnees) -> int:
    """409: nothing of it is possible; 200: the reason of the absence is still to give; else 422."""
    if form.verdicts and not form.acceptes:
        return 409
    sans_raison = form.acceptes and "motif" in form.fields and not form.reclamee
    return 200 if sans_raison or methode == "GET" else 422
