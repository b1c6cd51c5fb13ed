"""« Impayés et relances »: what is due by age, whom to remind, the letters of the post."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html

from facturation import actions, documents
from facturation.admin.envois import choix_valide
from facturation.admin.lecture import DetailInline, LectureSeuleAdmin
from facturation.anciennete import INTITULES, Balance, impayes
from facturation.exports import des_impayes, des_relances
from facturation.forms_caisse import RelanceForm
from facturation.liasse import fusionner
from facturation.models import FactureRelancee, NiveauRelance, Relance
from facturation.relances import a_relancer, suivis
from familles.admin.base import PageHistorisee
from familles.envois import envoyer, envoyer_tableau
from familles.erreurs import Refus
from familles.francais import euros, pluriel
from familles.horloge import aujourdhui

LETTRES_A_LA_FOIS = 200


@admin.register(NiveauRelance)
class NiveauRelanceAdmin(PageHistorisee):
    list_display = ["niveau", "delai_jours", "intervalle_jours", "objet", "actif"]
    fields = ["niveau", "delai_jours", "intervalle_jours", "objet", "texte", "actif"]
    readonly_fields = ["niveau"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class FactureRelanceeInline(DetailInline):
    model = FactureRelancee
    fields = ["facture", "reste"]
    readonly_fields = fields
    lies = ("facture",)


@admin.register(Relance)
class RelanceAdmin(LectureSeuleAdmin):
    titre_liste = "Relances envoyées"
    tableau = staticmethod(des_relances)
    list_display = ["date", "niveau", "destinataire", "reclame", "regie", "pdf"]
    list_filter = ["regie", "niveau"]
    list_select_related = ["regie", "famille"]
    search_fields = ["destinataire", "famille__numero"]
    date_hierarchy = "date"
    inlines = [FactureRelanceeInline]
    fields = [
        "date",
        "niveau",
        "objet",
        "texte",
        "destinataire",
        "reclame",
        "envoyee_par",
        "envoyee_le",
        "pdf",
    ]
    readonly_fields = ["reclame", "pdf"]
    actions = ["imprimer"]

    @admin.display(description="montant réclamé", ordering="total")
    def reclame(self, relance):
        return euros(relance.total)

    @admin.display(description="PDF")
    def pdf(self, relance):
        return format_html(
            '<a href="{}">PDF<span class="visually-hidden"> de la lettre à {}</span></a>',
            reverse("facturation:relance_pdf", args=[relance.pk]),
            relance.destinataire,
        )

    @admin.action(description="Imprimer les lettres choisies", permissions=["view"])
    def imprimer(self, request, queryset):
        if queryset.count() > LETTRES_A_LA_FOIS:
            raise Refus(f"Pas plus de {LETTRES_A_LA_FOIS} lettres à la fois : choisissez-en moins.")
        lettres = queryset.select_related("regie", "famille").order_by(
            "destinataire_code_postal", "destinataire_ville", "destinataire"
        )
        contenus = (documents.lettre(r) for r in lettres)
        return envoyer(fusionner(contenus, "Lettres de relance", recto_verso=True), "relances.pdf")

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("impayes/<str:format_>/", vue(self.impayes_fichier), name="facturation_impayes_fichier"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """The aged table, with a tick on those that the chosen level concerns."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = RelanceForm(request.POST or request.GET or None)
        contexte = self.contexte(request, "Impayés et relances", form=form, balance=None)
        if form.is_bound and form.is_valid():
            regie, niveau = form.cleaned_data["regie"], form.cleaned_data["niveau"]
            if request.method == "POST":
                self._relancer(request, regie, niveau)
                choix = f"?regie={regie.pk}&niveau={niveau.pk}"
                return redirect(reverse("admin:facturation_relance_add") + choix)
            contexte |= {
                "balance": self._suivre(regie, niveau),
                "intitules": INTITULES,
                "niveau": niveau,
                "a_relancer": {f.famille_id for f in a_relancer(regie, niveau, aujourdhui())},
                "suite": request.GET.urlencode(),
                "peut_relancer": self.has_add_permission(request),
            }
        return render(request, "admin/facturation/impayes.html", contexte, status=422 if form.errors else 200)

    @staticmethod
    def _suivre(regie, niveau) -> Balance:
        balance, connus = impayes(regie, aujourdhui()), suivis(regie, niveau)
        for debiteur in balance.debiteurs:
            debiteur.suivi = connus.get(debiteur.famille.pk, "")
        return balance

    def _relancer(self, request, regie, niveau):
        if not self.has_add_permission(request):
            raise PermissionDenied
        familles = [int(cle) for cle in request.POST.getlist("familles") if cle.isdecimal()]
        try:
            lettres = actions.relancer(regie=regie, niveau=niveau, familles=familles, par=request.user)
        except Refus as refus:
            messages.error(request, refus.message)
            return
        if lettres:
            nombre = pluriel(len(lettres), "lettre écrite", "lettres écrites")
            imprimer = "imprimez-la" if len(lettres) == 1 else "imprimez-les"
            messages.success(request, f"{nombre} : {imprimer} depuis la liste des relances.")
        elif familles:
            messages.warning(
                request,
                "Aucune lettre : les familles choisies ont déjà reçu cette relance, ne doivent plus rien, ou "
                "le délai depuis leur relance précédente court encore.",
            )
        else:
            messages.warning(request, "Aucune lettre : choisissez au moins une famille à relancer.")

    def impayes_fichier(self, request, format_):
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = choix_valide(RelanceForm(request.GET))
        return envoyer_tableau(des_impayes(impayes(form.cleaned_data["regie"], aujourdhui())), format_)
