"""Invoices as the accountant reads them; the credit note."""

from datetime import timedelta

from django.contrib import admin
from django.urls import path
from django.utils.html import format_html

from facturation import actions
from facturation.admin import corrections, impression
from facturation.admin.campagnes import facturer_un_mois
from facturation.admin.lecture import DetailInline, LectureSeuleAdmin
from facturation.exports import des_factures
from facturation.forms import MotifForm
from facturation.models import Facture, LigneFacture
from facturation.retours import a_rendre
from familles.erreurs import Refus
from familles.francais import euros, jour_chiffres, mois_en_lettres
from familles.horloge import aujourdhui


class LigneInline(DetailInline):
    model = LigneFacture
    fields = ["enfant_nom", "libelle", "nombre", "prix", "montant_affiche", "jours", "explication"]
    readonly_fields = fields
    show_change_link = False

    @admin.display(description="quantité")
    def nombre(self, ligne):
        return str(ligne.quantite).replace("-", "\u2212")

    @admin.display(description="prix unitaire")
    def prix(self, ligne):
        return euros(ligne.prix_unitaire)

    @admin.display(description="montant")
    def montant_affiche(self, ligne):
        return euros(ligne.montant)


class ResteFilter(admin.SimpleListFilter):
    title = "état du paiement"
    parameter_name = "paiement"

    def lookups(self, request, model_admin):
        return [("impayees", "Impayées"), ("retard", "Échéance passée"), ("soldees", "Soldées")]

    def queryset(self, request, queryset):
        if self.value() == "soldees":
            return queryset.filter(reste__lte=0)
        if self.value() in {"impayees", "retard"}:
            queryset = queryset.factures().filter(reste__gt=0)
        return queryset.filter(echeance__lt=aujourdhui()) if self.value() == "retard" else queryset


@admin.register(Facture)
class FactureAdmin(LectureSeuleAdmin):
    titre_liste = "Factures et avoirs"
    tableau = staticmethod(des_factures)
    list_display = [
        "numero_imprime",
        "pdf",
        "le",
        "destinataire",
        "periode",
        "a_regler_le",
        "total_affiche",
        "reste_affiche",
    ]
    list_filter = [ResteFilter, "regie", "nature"]
    list_select_related = ["regie"]
    search_fields = ["numero_imprime", "destinataire", "famille__numero"]
    search_help_text = "Numéro de facture, nom du destinataire ou numéro de famille"
    date_hierarchy = "date"
    show_full_result_count = False
    inlines = [LigneInline]
    fieldsets = [
        (None, {"fields": ["numero_imprime", "nature", "regie_nom", "le", "periode", "a_regler_le"]}),
        ("Montants", {"fields": ["total_affiche", "reste_affiche", "solde_affiche", "avoir_de", "motif"]}),
        ("Destinataire", {"fields": ["destinataire", "adresse", "famille_numero", "redevables"]}),
        ("Émission", {"fields": ["emise_le", "emise_par", "pdf", "pdf_sha256"]}),
    ]
    readonly_fields = [
        "le",
        "a_regler_le",
        "periode",
        "total_affiche",
        "reste_affiche",
        "solde_affiche",
        "adresse",
        "pdf",
        "pdf_sha256",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).avec_reste()

    def get_urls(self):
        return [
            path(
                "<int:facture_id>/avoir/",
                self.admin_site.admin_view(self.avoir),
                name="facturation_facture_avoir",
            ),
            *impression.adresses(self),
            *corrections.adresses(self),
            *super().get_urls(),
        ]

    @admin.display(description="date", ordering="date")
    def le(self, facture):
        return jour_chiffres(facture.date)

    @admin.display(description="échéance", ordering="echeance")
    def a_regler_le(self, facture):
        return jour_chiffres(facture.echeance) if facture.echeance else ""

    @admin.display(description="période", ordering="du")
    def periode(self, facture):
        """« novembre 2026 » when it is a whole month."""
        du, au = facture.du, facture.au
        if du.day == 1 and (du.year, du.month) == (au.year, au.month) and (au + timedelta(days=1)).day == 1:
            return mois_en_lettres(du)
        return f"{jour_chiffres(du)} – {jour_chiffres(au)}"

    @admin.display(description="montant", ordering="total")
    def total_affiche(self, facture):
        return euros(facture.total)

    @admin.display(description="reste à payer", ordering="reste")
    def reste_affiche(self, facture):
        return "" if facture.est_avoir else euros(facture.reste)

    @admin.display(description="solde antérieur")
    def solde_affiche(self, facture):
        return euros(facture.solde_anterieur)

    @admin.display(description="adresse")
    def adresse(self, facture):
        return (
            f"{facture.destinataire_adresse}, {facture.destinataire_code_postal} {facture.destinataire_ville}"
        )

    @admin.display(description="PDF")
    def pdf(self, facture):
        return format_html(
            '<a href="{}">PDF<span class="visually-hidden"> {}</span></a>',
            facture.get_absolute_url(),
            facture.numero_imprime,
        )

    def add_view(self, request, form_url="", extra_context=None):
        return facturer_un_mois(self, request)

    # --- Avoir -----------------------------------------------------------------------------------------

    def avoir(self, request, facture_id):
        """Cancel an invoice: the days become billable again."""
        return corrections.emettre_un_avoir(
            self,
            request,
            facture_id,
            formulaire=lambda donnees, _: MotifForm(donnees),
            emettre=actions.avoir,
            titre="Annuler la facture {} par un avoir",
            phrase=self._annoncer_avoir,
            fait=lambda ecrit, f: f"L’avoir {ecrit} annule la facture {f}.",
        )

    @staticmethod
    def _annoncer_avoir(facture: Facture) -> str:
        try:
            lignes = a_rendre(facture)
        except Refus as refus:
            return refus.message
        if not lignes:
            return f"Il n’y a rien à rendre sur {facture}."
        montant = -sum(ligne.montant for ligne in lignes)
        return (
            f"Un avoir de {euros(montant)} sera émis, les journées pourront être refacturées et "
            "ce qui avait payé cette facture paiera les suivantes."
        )
