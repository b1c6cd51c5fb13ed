"""The till: deposit slips, the cash book, the closing of days and months."""

from datetime import date

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from facturation import actions, documents
from facturation.admin.envois import choix_valide
from facturation.admin.lecture import DetailInline, LectureSeuleAdmin
from facturation.caisse import avis_de_report, jour_de_caisse, journal_de_caisse
from facturation.exports import des_clotures, des_versements, du_journal_de_caisse
from facturation.forms import FacturerForm
from facturation.forms_caisse import VersementForm
from facturation.models import ClotureCaisse, LigneVersement, Reglement, Versement
from familles.envois import envoyer, envoyer_tableau
from familles.erreurs import Invalide, Refus
from familles.francais import euros, jour_chiffres
from familles.horloge import aujourdhui


class LigneVersementInline(DetailInline):
    model = LigneVersement
    fields = ["ordre", "recu_le", "payeur", "reference", "montant"]
    readonly_fields = fields


@admin.register(Versement)
class VersementAdmin(LectureSeuleAdmin):
    tableau = staticmethod(des_versements)
    list_display = ["numero_imprime", "date", "regie", "mode", "nombre", "montant"]
    list_filter = ["regie", "mode"]
    list_select_related = ["regie"]
    date_hierarchy = "date"
    inlines = [LigneVersementInline]
    fields = ["numero_imprime", "regie_nom", "mode", "date", "nombre", "montant", "fait_par", "fait_le"]
    readonly_fields = ["montant"]

    @admin.display(description="montant", ordering="total")
    def montant(self, versement):
        return euros(versement.total)

    def get_urls(self):
        vue = self.admin_site.admin_view(self.bordereau)
        return [
            path("<int:versement_id>/bordereau.pdf", vue, name="facturation_versement_bordereau"),
            *super().get_urls(),
        ]

    def bordereau(self, request, versement_id):
        if not self.has_view_permission(request):
            raise PermissionDenied
        versement = get_object_or_404(Versement, pk=versement_id)
        return envoyer(documents.bordereau(versement), f"bordereau-{versement}.pdf")

    def add_view(self, request, form_url="", extra_context=None):
        """« Préparer un versement »: choose the means of payment, tick what is handed over."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = VersementForm(request.POST or request.GET or None)
        contexte = self.contexte(request, "Préparer un versement", form=form, reglements=None, erreur="")
        if form.is_bound and form.is_valid():
            if request.method == "POST":
                try:
                    cles = [int(cle) for cle in request.POST.getlist("reglements") if cle.isdecimal()]
                    versement = actions.verser(**form.cleaned_data, reglements=cles, par=request.user)
                except Refus as refus:
                    contexte["erreur"] = refus.message
                else:
                    messages.success(request, f"Le versement {versement} est enregistré.")
                    return redirect("admin:facturation_versement_change", versement.pk)
            a_verser = Reglement.objects.a_verser(**form.cleaned_data).select_related("famille", "payeur")
            contexte["reglements"] = list(
                a_verser.prefetch_related("famille__responsables").order_by("recu_le", "numero")
            )
            contexte["avis"] = avis_de_report(jour_de_caisse(form.cleaned_data["regie"]))
            contexte["total"] = sum(r.montant for r in contexte["reglements"])
        statut = 422 if form.errors or contexte["erreur"] else 200
        return render(request, "admin/facturation/verser.html", contexte, status=statut)


@admin.register(ClotureCaisse)
class ClotureCaisseAdmin(LectureSeuleAdmin):
    tableau = staticmethod(des_clotures)
    list_display = ["regie", "nature", "periode", "nombre", "recettes", "contre_ecritures", "en_caisse"]
    list_filter = ["regie", "nature"]
    list_select_related = ["regie"]
    date_hierarchy = "au"
    fields = [
        "regie",
        "nature",
        "periode",
        "nombre",
        "recettes",
        "contre_ecritures",
        "en_caisse",
        "cloturee_par",
        "cloturee_le",
    ]
    readonly_fields = ["periode", "recettes", "contre_ecritures", "en_caisse"]

    @admin.display(description="période", ordering="au")
    def periode(self, cloture):
        if cloture.du == cloture.au:
            return jour_chiffres(cloture.au)
        return f"{jour_chiffres(cloture.du)} – {jour_chiffres(cloture.au)}"

    @admin.display(description="recettes, tous moyens", ordering="entrees")
    def recettes(self, cloture):
        return euros(cloture.entrees)

    @admin.display(description="contre-écritures, tous moyens", ordering="sorties")
    def contre_ecritures(self, cloture):
        return euros(cloture.sorties)

    @admin.display(description="en caisse", ordering="solde")
    def en_caisse(self, cloture):
        return euros(cloture.solde)

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("journal/", vue(self.journal), name="facturation_journal"),
            path("journal/<str:format_>/", vue(self.journal_fichier), name="facturation_journal_fichier"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        return self.journal(request)

    def journal(self, request):
        """« Journal de caisse » of a month; a day or the month is closed from here."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = FacturerForm(request.POST or request.GET or None, initial={"mois": f"{aujourdhui():%Y-%m}"})
        contexte = self.contexte(request, "Journal de caisse", form=form, journal=None)
        if form.is_bound and form.is_valid():
            regie, (du, au) = form.cleaned_data["regie"], form.periode
            if request.method == "POST":
                self._arreter(request, regie, du)
                choix = f"?regie={regie.pk}&mois={form.cleaned_data['mois']}"
                return redirect(reverse("admin:facturation_journal") + choix)
            arretes = ClotureCaisse.objects.filter(regie=regie)
            contexte |= {
                "journal": journal_de_caisse(regie, du, au),
                "regie": regie,
                "suite": request.GET.urlencode(),
                "peut_arreter": self.has_add_permission(request),
                "derniere": arretes.derniere_journee(regie),
                "mois_arrete": arretes.filter(nature="MOIS", au=au).exists(),
                "mois_fini": au < aujourdhui(),
                "aujourd_hui": aujourdhui(),
                "avis": avis_de_report(jour_de_caisse(regie)),
            }
        return render(request, "admin/facturation/journal.html", contexte, status=422 if form.errors else 200)

    def _arreter(self, request, regie, mois):
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            if "jour" in request.POST:
                jour = date.fromisoformat(request.POST["jour"])
                cloture = actions.arreter_journee(regie=regie, jour=jour, par=request.user)
            elif "mois_entier" in request.POST:
                cloture = actions.arreter_mois(regie=regie, mois=mois, par=request.user)
            else:
                raise Invalide("Rien n’est arrêté : choisissez la journée, ou le mois.")
        except ValueError:
            messages.error(request, "Cette date n’existe pas.")
        except Refus as refus:
            messages.error(request, refus.message)
        else:
            messages.success(
                request,
                f"{cloture.get_nature_display()} : rien ne s’écrit plus avant le lendemain du "
                f"{jour_chiffres(cloture.au)}.",
            )

    def journal_fichier(self, request, format_):
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = choix_valide(FacturerForm(request.GET))
        regie = form.cleaned_data["regie"]
        journal = journal_de_caisse(regie, *form.periode)
        if format_ == "pdf":
            return envoyer(
                documents.journal(regie, journal), f"journal-de-caisse-{form.cleaned_data['mois']}.pdf"
            )
        return envoyer_tableau(du_journal_de_caisse(journal), format_)
