"""« Liste des demandes », and one of them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from demandes import actions
from demandes.enums import NATURES_PAR_VOLET, Volet
from demandes.forms import PiecesForm
from demandes.jours_passes import passees
from demandes.justificatifs import adresse_du_justificatif, dire_excusables
from demandes.models import SuiteDuSilence
from demandes.natures import NATURES
from demandes.tableaux import GROUPES, tableaux
from demandes.views.commun import demandes_lisibles, lire_pieces
from familles.acces import famille_requise
from familles.erreurs import Invalide
from familles.francais import majuscule, pluriel

PAR_PAGE = 20


@famille_requise
@require_safe
def liste(request):
    """By half (Mon compte, Mes enfants), by nature, by answer; an unknown filter is no filter."""
    volet = request.GET.get("volet")
    volet = volet if volet in Volet.values else Volet.COMPTE.value
    offertes = [n for n in NATURES_PAR_VOLET[Volet(volet)] if n in NATURES]
    nature = request.GET.get("nature", "")
    nature = nature if nature in offertes else ""
    etat = request.GET.get("etat", "")
    groupe = GROUPES.get(etat)
    jours = request.collectivite.jours_liste_demandes
    demandes = demandes_lisibles(request.acces).du_volet(volet).recentes(jours)
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
        "jours": jours,
        "volets": [(v.value, v.label, v.value == volet) for v in Volet],
        "natures": [(n.value, n.label, n.value == nature) for n in offertes],
        "etats": [(g.cle, g.libelle, g is groupe) for g in GROUPES.values()],
        "tableaux": tableaux(page, NATURES.get(nature)),
        "page": page,
        "parametres": f"&{urlencode(choix)}",
    }
    return render(request, "demandes/liste.html", contexte)


@famille_requise
@require_safe
def detail(request, demande_id):
    """What was asked, and its answer day by day."""
    return _montrer(request, demande_id, PiecesForm(acces=request.acces))


def _montrer(request, demande_id, joindre, gardees=(), statut=200):
    """`joindre`, `gardees`: the documents being added, those of an earlier try still wanted."""
    demandes = (
        demandes_lisibles(request.acces)
        .select_related("famille", "concerne", "enfant", "deposant")
        .avec_lignes()
    )
    demande = get_object_or_404(demandes, pk=demande_id)
    regle = NATURES[demande.nature]
    lisible = regle.lisible_par(request.acces, demande)
    changements = regle.resume_famille(demande) if lisible else []
    jointes = demande.pieces.count()
    pieces = list(demande.pieces.pour(request.acces)) if lisible and jointes else []
    if regle.tracee and (changements or pieces):
        actions.consulter(demande=demande, par=request.user)
    regle.eclairer(demande, demande.lignes.all())
    documents_apres = regle.pieces_apres and demande.est_de(request.acces)
    excusables = regle.excusables(demande, demande.lignes.all()) if documents_apres else []
    contexte = {
        "onglet": "demandes",
        "demande": demande,
        "excusables": dire_excusables(excusables),
        "adresse_du_justificatif": adresse_du_justificatif(demande, excusables),
        "volet": demande.volet,
        "changements": changements,
        "pieces": pieces,
        "pieces_reservees": lisible and jointes > len(pieces),
        "silence": SuiteDuSilence.objects.de(demande.nature) if demande.en_attente else "",
        "reserve": "" if lisible or not (demande.saisie or jointes) else regle.reserve,
        "passees": passees(demande.lignes.all()),
        "precisions": any(ligne.precision for ligne in demande.lignes.all()),
        "qui_examine": majuscule(regle.qui_examine(request.collectivite)),
        "retirable": demande.retirable_par(request.acces),
        "documents_apres": documents_apres,
        "nature": regle,
        "joindre": joindre,
        "gardees": gardees,
    }
    return render(request, "demandes/detail.html", contexte, status=statut)


@famille_requise
@require_POST
def joindre(request, demande_id):
    """A document that comes after its request (a medical certificate), while nobody has answered."""
    demande = get_object_or_404(demandes_lisibles(request.acces), pk=demande_id)
    if not NATURES[demande.nature].pieces_apres:
        raise Http404("Cette demande ne reçoit pas de document.")
    if not demande.est_de(request.acces):
        raise PermissionDenied(actions.SANS_DOCUMENT_APRES)
    form, gardees, pret = lire_pieces(request, NATURES[demande.nature])
    if not pret:
        return _montrer(request, demande_id, form, gardees, 422)
    try:
        actions.completer(demande=demande, acces=request.acces, pieces=gardees, par=request.user)
    except Invalide as refus:
        form.add_error("fichiers", refus.message)
        return _montrer(request, demande_id, form, gardees, 422)
    combien = pluriel(len(gardees), "document est joint", "documents sont joints")
    messages.success(request, f"{combien} à votre demande n° {demande.pk}.")
    return redirect(demande)


@famille_requise
@require_POST
def retirer(request, demande_id):
    demande = get_object_or_404(demandes_lisibles(request.acces), pk=demande_id)
    if not demande.retrait_permis(request.acces):
        raise PermissionDenied(
            "Cette demande n’est retirée que par la personne qui l’a déposée, ou par celle dont elle change "
            "la fiche."
        )
    actions.retirer(demande=demande, par=request.user)
    messages.success(request, f"Votre demande n° {demande.pk} est retirée.")
    return redirect(demande)
