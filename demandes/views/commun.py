"""What the pages that deposit a request share: the documents joined, the sentence after the sending."""

from django.contrib import messages
from django.views.decorators.http import require_http_methods

from demandes import actions
from demandes.enums import EtatDemande, ReponseMelee
from demandes.forms import PiecesForm
from demandes.models import Demande
from demandes.natures import NATURES
from familles.erreurs import Refus
from familles.francais import minuscule

# A page that is read, and sends its own form.
lecture_ou_envoi = require_http_methods(["GET", "HEAD", "POST"])


def demandes_lisibles(acces):
    """Those that this adult may read, of the natures that are offered."""
    return Demande.objects.pour(acces).filter(nature__in=list(NATURES))


def lire_pieces(request, regle):
    """(form, documents kept, whether nothing is wrong with them): kept even when the rest is refused."""
    joindre, gardees, pret = _lire_pieces(request, regle)
    if joindre is not None and regle.aide_pieces:
        joindre.fields["fichiers"].help_text = regle.aide_pieces
    return joindre, gardees, pret


def _lire_pieces(request, regle):
    if not regle.pieces:
        return None, [], True
    if request.method != "POST":
        return PiecesForm(acces=request.acces), [], True
    joindre = PiecesForm(request.POST, request.FILES, acces=request.acces)
    pret = joindre.is_valid()
    try:
        nouvelles = actions.joindre(
            acces=request.acces, nature=regle.cle, fichiers=joindre.nouvelles, par=request.user
        )
    except Refus as refus:
        joindre.add_error("fichiers", refus.message)
        return joindre, joindre.gardees, False
    return joindre, [*joindre.gardees, *nouvelles], pret


def confirmer(request, demande) -> None:
    if demande.en_attente:
        messages.success(
            request,
            f"Votre demande n° {demande.pk} est transmise : "
            "son accusé de réception est dans votre boîte de réception.",
        )
    elif demande.etat == EtatDemande.LISTE_ATTENTE:
        messages.warning(
            request,
            f"Votre demande n° {demande.pk} est sur liste d’attente : il ne reste plus de place. "
            "La suite est dans votre boîte de réception.",
        )
    elif demande.reponse in ReponseMelee:
        messages.warning(
            request,
            f"Votre demande n° {demande.pk} est {minuscule(demande.reponse.label)}. "
            "Le détail est dans votre boîte de réception.",
        )
    else:
        messages.success(
            request, f"Votre demande n° {demande.pk} a sa réponse : elle est dans votre boîte de réception."
        )
