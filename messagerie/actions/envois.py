"""The staff write to a family, or to a group: to its account, or to each of its separated parents."""

from collections.abc import Iterable

from familles.erreurs import Invalide
from familles.horloge import maintenant
from familles.models import Famille, Responsable
from familles.transactions import action, sauf_doublon
from messagerie.actions.avis import ANNONCE, informer
from messagerie.enums import Destinataires, Sens
from messagerie.models import Conversation, Diffusion, Message
from messagerie.postes import Pieces, exiger, poster


@action
def ecrire_a_la_famille(
    *, famille: Famille, a: Destinataires, sujet: str, corps: str, par, pieces: Pieces = (), jeton=None
) -> Message:
    """The structure writes to a family: to its account, or to its adults who live apart, each their own."""
    chacun = _destinataires(famille, a == Destinataires.COMPTE)
    if a == Destinataires.CONJOINT:
        if famille.conjoint is None:
            raise Invalide("Cette famille n’a qu’un responsable : écrivez à son compte.")
        chacun = chacun[1:] or [None]
    commun = {"famille": famille, "sujet": sujet, "corps": corps, "pieces": pieces, "par": par}
    premier = informer(responsable=chacun[0], jeton=jeton, **commun)
    for responsable in chacun[1:]:
        informer(responsable=responsable, **commun)
    return premier


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
