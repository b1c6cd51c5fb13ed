"""Input of the accountant's pages; prices and numbers are never read from the browser."""

from calendar import monthrange
from datetime import date

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from facturation.emplois import (
    LIBRES_DES_FRAIS,
    refus_de_changer,
    refus_de_changer_les_frais,
    refus_de_prendre,
)
from facturation.enums import Cas, ModeTarif
from facturation.grilles import grille, verifier_cout
from facturation.models import FraisAnnuels, Reglement, RemiseRang, Tarif, TrancheTarif
from facturation.models.tarifs import MONTANTS, SEUILS, normaliser_niveaux
from facturation.tarifs import Remise, Tranche
from familles.francais import enumerer, mois_en_lettres
from familles.horloge import aujourdhui
from familles.models import Enfant, Famille, Inscription, Prestation, Regie
from familles.montants import ChampNombre
from familles.recherche import ChampDeRecherche, ChampDeRechercheMultiple
from familles.saisies import LignesSures
from familles.validation import jour_plausible
from planning.appel import NIVEAUX, niveaux_et_classes

MOIS_PASSES, MOIS_A_VENIR = 23, 2


def _mois(decalage: int) -> date:
    rang = aujourdhui().year * 12 + aujourdhui().month - 1 + decalage
    return date(rang // 12, rang % 12 + 1, 1)


def choix_de_mois() -> list[tuple[str, str]]:
    mois = [_mois(d) for d in range(MOIS_A_VENIR, -MOIS_PASSES - 1, -1)]
    return [(f"{m:%Y-%m}", mois_en_lettres(m)) for m in mois]


def mois_dernier() -> str:
    return f"{_mois(-1):%Y-%m}"


class FacturerForm(forms.Form):
    """Which régie, which month."""

    regie = forms.ModelChoiceField(Regie.objects.all(), label="Régie", empty_label=None)
    mois = forms.ChoiceField(choices=choix_de_mois, label="Mois", initial=mois_dernier)

    @property
    def periode(self) -> tuple[date, date]:
        annee, mois = map(int, self.cleaned_data["mois"].split("-"))
        return date(annee, mois, 1), date(annee, mois, monthrange(annee, mois)[1])


class FacturationForm(FacturerForm):
    """And which families: all of them, or a few chosen."""

    familles = forms.ModelMultipleChoiceField(
        Famille.objects.all(), label="Familles", required=False, help_text="Vide : toutes."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        champ = Reglement._meta.get_field("famille")
        self.fields["familles"].widget = ChampDeRechercheMultiple(champ, admin.site)
        self.fields["familles"].widget.choices = self.fields["familles"].choices

    @property
    def choix(self) -> dict:
        """What the preview is asked."""
        du, au = self.periode
        familles = [f.pk for f in self.cleaned_data["familles"]]
        return {"regie": self.cleaned_data["regie"], "du": du, "au": au, "familles": familles or None}


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Motif",
        max_length=200,
        help_text="Imprimé et conservé.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class TarifForm(forms.ModelForm):
    """Amounts as they are written here: « 3,50 » (a point is understood too)."""

    class Meta:
        model = Tarif
        fields = [
            "prestation",
            "du",
            "niveaux",
            "mode",
            "taux",
            *MONTANTS,
            *SEUILS,
            "jours_carence",
            "majoration_en",
            "facturer_non_pointe",
        ]
        localized_fields = "__all__"

    def clean_niveaux(self) -> str:
        """What a price already had stays good, though its class is of another year."""
        niveaux = normaliser_niveaux(self.cleaned_data["niveaux"])
        ajoutes = set(filter(None, niveaux.split(", "))) - self.instance.liste_niveaux
        inconnus = sorted(ajoutes - niveaux_et_classes()) if ajoutes else []
        if inconnus:
            raise ValidationError(
                f"Ni niveau ni classe connus : {enumerer(inconnus)}. Les niveaux : {', '.join(NIVEAUX)} ; "
                "ou le nom d’une classe, comme au dossier des enfants."
            )
        return niveaux

    def clean(self):
        saisie = super().clean()
        if not self.errors:
            self._juger_l_emploi(saisie)
        # Brackets come with their own form, which checks the whole.
        if not self.errors and saisie["mode"] != ModeTarif.TRANCHES:
            verifier_cout(grille(saisie))
        return saisie

    def _juger_l_emploi(self, saisie: dict) -> None:
        """Against the stored row: a former version may be what this page shows."""
        stocke = Tarif.objects.get(pk=self.instance.pk) if self.instance.pk else None
        autres = {nom for nom in saisie if stocke is None or getattr(stocke, nom) != saisie[nom]}
        change = autres - {"cout_reel"}
        if stocke and change and (refus := refus_de_changer(stocke.pk)):
            raise ValidationError(refus)
        choisi = {nom: saisie[nom] for nom in ("prestation", "du", "niveaux")}
        if change & set(choisi) and (refus := refus_de_prendre(Tarif(pk=self.instance.pk, **choisi))):
            raise ValidationError({"du": refus})


class FraisForm(forms.ModelForm):
    class Meta:
        model = FraisAnnuels
        fields = ["regie", "libelle", "montant", "assiette", "du", "au", "inscrits_apres", "nature_fiscale"]

    def clean(self):
        """Against the stored row: a former version may be what this page shows."""
        saisie = super().clean()
        stocke = FraisAnnuels.objects.get(pk=self.instance.pk) if self.instance.pk else None
        if stocke and not self.errors:
            changes = {nom for nom in saisie if getattr(stocke, nom) != saisie[nom]}
            if changes - LIBRES_DES_FRAIS and (refus := refus_de_changer_les_frais(stocke.pk)):
                raise ValidationError(refus)
        return saisie


class RemiseForm(forms.ModelForm):
    class Meta:
        model = RemiseRang
        fields = ["rang", "valeur", "en"]
        localized_fields = "__all__"


OUI_NON = [("", "Comme au dossier"), ("1", "Oui"), ("0", "Non")]


class SimulationForm(forms.Form):
    """This child, this day: what is left empty is read from the file."""

    prestation = forms.ModelChoiceField(
        Prestation.objects.select_related("regie"), label="Prestation", empty_label=None
    )
    jour = forms.DateField(
        label="Jour", widget=AdminDateWidget, initial=aujourdhui, validators=[jour_plausible]
    )
    enfant = forms.ModelChoiceField(
        Enfant.objects.all(), label="Enfant", required=False, help_text="Vide : une famille quelconque."
    )
    quotient = ChampNombre(
        label="Quotient familial", required=False, min_value=0, max_digits=9, decimal_places=2
    )
    cas = forms.ChoiceField(
        label="Ce jour-là", choices=[c for c in Cas.choices if c[0] != Cas.FRAIS], required=False
    )
    dans_la_commune = forms.TypedChoiceField(
        label="Habite la commune",
        choices=OUI_NON,
        coerce=lambda v: v == "1",
        empty_value=None,
        required=False,
    )
    rang = forms.IntegerField(label="Rang de l’enfant", min_value=1, max_value=20, required=False)
    presences = forms.IntegerField(label="Présences dans le mois", min_value=0, max_value=31, required=False)
    rang_hors_contrat = forms.IntegerField(
        label="Présences sans réservation de l’année", min_value=1, max_value=366, required=False
    )
    tardive = forms.BooleanField(label="Réservation tardive", required=False)
    occasionnelle = forms.BooleanField(label="Réservation occasionnelle", required=False)
    pai = forms.BooleanField(label="Panier fourni (PAI)", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        champ = Inscription._meta.get_field("enfant")
        self.fields["enfant"].widget = ChampDeRecherche(champ, admin.site)
        self.fields["enfant"].widget.choices = self.fields["enfant"].choices

    @property
    def suppositions(self) -> dict:
        saisie = dict(self.cleaned_data)
        saisie["cas"] = saisie["cas"] or Cas.NORMAL
        return saisie


class TrancheForm(forms.ModelForm):
    class Meta:
        model = TrancheTarif
        fields = ["jusqu_a", "prix"]
        localized_fields = "__all__"


class LignesFormSet(LignesSures, BaseInlineFormSet):
    """Rows of a price, each with a limit or a rank of its own, which may pass from one row to another."""

    @property
    def saisies(self) -> list[dict]:
        return [f.cleaned_data for f in self.forms if f.cleaned_data and not f.cleaned_data.get("DELETE")]

    def clean(self):
        super().clean()
        connues = {f.instance.pk for f in self.initial_forms}
        if self.instance.pk and self.get_queryset().exclude(pk__in=connues).exists():
            raise ValidationError("Ces lignes ont changé depuis l’ouverture de la page : rechargez-la.")
        if self.instance.pk and self.has_changed() and (refus := refus_de_changer(self.instance.pk)):
            raise ValidationError(refus)

    def save_existing_objects(self, commit=True):
        # Saved one by one, they would meet on the way the limit that another row is about to leave.
        if commit:
            changees = [f.instance.pk for f in self.initial_forms if f.has_changed()]
            self.model.objects.filter(pk__in=changees).delete()
        return super().save_existing_objects(commit)


class TranchesFormSet(LignesFormSet):
    """The brackets with their price: one without a limit, and none dearer than the declared real cost."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        sans_limite = [s for s in self.saisies if s.get("jusqu_a") is None]
        if len(sans_limite) > 1:
            raise ValidationError(
                "Deux tranches sont sans limite : donnez à chacune son quotient, sauf à la dernière."
            )
        if self.instance.mode != ModeTarif.TRANCHES:
            return
        if not sans_limite:
            raise ValidationError("Il manque la dernière tranche, sans limite.")
        tranches = [Tranche(s.get("jusqu_a"), s["prix"]) for s in self.saisies]
        verifier_cout(grille(vars(self.instance), tranches))


class RemisesFormSet(LignesFormSet):
    """What the rank gives: a special price is a price as well, held to the declared real cost."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        remises = [Remise(s["rang"], s["valeur"], s["en"]) for s in self.saisies]
        # Each way of making a price is judged by itself: the other rows have their own form.
        verifier_cout(grille(vars(self.instance), (), remises))
