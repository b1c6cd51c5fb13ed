"""`{% load demandes %}`: what the pages of the lower apps show of the requests."""

from django import template

from demandes.enums import ACCORDEES
from demandes.models import Demande, PieceJointe
from demandes.natures import NATURES

register = template.Library()
MEMOIRE = "demandes.en_attente_par_cle"


@register.inclusion_tag("demandes/_lien_modifier.html", takes_context=True)
def lien_modifier(context, acces, nature: str, enfant=None, permise=True):
    """`{% lien_modifier request.acces "conjoint" %}`: asks for a change, or names the request that waits.

    A section of a child takes the child: `{% lien_modifier request.acces "identite" enfant %}`.

    The page has already decided that this adult may read the section, and may ask (`permise`); one query for
    all of its links.
    """
    return {
        "nature": nature,
        "enfant": enfant,
        "offerte": permise and nature in NATURES,
        "demande": _en_attente(context, acces, nature, enfant),
    }


@register.simple_tag(takes_context=True)
def changements_attendus(context, acces, nature: str, enfant=None):
    """What the pending request of a section would change, for `attendu`; the same rights as its own page."""
    demande = _en_attente(context, acces, nature, enfant)
    regle = demande and NATURES.get(demande.nature)
    return regle.attendus(demande) if regle and regle.lisible_par(acces, demande) else []


@register.inclusion_tag("demandes/_attendu.html")
def attendu(changements, libelle: str):
    """« en attente : 3 place du Marché », next to the value that a pending request would change."""
    return {"changement": next((c for c in changements if c.libelle == libelle), None)}


@register.inclusion_tag("demandes/_documents_gardes.html")
def documents_gardes(acces, nature: str, enfant):
    """The documents that the staff keep for a section of a child, for who may read it: « Mon PAI.pdf »."""
    regle = NATURES[nature]
    if not regle.garde_pieces:
        return {"documents": [], "famille": acces.famille}
    pieces = PieceJointe.objects.pour(acces).filter(
        demande__nature=nature, demande__enfant=enfant, demande__etat__in=ACCORDEES
    )
    pieces = pieces.select_related("demande__enfant").order_by("-demande__decide_le", "pk")
    lisibles = [p for p in pieces if regle.lisible_par(acces, p.demande)]
    return {"documents": lisibles, "famille": acces.famille}


def _en_attente(context, acces, nature: str, enfant) -> Demande | None:
    memoire = context.render_context
    if MEMOIRE not in memoire:
        attente = Demande.objects.pour(acces).en_attente().exclude(cle="")
        attente = attente.select_related("famille", "concerne", "enfant")
        memoire[MEMOIRE] = {demande.cle: demande for demande in attente}
    regle = NATURES.get(nature)
    return memoire[MEMOIRE].get(regle.cle_de(acces, enfant)) if regle else None
