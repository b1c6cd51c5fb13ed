"""What families and staff do in the inbox; e-mails are written in the same transaction, and sent later."""

from collections import defaultdict
from dataclasses import dataclass

from familles.enums import Rang
from familles.erreurs import Invalide
from familles.horloge import maintenant
from familles.models import Famille, Responsable
from familles.transactions import action
from messagerie.enums import Sens
from messagerie.models import Conversation, Courriel, Message
from messagerie.taches import relever

GABARIT_MESSAGE = "messagerie/courriels/message"
# What a person wrote may tell of health or money: the e-mail says only that something waits.
ANNONCE = "Un nouveau message vous attend sur le portail"


@dataclass(frozen=True)
class Lettre:
    """A message of the structure to a family's account."""

    famille: Famille
    sujet: str
    corps: str
    lien: str = ""


@action
def ecrire(*, acces, sujet: str, corps: str, par) -> Message:
    """A family opens a conversation with the structure; it is the writer's own."""
    instant = maintenant()
    conversation = Conversation.objects.create(
        famille=acces.famille,
        responsable=acces.responsable,
        sujet=_texte(sujet, "un sujet"),
        creee_le=instant,
        active_le=instant,
    )
    return _ajouter(conversation, Sens.FAMILLE, corps, par, instant)


@action
def repondre(*, conversation: Conversation, corps: str, par, sens: Sens) -> Message:
    """Answer in a conversation: the family waits again for an answer, or the structure has given it."""
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    instant = maintenant()
    conversation.active_le = instant
    conversation.traitee_le = instant if sens == Sens.STRUCTURE else None
    if sens == Sens.STRUCTURE and conversation.assignee_id is None:
        conversation.assignee = par
    conversation.avis = False
    conversation.save(update_fields=["active_le", "traitee_le", "assignee", "avis"])
    message = _ajouter(conversation, sens, corps, par, instant)
    if sens == Sens.STRUCTURE:
        _annoncer(message)
    return message


@action
def informer(
    *,
    famille,
    sujet: str,
    corps: str,
    lien: str = "",
    responsable: Responsable | None = None,
    annonce: str = ANNONCE,
    avis: bool = False,
    deja_lu: bool = False,
    par=None,
) -> Message:
    """A message of the structure in the inbox, with an e-mail to those who accept them.

    Without `responsable` it goes to the family's account. `annonce` is the subject of the e-mail: it may
    name the matter, never a value of the file. `avis`: written by the portal itself. `deja_lu`: a receipt
    of what the person has just done, kept without counting as news.
    """
    instant = maintenant()
    conversation = Conversation.objects.create(
        famille=famille,
        responsable=responsable,
        sujet=_texte(sujet, "un sujet"),
        creee_le=instant,
        active_le=instant,
        traitee_le=instant,
        avis=avis,
    )
    message = _ajouter(
        conversation, Sens.STRUCTURE, corps, par, instant, lien=lien, lu_le=instant if deja_lu else None
    )
    _annoncer(message, annonce)
    return message


@action
def informer_en_nombre(*, lettres: list[Lettre], annonce: str, par) -> None:
    """The same as `informer`, for many families at once: a bounded number of queries."""
    instant = maintenant()
    conversations = Conversation.objects.bulk_create(
        Conversation(
            famille=lettre.famille,
            sujet=_texte(lettre.sujet, "un sujet"),
            creee_le=instant,
            active_le=instant,
            traitee_le=instant,
        )
        for lettre in lettres
    )
    messages = Message.objects.bulk_create(
        Message(
            conversation=conversation,
            sens=Sens.STRUCTURE,
            auteur=par,
            corps=_texte(lettre.corps, "un texte"),
            envoye_le=instant,
            lien=lettre.lien,
        )
        for conversation, lettre in zip(conversations, lettres, strict=True)
    )
    adultes: dict[int, list[Responsable]] = defaultdict(list)
    for adulte in Responsable.objects.filter(famille__in={c.famille_id for c in conversations}):
        adultes[adulte.famille_id].append(adulte)
    courriels = [
        courriel
        for message in messages
        for courriel in _courriels(message, annonce, _du_compte(message, adultes))
    ]
    Courriel.objects.bulk_create(courriels, ignore_conflicts=True)
    if courriels:
        relever.enqueue()


def _du_compte(message: Message, adultes: dict[int, list[Responsable]]) -> list[Responsable]:
    famille = message.conversation.famille
    return [a for a in adultes[famille.pk] if a.rang == Rang.TITULAIRE or famille.vie_commune]


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
def classer(*, conversation: Conversation, par) -> None:
    """Staff: nothing to answer."""
    Conversation.objects.filter(pk=conversation.pk, traitee_le=None).update(traitee_le=maintenant())


def _texte(valeur: str, quoi: str) -> str:
    valeur = valeur.strip()
    if not valeur:
        raise Invalide(f"Il manque {quoi} à votre message.")
    return valeur


def _ajouter(conversation, sens, corps, par, instant, **autres) -> Message:
    return Message.objects.create(
        conversation=conversation,
        sens=sens,
        auteur=par,
        corps=_texte(corps, "un texte"),
        envoye_le=instant,
        **autres,
    )


def _annoncer(message: Message, annonce: str = ANNONCE) -> None:
    """One row per adult who reads the conversation, accepts e-mails and has an address."""
    courriels = _courriels(message, annonce, _lecteurs(message.conversation))
    Courriel.objects.bulk_create(courriels, ignore_conflicts=True)
    if courriels:
        relever.enqueue()


def _courriels(message: Message, annonce: str, lecteurs: list[Responsable]) -> list[Courriel]:
    adresses = {a.email.lower() for a in lecteurs if a.autorisation_courriel and a.email}
    return [
        Courriel(
            evenement=f"message:{message.pk}",
            destinataire=adresse,
            sujet=annonce,
            gabarit=GABARIT_MESSAGE,
            contexte={"conversation_id": message.conversation_id},
            cree_le=message.envoye_le,
            prochain_essai=message.envoye_le,
        )
        for adresse in sorted(adresses)
    ]


def _lecteurs(conversation: Conversation) -> list[Responsable]:
    if conversation.responsable is not None:
        return [conversation.responsable]
    adultes = Responsable.objects.filter(famille=conversation.famille_id)
    return [a for a in adultes if a.rang == 1 or conversation.famille.vie_commune]
