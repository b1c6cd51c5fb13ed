"""Input of the corrections: only what the invoice still holds can be given back."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget

from facturation.models import Facture, UniteFacturee
from familles.francais import euros, jour_sans_annee
from familles.models import Enfant, Inscription, Prestation
from familles.recherche import ChampDeRecherche
from familles.validation import jour_plausible
from planning.enums import Correction


def _motif() -> forms.CharField:
    return forms.CharField(
        label="Motif",
        max_length=200,
        help_text="Imprimé et conservé.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class JourneesField(forms.ModelMultipleChoiceField):
    default_error_messages = dict.fromkeys(
        ("invalid_choice", "invalid_pk_value"),
        "Une des journées choisies est déjà rendue, ou n’est pas de cette facture : la liste a changé.",
    ) | {"required": "Choisissez au moins une journée à rendre."}

    def label_from_instance(self, unite: UniteFacturee) -> str:
        qui = f"{unite.enfant.prenom}, " if unite.enfant else ""
        quand = f", {jour_sans_annee(unite.jour)}" if unite.prestation_id else ""
        return f"{qui}{unite.ligne.libelle}{quand} : {euros(unite.montant)}"


class AvoirPartielForm(forms.Form):
    unites = JourneesField(
        UniteFacturee.objects.none(), label="Journées à rendre", widget=forms.CheckboxSelectMultiple
    )
    refacturable = forms.BooleanField(
        label="Elles pourront être facturées de nouveau",
        required=False,
        help_text="À l’autre foyer, ou à un autre prix. Sinon, ces journées sont offertes.",
    )
    motif = _motif()

    def __init__(self, *args, facture: Facture, **kwargs):
        super().__init__(*args, **kwargs)
        unites = facture.unites.dues().select_related("enfant", "ligne")
        self.fields["unites"].queryset = unites.order_by("enfant__prenom", "ligne__ordre", "jour")


class RegistreForm(forms.Form):
    """Which closed register one comes from, as its address says it."""

    prestation = forms.ModelChoiceField(Prestation.objects.all())
    jour = forms.DateField(input_formats=["%Y-%m-%d"])


class RectificationForm(forms.Form):
    enfant = forms.ModelChoiceField(Enfant.objects.all(), label="Enfant")
    prestation = forms.ModelChoiceField(Prestation.objects.all(), label="Prestation")
    jour = forms.DateField(label="Jour", widget=AdminDateWidget, validators=[jour_plausible])
    vers = forms.ChoiceField(label="Ce jour-là", choices=Correction.choices)
    motif = _motif()
    # Shown once there is something to confirm.
    quand_meme = forms.BooleanField(label="Facturer quand même", required=False, widget=forms.HiddenInput)

    def demander_confirmation(self, phrase: str) -> None:
        self.fields["quand_meme"].widget = forms.CheckboxInput()
        self.add_error("quand_meme", f"{phrase} Cochez « Facturer quand même » si la journée est bien due.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        champ = Inscription._meta.get_field("enfant")
        self.fields["enfant"].widget = ChampDeRecherche(champ, admin.site)
        self.fields["enfant"].widget.choices = self.fields["enfant"].choices
