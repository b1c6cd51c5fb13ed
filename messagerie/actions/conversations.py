"""What is written, read, followed and filed in a conversation; e-mails leave with the transaction."""

from familles.erreurs import DejaTraite, Refus
from familles.horloge import maintenant
from familles.transactions import action
from messagerie.actions.avis import ANNONCE
from messagerie.enums import Sens
from messagerie.models import Conversation, Message, Note
from messagerie.postes import Pieces, ajouter, exiger, poster

ENTRE_TEMPS = (
    "Un message est arrivé depuis que cette page est ouverte : lisez-le ci-dessous, "
    "puis recommencez si votre réponse tient toujours."
)


@action
def ecrire(*, acces, sujet: str, corps: str, par, pieces: Pieces = (), jeton=None) -> Message:
    """A family opens a conversation with the structure; it is the writer's own.

    `jeton` names this sending, here, in `repondre` and in `informer`: a second one with the same raises
    DejaTraite.
    """
    instant = maintenant()
    conversation = Conversation.objects.create(
        famille=acces.famille,
        responsable=acces.responsable,
        sujet=exiger(sujet, "un sujet"),
        creee_le=instant,
        active_le=instant,
    )
    return ajouter(conversation, Sens.FAMILLE, corps, par, instant, pieces=pieces, jeton=jeton)


@action
def repondre(
    *,
    conversation: Conversation,
    corps: str,
    par,
    sens: Sens,
    pieces: Pieces = (),
    jeton=None,
    apres: int | None = None,
) -> Message:
    """Answer in a conversation: the family waits again for an answer, or the structure has given it.

    `apres`: the last message that its writer had read. Refus when another has come since, from the family or
    from a colleague; its own, sent by a first click, is told as in `ecrire`.
    """
    conversation = _verrouiller(conversation, apres, jeton)
    instant = maintenant()
    conversation.active_le = instant
    conversation.traitee_le = instant if sens == Sens.STRUCTURE else None
    if sens == Sens.STRUCTURE and conversation.assignee_id is None:
        conversation.assignee = par
    conversation.avis = False
    conversation.save(update_fields=["active_le", "traitee_le", "assignee", "avis"])
    message = ajouter(conversation, sens, corps, par, instant, pieces=pieces, jeton=jeton)
    if sens == Sens.STRUCTURE:
        poster([message], ANNONCE)
    return message


def _verrouiller(conversation: Conversation, apres: int | None, jeton=None) -> Conversation:
    """Locked, when no message came after the last that was read, but the one that this sending wrote."""
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if apres is not None:
        venus = conversation.messages.filter(pk__gt=apres)
        if (venus.exclude(jeton=jeton) if jeton else venus).exists():
            raise Refus(ENTRE_TEMPS)
    return conversation


@action
def lire(*, conversation: Conversation, sens: Sens, par) -> int:
    """Mark as read what came from the other side; reading again changes nothing."""
    return conversation.messages.filter(sens=sens, lu_le=None).update(lu_le=maintenant())


@action
def supprimer(*, message: Message, par) -> None:
    """Hide a message on the family's side; deleting it again changes nothing."""
    Message.objects.filter(pk=message.pk, supprime_le=None).update(supprime_le=maintenant())


@action
def restaurer(*, message: Message, par) -> None:
    Message.objects.filter(pk=message.pk).update(supprime_le=None)


@action
def classer(*, conversation: Conversation, apres: int, par) -> None:
    """Staff: nothing to answer in what was read (`apres`, as in `repondre`)."""
    conversation = _verrouiller(conversation, apres)
    conversation.traitee_le = conversation.traitee_le or maintenant()
    conversation.save(update_fields=["traitee_le"])


@action
def annoter(*, conversation: Conversation, texte: str, par) -> Note:
    """A word of the staff for the staff; the family never sees it."""
    return Note.objects.create(
        conversation=conversation, auteur=par, texte=exiger(texte, "un texte"), ecrite_le=maintenant()
    )


@action
def prendre(*, conversation: Conversation, suivie_par: str, par) -> None:
    """Follow this conversation oneself, instead of the colleague whom the page named (their key, or "").

    DejaTraite when somebody else follows it since.
    """
    lues = Conversation.objects.select_for_update(of=("self",)).select_related("assignee")
    lue = lues.get(pk=conversation.pk)
    if lue.assignee not in (None, par) and str(lue.assignee_id) != suivie_par:
        raise DejaTraite(f"{lue.assignee} suit cette conversation depuis peu : elle lui reste.")
    lue.assignee = par
    lue.save(update_fields=["assignee"])
