"""Tags that the templates of every app may load: `{% load composants %}`."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
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


@register.simple_tag
def adresse(vue: str, *cles):
    """`{% adresse "familles:enfant" enfant.pk %}`: as `url` answers, sought once. For the frame and the pages
    opened every day: the planning asks twenty-five of them, 35 µs each.
    """
    return _adresse(get_script_prefix(), vue, *cles)


@lru_cache(maxsize=2048)
def _adresse(_racine: str, vue: str, *cles) -> str:
    # `reverse` puts the prefix of the request (`_racine`) before what it finds.
    return reverse(vue, args=cles)


@register.simple_tag(takes_context=True)
def onglet(context, cle: str, vue: str, dessin: str, libelle: str, court: str):
    """One tab: `libelle` in full, `court` on a phone."""
    return _onglet(adresse(vue), icone(dessin), libelle, court, context.get("onglet") == cle)


@cache  # two drawings of each: the frame asks for six on every page
def _onglet(lien: str, dessin: SafeString, libelle: str, court: str, courant: bool) -> SafeString:
    return format_html(
        '<li><a href="{}"{}>{}<span class="entier">{}</span>'
        '<span class="court" aria-hidden="true">{}</span></a></li>\n',
        lien,
        format_html(' aria-current="{}"', "page") if courant else "",
        dessin,
        libelle,
        court,
    )


@register.simple_tag(takes_context=True)
def champs_refuses(context) -> list[tuple[str, str, str]] | None:
    """Of what was sent in the page's `form` (or set of forms) and files: label, identifier, first error.

    None when nothing was refused, empty when only the form as a whole was: its own alert says why.
    """
    if getattr(context.get("request"), "method", "") != "POST":
        return None
    envoyes = [context.get(nom) for nom in ("form", "joindre")]
    # Some come from the grid: what the page is about to ask was not left out.
    envoyes = [f for f in envoyes if getattr(f, "is_bound", False) and getattr(f, "reclamee", True)]
    refuses = [f for f in envoyes if not f.is_valid()]
    return [champ for form in refuses for champ in _refuses(form)] if refuses else None


def _refuses(form) -> Iterator[tuple[str, str, str]]:
    for un in getattr(form, "forms", [form]):
        for champ in un.visible_fields():
            if champ.errors:
                yield champ.label, champ.id_for_label or champ.auto_id, champ.errors[0]


@register.simple_block_tag(takes_context=True)
def carte(context, content, titre: str, adresse: str = "", action: str = ""):
    """`{% carte "Votre compte" %}…{% endcarte %}`: a titled card."""
    valeurs = {"titre": titre, "contenu": content, "adresse": adresse, "action": action}
    return context.template.engine.get_template("composants/carte.html").render(context.new(valeurs))
