"""The staff's list of what waits, and the page on which it is decided."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, ExpressionWrapper, Min, Q, Value, When
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from demandes import actions
from demandes.actions import SANS_MOTIF
from demandes.admin import decision, lot
from demandes.admin.filtres import DecideurFilter, EtatFilter, NatureFilter, UrgenceFilter
from demandes.enums import EtatDemande, EtatLigne
from demandes.forms import DecisionForm, LotForm
from demandes.models import Demande, MotifRefus
from demandes.natures import NATURES, decidees_par, ouvertes_a
from familles.admin.base import PageAdmin
from familles.erreurs import Refus
from familles.francais import jour_chiffres, minuscule, pluriel
from familles.horloge import fuseau

DETAIL = "admin:demandes_demande_decider"
LISTE = "admin:demandes_demande_changelist"


@admin.register(Demande)
class DemandeAdmin(PageAdmin):
    list_display = ["lien", "famille", "objet", "premier", "deposee", "reponse"]
    list_display_links = None
    titre_liste = "Demandes des familles"
    list_filter = [EtatFilter, DecideurFilter, NatureFilter, UrgenceFilter]
    list_select_related = ["famille", "concerne", "enfant"]
    list_per_page = 50
    ordering = ["depose_le", "pk"]
    search_fields = ["famille__numero", "famille__responsables__nom", "famille__responsables__prenom"]
    search_help_text = "Numéro de demande ou de famille, nom ou prénom d’un responsable"
    actions = ["decider_en_nombre"]

    class Media:
        css = {"all": ["css/admin-demandes.css"]}

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or bool(ouvertes_a(request.user))

    def has_decider_permission(self, request):
        return bool(decidees_par(request.user))

    def has_module_permission(self, request):
        return super().has_module_permission(request) or self.has_view_permission(request)

    def get_queryset(self, request):
        premier = Min("lignes__jour", filter=Q(lignes__etat=EtatLigne.EN_ATTENTE))
        siennes = Q(nature__in=decidees_par(request.user), etat=EtatDemande.EN_ATTENTE)
        return (
            super()
            .get_queryset(request)
            .filter(nature__in=ouvertes_a(request.user))
            .avec_lignes()
            .prefetch_related("famille__responsables")
            .annotate(premier_jour=premier, a_decider=ExpressionWrapper(siennes, BooleanField()))
        )

    def get_search_results(self, request, queryset, search_term):
        trouvees, doublons = super().get_search_results(request, queryset, search_term)
        numero = search_term.strip()
        if numero.isascii() and numero.isdigit() and len(numero) < 13:
            return queryset.filter(pk=int(numero)), False
        return trouvees, doublons

    @admin.display(description="demande", ordering="nature")
    def lien(self, demande):
        adresse, decideur = reverse(DETAIL, args=[demande.pk]), NATURES[demande.nature].decideur
        return format_html(
            '<a href="{}">{}, n°\u00a0{}</a>{}',
            adresse,
            demande.get_nature_display(),
            demande.pk,
            f" {decideur} décide" if demande.en_attente and decideur and not demande.a_decider else "",
        )

    @admin.display(description="objet")
    def objet(self, demande):
        return NATURES[demande.nature].objet(demande)

    @admin.display(description="premier jour", ordering="premier_jour")
    def premier(self, demande):
        return jour_chiffres(demande.premier_jour) if demande.premier_jour else ""

    @admin.display(description="déposée le", ordering="depose_le")
    def deposee(self, demande):
        return jour_chiffres(demande.depose_le.astimezone(fuseau()).date())

    @admin.display(description="réponse", ordering="etat")
    def reponse(self, demande):
        return demande.get_etat_display()

    # --- Decision --------------------------------------------------------------------------------------

    def get_urls(self):
        def vue(page):
            return self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(page))

        return [
            path("<int:pk>/decider/", vue(self.decider), name="demandes_demande_decider"),
            path("en-nombre/", vue(self.en_nombre), name="demandes_demande_en_nombre"),
            *super().get_urls(),
        ]

    @admin.action(description="Décider les demandes cochées", permissions=["decider"])
    def decider_en_nombre(self, request, queryset):
        choisies = urlencode({"demandes": list(queryset.values_list("pk", flat=True))}, doseq=True)
        return redirect(f"{reverse('admin:demandes_demande_en_nombre')}?{choisies}")

    def en_nombre(self, request):
        """Those chosen in the list, seen together; then the same answer for all, given one by one."""
        if not self.has_decider_permission(request):
            raise PermissionDenied
        form = LotForm(request.POST or request.GET)
        if form.is_valid() and request.method == "POST":
            refus = "refuser" in request.POST
            if refus and not form.cleaned_data["motif"].strip():
                form.add_error("motif", SANS_MOTIF)
            else:
                self._rendre_compte(request, form, refus)
                return redirect(LISTE)
        choisies = self.get_queryset(request).en_attente().select_related("famille", "concerne", "enfant")
        voulues = form.cleaned_data.get("demandes", ())
        choisies = choisies.filter(pk__in=voulues).avec_lien_personnel(request.user)
        demandes = lot.a_decider(choisies.order_by("depose_le", "pk"), request.user)
        contexte = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Décider plusieurs demandes",
            "form": form,
            "motifs": MotifRefus.objects.pour_nature(""),
            "demandes": demandes,
            "repondues": sorted(set(voulues) - {d.pk for d, *_ in demandes}),
        }
        statut = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/demandes/demande/en_nombre.html", contexte, status=statut)

    def _rendre_compte(self, request, form, refus: bool) -> None:
        cles, motif = form.cleaned_data["demandes"], form.cleaned_data["motif"]
        issues = lot.decider(cles, refus=refus, motif=motif, par=request.user)
        decidees = [issue.demande for issue in issues if issue.demande]
        for demande in decidees:
            self.log_change(request, demande, f"{demande.get_etat_display()}.")
        if decidees:
            nombre = pluriel(len(decidees), "demande", "demandes")
            accord = ("refusée" if refus else "acceptée") + ("s" if len(decidees) > 1 else "")
            messages.success(request, f"{nombre} {accord}. Chaque famille en est prévenue.")
        for issue in issues:
            if issue.obstacle:
                messages.warning(request, f"Demande n° {issue.pk} : {minuscule(issue.obstacle)}")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect(DETAIL, object_id)

    def decider(self, request, pk):
        """What is asked, what it would change, the places left; then one answer."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and not self.has_decider_permission(request):
            raise PermissionDenied
        form, statut = DecisionForm(request.POST or None), 200
        if form.is_bound:
            statut = self._repondre(request, pk, form)
            if statut == 302:
                return redirect(self._suite(request, pk))
        return self._page(request, pk, form, statut)

    def _repondre(self, request, pk, form) -> int:
        """Decide through the actions: 302 when it is done, else the status of the page shown again."""
        if not form.is_valid():
            return 422
        if not {"accepter", "refuser"} & set(request.POST):
            form.add_error(None, "Choisissez : accepter, ou refuser.")
            # Sent without even what the page showed: as a page that is no longer up to date.
            return 422 if form.cleaned_data["vu"] else 409
        if empechement := decision.empechement(pk, request.user):
            form.add_error(None, empechement)
            return 403
        # Its key is enough: the action reads it under its lock.
        reponse = {"demande": Demande(pk=pk), "motif": form.cleaned_data["motif"], "par": request.user}
        try:
            if "refuser" in request.POST:
                decidee = actions.refuser(**reponse)
            else:
                decidee = actions.accepter(
                    **reponse, lignes=form.cleaned_data["lignes"], vu=form.cleaned_data["vu"]
                )
        except Refus as refus:
            form.add_error("motif" if refus.message == SANS_MOTIF else None, refus.message)
            return refus.statut
        etat = decidee.get_etat_display()
        self.log_change(request, decidee, f"{etat}.")
        messages.success(request, f"Demande n° {pk} : {etat.lower()}. La famille en est prévenue.")
        return 302

    def _suite(self, request, pk) -> str:
        """The next one that this account may decide: of the same family, of the same kind, else any."""
        decidee = Demande.objects.filter(pk=pk)
        autres = Demande.objects.en_attente().filter(nature__in=decidees_par(request.user))
        autres = autres.avec_lien_personnel(request.user)
        proches = Case(
            When(famille__in=decidee.values("famille"), then=Value(0)),
            When(nature__in=decidee.values("nature"), then=Value(1)),
            default=Value(2),
        )
        autres = autres.filter(de_sa_famille=False).order_by(proches, "depose_le", "pk")
        suivante = autres.values_list("pk", flat=True).first()
        return reverse(DETAIL, args=[suivante]) if suivante else reverse(LISTE)

    def _page(self, request, pk, form, statut):
        demandes = self.get_queryset(request).select_related(
            "famille", "concerne", "enfant", "deposant", "decide_par"
        )
        demande = get_object_or_404(demandes.avec_lien_personnel(request.user), pk=pk)
        contexte = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(demande),
            "form": form,
            **decision.lire(demande, request.user, form),
            "motifs": MotifRefus.objects.pour_nature(demande.nature),
            "autres": decision.aussi_en_attente(demande, self.get_queryset(request), request.user),
        }
        gabarit = "admin/demandes/demande/decider.html"
        return TemplateResponse(request, gabarit, contexte, status=statut)
