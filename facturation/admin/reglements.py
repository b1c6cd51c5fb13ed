"""Payments: recorded by the action, read here, taken back by a counter-entry."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html

from facturation import actions
from facturation.admin import attestations
from facturation.admin.lecture import DetailInline, LectureSeuleAdmin
from facturation.caisse import avis_de_report, jour_de_caisse
from facturation.exports import des_reglements
from facturation.forms_caisse import ContrepassationForm, EncaissementForm
from facturation.models import Facture, Imputation, LigneVersement, Reglement
from familles.erreurs import DejaTraite, Refus
from familles.francais import arrondir, enumerer, euros, jour_chiffres
from familles.horloge import aujourdhui
from familles.models import Regie


class ImputationInline(DetailInline):
    model = Imputation
    fields = ["facture", "paye"]
    readonly_fields = fields
    lies = ("facture", "reglement")
    verbose_name_plural = "factures payées"

    @admin.display(description="montant")
    def paye(self, imputation):
        return euros(imputation.montant)


@admin.register(Reglement)
class ReglementAdmin(LectureSeuleAdmin):
    tableau = staticmethod(des_reglements)
    list_display = ["numero_imprime", "recu", "paye_par", "mode", "montant_affiche", "reference", "regie"]
    list_filter = ["regie", "mode"]
    list_select_related = ["regie", "famille", "payeur", "avec", "contrepasse"]
    search_fields = ["numero_imprime", "reference", "famille__numero", "famille__responsables__nom"]
    search_help_text = "Numéro, référence, numéro ou nom de famille"
    date_hierarchy = "recu_le"
    show_full_result_count = False
    inlines = [ImputationInline]
    fields = [
        "numero_imprime",
        "regie",
        "titulaire",
        "payeur",
        "avec",
        "mode",
        "recu_le",
        "montant_affiche",
        "reference",
        "credit",
        "bordereau",
        "annulation",
        "contrepasse",
        "motif",
        "enregistre_par",
        "enregistre_le",
    ]
    readonly_fields = ["titulaire", "montant_affiche", "credit", "bordereau", "annulation"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("famille__responsables")

    def get_fields(self, request, obj=None):
        """« Annulé par » of what is, « annule » of what does."""
        vides = set() if obj is None else {"annulation", "contrepasse", "motif"}
        if obj is not None and obj.contrepasse_id:
            vides = {"annulation", "credit"}
        elif obj is not None and hasattr(obj, "contrepasse_par"):
            vides = {"contrepasse", "motif", "credit"}
        if obj is not None and obj.avec_id is None:
            vides = vides | {"avec"}
        return [champ for champ in self.fields if champ not in vides]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        annulable = Reglement.objects.contrepassables().filter(pk=object_id).exists()
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "annulable": annulable}
        )

    def get_urls(self):
        return [
            path(
                "<int:reglement_id>/contrepasser/",
                self.admin_site.admin_view(self.contrepasser),
                name="facturation_reglement_contrepasser",
            ),
            *attestations.adresses(self),
            *super().get_urls(),
        ]

    @admin.display(description="reçu le", ordering="recu_le")
    def recu(self, reglement):
        return jour_chiffres(reglement.recu_le)

    @admin.display(description="famille", ordering="famille__numero")
    def titulaire(self, reglement):
        return reglement.famille.titulaire or reglement.famille

    @admin.display(description="payé par", ordering="famille__numero")
    def paye_par(self, reglement):
        return reglement.paye_par

    @admin.display(description="montant", ordering="montant")
    def montant_affiche(self, reglement):
        return euros(reglement.montant)

    @admin.display(description="en faveur de la famille")
    def credit(self, reglement):
        """What it has not paid yet."""
        disponible = Reglement.objects.avec_disponible().get(pk=reglement.pk).disponible
        return euros(disponible) if disponible else ""

    @admin.display(description="annulé par")
    def annulation(self, reglement):
        """The counter-entry, its day and its reason."""
        ecrit = reglement.contrepasse_par
        adresse = reverse("admin:facturation_reglement_change", args=[ecrit.pk])
        le = jour_chiffres(ecrit.recu_le)
        return format_html(
            '<strong>Règlement annulé</strong> par la contre-écriture <a href="{}">{}</a> du {} : {}',
            adresse,
            ecrit,
            le,
            ecrit.motif,
        )

    @admin.display(description="bordereau de versement")
    def bordereau(self, reglement):
        ligne = LigneVersement.objects.filter(reglement=reglement).select_related("versement").first()
        return ligne.versement if ligne else ""

    def add_view(self, request, form_url="", extra_context=None):
        """« Enregistrer un règlement »; from an invoice, its family and what is due are filled in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, statut = EncaissementForm(request.POST or None, initial=self._propose(request)), 422
        if request.method == "POST" and form.is_valid():
            try:
                reglement = self._encaisser(form.cleaned_data, request.user)
            except DejaTraite as refus:
                messages.warning(request, refus.message)
                return redirect("admin:facturation_reglement_changelist")
            except actions.FormulaireRepris as refus:
                statut, form = refus.statut, form.a_neuf()
                form.add_error(None, refus.message)
            except Refus as refus:
                form.add_error(None, refus.message)
            else:
                messages.success(request, _dire(reglement))
                return redirect("admin:facturation_reglement_changelist")
        contexte = self.contexte(
            request,
            "Enregistrer un règlement",
            form=form,
            media=self.media + form.media,
            avis=avis_de_report(form["recu_le"].initial),
        )
        return render(
            request, "admin/facturation/encaisser.html", contexte, status=statut if form.errors else 200
        )

    @classmethod
    def _propose(cls, request) -> dict:
        """And the day of the till: of the invoice's régie, or of the one that the form names first."""
        proposee = cls._de_la_facture(request)
        regie = Regie.objects.filter(pk=proposee["regie"]).first() if proposee else Regie.objects.first()
        return proposee | {"recu_le": jour_de_caisse(regie) if regie else aujourdhui()}

    @staticmethod
    def _de_la_facture(request) -> dict:
        numero = request.GET.get("facture", "").replace("\0", "")
        facture = Facture.objects.avec_reste().filter(numero_imprime=numero).first()
        if facture is None:
            return {}
        if facture.reste <= 0:
            if request.method == "GET":
                messages.warning(
                    request,
                    f"La facture {facture} est déjà soldée : un règlement de plus resterait "
                    "en faveur de la famille.",
                )
            return {"famille": facture.famille_id, "regie": facture.regie_id}
        return {
            "famille": facture.famille_id,
            "regie": facture.regie_id,
            "montant": arrondir(facture.reste),
            "facture": facture.numero_imprime,
        }

    @staticmethod
    def _encaisser(saisie: dict, par) -> Reglement:
        facture = saisie.pop("facture")
        return actions.encaisser(**saisie, factures=[facture] if facture else None, par=par)

    def contrepasser(self, request, reglement_id):
        if not self.has_add_permission(request):
            raise PermissionDenied
        reglement = get_object_or_404(Reglement.objects.select_related("regie"), pk=reglement_id)
        if request.method == "GET" and (refus := _pas_annulable(reglement)):
            messages.warning(request, refus)
            return redirect("admin:facturation_reglement_change", reglement.pk)
        form = ContrepassationForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                ecrit = actions.contrepasser(reglement=reglement, par=request.user, **form.cleaned_data)
            except Refus as refus:
                form.add_error(None, refus.message)
            else:
                messages.success(request, f"La contre-écriture {ecrit} annule le règlement {reglement}.")
                return redirect("admin:facturation_reglement_changelist")
        jour = jour_de_caisse(reglement.regie)
        contexte = self.contexte(
            request,
            f"Annuler le règlement {reglement}",
            form=form,
            retour=reverse("admin:facturation_reglement_change", args=[reglement.pk]),
            phrase=f"Une contre-écriture de {euros(-reglement.montant)} sera datée du "
            f"{jour_chiffres(jour)} ; ce qu’il avait payé sera de nouveau dû.",
            avis=avis_de_report(jour),
            bouton="Enregistrer la contre-écriture",
        )
        return render(request, "admin/facturation/motif.html", contexte, status=422 if form.errors else 200)


def _dire(reglement: Reglement) -> str:
    """What it pays, and what stays in the family's favour."""
    parts = reglement.imputations.select_related("facture").order_by("facture__date", "facture__numero")
    paye = enumerer([f"{i.facture} ({euros(i.montant)})" for i in parts])
    suite = f" Il paie {paye}." if paye else ""
    reste = reglement.montant - sum(i.montant for i in parts)
    if reste:
        suite += f" {euros(reste)} {'restent' if reste >= 2 else 'reste'} en faveur de la famille."
    return f"Le règlement {reglement} de {euros(reglement.montant)} est enregistré.{suite}"


def _pas_annulable(reglement: Reglement) -> str:
    if reglement.contrepasse_id:
        return f"{reglement} est une contre-écriture : elle ne s’annule pas."
    ecrit = Reglement.objects.filter(contrepasse=reglement).first()
    return f"Le règlement {reglement} est déjà annulé, par la contre-écriture {ecrit}." if ecrit else ""
