"""What the town offers, edited by administrators: schools, structures, régies, prestations, inscriptions."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError

from familles.admin.base import PageAdmin, PageHistorisee
from familles.avis import avis_de_changement, refus_de_changer_le_prefixe
from familles.enums import ModeReglement
from familles.francais import JOURS
from familles.models import AnneeScolaire, Ecole, Inscription, Prestation, Regie, Structure

CHOIX_JOURS = [(str(i), jour) for i, jour in enumerate(JOURS, start=1)]


class JoursField(forms.MultipleChoiceField):
    """Week-days by ticks, kept as their ISO digits (« 1245 »)."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(choices=CHOIX_JOURS, **kwargs)

    def prepare_value(self, valeur):
        return list(valeur or "")

    def clean(self, valeur):
        return "".join(sorted(super().clean(valeur)))

    def has_changed(self, initial, data):
        return super().has_changed(list(initial or ""), data)


@admin.register(Ecole)
class EcoleAdmin(PageHistorisee):
    list_display = ["nom", "ville"]
    search_fields = ["nom", "ville"]


@admin.register(Structure)
class StructureAdmin(PageHistorisee):
    list_display = ["nom", "adresse"]
    search_fields = ["nom"]


class RegieForm(forms.ModelForm):
    modes = forms.MultipleChoiceField(
        label="Moyens de paiement permis par l’acte",
        choices=ModeReglement.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Regie
        fields = [
            "nom",
            "prefixe",
            "acte",
            "regisseur",
            "ordre_cheques",
            "instructions",
            "modes",
            "delai_paiement_jours",
        ]

    def clean_prefixe(self) -> str:
        """Against the stored row: a former version may be what this page shows."""
        prefixe = self.cleaned_data["prefixe"]
        stockee = Regie.objects.filter(pk=self.instance.pk).first()
        if stockee and stockee.prefixe != prefixe and (refus := refus_de_changer_le_prefixe(stockee)):
            raise ValidationError(refus)
        return prefixe


@admin.register(Regie)
class RegieAdmin(PageHistorisee):
    form = RegieForm
    list_display = ["nom", "prefixe", "regisseur", "ordre_cheques"]
    search_fields = ["nom", "prefixe"]


class PrestationForm(forms.ModelForm):
    jours_ouverts = JoursField(label="Jours ouverts")

    class Meta:
        model = Prestation
        fields = [
            "nom",
            "structure",
            "regie",
            "ordre",
            "heure_debut",
            "heure_fin",
            "jours_ouverts",
            "ouverte_vacances",
            "capacite",
            "terme",
            "unite",
            "nature_fiscale",
            "acceptation",
            "active",
        ]


@admin.register(Prestation)
class PrestationAdmin(PageHistorisee):
    form = PrestationForm
    list_display = ["nom", "structure", "regie", "jours_ouverts", "capacite", "acceptation", "active"]
    list_filter = ["structure", "active"]
    list_select_related = ["structure", "regie"]
    search_fields = ["nom", "structure__nom"]

    def save_model(self, request, obj, form, change):
        avis = avis_de_changement(obj) if change else []
        super().save_model(request, obj, form, change)
        for phrase in avis:
            messages.warning(request, phrase)


@admin.register(AnneeScolaire)
class AnneeScolaireAdmin(PageAdmin):
    list_display = ["annee", "debut", "fin"]
    search_fields = ["debut"]

    @admin.display(description="année", ordering="debut")
    def annee(self, annee):
        return annee.libelle


class InscriptionForm(forms.ModelForm):
    semaine_paire = JoursField(label="Jours des semaines paires", required=False)
    semaine_impaire = JoursField(label="Jours des semaines impaires", required=False)

    class Meta:
        model = Inscription
        fields = ["enfant", "prestation", "annee", "famille", "du", "au", "semaine_paire", "semaine_impaire"]


@admin.register(Inscription)
class InscriptionAdmin(PageHistorisee):
    form = InscriptionForm
    list_display = ["enfant", "prestation", "annee", "famille_numero", "du", "au"]
    list_filter = ["annee", "prestation"]
    list_select_related = ["enfant", "prestation", "annee", "famille"]
    search_fields = ["enfant__nom", "enfant__prenom", "famille__numero"]
    autocomplete_fields = ["enfant", "prestation", "famille"]

    @admin.display(description="n° famille", ordering="famille__numero")
    def famille_numero(self, inscription):
        return inscription.famille.numero
