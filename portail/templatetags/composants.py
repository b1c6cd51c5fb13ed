"""Tags that the templates of every app may load: `{% load composants %}`."""

from decimal import Decimal
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from familles.francais import euros

register = template.Library()


@register.simple_tag
def icone(nom: str):
    """A drawing of the sprite, hidden from screen readers: a text always stands beside it."""
    return _icone(static("icones.svg"), nom)


@cache
def _icone(planche: str, nom: str) -> SafeString:
    return format_html(
        '<svg class="icone" width="16" height="16" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        planche,
        nom,
    )


@register.simple_tag
def montant(valeur: Decimal):
    """« 1 204,50 € », never cut at the end of a line, figures aligned."""
    return format_html('<span class="montant">{}</span>', euros(valeur))


@register.inclusion_tag("composants/onglet.html", takes_context=True)
def onglet(context, cle: str, adresse: str, dessin: str, libelle: str, court: str):
    return {
        "adresse": adresse,
        "dessin": dessin,
        "libelle": libelle,
        "court": court,
        "courant": context.get("onglet") == cle,
    }


@register.simple_block_tag(takes_context=True)
def carte(context, content, titre: str, adresse: str = "", action: str = ""):
    """`{% carte "Votre compte" %}…{% endcarte %}`: a titled card."""
    valeurs = {"titre": titre, "contenu": content, "adresse": adresse, "action": action}
    return context.template.engine.get_template("composants/carte.html").render(context.new(valeurs))
