"""The town's house rules: deadlines, with what they give day by day, and the reasons of an absence."""

from datetime import time

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTimeWidget

from familles.admin.base import PageHistorisee, Tableau
from familles.admin.offre import JoursField
from familles.horloge import maintenant
from familles.models import Prestation
from planning.admin.lecture import PagePlanning
from planning.delais import Fenetre, Regle
from planning.effet import effets, jours_vises, phrase_regle
from planning.enums import ModeDelai, Operation
from planning.models import EcheanceDatee, MotifAbsence, RegleDelai
from planning.reglement_interieur import CHAMPS, offre_de, reglement_interieur

VOIR_EFFET = "_effet"
CHAMP_DU_MODE = {
    ModeDelai.SEMAINE: ("Un jour fixe d’une semaine", "jour_limite"),
    ModeDelai.JOURS: ("Un nombre de jours avant", "comptage"),
    ModeDelai.MOIS: ("Un jour d’un mois", "quantieme"),
}


class RegleDelaiForm(forms.ModelForm):
    jours = JoursField(
        label="Jours réservés concernés", required=False, help_text="Aucun coché : tous les jours."
    )

    class Meta:
        model = RegleDelai
        fields = [
            "operation",
            "prestation",
            "jours",
            "mode",
            "nombre",
            "heure",
            "jour_limite",
            "comptage",
            "quantieme",
            "retard",
            "retard_heures",
        ]
        widgets = {"heure": AdminTimeWidget(format="%H:%M")}

    def is_valid(self):
        """« Voir l’effet » shows and saves nothing: the admin saves only what is valid."""
        return super().is_valid() and VOIR_EFFET not in self.data


class EcheanceInline(Tableau):
    model = EcheanceDatee
    extra = 0
    verbose_name_plural = "dates données une à une"


def regle_pure(ligne: RegleDelai, dates) -> Regle:
    """The row as the rules read it; a form leaves « 12:00 » as it was typed until it is read."""
    valeurs = {champ: getattr(ligne, champ) for champ in CHAMPS}
    if isinstance(valeurs["heure"], str):
        valeurs["heure"] = time.fromisoformat(valeurs["heure"])
    return Regle(**valeurs, dates=tuple(dates), cle=ligne.pk)


@admin.register(RegleDelai)
class RegleDelaiAdmin(PagePlanning, PageHistorisee):
    form = RegleDelaiForm
    inlines = [EcheanceInline]
    list_display = ["operation", "portee", "jours_affiches", "limite", "retard_affiche"]
    list_filter = ["operation", "mode", "prestation"]
    list_select_related = ["prestation"]
    search_fields = ["prestation__nom"]
    search_help_text = "Nom de la prestation"
    autocomplete_fields = ["prestation"]
    change_form_template = "admin/planning/regledelai/change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("dates")

    def get_fieldsets(self, request, obj=None):
        modifiable = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        # Whoever writes a rule chooses its mode: the style sheet hides the fields of the others.
        autres = [
            (titre, {"fields": [champ], "classes": [f"mode-{mode.lower()}"]})
            for mode, (titre, champ) in CHAMP_DU_MODE.items()
            if modifiable or mode == obj.mode
        ]
        return [
            (
                "Ce que la règle limite",
                {"fields": ["operation", "prestation", "jours" if modifiable else "jours_affiches"]},
            ),
            ("La limite", {"fields": ["mode", "nombre", "heure"]}),
            *autres,
            ("Après la limite", {"fields": ["retard", "retard_heures"], "classes": ["apres-limite"]}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return ["jours_affiches"]

    @admin.display(description="prestation", ordering="prestation__ordre", empty_value="Toutes")
    def portee(self, regle):
        return regle.prestation

    @admin.display(description="jours réservés", ordering="jours")
    def jours_affiches(self, regle):
        return jours_vises(regle.jours)

    @admin.display(description="limite")
    def limite(self, regle):
        return phrase_regle(regle_pure(regle, _dates(regle)))

    @admin.display(description="hors délai", ordering="retard")
    def retard_affiche(self, regle):
        return regle.get_retard_display() if regle.operation == Operation.RESERVER else ""

    # --- Ce que dit cette règle --------------------------------------------------------------------------

    def render_change_form(self, request, context, *args, **kwargs):
        """What the rule shown gives: the saved one, or what was typed when it holds."""
        form = context["adminform"].form
        if not form.is_bound:
            context["effet"] = self._effet(request, form.instance) if form.instance.pk else None
        elif not context["errors"]:
            saisies = [f.cleaned_data for f in context["inline_admin_formsets"][0].formset.forms]
            dates = [
                Fenetre(s["du"], s["au"], s["limite"], s.get("ouverture"))
                for s in saisies
                if s.get("du") and not s.get("DELETE")
            ]
            context["effet"] = self._effet(request, form.instance, sorted(dates, key=lambda d: d.du))
        context.setdefault("effet", None)
        context["effet_demande"] = VOIR_EFFET in request.POST
        return super().render_change_form(request, context, *args, **kwargs)

    @staticmethod
    def _effet(request, ligne: RegleDelai, dates=None) -> dict:
        regle = regle_pure(ligne, _dates(ligne) if dates is None else dates)
        prestations = Prestation.objects.filter(active=True).select_related("structure")
        plusieurs = len({p.structure_id for p in prestations}) > 1
        offres = [(f"{p.nom} ({p.structure})" if plusieurs else p.nom, offre_de(p)) for p in prestations]
        interieur = reglement_interieur(request.collectivite.version)
        toutes = _a_sa_place(regle, interieur.regles)
        return {
            "phrase": phrase_regle(regle),
            "jours": effets(regle, offres, interieur.calendrier, maintenant(), toutes),
            "generale": regle.prestation_id is None,
        }


def _a_sa_place(regle: Regle, regles: tuple[Regle, ...]) -> list[Regle]:
    """The town's rules as they would be judged with this one: in the place of its row, a new one last."""
    if regle.cle is None:
        return [*regles, regle]
    return [regle if autre.cle == regle.cle else autre for autre in regles]


def _dates(regle: RegleDelai) -> list[Fenetre]:
    return [Fenetre(d.du, d.au, d.limite, d.ouverture) for d in regle.dates.all()]


class MotifListeForm(forms.ModelForm):
    """A line of the list: the head of a column is no name for a field, so each says its reason too."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.widget.attrs["aria-label"] = f"{champ.label}, {self.instance.libelle}"


@admin.register(MotifAbsence)
class MotifAbsenceAdmin(PagePlanning, PageHistorisee):
    list_display = ["libelle", "consequence", "ordre", "actif"]
    list_editable = ["consequence", "ordre", "actif"]

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, **{**kwargs, "form": MotifListeForm})
