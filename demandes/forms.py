"""The answer of an agent; the forms of the families are in natures/, one per nature."""

from django import forms
from django.core.exceptions import ValidationError

from demandes.models import PieceJointe
from demandes.natures.jours import CasesForm
from familles.pieces import Piece
from messagerie.forms import PIECES_MAXIMUM, PiecesField
from planning.enums import Operation

LOT_AU_PLUS = 100


class ClesField(forms.Field):
    """Keys of rows, repeated; the action looks at those of its own request alone."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, quoi: str = "Les jours cochés n’ont pas pu être lus", **options):
        super().__init__(**options)
        self.illisible = f"{quoi} : cochez-les de nouveau."

    def to_python(self, value) -> set[int]:
        textes = value or []
        if not all(texte.isascii() and texte.isdigit() and len(texte) < 19 for texte in textes):
            raise ValidationError(self.illisible)
        return {int(texte) for texte in textes}


class _PiecesTriees(PiecesField):
    """A bad file loses none of its neighbours."""

    def clean(self, data, initial=None):
        return self.trier(data)


class PiecesForm(forms.Form):
    """Files to join (`nouvelles`, the good ones), and those of an earlier try still wanted (`gardees`)."""

    fichiers = _PiecesTriees()
    pieces = ClesField(required=False, quoi="Les documents cochés n’ont pas pu être lus")

    def __init__(self, donnees=None, fichiers=None, *, acces):
        super().__init__(donnees, fichiers)
        self.acces = acces
        self.gardees: list[PieceJointe] = []
        self.nouvelles: list[tuple[str, Piece]] = []

    def clean_fichiers(self):
        self.nouvelles, refus = self.cleaned_data["fichiers"]
        if refus:
            raise ValidationError(refus)
        return self.nouvelles

    def clean_pieces(self):
        # Whatever the browser names: this account's own, not sent yet.
        self.gardees = list(
            PieceJointe.objects.en_cours(self.acces).filter(pk__in=self.cleaned_data["pieces"])
        )
        return self.gardees

    def clean(self):
        donnees = super().clean()
        if len(self.gardees) + len(self.nouvelles) > PIECES_MAXIMUM:
            self.nouvelles = []
            raise ValidationError("Cinq documents au plus par demande.")
        return donnees


class AnnulationForm(CasesForm):
    """Bookings taken back before their deadline; nothing is written before the page was read."""

    operation = Operation.ANNULER
    confirmer = forms.BooleanField(required=False, widget=forms.HiddenInput)


class MotifForm(forms.Form):
    """Why it is refused."""

    motif = forms.CharField(
        label="Motif du refus",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Obligatoire pour refuser, en tout ou en partie ; la famille le lira.",
        error_messages={"max_length": "Le motif tient en 500 caractères au plus."},
    )


class LotForm(MotifForm):
    """Several requests, one answer for all."""

    demandes = ClesField(required=False, quoi="Les demandes cochées n’ont pas pu être lues")

    def clean_demandes(self):
        if not self.cleaned_data["demandes"]:
            raise ValidationError("Retenez au moins une demande.")
        if len(self.cleaned_data["demandes"]) > LOT_AU_PLUS:
            raise ValidationError(f"Décidez {LOT_AU_PLUS} demandes au plus à la fois.")
        return self.cleaned_data["demandes"]


class DecisionForm(MotifForm):
    """Which days, why not the others, and the fingerprint of what the page showed."""

    lignes = ClesField(required=False)
    vu = forms.CharField(required=False, max_length=64)
