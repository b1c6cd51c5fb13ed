"""What the inbox says of a request: the acknowledgement of the deposit, and the answer.

Read on the portal only: the e-mail that announces it names the number, never a value.
"""

from collections.abc import Callable, Sequence
from datetime import date

from demandes.enums import EtatDemande, EtatLigne, reponse_selon
from demandes.justificatifs import dire_excusables
from demandes.models import Demande, LigneDemande
from demandes.natures import Nature
from demandes.natures.jours import en_bref
from familles.francais import jour_en_lettres, majuscule, minuscule, moment
from familles.horloge import fuseau
from familles.models import Collectivite

SUR_LISTE = (
    "Un jour sur liste d’attente n’est pas encore réservé : "
    "un message vous préviendra si une place se libère."
)


def accuse(
    demande: Demande,
    lignes: Sequence[LigneDemande],
    nature: Nature,
    ville: Collectivite,
    silence: str = "",
) -> str:
    """Number, date and hour, what was asked, who answers, how to reach them, what their silence means."""
    nature.eclairer(demande, lignes)
    en_attente = [ligne for ligne in lignes if ligne.en_attente]
    accordees = [ligne for ligne in lignes if not ligne.en_attente]
    suite = "La réponse est déjà dans votre boîte de réception."
    if en_attente or not lignes:
        qui = majuscule(nature.qui_examine(ville))
        suite = f"{qui} l’examine : la réponse arrivera dans votre boîte de réception."
    paragraphes = [
        f"Votre demande n° {demande.pk} ({nature.en_phrase}) nous est parvenue le "
        f"{moment(demande.depose_le.astimezone(fuseau()))}.",
        *([] if lignes else [f"{nature.intitule} :\n{nature.objet(demande)}"]),
        *_par_titre(accordees, nature.reponse),
        *_par_titre(en_attente, nature.annonce),
        *filter(None, [dire_excusables(nature.excusables(demande, lignes))]),
        f"{suite} {_contact(ville)}",
        *([silence] if silence and (en_attente or not lignes) else []),
    ]
    return "\n\n".join(paragraphes)


def reponse(demande: Demande, lignes: Sequence[LigneDemande], nature: Nature, ville: Collectivite) -> str:
    """What was decided, day by day, and why when it is refused."""
    nature.eclairer(demande, lignes)
    attente = _sur_liste(lignes)
    paragraphes = [
        f"Votre demande n° {demande.pk} ({nature.en_phrase}) est {issue(demande, lignes)}.",
        *([f"Motif : {demande.motif}"] if demande.motif and not lignes else []),
        *_par_titre(lignes, nature.reponse),
        *([SUR_LISTE] if attente else []),
        *filter(None, [dire_excusables(nature.excusables(demande, lignes))]),
        # What the decision found, and did not keep.
        *filter(None, [getattr(demande, "a_savoir", "")]),
        _contact(ville),
    ]
    return "\n\n".join(paragraphes)


def issue(demande: Demande, lignes: Sequence[LigneDemande]) -> str:
    """« acceptée »; never so when every day only waits for a place."""
    # Their answers have just been given: the places do not change them yet.
    reponse = reponse_selon(demande.etat, [EtatLigne(ligne.etat) for ligne in lignes])
    if reponse == EtatDemande.LISTE_ATTENTE:
        return "sur liste d’attente : il ne reste plus de place"
    return minuscule(reponse.label)


def _sur_liste(lignes: Sequence[LigneDemande]) -> list[LigneDemande]:
    return [ligne for ligne in lignes if ligne.etat == EtatLigne.LISTE_ATTENTE]


def _contact(ville: Collectivite) -> str:
    coordonnees = ", ".join(filter(None, (ville.telephone, ville.email)))
    return f"Contact : {ville.service}, {coordonnees or ville.nom}."


def _par_titre(lignes: Sequence[LigneDemande], titre: Callable[[LigneDemande], str]) -> list[str]:
    """One paragraph per title, one line per child and service; the page of the request has every day."""
    groupes: dict[str, dict[str, list[date]]] = {}
    for ligne in lignes:
        quoi = f"{ligne.enfant.prenom}, {ligne.prestation.nom}"
        groupes.setdefault(titre(ligne), {}).setdefault(quoi, []).append(ligne.jour)
    return [
        "\n".join([f"{nom} :", *(f"{quoi} : {_jours(jours)}" for quoi, jours in services.items())])
        for nom, services in groupes.items()
    ]


def _jours(jours: Sequence[date]) -> str:
    return jour_en_lettres(jours[0]) if len(jours) == 1 else en_bref(jours)
