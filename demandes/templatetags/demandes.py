"""`{% load demandes %}`: what the pages of the lower apps show of the requests."""

from django import template

from demandes.models import Demande
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
    memoire = context.render_context
    if MEMOIRE not in memoire:
        attente = Demande.objects.pour(acces).en_attente().exclude(cle="").defer("saisie")
        memoire[MEMOIRE] = {demande.cle: demande for demande in attente}
    regle = NATURES.get(nature)
    return {
        "nature": nature,
        "enfant": enfant,
        "offerte": permise and regle is not None,
        "demande": regle and memoire[MEMOIRE].get(regle.cle_de(acces, enfant)),
    }
