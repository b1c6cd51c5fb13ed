"""The town's calendar: school holidays, public holidays, booking windows."""

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html

from familles.admin.base import PageHistorisee
from familles.donnees import perimer
from familles.enums import NatureFiscale
from familles.francais import pluriel
from familles.models import Prestation
from planning.admin.lecture import PagePlanning
from planning.enums import SourceCalendrier
from planning.fermetures import reservees_malgre_tout
from planning.models import Creneau, JourFerie, Vacances

DROIT_A_LA_CANTINE = (
    "Attention : tout élève a droit à la cantine de son école (article L. 131-13 du code de l’éducation). "
    "Réserver aux habitants les premiers jours d’inscription ne doit priver aucun élève de sa place."
)


DEJA_RESERVE = (
    "{} sur ces jours où le service n’ouvre plus : rien n’en sera servi ni facturé, mais les familles ne le "
    'savent pas. <a href="{}">Ajoutez une fermeture</a> pour les excuser et prévenir les familles.'
)


class CalendrierAdmin(PagePlanning, PageHistorisee):
    """Rows that an import seeded say so until someone has checked them."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        du, au = (obj.jour, obj.jour) if isinstance(obj, JourFerie) else (obj.du, obj.au)
        if nombre := reservees_malgre_tout(du, au):
            restent = pluriel(nombre, "réservation reste", "réservations restent")
            fermer = reverse("admin:planning_fermeture_add")
            messages.warning(request, format_html(DEJA_RESERVE, restent, fermer))

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
    list_display = ["nom", "jour", "source_affichee"]
    list_filter = ["source"]
    search_fields = ["nom"]
    search_help_text = "Nom du jour férié"
    date_hierarchy = "jour"
    fields = ["nom", "jour", "source"]


class CreneauForm(forms.ModelForm):
    """A day and an hour under one label: each says which it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            if isinstance(champ, forms.SplitDateTimeField):
                for partie, widget in zip(("jour", "heure"), champ.widget.widgets, strict=True):
                    widget.attrs["aria-label"] = f"{champ.label}, {partie}"


@admin.register(Creneau)
class CreneauAdmin(PagePlanning, PageHistorisee):
    """« Créneaux d’inscription »."""

    form = CreneauForm
    list_display = ["nom", "du", "au", "ouverture", "ouverture_residents", "fermeture", "portee"]
    search_fields = ["nom"]
    search_help_text = "Nom du créneau"
    autocomplete_fields = ["prestations"]
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
