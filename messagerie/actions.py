"""What families and staff do in the inbox; e-mails are written in the same transaction, and sent later."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from familles.enums import Rang, RythmeRecapitulatif, VerbeTrace
from familles.erreurs import DejaTraite, Refus
from familles.horloge import maintenant
from familles.models import Famille, Responsable, Trace, Utilisateur
from familles.transactions import action, sauf_doublon
from messagerie.enums import Sens
from messagerie.models import Conversation, Courriel, Diffusion, Message, Note
from messagerie.postes import Pieces, ajouter, courriels_de, exiger, poster
from messagerie.taches import relever

# What a person wrote may tell of health or money: the e-mail says only that something waits.
ANNONCE = "Un nouveau message vous attend sur le portail"


ENTRE_TEMPS = (
    "Un message est arrivé pendant que vous écriviez : lisez-le ci-dessus, "
    "puis envoyez le vôtre s’il tient toujours."
)


@dataclass(frozen=True)
class Lettre:
    """A message of the structure to a family's account."""

    famille: Famille
    sujet: str
    corps: str
    lien: str = ""
    droit: str = ""  # what a member of the staff must hold to read it


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
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if apres is not None and conversation.messages.filter(pk__gt=apres).exclude(jeton=jeton).exists():
        raise Refus(ENTRE_TEMPS)
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


@action
def diffuser(
    *,
    familles: Iterable[Famille],
    public: str,
    sujet: str,
    corps: str,
    jeton,
    par,
    compte_seul: bool = False,
) -> Diffusion:
    """One message for each family of a group, in a bounded number of queries.

    Parents who live apart each get their own, unless the matter is the account's (`compte_seul`). `jeton`
    names this sending: a second click with the same one raises DejaTraite.
    """
    instant = maintenant()
    familles = list(familles)
    with sauf_doublon(lambda: "Ce message est déjà parti : rien n’a été envoyé une seconde fois."):
        diffusion = Diffusion.objects.create(
            jeton=jeton, public=public, sujet=sujet, nombre=len(familles), par=par, le=instant
        )
    destinataires = [(f, r) for f in familles for r in _destinataires(f, compte_seul)]
    _distribuer(destinataires, exiger(sujet, "un sujet"), exiger(corps, "un texte"), par, instant)
    return diffusion


def _distribuer(destinataires, sujet: str, corps: str, par, instant) -> None:
    """A conversation and its message for each (family, adult or None), in bulk."""
    conversations = Conversation.objects.bulk_create(
        Conversation(
            famille=famille,
            responsable=responsable,
            sujet=sujet,
            creee_le=instant,
            active_le=instant,
            traitee_le=instant,
            avis=True,
        )
        for famille, responsable in destinataires
    )
    messages = Message.objects.bulk_create(
        Message(conversation=c, sens=Sens.STRUCTURE, auteur=par, corps=corps, envoye_le=instant)
        for c in conversations
    )
    poster(messages, ANNONCE)


def _destinataires(famille: Famille, compte_seul: bool) -> list[Responsable | None]:
    """None: the account, which a couple shares."""
    separes = famille.conjoint is not None and not famille.vie_commune
    return [famille.titulaire, famille.conjoint] if separes and not compte_seul else [None]


@action
def cesser_le_recapitulatif(*, compte: int, par=None) -> None:
    """No more digest for this member of the staff; the other e-mails of the address, if any, go on."""
    lu = Utilisateur.objects.select_for_update().get(pk=compte)
    lu.recapitulatif = RythmeRecapitulatif.JAMAIS
    lu.save(update_fields=["recapitulatif"])


@action
def desinscrire(*, adresse: str, par=None) -> int:
    """No more e-mails to this address, those that wait included; how many files said yes to it until now."""
    adultes = Responsable.objects.select_for_update(of=("self",)).select_related("famille")
    accordes = list(adultes.filter(email__iexact=adresse, autorisation_courriel=True))
    for adulte in accordes:
        adulte.autorisation_courriel = False
        adulte.save()
        Trace.objects.inscrire(par=par, verbe=VerbeTrace.MODIFIER, objet=adulte, famille=adulte.famille)
    Courriel.objects.filter(destinataire__iexact=adresse, envoye_le=None, pris_le=None).delete()
    return len(accordes)
