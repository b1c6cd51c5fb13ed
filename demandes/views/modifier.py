"""Asking for a change of a section of the file, or for an inscription; the documents joined."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_safe

from demandes import actions
from demandes.models import PieceJointe
from demandes.natures import NATURES
from demandes.natures.mots_inscription import FERMEES, fenetres
from demandes.views.commun import confirmer, demandes_lisibles, lecture_ou_envoi, lire_pieces
from familles import coffre, planches
from familles.acces import famille_requise
from familles.enums import VerbeTrace
from familles.envois import EN_PRIVE, envoyer_piece
from familles.erreurs import Refus
from familles.horloge import aujourdhui
from familles.models import AnneeScolaire, Enfant, Trace


@famille_requise
@require_safe
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
@lecture_ou_envoi
def modifier(request, nature, enfant_id=None):
    """Ask for a change of a section of the family file, or of a child's."""
    enfant = get_object_or_404(Enfant.objects.pour(request.acces), pk=enfant_id) if enfant_id else None
    regle = NATURES.get(nature)
    regle = None if regle is None or regle.page_propre else regle
    donnees = request.POST if request.method == "POST" else None
    form = regle and regle.formulaire(request.acces, donnees, enfant=enfant)
    if form is None:
        raise Http404("Cette rubrique ne se modifie pas ici.")
    retour, statut = enfant or "familles:compte", 200
    joindre, gardees, pret = lire_pieces(request, regle)
    if request.method == "POST":
        statut, demande = _deposer(request, nature, form, gardees, pret)
        if demande:
            return redirect(retour)
    ligne = getattr(form, "instance", None)
    if regle.tracee and ligne is not None and ligne.pk:
        # The form is filled with what is known: reading it is reading the file.
        Trace.objects.inscrire(
            par=request.user, verbe=VerbeTrace.CONSULTER, objet=ligne, famille=request.acces.famille
        )
    cle = regle.cle_de(request.acces, enfant)
    attentes = demandes_lisibles(request.acces).en_attente().filter(nature=nature, enfant=enfant)
    attentes = list(attentes.select_related("deposant"))
    contexte = {
        "onglet": "enfants" if enfant else "compte",
        "nature": regle,
        "enfant": enfant,
        "form": form,
        "joindre": joindre,
        "gardees": gardees,
        "lus_par": regle.lecteurs(request.acces),
        "lecteurs": regle.lecteurs_des_pieces(request.acces, enfant) if joindre else "",
        "attendus": regle.documents_demandes(request.collectivite),
        "retour": resolve_url(retour),
        "en_attente": next((d for d in attentes if d.cle == cle), None),
        "de_l_autre": next((d for d in attentes if d.cle != cle), None),
    }
    return render(request, "demandes/modifier.html", contexte, status=statut)


def _deposer(request, nature, form, pieces, pret):
    """(status, request): the form carries the refusal when there is none."""
    if not form.is_valid() or not pret:
        return 409 if getattr(form, "bougees", ()) else 422, None
    try:
        demande = actions.deposer(
            nature=nature, acces=request.acces, formulaire=form, pieces=pieces, par=request.user
        )
    except Refus as refus:
        form.add_error(None, refus.message)
        return refus.statut, None
    confirmer(request, demande)
    return 302, demande


def _piece_lisible(request, piece_id) -> PieceJointe | None:
    """By the family that sent it, else by a member of the staff who may read its request."""
    pieces = PieceJointe.objects.select_related("demande__famille", "demande__enfant").filter(pk=piece_id)
    if siennes := pieces.pour(request.acces).first():
        demande = siennes.demande
        ouverte = demande is None or NATURES[demande.nature].lisible_par(request.acces, demande)
        return siennes if ouverte else None
    piece = pieces.exclude(demande=None).first()
    regle = piece and NATURES[piece.demande.nature]
    ouverte = regle and regle.ouverte_a(request.user) and regle.lisible_par_agent(request.user)
    return piece if ouverte else None


def _lire_piece(request, piece_id) -> tuple[PieceJointe, bytes]:
    """The document and its content, read by who may: the reading of health or money leaves its trace."""
    trouvee = _piece_lisible(request, piece_id)
    if trouvee is None:
        raise Http404("Ce document n’existe pas.")
    try:
        contenu = coffre.lire(trouvee.cle)
    except FileNotFoundError as erreur:
        raise Http404("Ce document n’est plus gardé.") from erreur
    if trouvee.demande and NATURES[trouvee.demande.nature].tracee:
        actions.consulter(demande=trouvee.demande, par=request.user)
    return trouvee, contenu


@require_safe
def planche(request, piece_id, page):
    """A page of a joined PDF, as a picture; where it cannot be drawn, the picture of a sentence."""
    document, contenu = _lire_piece(request, piece_id)
    if not 1 <= page <= len(document.planches):
        raise Http404("Ce document n’a pas cette page.")
    try:
        image = planches.planche(contenu, page)
    except Refus as refus:
        image = planches.ardoise(refus.message)
        return HttpResponse(image, content_type="image/png", headers=EN_PRIVE, status=refus.statut)
    return HttpResponse(image, content_type="image/jpeg", headers=EN_PRIVE)


@require_safe
def piece(request, piece_id):
    """A joined document, always as a download."""
    trouvee, contenu = _lire_piece(request, piece_id)
    return envoyer_piece(contenu, trouvee)
