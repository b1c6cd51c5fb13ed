"""« Boîte de réception »: received, sent with their answers, deleted, a new message, a conversation."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from familles import coffre
from familles.acces import famille_requise
from familles.envois import envoyer_piece
from familles.erreurs import DejaTraite
from messagerie import actions
from messagerie.desinscription import courriel_du
from messagerie.enums import Sens
from messagerie.forms import MessageForm, ReponseForm
from messagerie.models import Conversation, Message, Piece

PAR_PAGE = 20
ENTREES = [
    ("nouveau", "Nouveau message", "pencil"),
    ("boite", "Messages reçus", "inbox"),
    ("envoyes", "Messages envoyés", "send"),
    ("supprimes", "Messages supprimés", "trash"),
]


def _contexte(courante: str, **valeurs) -> dict:
    entrees = [
        {
            "texte": texte,
            "adresse": reverse(f"messagerie:{cle}"),
            "dessin": dessin,
            "courant": cle == courante,
        }
        for cle, texte, dessin in ENTREES
    ]
    return {"onglet": "messages", "entrees": entrees, **valeurs}


def _page(request, lignes):
    return Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))


def _cherchee(request, lignes) -> dict:
    """The page of what holds the words searched, and what the next pages must say again."""
    recherche = request.GET.get("q", "").strip()[:100]
    parametres = "&" + urlencode({"q": recherche}) if recherche else ""
    return {
        "page": _page(request, lignes.cherches(recherche)),
        "recherche": recherche,
        "parametres": parametres,
    }


@famille_requise
@require_safe
def boite(request):
    recus = Message.objects.pour(request.acces).recus().presents().select_related("conversation")
    return render(request, "messagerie/boite.html", _contexte("boite", **_cherchee(request, recus)))


@famille_requise
@require_safe
def envoyes(request):
    """Sent messages, each with the answers of its conversation."""
    reponses = Prefetch(
        "conversation__messages",
        queryset=Message.objects.recus().presents().order_by("envoye_le", "pk"),
        to_attr="reponses",
    )
    lignes = (
        Message.objects.pour(request.acces)
        .envoyes()
        .presents()
        .select_related("conversation", "auteur")
        .prefetch_related(reponses)
    )
    return render(request, "messagerie/envoyes.html", _contexte("envoyes", **_cherchee(request, lignes)))


@famille_requise
@require_safe
def supprimes(request):
    lignes = Message.objects.pour(request.acces).supprimes().select_related("conversation")
    page = _page(request, lignes.order_by("-supprime_le", "-pk"))
    return render(request, "messagerie/supprimes.html", _contexte("supprimes", page=page))


def _envoyer(request, form, succes: str, envoyer) -> tuple[int, Message | None]:
    """(status, message): the one already there when the same form comes again; none: the form says why."""
    if not form.is_valid():
        return 422, None
    try:
        message = envoyer(**form.cleaned_data, par=request.user)
    except DejaTraite as refus:
        deja = Message.objects.pour(request.acces).deja_envoye(request.user, form.cleaned_data)
        if deja is None:
            form.refuser_une_seconde_fois()
            return refus.statut, None
        messages.info(request, refus.message)
        return 302, deja
    messages.success(request, succes)
    return 302, message


@famille_requise
def nouveau(request):
    form, statut = MessageForm(), 200
    if request.method == "POST":
        form = MessageForm(request.POST, request.FILES)
        succes = "Votre message est envoyé : la réponse arrivera dans votre boîte."
        statut, message = _envoyer(request, form, succes, partial(actions.ecrire, acces=request.acces))
        if message:
            return redirect("messagerie:conversation", message.conversation_id)
    return render(request, "messagerie/nouveau.html", _contexte("nouveau", form=form), status=statut)


def _conversation(request, conversation_id, form, statut=200):
    conversation = get_object_or_404(Conversation.objects.pour(request.acces), pk=conversation_id)
    fil = list(
        conversation.messages.presents()
        .select_related("auteur")
        .prefetch_related("pieces")
        .order_by("envoye_le", "pk")
    )
    if any(message.nouveau for message in fil):
        # The page still shows what is new: the rows were read before they are marked.
        actions.lire(conversation=conversation, sens=Sens.STRUCTURE, par=request.user)
    contexte = _contexte("", conversation=conversation, fil=fil, form=form)
    return render(request, "messagerie/conversation.html", contexte, status=statut)


@famille_requise
@require_safe
def conversation(request, conversation_id):
    """Read a conversation; opening it marks its messages as read, once."""
    return _conversation(request, conversation_id, ReponseForm())


@famille_requise
@require_POST
def repondre(request, conversation_id):
    conversation = get_object_or_404(Conversation.objects.pour(request.acces), pk=conversation_id)
    form = ReponseForm(request.POST, request.FILES)
    repondre_ici = partial(actions.repondre, conversation=conversation, sens=Sens.FAMILLE)
    statut, message = _envoyer(request, form, "Votre réponse est envoyée.", repondre_ici)
    if message is None:
        return _conversation(request, conversation_id, form, statut)
    return redirect("messagerie:conversation", conversation_id)


@require_safe
def piece(request, piece_id):
    """A joined file: to those who may read its message, always as a download."""
    pieces = Piece.objects.pour(request.acces)
    if request.user.is_staff and request.user.has_perm("messagerie.view_message"):
        pieces = Piece.objects.all()
    trouvee = get_object_or_404(pieces, pk=piece_id)
    return envoyer_piece(coffre.lire(trouvee.cle), trouvee)


@famille_requise
@require_POST
def supprimer(request, message_id):
    message = get_object_or_404(Message.objects.pour(request.acces), pk=message_id)
    actions.supprimer(message=message, par=request.user)
    messages.success(request, "Le message est dans « Messages supprimés » : vous pouvez l’y reprendre.")
    return redirect("messagerie:envoyes" if message.de_la_famille else "messagerie:boite")


@famille_requise
@require_POST
def restaurer(request, message_id):
    message = get_object_or_404(Message.objects.pour(request.acces).supprimes(), pk=message_id)
    actions.restaurer(message=message, par=request.user)
    messages.success(request, "Le message a retrouvé sa place.")
    return redirect("messagerie:supprimes")


@login_not_required
@never_cache
@csrf_exempt
def desinscription(request, jeton):
    """The link of an e-mail: reading it does nothing (mail servers open links), sending it stops the e-mails.

    Without a CSRF token: the mail provider sends it for its reader (RFC 8058), and the link is the secret.
    """
    courriel = courriel_du(jeton)
    if courriel is None:
        raise Http404("Ce lien de désinscription n’est pas des nôtres : recopiez-le en entier.")
    personnel = courriel.du_personnel
    if request.method == "POST" and personnel:
        actions.cesser_le_recapitulatif(compte=personnel, par=request.user)
    elif request.method == "POST":
        actions.desinscrire(adresse=courriel.destinataire, par=request.user)
    contexte = {
        "faite": request.method == "POST",
        "adresse": _masquer(courriel.destinataire),
        "personnel": personnel,
    }
    return render(request, "messagerie/desinscription.html", contexte)


def _masquer(adresse: str) -> str:
    """« j…@exemple.fr »: enough for its owner, too little for who finds the link."""
    nom, _, domaine = adresse.rpartition("@")
    return f"{nom[:1]}…@{domaine}"
