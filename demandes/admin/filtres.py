"""How the staff narrow the list of requests."""

from django.contrib import admin

from demandes.enums import DECIDEES, EtatDemande
from demandes.natures import NATURES, decidees_par, ouvertes_a
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


class DecideurFilter(admin.SimpleListFilter):
    """Whose they are to decide: bank, CAF and tax are not every agent's."""

    title = "qui décide"
    parameter_name = "decide"

    def lookups(self, request, model_admin):
        # Offered to who decides some and not others.
        moi, vues = decidees_par(request.user), ouvertes_a(request.user)
        return [("moi", "Moi"), ("autres", "Quelqu’un d’autre")] if moi and len(moi) < len(vues) else []

    def queryset(self, request, queryset):
        siennes = decidees_par(request.user)
        if self.value() == "moi":
            return queryset.filter(nature__in=siennes)
        return queryset.exclude(nature__in=siennes) if self.value() == "autres" else queryset


class NatureFilter(admin.SimpleListFilter):
    title = "type d’information"
    parameter_name = "nature"

    def lookups(self, request, model_admin):
        return [(cle, NATURES[cle].libelle) for cle in ouvertes_a(request.user)]

    def queryset(self, request, queryset):
        return queryset.filter(nature=self.value()) if self.value() in NATURES else queryset


class UrgenceFilter(admin.SimpleListFilter):
    title = "urgence"
    parameter_name = "urgence"

    def lookups(self, request, model_admin):
        return [("oui", "Pour aujourd’hui ou demain")]

    def queryset(self, request, queryset):
        return queryset.urgentes(aujourdhui()) if self.value() == "oui" else queryset
