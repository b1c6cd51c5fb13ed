"""The planning as it is drawn: two hundred cells a page, so `format_html` writes them rather than a template.

A name is made of three texts of the page: `l…` the service, `j…` the day, `s…` the state and its sentence.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache, reduce
from operator import add

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from familles.francais import enumerer, jour_en_lettres, jour_sans_annee, majuscule, mois_en_lettres
from familles.gardes import gardes_de
from familles.horloge import aujourdhui
from planning.cases import PASSE
from planning.feuille import Feuille, Journee, Paquet, Semaine, Sorte
from planning.gardes import sejours
from planning.grille import JourDuMois, Ligne
from planning.legende import LEGENDE, LIBRE, Affichage
from planning.navigation import Calepin, adresse_mois
from planning.reglement_interieur import reglement_interieur

register = template.Library()
register.filter("adresse_mois", adresse_mois)

RIEN, FERMANTE, FIN_DE_JOURNEE = (format_html(f"{{}}{fin}", "") for fin in ("", ">", "</section>"))
PRESENT = "✓"
# A free day that can no longer be booked: a dot, so that its ground is not alone to tell it.
PLUS_POSSIBLE = "·"


def _tracer(morceaux: Iterable[SafeString]) -> SafeString:
    """Pieces end to end, each escaped already: with one that is not, the sum is not safe, and is escaped."""
    return reduce(add, morceaux, RIEN)


def _signe(affichage: Affichage):
    """The glyph of a state: a character, or a drawing of the sprite."""
    if not affichage.glyphe.startswith("#"):
        return affichage.glyphe
    return format_html('<svg><use href="{}{}"></use></svg>', static("icones.svg"), affichage.glyphe)


@register.simple_tag
def legende_des_etats():
    """The states of the manual's legend, as items of a list: the square, then its word."""
    return _legende(static("icones.svg"))


@cache
def _legende(_planche: str) -> SafeString:
    # Its address, which `_signe` writes, is all that may change from one process to the next.
    return format_html_join(
        "",
        '<li><span class="marque {}" aria-hidden="true">{}</span> {}</li>',
        ((affichage.cle, _signe(affichage), affichage.libelle) for affichage in LEGENDE.values()),
    )


@register.inclusion_tag("planning/_garde.html")
def calendrier_de_garde(acces, enfant, version):
    """Whose day it is, for the weeks to come: nothing for a child of one home."""
    gardes = gardes_de(enfant)
    vacances = [(v.du, v.au) for v in reglement_interieur(version).calendrier.vacances] if gardes else []
    return {"sejours": sejours(gardes, acces.famille.pk, aujourdhui(), vacances)}


@register.simple_tag
def jours_de_la_grille(feuille: Feuille):
    """The columns: « Je 10 », « jeudi 10 décembre 2026 » for who does not see them."""
    return _tracer(_colonne(jour) for jour in feuille.grille.jours)


@lru_cache(maxsize=512)  # the same for every family; half a millisecond a page
def _colonne(jour: JourDuMois) -> SafeString:
    classes = " ".join(nom for nom, vaut in (("auj", jour.aujourdhui), ("we", jour.fin_de_semaine)) if vaut)
    return format_html(
        '<th id="j{}" scope="col" aria-label="{}{}" data-jour="{}"{}{}><span>{}</span>{}</th>',
        jour.jour.day,
        jour_en_lettres(jour.jour),
        " (aujourd’hui)" if jour.aujourdhui else "",
        jour.jour.weekday(),
        format_html(' class="{}"', classes) if classes else "",
        format_html(' title="{}"', jour.nom) if jour.nom else "",
        jour.court,
        f"{jour.jour.day:02d}",
    )


@register.simple_tag
def sortes_de_cases(feuille: Feuille):
    """What the cells say, once each; `data-r`, `data-a`, `data-n`: the sentences of these requests.

    And how their names begin: « Repas, », which the grid's own head would say without its comma.
    """
    rangs = feuille.rangs
    debuts = format_html_join(
        "",
        '<i id="l{}">{},</i>',
        ((ligne.rang, ligne.prestation) for ligne in feuille.grille.lignes),
    )
    return debuts + _tracer(
        format_html(
            '<i id="s{}" data-peut="{}" data-r="{}" data-a="{}"{}>: {}</i>',
            sorte.rang,
            sorte.peut,
            rangs[sorte.case.reserver.phrase],
            rangs[sorte.case.absence.phrase],
            format_html(' data-n="{}"', rangs[sorte.case.annuler.phrase])
            if sorte.case.annulation_dite
            else "",
            sorte.case.dite,
        )
        for sorte in feuille.sortes
    )


# Cells and ticks are five hundred a page, and `format_html` costs 4 µs each time: it makes pieces, which are
# the same for all families, and a cell is the sum of a few of them (1.5 ms a page).


@lru_cache(maxsize=2048)
def _sur(modele: str, *valeurs) -> SafeString:
    return format_html(modele, *valeurs)


def _nom(ligne: Ligne, jour: JourDuMois, sorte: Sorte) -> SafeString:
    """`aria-labelledby`, without the end of its tag."""
    debut = _sur(' aria-labelledby="l{} j', ligne.rang)
    return debut + _sur("{}", jour.jour.day) + _sur(' s{}"', sorte.rang)


def _coche(ligne: Ligne, jour: JourDuMois, sorte: Sorte) -> SafeString:
    """The tick that chooses a cell, where something may be asked, in few letters."""
    debut = _sur("<input type=checkbox name=cases value={}:", ligne.offre.prestation_id)
    return debut + _sur("{}", jour.jour) + _nom(ligne, jour, sorte) + FERMANTE


@register.simple_tag
def cases_de_la_ligne(feuille: Feuille, ligne: Ligne):
    """The cells of a prestation: the tick bears the name where there is one, else the cell."""
    sortes = feuille.sortes_de(ligne)
    dessins = {sorte.rang: (_classe(sorte), _dessin(sorte)) for sorte in set(sortes)}
    return _tracer(
        _cellule(ligne, jour, sorte, *dessins[sorte.rang])
        for jour, sorte in zip(feuille.grille.jours, sortes, strict=True)
    )


def _cellule(ligne: Ligne, jour: JourDuMois, sorte: Sorte, classe: str, dessin: SafeString) -> SafeString:
    debut = _sur('<td class="{}{}"', classe, " auj" if jour.aujourdhui else "")
    if sorte.peut:
        return debut + FERMANTE + _coche(ligne, jour, sorte) + dessin
    return debut + _nom(ligne, jour, sorte) + FERMANTE + dessin


def _classe(sorte: Sorte) -> str:
    return sorte.affichage.cle + (" clos" if sorte.plus_possible else "")


def _dessin(sorte: Sorte) -> SafeString:
    """What a cell shows, to its end."""
    signe = PLUS_POSSIBLE if sorte.plus_possible else _signe(sorte.affichage)
    return format_html("{}{}</td>", signe, PRESENT if sorte.case.present else "")


@register.simple_tag
def journees_de(semaine: Semaine):
    """The days of a week, one under the other."""
    return _tracer(map(_journee, semaine.journees))


def _journee(journee: Journee) -> SafeString:
    if not journee.paquets:
        jour = majuscule(jour_sans_annee(journee.jour.jour))
        return _sur('<p class="journee close"><b>{}</b> {}</p>', jour, journee.phrase)
    paquets = _tracer(_paquet(journee.jour, paquet) for paquet in journee.paquets)
    return _tete_de_journee(journee.jour) + paquets + FIN_DE_JOURNEE


@lru_cache(maxsize=512)
def _tete_de_journee(jour: JourDuMois) -> SafeString:
    classe, suite = (" auj", " (aujourd’hui)") if jour.aujourdhui else ("", "")
    titre = majuscule(jour_sans_annee(jour.jour))
    return format_html('<section class="journee{}"><h3>{}{}</h3>', classe, titre, suite)


def _paquet(jour: JourDuMois, paquet: Paquet) -> SafeString:
    """Services by what may be done: the sentence once, then their ticks or their names."""
    sorte = paquet.sorte
    etat = _etat(sorte.affichage, sorte.case.present)
    phrase = RIEN if sorte.case.phrase == PASSE else _sur("<small>{}</small>", sorte.case.phrase)
    if not sorte.peut:
        noms = enumerer([ligne.prestation for ligne in paquet.lignes])
        return format_html('<p class="close"><b>{}</b>{}{}</p>', noms, etat, phrase)
    coches = _tracer(
        _sur("<li><label>{}", "") + _coche(ligne, jour, sorte) + _sur("{}</label></li>", ligne.prestation)
        for ligne in paquet.lignes
    )
    return format_html("<p>{}{}</p><ul>{}</ul>", etat, phrase, coches)


@cache  # the states of the legend, present or not
def _etat(affichage: Affichage, present: bool) -> SafeString:
    if affichage == LIBRE:
        return RIEN
    return format_html(
        '<span class="etat {}">{} {}{}</span>',
        affichage.cle,
        _signe(affichage),
        affichage.libelle,
        f" {PRESENT} présent" if present else "",
    )


@register.simple_tag
def choix_des_mois(calepin: Calepin):
    """The months of the chooser, by school year."""
    return _choix_des_mois(calepin)


@lru_cache(maxsize=256)  # the same for most children of a town; a third of a millisecond
def _choix_des_mois(calepin: Calepin) -> SafeString:
    seul = _option(calepin.premier, calepin.premier) if calepin.hors_annees else RIEN
    return seul + _tracer(
        format_html(
            '<optgroup label="Année {}">{}</optgroup>',
            annee.libelle,
            _tracer(_option(mois, calepin.premier) for mois in annee.mois),
        )
        for annee in calepin.annees
    )


def _option(mois: date, choisi: date) -> SafeString:
    choix = format_html(" {}", "selected") if mois == choisi else ""
    return format_html('<option value="{}"{}>{}</option>', adresse_mois(mois), choix, mois_en_lettres(mois))
