"""Filters over familles.francais: `{% load francais %}`."""

from django import template

from familles import francais

register = template.Library()


def _vide_si_absent(fonction):
    def filtre(valeur):
        return "" if valeur is None or valeur == "" else fonction(valeur)

    return filtre


for nom in (
    "jour_en_lettres",
    "jour_sans_annee",
    "jour_court",
    "jour_chiffres",
    "mois_en_lettres",
    "de_mois",
    "heure",
    "moment",
    "euros",
    "sens",
    "nombre",
    "de",
    "minuscule",
    "taille",
):
    # Instants come from the database in UTC: people read the town’s time.
    register.filter(nom, _vide_si_absent(getattr(francais, nom)), expects_localtime=True)
