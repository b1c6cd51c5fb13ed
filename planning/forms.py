"""Input of the staff's pages; parents ask for days through the forms of `demandes`."""

from calendar import monthrange
from datetime import date
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from familles.francais import mois_en_lettres
from familles.horloge import aujourdhui
from familles.models import Enfant, Prestation
from planning.appel import Appel, Ligne
from planning.enums import EtatPointage
from planning.models import Pointage, Reservation

MOIS_CLOTURABLES = 24
PLUSIEURS_AU_PLUS = 30
PREMIER, DERNIER = date(2000, 1, 1), date(2199, 12, 31)
PLUS_SUR_LA_LISTE = (
    "Un des enfants pointés n’est pas, ou plus, sur la liste de ce jour : rien n’a été enregistré. "
    "Relisez la liste, puis enregistrez de nouveau."
)


class ChoixAppelForm(forms.Form):
    """Which day, which prestation; both may be left out."""

    jour = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(PREMIER), MaxValueValidator(DERNIER)],
    )
    prestation = forms.ModelChoiceField(Prestation.objects.none(), required=False)

    def __init__(self, *args, prestations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["prestation"].queryset = prestations


class AppelForm(forms.Form):
    """Who came, as ticked, and a child who came without a booking.

    Each child posts `etat-<id>` and `vu-<id>`, the state that the page showed: only what was changed is
    written, so that two tablets do not erase each other and a double click does nothing more.
    """

    enfant = forms.ModelChoiceField(
        Enfant.objects.all(),
        label="Ajouter un enfant",
        required=False,
        error_messages={"invalid_choice": "Cet enfant n’existe pas."},
    )
    nom = forms.CharField(label="ou son nom", max_length=80, required=False)

    def __init__(self, *args, appel: Appel, widget_enfant, **kwargs):
        super().__init__(*args, **kwargs)
        self.appel = appel
        self.fields["enfant"].widget = widget_enfant(Pointage._meta.get_field("enfant"))
        self.fields["enfant"].widget.choices = self.fields["enfant"].choices

    @cached_property
    def saisis(self) -> dict[str, str]:
        """State ticked, by child's key as it was posted; « tous présents » fills what nobody noted."""
        saisis = {cle[5:]: str(etat) for cle, etat in self.data.items() if cle.startswith("etat-")}
        if "tous" in self.data:
            for ligne in self.appel.attendus:
                cle = str(ligne.pk)
                if not ligne.absence_demandee and self._vu(cle) is not None and not saisis.get(cle):
                    saisis[cle] = EtatPointage.PRESENT.value
        return saisis

    def avec_saisie(self, lignes) -> list[tuple[Ligne, str]]:
        """Each child with what the page must tick: what was posted and refused, else what is noted."""
        saisis = self.saisis if self.is_bound else {}
        return [(ligne, saisis.get(str(ligne.pk), ligne.pointage)) for ligne in lignes]

    def _vu(self, cle: str) -> str | None:
        return self.data.get(f"vu-{cle}")

    def clean(self):
        saisie = super().clean()
        connus = {str(ligne.pk): ligne.pk for ligne in self.appel.lignes}
        presences: dict[int, str | None] = {}
        for cle, etat in self.saisis.items():
            if etat == self._vu(cle):
                continue
            if cle not in connus or etat not in {"", *EtatPointage.values}:
                raise ValidationError(PLUS_SUR_LA_LISTE)
            presences[connus[cle]] = etat or None
        ajoute = self._ajoute(saisie)
        if ajoute is not None:
            presences[ajoute.pk] = EtatPointage.PRESENT
        if self.appel.ferme and self.appel.service_ferme and any(presences.values()):
            raise ValidationError(f"{self.appel.ferme.phrase} Personne n’y est pointé.")
        saisie["presences"] = presences
        return saisie

    def _ajoute(self, saisie: dict) -> Enfant | None:
        if saisie.get("enfant") or not saisie.get("nom"):
            if "ajouter" in self.data and not saisie.get("enfant") and "enfant" not in self.errors:
                self.add_error("enfant", "Choisissez l’enfant à ajouter.")
            return saisie.get("enfant")
        trouves = list(Enfant.objects.nommes(saisie["nom"])[:PLUSIEURS_AU_PLUS])
        if len(trouves) == 1:
            return trouves[0]
        if trouves:
            self.fields["enfant"].widget = forms.Select(
                choices=[("", "–"), *((e.pk, self._presenter(e)) for e in trouves)]
            )
            self.add_error("enfant", "Plusieurs enfants portent ce nom : choisissez lequel.")
        else:
            self.add_error("nom", "Aucun enfant ne porte ce nom.")
        return None

    @staticmethod
    def _presenter(enfant: Enfant) -> str:
        ne_le = enfant.date_naissance
        return f"{enfant}, né(e) le {ne_le:%d/%m/%Y}" if ne_le else str(enfant)


class PlacesForm(forms.Form):
    """The places of one day."""

    capacite = forms.IntegerField(
        label="Places ce jour-là",
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="Vide : celles de la prestation.",
    )


class PromotionForm(forms.Form):
    """The first of the waiting list, as the page showed it."""

    reservation = forms.ModelChoiceField(Reservation.objects.none())

    def __init__(self, *args, appel: Appel, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reservation"].queryset = Reservation.objects.du_jour(appel.prestation, appel.jour)


class ChoixPrestations(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, prestation):
        return f"{prestation.nom} ({prestation.structure})"


def mois_cloturables() -> list[tuple[str, str]]:
    """Months that are over, the last one first."""
    rang = aujourdhui().year * 12 + aujourdhui().month - 1
    mois = [date(r // 12, r % 12 + 1, 1) for r in range(rang - 1, rang - 1 - MOIS_CLOTURABLES, -1)]
    return [(f"{m:%Y-%m}", mois_en_lettres(m)) for m in mois]


class ClotureForm(forms.Form):
    """Which prestations, which month."""

    mois = forms.ChoiceField(label="Mois", choices=mois_cloturables)
    prestations = ChoixPrestations(
        Prestation.objects.select_related("structure").order_by("structure__nom", "ordre", "nom"),
        label="Prestations",
        error_messages={"required": "Cochez au moins une prestation."},
    )

    @property
    def periode(self) -> tuple[date, date]:
        annee, mois = map(int, self.cleaned_data["mois"].split("-"))
        return date(annee, mois, 1), date(annee, mois, monthrange(annee, mois)[1])
