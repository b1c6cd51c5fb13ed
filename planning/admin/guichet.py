"""« Saisir pour une famille »: the counter and the telephone."""

from datetime import date, timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from familles.erreurs import Refus
from familles.francais import jour_en_lettres, pluriel
from familles.models import Enfant, Prestation
from familles.recherche import ChampDeRecherche
from familles.validation import jour_plausible
from planning import actions
from planning.enums import EtatReservation
from planning.guichet import FAITS, Geste, Jour
from planning.models import Pointage, Reservation

JOURS = [("1", "lundi"), ("2", "mardi"), ("3", "mercredi"), ("4", "jeudi"), ("5", "vendredi")]
JOURS += [("6", "samedi"), ("7", "dimanche")]
UN_AN = timedelta(days=366)


class ChoixPrestation(forms.ModelChoiceField):
    def label_from_instance(self, prestation):
        return f"{prestation.nom} ({prestation.structure})"


class SaisieForm(forms.Form):
    enfant = forms.ModelChoiceField(
        Enfant.objects.all(),
        label="Enfant",
        error_messages={"invalid_choice": "Cet enfant n’existe pas."},
    )
    prestation = ChoixPrestation(
        Prestation.objects.filter(active=True)
        .select_related("structure")
        .order_by("structure__nom", "ordre"),
        label="Prestation",
    )
    geste = forms.ChoiceField(
        label="Que faire", choices=Geste, widget=forms.RadioSelect, initial=Geste.RESERVER
    )
    du = forms.DateField(
        label="Du", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), validators=[jour_plausible]
    )
    au = forms.DateField(
        label="Au",
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        validators=[jour_plausible],
        help_text="Vide : un seul jour.",
    )
    jours = forms.MultipleChoiceField(
        label="Seulement le",
        choices=JOURS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché : tous les jours d’ouverture.",
    )
    tardive = forms.BooleanField(
        label="Au prix d’une réservation tardive",
        required=False,
        help_text="Les délais ne vous arrêtent pas ; s’ils sont passés, c’est à vous de dire si "
        "la majoration du règlement s’applique.",
    )
    motif = forms.CharField(
        label="Pourquoi",
        max_length=150,
        help_text="Gardé dans l’historique, jamais montré à la famille : « Au téléphone, panne d’Internet ».",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enfant"].widget = ChampDeRecherche(Pointage._meta.get_field("enfant"), admin.site)
        self.fields["enfant"].widget.choices = self.fields["enfant"].choices

    def clean(self):
        saisie = super().clean()
        du, au = saisie.get("du"), saisie.get("au") or saisie.get("du")
        if du and au and au < du:
            self.add_error("au", "La fin ne peut précéder le début.")
        elif du and au and au - du > UN_AN:
            self.add_error("au", "Un an au plus à la fois.")
        elif du and au and saisie.get("prestation") and not self._jours(du, au):
            self.add_error("jours", "Aucun jour d’ouverture de cette prestation dans cette période.")
        return saisie

    def _jours(self, du: date, au: date) -> list[date]:
        prestation, voulus = self.cleaned_data["prestation"], self.cleaned_data.get("jours")
        jours = (du + timedelta(days=n) for n in range((au - du).days + 1))
        if du == au:
            return [du]
        return [j for j in jours if prestation.ouvre_le(j) and (not voulus or str(j.isoweekday()) in voulus)]

    @property
    def jours_choisis(self) -> list[date]:
        du = self.cleaned_data["du"]
        return self._jours(du, self.cleaned_data["au"] or du)


class Guichet:
    """The « add » page of ReservationAdmin."""

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, statut = SaisieForm(request.POST or None), 200
        if request.method == "POST":
            form, statut = SaisieForm(request.POST), 422
        if form.is_valid():
            try:
                self._saisir(request, form)
            except Refus as refus:
                messages.error(request, refus.message)
                statut = refus.statut
            else:
                return redirect("admin:planning_reservation_add")
        contexte = self.contexte(request, "Saisir pour une famille", form=form, media=self.media + form.media)
        return render(request, "admin/planning/guichet.html", contexte, status=statut)

    @staticmethod
    def _saisir(request, form: SaisieForm) -> None:
        saisie = form.cleaned_data
        ecrites, refuses = actions.saisir(
            enfant=saisie["enfant"],
            prestation=saisie["prestation"],
            jours=form.jours_choisis,
            geste=saisie["geste"],
            motif=saisie["motif"],
            tardive=saisie["tardive"],
            par=request.user,
        )
        qui = f"{saisie['enfant']}, {saisie['prestation'].nom}"
        attente = [r for r in ecrites if r.etat == EtatReservation.LISTE_ATTENTE]
        faits = [r for r in ecrites if r not in attente]
        if faits:
            combien = pluriel(len(faits), *FAITS[Geste(saisie["geste"])])
            messages.success(request, f"{qui} : {combien}, la famille est prévenue ({_dire(faits)}).")
        if attente:
            messages.warning(request, f"{qui} : complet, sur la liste d’attente ({_dire(attente)}).")
        for phrase in dict.fromkeys(jour.phrase for jour in refuses):
            concernes = [jour for jour in refuses if jour.phrase == phrase]
            messages.warning(request, f"{_dire(concernes)} : {phrase}")


def _dire(jours: list[Reservation] | list[Jour]) -> str:
    """The first days in words, the others by their number."""
    dits = [jour_en_lettres(j.jour) for j in sorted(jours, key=lambda j: j.jour)]
    suite = f" et {pluriel(len(dits) - 5, 'autre jour', 'autres jours')}" if len(dits) > 5 else ""
    return ", ".join(dits[:5]) + suite
