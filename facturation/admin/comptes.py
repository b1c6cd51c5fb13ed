"""Accounts, and the accounting journal of a month."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path

from facturation.admin.envois import choix_valide
from facturation.admin.lecture import ListeExportee
from facturation.comptabilite import journal_comptable
from facturation.exports import des_comptes, du_journal_comptable
from facturation.forms import FacturerForm
from facturation.models import CompteComptable
from familles.admin.base import PageHistorisee
from familles.envois import envoyer_tableau

APERCU = 200


@admin.register(CompteComptable)
class CompteComptableAdmin(ListeExportee, PageHistorisee):
    tableau = staticmethod(des_comptes)
    list_display = ["emploi", "prestation", "mode", "compte", "journal"]
    list_filter = ["emploi"]
    list_select_related = ["prestation"]
    autocomplete_fields = ["prestation"]
    fields = ["emploi", "prestation", "mode", "compte", "journal"]

    class Media:
        css = {"all": ["css/admin-facturation.css"]}

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("journal/", vue(self.journal), name="facturation_comptabilite"),
            path("journal/<str:format_>/", vue(self.fichier), name="facturation_comptabilite_fichier"),
            *super().get_urls(),
        ]

    def journal(self, request):
        """The first entries of a month and their totals; the whole is downloaded."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = FacturerForm(request.GET or None)
        contexte = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Journal comptable",
            "form": form,
            "ecritures": None,
        }
        if form.is_bound and form.is_valid():
            ecritures = journal_comptable(form.cleaned_data["regie"], *form.periode)
            contexte |= {
                "ecritures": ecritures[:APERCU],
                "nombre": len(ecritures),
                "debit": sum(e.debit for e in ecritures),
                "credit": sum(e.credit for e in ecritures),
                "suite": request.GET.urlencode(),
            }
        return render(
            request, "admin/facturation/comptabilite.html", contexte, status=422 if form.errors else 200
        )

    def fichier(self, request, format_):
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = choix_valide(FacturerForm(request.GET))
        ecritures = journal_comptable(form.cleaned_data["regie"], *form.periode)
        nom = f"journal-comptable-{form.cleaned_data['mois']}"
        return envoyer_tableau(du_journal_comptable(ecritures, nom), format_)
