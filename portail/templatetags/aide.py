"""Tags of the help: its links, its pictures."""

from django import template
from django.urls import reverse

from portail import aide

register = template.Library()


@register.simple_tag(takes_context=True)
def adresse_aide(context) -> str:
    """The page of the help that explains the screen being read; its contents otherwise."""
    trouvee = getattr(context["request"], "resolver_match", None)
    if trouvee is None:
        return reverse("portail:aide")
    if trouvee.app_name == "admin":
        page = aide.page_de_l_admin(trouvee.url_name or "")
        return reverse("admin:aide_page", args=[page.cle]) if page else reverse("admin:aide")
    page = aide.page_de_la_vue(trouvee.view_name)
    return reverse("portail:aide_page", args=[page.cle]) if page else reverse("portail:aide")


@register.inclusion_tag("portail/aide/_capture.html")
def capture(nom: str, texte: str):
    """`{% capture "planning" "Le planning de Léa" %}`: what the screen looks like, taken by `make captures`.

    Asked for only when it comes near the window, its place kept meanwhile.
    """
    prise = aide.prises()[nom]
    return {
        "fichier": f"aide/{nom}.webp",
        "texte": texte,
        "largeur": prise["largeur"],
        "hauteur": prise["hauteur"],
    }
