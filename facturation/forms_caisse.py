"""Input of the till, the reminders and the print of a month."""

from django import forms

from facturation.enums import MODES_EN_CAISSE, CauseContrepassation
from facturation.forms import FacturerForm
from facturation.models import NiveauRelance
from familles.models import Regie


class ContrepassationForm(forms.Form):
    """Why a payment is taken back."""

    cause = forms.ChoiceField(
        label="Cause",
        choices=CauseContrepassation.choices,
        required=False,
        initial=CauseContrepassation.AUTRE,
    )
    motif = forms.CharField(
        label="Précision",
        max_length=180,
        required=False,
        help_text="Imprimée et conservée. Obligatoire pour « Autre motif ».",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def clean(self):
        saisie = super().clean()
        saisie["cause"] = saisie.get("cause") or CauseContrepassation.AUTRE
        if saisie["cause"] == CauseContrepassation.AUTRE and not saisie.get("motif", "").strip():
            self.add_error("motif", "Indiquez le motif.")
        return saisie


class ImpressionForm(FacturerForm):
    """Which invoices of a month go to the printer, and how."""

    sans_courriel = forms.BooleanField(
        label="Seulement les familles qui n’acceptent pas le courriel", required=False
    )
    recto_verso = forms.BooleanField(
        label="Recto verso : chaque facture commence une feuille", required=False
    )


class VersementForm(forms.Form):
    """Which till, which means of payment."""

    regie = forms.ModelChoiceField(Regie.objects.all(), label="Régie", empty_label=None)
    mode = forms.ChoiceField(
        label="Moyen de paiement", choices=[(mode.value, mode.label) for mode in MODES_EN_CAISSE]
    )


class AttestationsForm(forms.Form):
    """Of which calendar year."""

    annee = forms.ChoiceField(label="Année")

    def __init__(self, *args, annees: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [(annee, annee) for annee in annees]


class RelanceForm(forms.Form):
    """Whose unpaid invoices, and which reminder."""

    regie = forms.ModelChoiceField(Regie.objects.all(), label="Régie", empty_label=None)
    niveau = forms.ModelChoiceField(
        NiveauRelance.objects.filter(actif=True), label="Relance", empty_label=None
    )
