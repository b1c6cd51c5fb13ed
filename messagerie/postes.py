"""Writing a message with its documents, and announcing it: inside the transaction of an action."""

from collections.abc import Sequence

from familles import coffre
from familles.erreurs import Invalide
from familles.models import Responsable
from familles.pieces import Piece as Fichier
from familles.transactions import sauf_doublon
from messagerie.models import Conversation, Courriel, Message, Piece
from messagerie.taches import relever

GABARIT_MESSAGE = "messagerie/courriels/message"
DEJA_PARTI = "Ce message est déjà parti : il n’a pas été envoyé une seconde fois."
# Files to join, already judged: (name shown, content).
Pieces = Sequence[tuple[str, Fichier]]


def exiger(valeur: str, quoi: str) -> str:
    valeur = valeur.strip()
    if not valeur:
        raise Invalide(f"Il manque {quoi} à votre message.")
    return valeur


def ajouter(conversation, sens, corps, par, instant, pieces: Pieces = (), **autres) -> Message:
    message = Message(
        conversation=conversation,
        sens=sens,
        auteur=par,
        corps=exiger(corps, "un texte"),
        envoye_le=instant,
        **autres,
    )
    with sauf_doublon(lambda: message.jeton and DEJA_PARTI):
        message.save(force_insert=True)
    Piece.objects.bulk_create(
        Piece(
            message=message,
            nom=nom,
            cle=coffre.ranger(fichier.contenu),
            type_mime=fichier.type_mime,
            taille=fichier.taille,
        )
        for nom, fichier in pieces
    )
    return message


def poster(messages: list[Message], annonce: str) -> None:
    """One row per adult who reads the conversation, accepts e-mails and has an address."""
    courriels = [c for m in messages for c in courriels_de(m, annonce, _lecteurs(m.conversation))]
    if courriels:
        Courriel.objects.bulk_create(courriels, ignore_conflicts=True)
        relever.enqueue()


def courriels_de(message: Message, annonce: str, lecteurs: list[Responsable]) -> list[Courriel]:
    adresses: dict[str, list[int]] = {}
    for adulte in lecteurs:
        if adulte.autorisation_courriel and adulte.email:
            adresses.setdefault(adulte.email.lower(), []).append(adulte.pk)
    return [
        Courriel(
            evenement=f"message:{message.pk}",
            destinataire=adresse,
            sujet=annonce,
            gabarit=GABARIT_MESSAGE,
            contexte={"conversation_id": message.conversation_id, "lecteurs": cles},
            cree_le=message.envoye_le,
            prochain_essai=message.envoye_le,
        )
        for adresse, cles in sorted(adresses.items())
    ]


def _lecteurs(conversation: Conversation) -> list[Responsable]:
    if conversation.responsable is not None:
        return [conversation.responsable]
    # Read with the families of a group; one query for a single one.
    adultes = conversation.famille.responsables.all()
    return [a for a in adultes if a.rang == 1 or conversation.famille.vie_commune]
