"""« Fermetures »: what a closure takes away is read before it is decided, then excused and told in one go."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.shortcuts import redirect, render

from familles.admin.base import PageHistorisee
from familles.erreurs import Refus
from familles.francais import jour_en_lettres, pluriel
from familles.horloge import aujourdhui
from familles.models import Ecole, Scolarite, en_vigueur
from planning import actions
from planning.actions.fermetures import DUREE_MAXIMALE, UN_AN
from planning.admin.lecture import PagePlanning
from planning.fermetures import touchees
from planning.models import Fermeture

TOUS = "Tous les enfants"


def eleves() -> list[tuple[str, str]]:
    """Schools, and their classes of today: « 3 », « 3:CM2 »."""
    choix = [(str(e.pk), e.nom) for e in Ecole.objects.all()]
    classes = Scolarite.objects.filter(en_vigueur(aujourdhui())).exclude(classe="")
    lignes = classes.order_by("ecole__nom", "classe").values_list("ecole", "ecole__nom", "classe").distinct()
    choix += [(f"{ecole}:{classe}", f"{nom}, {classe}") for ecole, nom, classe in lignes]
    return [("", TOUS), *sorted(choix, key=lambda c: c[1])]


class FermetureForm(forms.ModelForm):
    eleves = forms.ChoiceField(
        label="Enfants",
        required=False,
        help_text="Une école ou une classe en sortie : leurs réservations sont excusées, le service reste "
        "ouvert aux autres. Un enfant qui ne part pas s’y réserve depuis « Saisir pour une famille », une "
        "fois sa réservation excusée annulée.",
    )

    class Meta:
        model = Fermeture
        fields = ["motif", "du", "au", "structure", "prestation"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["eleves"].choices = eleves

    def clean(self):
        saisie = super().clean()
        du, au = saisie.get("du"), saisie.get("au")
        if du and au and au - du > DUREE_MAXIMALE:
            self.add_error("au", UN_AN)
        ecole, _, classe = saisie.get("eleves", "").partition(":")
        self.instance.ecole_id = int(ecole) if ecole else None
        self.instance.classe = classe
        return saisie


@admin.register(Fermeture)
class FermetureAdmin(PagePlanning, PageHistorisee):
    form = FermetureForm
    list_display = ["motif", "du", "au", "portee"]
    list_filter = ["structure", "prestation"]
    list_select_related = ["structure", "prestation__structure", "ecole"]
    search_fields = ["motif", "structure__nom", "prestation__nom"]
    search_help_text = "Motif, structure ou prestation"
    date_hierarchy = "du"
    autocomplete_fields = ["structure", "prestation"]
    fieldsets = [
        (None, {"fields": ["motif", "du", "au"]}),
        (
            "Ce qui ferme",
            {
                "fields": ["structure", "prestation", "eleves"],
                "description": "Une structure, ou une prestation. Rien des deux : tous les services.",
            },
        ),
    ]
    # Once applied, only its words change.
    apres_coup = [
        (
            None,
            {
                "fields": ["motif", "du", "au", "portee"],
                "description": "Ses jours ne changent plus : ajoutez une autre fermeture, ou supprimez "
                "celle-ci (les réservations excusées reviennent, les familles sont prévenues).",
            },
        )
    ]

    def get_fieldsets(self, request, obj=None):
        return self.apres_coup if obj else self.fieldsets

    def get_readonly_fields(self, request, obj=None):
        return ["du", "au", "portee"] if obj else []

    def get_form(self, request, obj=None, change=False, **options):
        if obj:
            options["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **options)

    @admin.display(description="ce qui ferme")
    def portee(self, fermeture):
        return fermeture.portee

    # --- Closing -----------------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        """The form, then what it takes away, then the closing: nothing is written before the last step."""
        form = self.get_form(request)(request.POST) if self._envoye(request) else None
        if form is None or not form.is_valid():
            return super().add_view(request, form_url, extra_context)
        fermeture, confirmee = form.instance, request.POST.get("confirmation")
        if confirmee is None:
            return self._apercu(request, form, fermeture)
        try:
            with transaction.atomic():
                lues = actions.fermer(fermeture=fermeture, attendue=confirmee, par=request.user)
                self.log_addition(request, fermeture, [{"added": {}}])
        except Refus as refus:
            messages.error(request, refus.message)
            return self._apercu(request, form, fermeture, refus.statut)
        excusees = pluriel(len(lues.a_excuser), "réservation excusée", "réservations excusées")
        prevenues = pluriel(lues.familles, "famille prévenue", "familles prévenues")
        messages.success(request, f"{fermeture.motif} : {excusees}, {prevenues}.")
        return redirect("admin:planning_fermeture_changelist")

    def _envoye(self, request) -> bool:
        return request.method == "POST" and self.has_add_permission(request)

    def _apercu(self, request, form, fermeture: Fermeture, statut: int = 200):
        # A refused save leaves a key behind: the page that follows speaks of a closure that is not there.
        fermeture.pk = None
        lues = touchees(fermeture)
        contexte = self.contexte(
            request,
            "Fermer : ce qui est touché",
            fermeture=fermeture,
            quand=_quand(fermeture),
            touchees=lues,
            enfants=list(lues.enfants),
            saisie=[(nom, form.data.get(nom, "")) for nom in form.fields],
            fermeture_passee=fermeture.au < aujourdhui(),
        )
        return render(request, "admin/planning/fermer.html", contexte, status=statut)

    # --- Opening again -----------------------------------------------------------------------------------

    def delete_model(self, request, obj):
        self._rouvrir(request, obj)

    def delete_queryset(self, request, queryset):
        for fermeture in queryset:
            self._rouvrir(request, fermeture)

    @staticmethod
    def _rouvrir(request, fermeture: Fermeture) -> None:
        reprises, perdues = actions.rouvrir(fermeture=fermeture, par=request.user)
        if reprises:
            combien = pluriel(len(reprises), "réservation reprise", "réservations reprises")
            messages.success(request, f"{fermeture.motif} : {combien}, les familles sont prévenues.")
        for r in perdues:
            quoi = f"{r.enfant}, {r.prestation.nom}, {jour_en_lettres(r.jour)}"
            messages.warning(request, f"{quoi} : la place a été donnée, la réservation reste excusée.")


def _quand(fermeture: Fermeture) -> str:
    du, au = fermeture.du, fermeture.au
    if du == au:
        return f"le {jour_en_lettres(du)}"
    return f"du {jour_en_lettres(du)} au {jour_en_lettres(au)}"
