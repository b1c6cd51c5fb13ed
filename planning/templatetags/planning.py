"""The planning as it is drawn: two hundred cells a page, so strings join here rather than in a template.

What differs from one cell to the next is numbers and days; names and sentences are escaped where they enter.
A name is made of three texts of the page: `l…` the service, `j…` the day, `s…` the state and its sentence.
"""

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from familles.francais import enumerer, jour_en_lettres
from planning.cases import PASSE
from planning.feuille import Feuille, Journee, Paquet, Sorte
from planning.grille import JourDuMois, Ligne
from planning.legende import LIBRE, Affichage
from planning.navigation import adresse_mois

register = template.Library()
register.filter("adresse_mois", adresse_mois)

PRESENT = "✓"
# A free day that can no longer be booked: a dot, so that its ground is not alone to tell it.
PLUS_POSSIBLE = "·"


def _tracer(morceaux) -> SafeString:
    """Markup whose every text was escaped by who made it."""
    return mark_safe("".join(morceaux))  # nosec B308 B703


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


@register.simple_tag
def jours_de_la_grille(feuille: Feuille):
    """The columns: « Je 10 », « jeudi 10 décembre 2026 » for who does not see them."""
    return _tracer(_colonne(jour) for jour in feuille.grille.jours)


def _colonne(jour: JourDuMois) -> str:
    classes = " ".join(nom for nom, vaut in (("auj", jour.aujourdhui), ("we", jour.fin_de_semaine)) if vaut)
    attributs = f' class="{classes}"' if classes else ""
    attributs += f' title="{escape(jour.nom)}"' if jour.nom else ""
    nom = jour_en_lettres(jour.jour) + (" (aujourd’hui)" if jour.aujourdhui else "")
    return (
        f'<th id="j{jour.jour.day}" scope="col" aria-label="{nom}"'
        f' data-jour="{jour.jour.weekday()}"{attributs}>'
        f"<span>{jour.court}</span>{jour.jour.day:02d}</th>"
    )


@register.simple_tag
def sortes_de_cases(feuille: Feuille):
    """What the cells say, once each; `data-r`, `data-a`, `data-n`: the sentences of these requests."""
    rangs = feuille.rangs
    return _tracer(
        f'<span id="s{s.rang}" data-peut="{s.peut}" data-r="{rangs[s.case.reserver.phrase]}"'
        f' data-a="{rangs[s.case.absence.phrase]}"'
        + (f' data-n="{rangs[s.case.annuler.phrase]}"' if s.case.annulation_dite else "")
        + f">: {escape(s.case.dite)}</span>"
        for s in feuille.sortes
    )


def _nom(ligne: Ligne, jour: JourDuMois, sorte: Sorte) -> str:
    return f'aria-labelledby="l{ligne.offre.prestation_id} j{jour.jour.day} s{sorte.rang}"'


def _coche(ligne: Ligne, jour: JourDuMois, sorte: Sorte) -> str:
    """The tick that chooses a cell, where something may be asked."""
    valeur = f"{ligne.offre.prestation_id}:{jour.jour.isoformat()}"
    return f'<input type="checkbox" name="cases" value="{valeur}" {_nom(ligne, jour, sorte)}>'


@register.simple_tag
def cases_de_la_ligne(feuille: Feuille, ligne: Ligne):
    """The cells of a prestation: the tick bears the name where there is one, else the cell."""
    dessins = {sorte.rang: (_classe(sorte), _dessin(sorte), bool(sorte.peut)) for sorte in feuille.sortes}
    morceaux = []
    for jour, case in zip(feuille.grille.jours, ligne.cases, strict=True):
        sorte = feuille.sorte(case)
        classe, dessin, ouverte = dessins[sorte.rang]
        nom, coche = ("", _coche(ligne, jour, sorte)) if ouverte else (f" {_nom(ligne, jour, sorte)}", "")
        auj = " auj" if jour.aujourdhui else ""
        morceaux.append(f'<td class="{classe}{auj}"{nom}>{coche}{dessin}</td>')
    return _tracer(morceaux)


def _classe(sorte: Sorte) -> str:
    return sorte.affichage.cle + (" clos" if sorte.plus_possible else "")


def _dessin(sorte: Sorte) -> str:
    signe = PLUS_POSSIBLE if sorte.plus_possible else _signe(sorte.affichage)
    return signe + (PRESENT if sorte.case.present else "")


@register.simple_tag
def paquets_du_jour(journee: Journee):
    """The services of a day, by what may be done: the sentence once, then their ticks or their names."""
    return _tracer(_paquet(journee.jour, paquet) for paquet in journee.paquets)


def _paquet(jour: JourDuMois, paquet: Paquet) -> str:
    sorte = paquet.sorte
    phrase = "" if sorte.case.phrase == PASSE else f"<small>{escape(sorte.case.phrase)}</small>"
    dit = _etat(sorte) + phrase
    if not sorte.peut:
        noms = escape(enumerer([ligne.prestation for ligne in paquet.lignes]))
        return f'<p class="close"><b>{noms}</b>{dit}</p>'
    coches = (
        f"<li><label>{_coche(ligne, jour, sorte)}{escape(ligne.prestation)}</label></li>"
        for ligne in paquet.lignes
    )
    return f"<p>{dit}</p><ul>{''.join(coches)}</ul>"


def _etat(sorte: Sorte) -> str:
    if sorte.affichage == LIBRE:
        return ""
    present = f" {PRESENT} présent" if sorte.case.present else ""
    classe, signe = sorte.affichage.cle, _signe(sorte.affichage)
    return f'<span class="etat {classe}">{signe} {escape(sorte.affichage.libelle)}{present}</span>'
