"""« Appel » : who comes today, ticked child by child; the places of the day and its waiting list."""

from datetime import date
from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode

from familles.erreurs import Invalide, Refus
from familles.francais import heure, jour_en_lettres, pluriel
from familles.horloge import aujourdhui, maintenant
from familles.models import Prestation
from familles.recherche import ChampDeRecherche
from planning import actions
from planning.admin.feuilles import Feuilles, adresse_repas
from planning.admin.lecture import LectureSeuleAdmin
from planning.appel import Appel, jour_ouvert_voisin, lire_appel
from planning.forms import AppelForm, ChoixAppelForm, PlacesForm, PromotionForm
from planning.models import Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur

APPEL = "admin:planning_pointage_appel"
CLE_PRESTATION = "appel_prestation"


def adresse_appel(prestation: Prestation, jour: date) -> str:
    return f"{reverse(APPEL)}?{urlencode({'jour': jour.isoformat(), 'prestation': prestation.pk})}"


def _sans_page(request) -> bool:
    """Asked by static/js/appel.js, which saves each tick as it goes."""
    return "application/json" in request.headers.get("Accept", "")


@admin.register(Pointage)
class PointageAdmin(Feuilles, LectureSeuleAdmin):
    """The list of the rows would be of no use to anyone: the day's register stands in its place."""

    def get_urls(self):
        return [
            path("appel/", self.admin_site.admin_view(self.appel), name="planning_pointage_appel"),
            *self.adresses_des_feuilles(),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        return redirect(APPEL)

    def add_view(self, request, form_url="", extra_context=None):
        return redirect(APPEL)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        pointage = get_object_or_404(Pointage.objects.select_related("prestation"), pk=object_id)
        return redirect(adresse_appel(pointage.prestation, pointage.jour))

    # --- The day -----------------------------------------------------------------------------------------

    def appel(self, request):
        """Read the register of a day, or write in it: one page, one button per intention."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        prestations = list(Prestation.objects.filter(active=True).select_related("structure"))
        prestation, jour = self._choix(request, prestations)
        if prestation is None:
            return render(request, "admin/planning/appel_vide.html", self.contexte(request, "Appel"))
        form, statut = None, 200
        if request.method == "POST":
            form = self._form(request, lire_appel(prestation, jour, version=request.collectivite.version))
            try:
                return self._ecrire(request, form)
            except Refus as refus:
                if _sans_page(request):
                    return JsonResponse({"erreur": refus.message}, status=refus.statut)
                messages.error(request, refus.message)
                statut = refus.statut
        return self._montrer(request, prestation, jour, form, prestations, statut)

    @staticmethod
    def _choix(request, prestations) -> tuple[Prestation | None, date]:
        """What the address asks for; else today, and the prestation looked at last."""
        form = ChoixAppelForm(request.GET, prestations=Prestation.objects.select_related("structure"))
        if not form.is_valid():
            raise Http404("Ce jour ou cette prestation n’existe pas.")
        jour = form.cleaned_data["jour"] or aujourdhui()
        choisie = form.cleaned_data["prestation"]
        if choisie is None:
            derniere = request.session.get(CLE_PRESTATION)
            ouvertes = [p for p in prestations if p.ouvre_le(jour)] or prestations
            connue = (p for p in prestations if p.pk == derniere)
            choisie = next(connue, ouvertes[0] if ouvertes else None)
        elif request.session.get(CLE_PRESTATION) != choisie.pk:
            request.session[CLE_PRESTATION] = choisie.pk
        return choisie, jour

    def _montrer(self, request, prestation, jour, form, prestations, statut):
        voit_sante = request.user.has_perm("familles.voir_sante")
        appel = lire_appel(prestation, jour, sante=voit_sante, version=request.collectivite.version)
        if appel.avec_sante:
            self.tracer(request, appel.prestation, appel.jour)
        contexte = self._contexte(request, appel, form or self._form(request, appel), prestations)
        return render(request, "admin/planning/appel.html", contexte, status=statut)

    def _form(self, request, appel: Appel) -> AppelForm:
        operation = request.POST.get("operation", "pointer")
        donnees = request.POST if request.method == "POST" and operation == "pointer" else None
        return AppelForm(
            donnees, appel=appel, widget_enfant=partial(ChampDeRecherche, admin_site=self.admin_site)
        )

    # --- Writing -----------------------------------------------------------------------------------------

    def _ecrire(self, request, form: AppelForm):
        operations = {"pointer": self._pointer, "promouvoir": self._promouvoir, "places": self._places}
        operation, appel = request.POST.get("operation", "pointer"), form.appel
        if operation not in operations or not {"jour", "prestation"} <= request.GET.keys():
            raise Invalide("Rouvrez l’appel, puis recommencez : rien n’a été enregistré.")
        if not self._peut(request, operation):
            raise PermissionDenied
        fait = operations[operation](request, form)
        if _sans_page(request):
            return JsonResponse({"enregistre": f"Enregistré à {heure(maintenant())}."})
        messages.success(request, fait)
        return redirect(adresse_appel(appel.prestation, appel.jour))

    @staticmethod
    def _peut(request, operation: str) -> bool:
        """The register to those who keep it, the places to those who keep the days."""
        modele = "pointage" if operation == "pointer" else "journee"
        return request.user.has_perms([f"planning.add_{modele}", f"planning.change_{modele}"])

    @staticmethod
    def _pointer(request, form: AppelForm) -> str:
        if not form.is_valid():
            erreurs = [erreur for liste in form.errors.values() for erreur in liste]
            raise Invalide(" ".join(erreurs))
        nombre = actions.pointer(
            prestation=form.appel.prestation,
            jour=form.appel.jour,
            presences=form.cleaned_data["presences"],
            par=request.user,
        )
        fait = pluriel(nombre, "enfant pointé", "enfants pointés") if nombre else "rien n’a changé"
        return f"Appel enregistré : {fait}."

    @staticmethod
    def _promouvoir(request, appel_form: AppelForm) -> str:
        appel = appel_form.appel
        form = PromotionForm(request.POST, appel=appel)
        if not form.is_valid():
            raise Invalide("Cet enfant n’est pas sur la liste d’attente de ce jour.")
        servie: Reservation = actions.promouvoir(
            prestation=appel.prestation,
            jour=appel.jour,
            attendue=form.cleaned_data["reservation"],
            par=request.user,
        )
        return f"La place est donnée à {servie.enfant.appel}, sa famille est prévenue."

    @staticmethod
    def _places(request, appel_form: AppelForm) -> str:
        appel, form = appel_form.appel, PlacesForm(request.POST)
        if not form.is_valid():
            raise Invalide("Indiquez un nombre de places entre 0 et 10 000, ou rien.")
        capacite = form.cleaned_data["capacite"]
        actions.fixer_places(
            prestation=appel.prestation, jour=appel.jour, capacite=capacite, par=request.user
        )
        if capacite is None:
            return "Ce jour a de nouveau les places de la prestation."
        return f"{jour_en_lettres(appel.jour).capitalize()} : {pluriel(capacite, 'place', 'places')}."

    # --- Showing -----------------------------------------------------------------------------------------

    def _contexte(self, request, appel: Appel, form: AppelForm, prestations) -> dict:
        peut_pointer = self._peut(request, "pointer") and not (appel.a_venir or appel.close)
        places = request.POST if request.POST.get("operation") == "places" else None
        return self.contexte(
            request,
            "Appel",
            appel=appel,
            form=form,
            groupes=[(g.titre, form.avec_saisie(g.lignes)) for g in appel.groupes],
            absents=form.avec_saisie(appel.absents),
            hors_contrat=form.avec_saisie(appel.hors_contrat),
            adresse=adresse_appel(appel.prestation, appel.jour),
            feuille=reverse("admin:planning_pointage_feuille")
            + adresse_appel(appel.prestation, appel.jour).removeprefix(reverse(APPEL)),
            repas=adresse_repas(appel.jour),
            aujourdhui=aujourdhui(),
            peut_pointer=peut_pointer,
            # On a closed day what was noted can only be taken back.
            peut_cocher=peut_pointer and not appel.service_ferme,
            peut_placer=self._peut(request, "places") and not appel.passe and appel.ferme is None,
            places=PlacesForm(places, initial={"capacite": appel.capacite_du_jour}),
            media=self.media + form.media,
            **self._chemins(request, appel, prestations),
        )

    @staticmethod
    def _chemins(request, appel: Appel, prestations) -> dict:
        """Where to go from here: the days beside, the prestations open that day, the other structures."""
        calendrier = reglement_interieur(request.collectivite.version).calendrier
        choisie, jour = appel.prestation, appel.jour
        ici = [p for p in prestations if p.structure_id == choisie.structure_id]
        ouvertes = [p for p in ici if p == choisie or calendrier.ouvre(offre_de(p), jour)]
        if choisie not in ouvertes:
            ouvertes.insert(0, choisie)
        prises = Reservation.objects.prises((p.pk, jour) for p in ouvertes)
        premieres = {p.structure: p for p in reversed(prestations)}
        voisins = {
            nom: jour_ouvert_voisin(calendrier, offre_de(choisie), jour, pas)
            for nom, pas in (("precedent", -1), ("suivant", 1))
        }
        return {
            "onglets": [(p, adresse_appel(p, jour), prises[p.pk, jour]) for p in ouvertes],
            "structures": [
                (structure, adresse_appel(premiere, jour))
                for structure, premiere in sorted(premieres.items(), key=lambda x: x[0].nom)
            ],
            **{nom: voisin and (voisin, adresse_appel(choisie, voisin)) for nom, voisin in voisins.items()},
        }
