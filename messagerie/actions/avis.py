"""A message of the structure that nobody asked for: a notice of the portal, one or many at once."""

from collections import defaultdict
from dataclasses import dataclass

from familles.enums import Rang
from familles.horloge import maintenant
from familles.models import Famille, Responsable
from familles.transactions import action
from messagerie.enums import Sens
from messagerie.models import Conversation, Courriel, Message
from messagerie.postes import Pieces, ajouter, courriels_de, exiger, poster
from messagerie.taches import relever

# What a person wrote may tell of health or money: the e-mail says only that something waits.
ANNONCE = "Un nouveau message vous attend sur le portail"


@dataclass(frozen=True)
class Lettre:
    """A message of the structure to a family's account."""

    famille: Famille
    sujet: str
    corps: str
    lien: str = ""
    droit: str = ""  # what a member of the staff must hold to read it


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
    droit: str = "",
    deja_lu: bool = False,
    pieces: Pieces = (),
    par=None,
    jeton=None,
) -> Message:
    """A message of the structure in the inbox, with an e-mail to those who accept them.

    Without `responsable` it goes to the family's account. `annonce` is the subject of the e-mail: it may
    name the matter, never a value of the file. `avis`: written by the portal itself; `droit`: what a member
    of the staff must hold to read such a notice. `deja_lu`: a receipt of what the person has just done, kept
    without counting as news.
    """
    instant = maintenant()
    conversation = Conversation.objects.create(
        famille=famille,
        responsable=responsable,
        sujet=exiger(sujet, "un sujet"),
        creee_le=instant,
        active_le=instant,
        traitee_le=instant,
        avis=avis,
        droit=droit,
    )
    etat = {"lien": lien, "lu_le": instant if deja_lu else None}
    message = ajouter(conversation, Sens.STRUCTURE, corps, par, instant, pieces, jeton=jeton, **etat)
    poster([message], annonce)
    return message


@action
def informer_en_nombre(*, lettres: list[Lettre], annonce: str, par) -> None:
    """The same as `informer`, for many families at once: a bounded number of queries."""
    instant = maintenant()
    conversations = Conversation.objects.bulk_create(
        Conversation(
            famille=lettre.famille,
            sujet=exiger(lettre.sujet, "un sujet"),
            creee_le=instant,
            active_le=instant,
            traitee_le=instant,
            avis=True,
            droit=lettre.droit,
        )
        for lettre in lettres
    )
    messages = Message.objects.bulk_create(
        Message(
            conversation=conversation,
            sens=Sens.STRUCTURE,
            auteur=par,
            corps=exiger(lettre.corps, "un texte"),
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
        for courriel in courriels_de(message, annonce, _du_compte(message, adultes))
    ]
    Courriel.objects.bulk_create(courriels, ignore_conflicts=True)
    if courriels:
        relever.enqueue()


def _du_compte(message: Message, adultes: dict[int, list[Responsable]]) -> list[Responsable]:
    famille = message.conversation.famille
    return [a for a in adultes[famille.pk] if a.rang == Rang.TITULAIRE or famille.vie_commune]
