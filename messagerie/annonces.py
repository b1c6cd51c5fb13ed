"""The e-mails that say a message waits: rows of the outbox, written in the transaction of the message."""

from familles.enums import Rang
from familles.models import Responsable
from messagerie.models import Conversation, Courriel, Message
from messagerie.taches import relever

GABARIT_MESSAGE = "messagerie/courriels/message"


def du_compte(message: Message, adultes: dict[int, list[Responsable]]) -> list[Responsable]:
    famille = message.conversation.famille
    return [a for a in adultes[famille.pk] if a.rang == Rang.TITULAIRE or famille.vie_commune]


def poster(messages: list[Message], annonce: str) -> None:
    """One row per adult who reads the conversation, accepts e-mails and has an address."""
    courriels = [c for m in messages for c in courriels_de(m, annonce, lecteurs_de(m.conversation))]
    if courriels:
        Courriel.objects.bulk_create(courriels, ignore_conflicts=True)
        relever.enqueue()


def courriels_de(message: Message, annonce: str, lecteurs: list[Responsable]) -> list[Courriel]:
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


def lecteurs_de(conversation: Conversation) -> list[Responsable]:
    if conversation.responsable is not None:
        return [conversation.responsable]
    # Read with the families of a group; one query for a single one.
    adultes = conversation.famille.responsables.all()
    return [a for a in adultes if a.rang == 1 or conversation.famille.vie_commune]
