"""The town's calendar: school holidays, public holidays, closures."""

from django.contrib import admin, messages
from django.utils.html import format_html

from familles.admin.base import PageHistorisee
from familles.francais import pluriel
from planning.admin.lecture import ListeTitreeAdmin
from planning.enums import SourceCalendrier
from planning.models import Fermeture, JourFerie, Reservation, Vacances


class CalendrierAdmin(ListeTitreeAdmin, PageHistorisee):
    """Rows that an import seeded say so until someone has checked them."""

    @admin.display(description="source", ordering="source")
    def source_affichee(self, ligne):
        classe = "attente" if ligne.source == SourceCalendrier.EXTRAPOLEE else ""
        return format_html('<span class="etat {}">{}</span>', classe, ligne.get_source_display())


@admin.register(Vacances)
class VacancesAdmin(CalendrierAdmin):
    titre_liste = "Vacances scolaires"
    list_display = ["nom", "nature", "du", "au", "source_affichee"]
    list_filter = ["source", "nature"]
    search_fields = ["nom"]
    search_help_text = "Nom des vacances"
    date_hierarchy = "du"
    fields = ["nom", "nature", "du", "au", "source"]


@admin.register(JourFerie)
class JourFerieAdmin(CalendrierAdmin):
    titre_liste = "Jours fériés"
    list_display = ["nom", "jour", "source_affichee"]
    list_filter = ["source"]
    search_fields = ["nom"]
    search_help_text = "Nom du jour férié"
    date_hierarchy = "jour"
    fields = ["nom", "jour", "source"]


@admin.register(Fermeture)
class FermetureAdmin(ListeTitreeAdmin, PageHistorisee):
    titre_liste = "Fermetures"
    list_display = ["motif", "du", "au", "portee"]
    list_filter = ["structure", "prestation"]
    list_select_related = ["structure", "prestation__structure"]
    search_fields = ["motif", "structure__nom", "prestation__nom"]
    search_help_text = "Motif, structure ou prestation"
    date_hierarchy = "du"
    autocomplete_fields = ["structure", "prestation"]
    fieldsets = [
        (None, {"fields": ["motif", "du", "au"]}),
        (
            "Ce qui ferme",
            {
                "fields": ["structure", "prestation"],
                "description": "Une structure, ou une prestation. Rien des deux : tous les services ferment.",
            },
        ),
    ]

    @admin.display(description="ce qui ferme")
    def portee(self, fermeture):
        if fermeture.prestation:
            return f"{fermeture.prestation.nom} ({fermeture.prestation.structure})"
        return fermeture.structure or "Tous les services"

    def save_model(self, request, obj, form, change):
        """A closure does not undo what was booked: say at once how many families must be answered."""
        super().save_model(request, obj, form, change)
        nombre = Reservation.objects.occupantes().fermees_par(obj).count()
        if nombre:
            phrase = pluriel(nombre, "réservation reste prise", "réservations restent prises")
            messages.warning(request, f"{phrase} sur ces jours : prévenez les familles.")
