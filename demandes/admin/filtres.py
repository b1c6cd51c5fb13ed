"""How the staff narrow the list of requests."""

from django.contrib import admin

from demandes.enums import DECIDEES, EtatDemande
from demandes.natures import NATURES
from familles.horloge import aujourdhui


class EtatFilter(admin.SimpleListFilter):
    """What waits, unless asked for the rest."""

    title = "réponse"
    parameter_name = "etat"
    etats = {
        "decidees": DECIDEES,
        "retirees": [EtatDemande.ANNULEE],
        "toutes": EtatDemande.values,
    }

    def lookups(self, request, model_admin):
        return [("decidees", "Décidées"), ("retirees", "Retirées"), ("toutes", "Toutes")]

    def choices(self, changelist):
        for choix in super().choices(changelist):
            # Django's first entry says « Tout », and this list begins with what waits.
            defaut = choix["display"] not in dict(self.lookup_choices).values()
            yield choix | {"display": "En attente"} if defaut else choix

    def queryset(self, request, queryset):
        if self.value() in self.etats:
            return queryset.filter(etat__in=self.etats[self.value()])
        return queryset.en_attente()


class NatureFilter(admin.SimpleListFilter):
    title = "type d’information"
    parameter_name = "nature"

    def lookups(self, request, model_admin):
        return [(cle, nature.libelle) for cle, nature in NATURES.items()]

    def queryset(self, request, queryset):
        return queryset.filter(nature=self.value()) if self.value() in NATURES else queryset


class UrgenceFilter(admin.SimpleListFilter):
    title = "urgence"
    parameter_name = "urgence"

    def lookups(self, request, model_admin):
        return [("oui", "Pour aujourd’hui ou demain")]

    def queryset(self, request, queryset):
        return queryset.urgentes(aujourdhui()) if self.value() == "oui" else queryset
