"""Tags that the templates of every app may load: `{% load composants %}`."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def icone(nom: str):
    """A drawing of the sprite, hidden from screen readers: a text always stands beside it."""
    return format_html(
        '<svg class="icone" width="16" height="16" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icones.svg"),
        nom,
    )
