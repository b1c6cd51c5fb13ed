"""What leaves the « Appel » on paper or in a spreadsheet: the day's sheet, the meals of a week; and the list
of what is wrong in it.
"""

from collections import Counter
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from familles.entiers import est_cle
from familles.enums import VerbeTrace
from familles.envois import envoyer, envoyer_tableau
from familles.erreurs import Refus
from familles.francais import pluriel
from familles.horloge import aujourdhui
from familles.models import PersonneAutorisee, Prestation, Trace
from familles.tableur import TYPES
from planning import anomalies, impression
from planning.actions import liberer_les_jours_sans_droit
from planning.appel import Appel, lire_appel
from planning.cuisine import lire_semaine, lundi_de
from planning.forms import ChoixAppelForm
from planning.models import Reservation
from planning.reglement_interieur import reglement_interieur

REPAS = "admin:planning_pointage_repas"
LIBERER = "planning.add_reservation"
PDF = "pdf"


class Feuilles:
    """Pages of PointageAdmin. Health goes only to who may read it, and its reading is traced."""

    def adresses_des_feuilles(self) -> list:
        vues = {
            "appel/feuille/": ("feuille", self.feuille),
            "repas/": ("repas", self.repas),
            "anomalies/": ("anomalies", self.anomalies),
        }
        return [
            path(
                "anomalies/liberer/",
                self.admin_site.admin_view(require_POST(self.liberer)),
                name="planning_pointage_liberer",
            ),
            *(
                path(route, self.admin_site.admin_view(require_safe(vue)), name=f"planning_pointage_{nom}")
                for route, (nom, vue) in vues.items()
            ),
        ]

    def feuille(self, request):
        """The register of a day, as PDF or spreadsheet."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = ChoixAppelForm(request.GET, prestations=Prestation.objects.select_related("structure"))
        if not form.is_valid() or not form.cleaned_data["prestation"] or not form.cleaned_data["jour"]:
            raise Http404("Cette feuille n’existe pas.")
        sante = request.user.has_perm("familles.voir_sante")
        prestation, jour = form.cleaned_data["prestation"], form.cleaned_data["jour"]
        appel = lire_appel(prestation, jour, sante=sante, version=request.collectivite.version)
        if appel.avec_sante:
            self.tracer(request, appel.prestation, appel.jour)
        personnes = self._personnes(request, appel)
        if (format_ := _format(request)) == PDF:
            contenu = impression.feuille_pdf(appel, personnes, sante=sante)
            return envoyer(contenu, f"appel-{jour:%Y-%m-%d}.pdf")
        return envoyer_tableau(impression.feuille_tableau(appel, personnes, sante=sante), format_)

    @staticmethod
    def _personnes(request, appel: Appel) -> dict[int, list[PersonneAutorisee]]:
        """Who may collect each child, by child: one query."""
        trouvees: dict[int, list[PersonneAutorisee]] = {}
        if request.user.has_perm("familles.view_personneautorisee"):
            enfants = [ligne.pk for ligne in appel.lignes]
            for personne in PersonneAutorisee.objects.filter(enfant__in=enfants, peut_recuperer=True):
                trouvees.setdefault(personne.enfant_id, []).append(personne)
        return trouvees

    def repas(self, request):
        """The meals of a week: a page, or a file for the kitchen."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = ChoixAppelForm({"jour": request.GET.get("jour", "")}, prestations=Prestation.objects.none())
        if not form.is_valid():
            raise Http404("Cette semaine n’existe pas.")
        lundi = lundi_de(form.cleaned_data["jour"] or aujourdhui())
        sante = request.user.has_perm("familles.voir_sante")
        services = lire_semaine(lundi, sante=sante, version=request.collectivite.version)
        for service in services:
            if service.avec_sante:
                self.tracer(request, service.prestation, lundi)
        dimanche = lundi + timedelta(days=6)
        if "format" not in request.GET:
            contexte = self.contexte(
                request,
                "Repas de la semaine",
                services=services,
                lundi=lundi,
                dimanche=dimanche,
                sante=sante,
                precedente=adresse_repas(lundi - timedelta(days=7)),
                suivante=adresse_repas(lundi + timedelta(days=7)),
                adresse=adresse_repas(lundi),
            )
            return render(request, "admin/planning/repas.html", contexte)
        if (format_ := _format(request)) == PDF:
            return envoyer(impression.repas_pdf(services, lundi, dimanche), f"repas-{lundi:%Y-%m-%d}.pdf")
        return envoyer_tableau(impression.repas_tableau(services, lundi), format_)

    def anomalies(self, request):
        """What is wrong in the registers, each day with what to do and where; all, or those of one nature."""
        lectures = [
            lire for permission, lire in anomalies.LECTURES.items() if request.user.has_perm(permission)
        ]
        if not lectures:
            raise PermissionDenied
        regard = anomalies.Regard(
            {p.pk: p for p in Prestation.objects.select_related("structure")},
            reglement_interieur(request.collectivite.version).calendrier,
            aujourdhui(),
        )
        trouvees = [anomalie for lire in lectures for anomalie in lire(regard)]
        nombres = Counter(anomalie.nature for anomalie in trouvees)
        choisie = anomalies.NATURES.get(request.GET.get("nature", ""))
        natures = [n for n in anomalies.NATURES.values() if n in nombres and choisie in (None, n)]
        contexte = self.contexte(
            request,
            "Anomalies des appels",
            groupes=[(n, [a for a in trouvees if a.nature == n]) for n in natures],
            choisie=choisie,
            jours=anomalies.JOURS_REGARDES,
            a_liberer=Reservation.objects.a_liberer(regard.jour).count()
            if request.user.has_perm(LIBERER)
            else 0,
        )
        return render(request, "admin/planning/anomalies.html", contexte)

    def liberer(self, request):
        """Cancel at once the days that no inscription covers any more."""
        if not request.user.has_perm(LIBERER):
            raise PermissionDenied
        nombre = request.POST.get("nombre", "")
        try:
            liberees = liberer_les_jours_sans_droit(
                attendues=int(nombre) if est_cle(nombre) else -1, par=request.user
            )
        except Refus as refus:
            messages.error(request, refus.message)
        else:
            messages.success(
                request, f"{pluriel(len(liberees), 'jour annulé', 'jours annulés')} ; les familles le lisent."
            )
        return redirect("admin:planning_pointage_anomalies")

    @staticmethod
    def tracer(request, prestation: Prestation, jour: date) -> None:
        """One reading for the whole list: the day says which children it held. It writes nothing else."""
        Trace.objects.inscrire(par=request.user, verbe=VerbeTrace.CONSULTER, objet=prestation, jour=jour)


def adresse_repas(jour: date) -> str:
    return f"{reverse(REPAS)}?{urlencode({'jour': jour.isoformat()})}"


def _format(request) -> str:
    format_ = request.GET.get("format", PDF)
    if format_ not in {PDF, *TYPES}:
        raise Http404("Ce format n’existe pas.")
    return format_
