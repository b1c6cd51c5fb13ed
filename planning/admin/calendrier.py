"""The town's calendar: school holidays, public holidays, booking windows."""

from django.contrib import admin, messages
from django.utils.html import format_html

from familles.admin.base import PageHistorisee
from familles.donnees import perimer
from familles.enums import NatureFiscale
from familles.models import Prestation
from planning.admin.lecture import ListeTitreeAdmin
from planning.enums import SourceCalendrier
from planning.models import Creneau, JourFerie, Vacances

DROIT_A_LA_CANTINE = (
    "Attention : tout élève a droit à la cantine de son école (article L. 131-13 du code de l’éducation). "
    "Réserver aux habitants les premiers jours d’inscription ne doit priver aucun élève de sa place."
)


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


@admin.register(Creneau)
class CreneauAdmin(ListeTitreeAdmin, PageHistorisee):
    """« Créneaux d’inscription »."""

    titre_liste = "Créneaux d’inscription"
    list_display = ["nom", "du", "au", "ouverture", "ouverture_residents", "fermeture", "portee"]
    search_fields = ["nom"]
    search_help_text = "Nom du créneau"
    filter_horizontal = ["prestations"]
    fieldsets = [
        (None, {"fields": ["nom"]}),
        (
            "Les jours qu’il ouvre",
            {
                "fields": ["du", "au", "prestations"],
                "description": "Ces jours ne se réservent que pendant le créneau ; les limites de chaque "
                "jour restent à respecter. Un jour qu’aucun créneau ne couvre se réserve à tout moment.",
            },
        ),
        ("Quand", {"fields": ["ouverture", "ouverture_residents", "fermeture"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("prestations")

    @admin.display(description="prestations")
    def portee(self, creneau):
        return ", ".join(p.nom for p in creneau.prestations.all()) or "Toutes"

    def save_related(self, request, form, formsets, change):
        """The prestations come after the row: what was cached between the two is forgotten."""
        super().save_related(request, form, formsets, change)
        perimer()
        creneau = form.instance
        if creneau.ouverture_residents and self._cantine(creneau):
            messages.warning(request, DROIT_A_LA_CANTINE)

    @staticmethod
    def _cantine(creneau: Creneau) -> bool:
        """Whether it holds a meal of school days."""
        choisies = creneau.prestations.all() or Prestation.objects.filter(active=True)
        return any(p.nature_fiscale == NatureFiscale.REPAS and not p.ouverte_vacances for p in choisies)
