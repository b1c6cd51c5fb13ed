"""Cells of the planning: two hundred a page, so `format_html` writes them rather than a template."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join

from planning.cases import PASSE, Case
from planning.feuille import Feuille
from planning.grille import JourDuMois, Ligne
from planning.legende import LIBRE, Affichage
from planning.navigation import adresse_mois

register = template.Library()
register.filter("adresse_mois", adresse_mois)

PRESENT = "✓"
# A free day that can no longer be booked: a dot, so that its ground is not alone to tell it.
PLUS_POSSIBLE = "·"


def _signe(affichage: Affichage):
    """The glyph of a state: a character, or a drawing of the sprite."""
    if not affichage.glyphe.startswith("#"):
        return affichage.glyphe
    return format_html('<svg><use href="{}{}"></use></svg>', static("icones.svg"), affichage.glyphe)


@register.simple_tag
def marque(affichage: Affichage):
    """The square of the legend; the word stands beside it."""
    return format_html(
        '<span class="marque {}" aria-hidden="true">{}</span>', affichage.cle, _signe(affichage)
    )


def _repere(ligne: Ligne, case: Case) -> str:
    """Names a cell of the grid; the tick that stands in it, or in the weeks, takes its label from it."""
    return f"c{ligne.offre.prestation_id}-{case.jour.day}"


def _coche(ligne: Ligne, case: Case):
    """The tick that chooses a cell, where something may be asked.

    `data-peut`: r to book, a to declare an absence, n to cancel.
    """
    if not case.ouverte:
        return ""
    return format_html(
        '<input type="checkbox" name="cases" value="{}:{}" aria-labelledby="{}" data-peut="{}{}{}">',
        ligne.offre.prestation_id,
        case.jour,
        _repere(ligne, case),
        "r" if case.reserver.possible else "",
        "a" if case.absence.possible else "",
        "n" if case.annuler.possible else "",
    )


@register.simple_tag
def cases_de_la_ligne(feuille: Feuille, ligne: Ligne):
    """The cells of a prestation. `data-r`, `data-a`, `data-n`: the sentences of these requests."""
    rangs = feuille.rangs
    cases = zip(feuille.grille.jours, ligne.cases, strict=True)
    return format_html_join(
        "",
        '<td id="{}" class="{}" aria-label="{}" data-r="{}" data-a="{}"{}>{}{}{}</td>',
        (
            (
                _repere(ligne, case),
                _classes(jour, case),
                case.nom(ligne.prestation),
                rangs[case.reserver.phrase],
                rangs[case.absence.phrase],
                format_html(' data-n="{}"', rangs[case.annuler.phrase]) if case.annulation_dite else "",
                _coche(ligne, case),
                _dessin(case),
                PRESENT if case.present else "",
            )
            for jour, case in cases
        ),
    )


def _classes(jour: JourDuMois, case: Case) -> str:
    clos = " clos" if case.affichage == LIBRE and not case.reserver.possible else ""
    return f"{case.affichage.cle}{clos}{' auj' if jour.aujourdhui else ''}"


def _dessin(case: Case):
    if case.affichage == LIBRE:
        return "" if case.reserver.possible else PLUS_POSSIBLE
    return _signe(case.affichage)


@register.simple_tag
def case_du_jour(ligne: Ligne, case: Case):
    """A prestation in the list of a day: a tick when something may be asked, its state, its sentence."""
    etat = ""
    if case.affichage != LIBRE:
        present = f" {PRESENT} présent" if case.present else ""
        etat = format_html(
            '<span class="etat {}">{} {}{}</span>',
            case.affichage.cle,
            _signe(case.affichage),
            case.affichage.libelle,
            present,
        )
    balise = "label" if case.ouverte else "div"
    return format_html(
        "<li><{0}>{1}<b>{2}</b>{3}<small>{4}</small></{0}></li>",
        balise,
        _coche(ligne, case),
        ligne.prestation,
        etat,
        "" if case.phrase == PASSE else case.phrase,
    )
