"""Input of the till, the reminders and the print of a month."""

from uuid import uuid4

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError

from facturation.enums import MODES_EN_CAISSE, CauseContrepassation
from facturation.especes import PLAFOND_ESPECES
from facturation.forms import FacturerForm
from facturation.models import Facture, NiveauRelance, Reglement
from facturation.payeurs import payeurs_possibles
from familles.enums import ModeReglement
from familles.francais import euros
from familles.horloge import aujourdhui
from familles.models import Famille, Regie, Responsable
from familles.montants import ChampNombre
from familles.recherche import ChampDeRecherche
from familles.validation import jour_plausible


class EncaissementForm(forms.Form):
    """A payment. Without a chosen invoice it pays the oldest."""

    famille = forms.ModelChoiceField(Famille.objects.all(), label="Famille")
    payeur = forms.ModelChoiceField(
        Responsable.objects.none(),
        label="Payé par",
        empty_label=None,
        widget=forms.RadioSelect,
        help_text="L’attestation fiscale de la garde est au nom de qui paie.",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            "Ces parents vivent séparément et doivent tous deux : indiquez qui a payé.",
        ),
    )
    regie = forms.ModelChoiceField(Regie.objects.all(), label="Régie", empty_label=None)
    mode = forms.ChoiceField(label="Moyen de paiement", choices=ModeReglement.choices)
    montant = ChampNombre(
        label="Montant (€)",
        max_digits=10,
        decimal_places=2,
        help_text=f"En espèces : {euros(PLAFOND_ESPECES)} au plus par facture et par jour.",
    )
    recu_le = forms.DateField(
        label="Reçu le", widget=AdminDateWidget, initial=aujourdhui, validators=[jour_plausible]
    )
    reference = forms.CharField(
        label="Référence", max_length=60, required=False, help_text="Numéro du chèque, par exemple."
    )
    facture = forms.CharField(
        label="Facture payée",
        max_length=20,
        required=False,
        help_text="« AL-36 », par exemple. Vide : les plus anciennes d’abord.",
    )
    jeton = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Rouvrez ce formulaire depuis la liste : rien n’a été enregistré."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["jeton"].initial = uuid4
        champ = Reglement._meta.get_field("famille")
        self.fields["famille"].widget = ChampDeRecherche(champ, admin.site)
        self.fields["famille"].widget.choices = self.fields["famille"].choices
        self._demander_le_payeur()

    def _demander_le_payeur(self) -> None:
        """Asked once the family is chosen, if two of its adults may have paid; a couple need not say."""
        try:
            famille = self.fields["famille"].clean(self["famille"].value())
        except ValidationError:
            famille = None
        possibles = payeurs_possibles(famille) if famille else []
        if len(possibles) > 1:
            if famille.vie_commune:
                self.fields["payeur"].required = False
                self.fields["payeur"].empty_label = "Le couple"
                self.fields["payeur"].error_messages["invalid_choice"] = (
                    "Choisissez le couple, ou l’un des deux."
                )
            self.fields["payeur"].queryset = Responsable.objects.filter(pk__in=[p.pk for p in possibles])
        else:
            del self.fields["payeur"]

    def a_neuf(self) -> "EncaissementForm":
        """The same words in a form that has recorded nothing."""
        saisie = self.data.copy()
        saisie["jeton"] = str(uuid4())
        return type(self)(saisie, initial=self.initial)

    def clean_facture(self) -> Facture | None:
        numero = self.cleaned_data["facture"].strip()
        if not numero:
            return None
        facture = Facture.objects.factures().filter(numero_imprime__iexact=numero).first()
        if facture is None:
            raise ValidationError("Aucune facture ne porte ce numéro.")
        return facture


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
