"""Several requests decided at once: one by one, each in its own transaction, each with its own report."""

from collections.abc import Iterable
from dataclasses import dataclass

from demandes import actions, jours_passes
from demandes.actions import SA_FAMILLE
from demandes.admin import decision
from demandes.models import Demande
from demandes.natures import NATURES
from familles.erreurs import Refus

A_LIRE = "elle touche à la santé, à l’argent ou à qui vient chercher l’enfant : lisez-la sur sa page."
EN_CONFLIT = "la fiche a changé depuis le dépôt : comparez et décidez sur sa page."


@dataclass(frozen=True)
class Issue:
    """What became of one request; `obstacle`: why nothing was decided."""

    pk: int
    demande: Demande | None = None
    obstacle: str = ""


def en_bref(demande: Demande, compte) -> list[str]:
    """What the page of a lot says of a request: with its values when it may be accepted there, unopened."""
    regle = NATURES[demande.nature]
    if regle.a_lire or not regle.lisible_par_agent(compte):
        return [regle.objet(demande)]
    couples = zip(regle.colonnes, regle.cellules(demande), strict=True)
    return [f"{colonne} : {texte}" for colonne, texte in couples if texte]


def a_decider(demandes: Iterable[Demande], compte) -> list[tuple[Demande, list[str], str, str]]:
    """Each with what it asks, why this account does not decide it (empty: it does), and its past days."""
    return [
        (
            d,
            en_bref(d, compte),
            SA_FAMILLE if d.de_sa_famille else decision.empeche(d, compte),
            jours_passes.en_resume(d),
        )
        for d in demandes
    ]


def decider(pks: Iterable[int], *, refus: bool, motif: str, par) -> list[Issue]:
    """Accept or refuse each; one that resists stops nobody."""
    issues = []
    for pk in sorted(pks):
        try:
            issues.append(Issue(pk, demande=_decider(pk, refus, motif, par)))
        except Refus as obstacle:
            issues.append(Issue(pk, obstacle=obstacle.message))
    return issues


def _decider(pk: int, refus: bool, motif: str, par) -> Demande:
    if obstacle := decision.empechement(pk, par):
        raise Refus(obstacle)
    if refus:
        return actions.refuser(demande=Demande(pk=pk), motif=motif, par=par)
    demande = Demande.objects.select_related("famille", "enfant", "concerne").filter(pk=pk).first()
    regle = NATURES.get(demande.nature) if demande else None
    vu = None
    if demande and regle and demande.en_attente:
        if regle.a_lire:
            raise Refus(A_LIRE)
        vu = regle.empreinte(demande)
        if any(change.conflit for change in regle.resume(demande) if demande.avant):
            raise Refus(EN_CONFLIT)
    # What was compared is what is accepted: the action asks for the same fingerprint under its lock.
    return actions.accepter(demande=Demande(pk=pk), par=par, vu=vu)
