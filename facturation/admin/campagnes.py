"""« Facturer un mois »: choose, look at what would be billed, close the days, issue, follow."""

from contextlib import suppress
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from facturation import actions
from facturation.actions.factures import LOT
from facturation.admin.lecture import LectureSeuleAdmin
from facturation.apercu import Apercu, apercevoir
from facturation.campagnes import attend_l_ouvrier, lancer_en_fond
from facturation.enums import NatureFacture
from facturation.exports import des_campagnes
from facturation.forms import FacturationForm
from facturation.models import Campagne, Facture
from familles.entiers import est_cle
from familles.erreurs import DejaTraite, Indisponible, Refus
from familles.francais import de_mois, euros, mois_en_lettres
from familles.horloge import aujourdhui, maintenant
from familles.models import Famille, Prestation
from planning.actions import cloturer

PAR_PAGE = 50
ANOMALIES = 50
# Without a worker, the page itself goes on: as many batches as a browser waits for.
LOTS_PAR_PAGE = 5


def facturer_un_mois(modele, request):
    """The steps of the accountant, on one page; `modele` is the admin of the invoices."""
    if not modele.has_add_permission(request):
        raise PermissionDenied
    form = FacturationForm(request.POST or request.GET or None)
    contexte = modele.contexte(
        request, "Facturer un mois", form=form, apercu=None, media=modele.media + form.media
    )
    if form.is_bound and form.is_valid():
        choix = form.choix
        repere = Campagne.objects.repere(choix["regie"]) if request.method == "POST" else None
        apercu = apercevoir(**choix)
        if repere:
            return _agir(request, apercu, form, repere)
        contexte |= _montrer(request, apercu, form)
    statut = 422 if form.errors or request.method == "POST" else 200
    return render(request, "admin/facturation/facturer.html", contexte, status=statut)


def _montrer(request, apercu: Apercu, form: FacturationForm) -> dict:
    anomalies = apercu.anomalies
    return {
        "apercu": apercu,
        "anomalies": anomalies[:ANOMALIES],
        "anomalies_en_tout": len(anomalies),
        "lignes": Paginator(apercu.lignes, PAR_PAGE).get_page(request.GET.get("page")),
        "suite": _suite(form),
        "montre": empreinte(apercu),
        "familles": form.choix["familles"] or [],
        "peut_cloturer": request.user.has_perm("planning.add_cloture") and apercu.au < aujourdhui(),
        "a_venir": apercu.au >= aujourdhui(),
    }


def empreinte(apercu: Apercu) -> str:
    """What the button says that it will issue: nobody issues what was not shown."""
    return f"{apercu.emissibles} {apercu.total}"


def _suite(form: FacturationForm) -> str:
    choix = form.choix
    valeurs = {
        "regie": choix["regie"].pk,
        "mois": form.cleaned_data["mois"],
        "familles": choix["familles"] or [],
    }
    return urlencode(valeurs, doseq=True)


def _agir(request, apercu: Apercu, form: FacturationForm, repere: tuple[int, int]):
    retour = f"{reverse('admin:facturation_facture_add')}?{_suite(form)}"
    if "cloturer" in request.POST:
        _cloturer(request, apercu)
        return redirect(retour)
    if request.POST.get("montre") != empreinte(apercu):
        messages.warning(request, "L’aperçu a changé depuis son affichage : vérifiez-le avant d’émettre.")
        return redirect(retour)
    familles = [b.famille_id for b in apercu.brouillons]
    try:
        campagne = lancer_en_fond(
            regie=apercu.regie,
            du=apercu.du,
            au=apercu.au,
            familles=familles,
            par=request.user,
            repere=repere,
        )
    except DejaTraite as refus:
        messages.warning(request, refus.message)
        return redirect(Campagne.objects.filter(regie=apercu.regie).latest("pk"))
    except Refus as refus:
        messages.error(request, refus.message)
        return redirect(retour)
    if len(familles) <= LOT:
        # Done at once when it is short; cut here, the worker goes on.
        with suppress(Indisponible):
            actions.avancer(campagne_id=campagne.pk, par=request.user)
    return redirect(campagne)


def _cloturer(request, apercu: Apercu) -> None:
    if not request.user.has_perm("planning.add_cloture"):
        raise PermissionDenied
    choix = request.POST["cloturer"]
    if choix != "toutes" and not (est_cle(choix) and Prestation.objects.filter(pk=choix).exists()):
        raise Http404("Cette prestation n’existe pas.")
    for prestation in apercu.a_cloturer:
        if choix not in {"toutes", str(prestation.pk)}:
            continue
        try:
            cloturer(prestation=prestation, du=apercu.du, au=apercu.au, par=request.user)
        except Refus as refus:
            messages.error(request, f"{prestation.nom} : {refus.message}")
        else:
            messages.success(request, f"{prestation.nom} : les journées du mois sont closes.")


@admin.register(Campagne)
class CampagneAdmin(LectureSeuleAdmin):
    tableau = staticmethod(des_campagnes)
    list_display = ["mois", "regie", "etat", "avancement", "emises", "montant_affiche", "lancee_le"]
    list_filter = ["regie", "etat"]
    list_select_related = ["regie"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    @admin.display(description="mois", ordering="du")
    def mois(self, campagne):
        return mois_en_lettres(campagne.du)

    @admin.display(description="familles")
    def avancement(self, campagne):
        return f"{campagne.rang} sur {campagne.nombre}"

    @admin.display(description="montant", ordering="montant")
    def montant_affiche(self, campagne):
        return euros(campagne.montant)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """How far it went, who is left, and the way on when nobody works on it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        # `get_object` takes a malformed key for an unknown one.
        campagne = self.get_object(request, unquote(object_id))
        if campagne is None:
            raise Http404("Cette facturation n’existe pas.")
        if request.method == "POST":
            return self._continuer(request, campagne)
        # One campaign at a time in a régie: what was issued between its beginning and its end is its own.
        emises = Facture.objects.filter(
            regie=campagne.regie,
            du=campagne.du,
            au=campagne.au,
            emise_le__range=(campagne.lancee_le, campagne.terminee_le or maintenant()),
        )
        if not campagne.emises:
            emises = emises.none()
        noms = Famille.objects.prefetch_related("responsables").in_bulk([f for f, _ in campagne.echecs])
        contexte = self.contexte(
            request,
            f"Facturation {de_mois(campagne.du)}, {campagne.regie}",
            campagne=campagne,
            avoirs=emises.filter(nature=NatureFacture.AVOIR).count(),
            factures=emises.order_by("numero")[:PAR_PAGE],
            echecs=[(noms.get(pk), phrase) for pk, phrase in campagne.echecs],
            attend_l_ouvrier=campagne.en_cours and attend_l_ouvrier(campagne),
            peut_continuer=request.user.has_perm("facturation.add_facture"),
        )
        return render(request, "admin/facturation/campagne.html", contexte)

    def _continuer(self, request, campagne):
        if not request.user.has_perm("facturation.add_facture"):
            raise PermissionDenied
        try:
            for _ in range(LOTS_PAR_PAGE):
                if not actions.avancer(campagne_id=campagne.pk, par=request.user).en_cours:
                    break
        except Refus as refus:
            messages.error(request, refus.message)
        return redirect(campagne)
