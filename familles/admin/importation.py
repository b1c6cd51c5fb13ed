"""« Importer des familles »: the file, its columns, what it would write, then the writing."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path

from familles import actions, avancement, coffre, taches
from familles.actions.importation import PLUS_DE_FICHIER
from familles.admin.base import PageAdmin
from familles.avancement import SILENCE
from familles.entiers import est_cle
from familles.enums import EtatImport
from familles.envois import envoyer_tableau
from familles.erreurs import Refus
from familles.forms_importation import ColonnesForm, DepotForm
from familles.horloge import aujourdhui, instant_reel
from familles.importation.champs import PAR_CLE, deviner
from familles.importation.examen import Rapport
from familles.importation.fichier import SEPARATEURS, Feuille, lettre, nom_colonne
from familles.models import AnneeScolaire, ImportFamilles
from familles.tableur import CSV

# So few lines are done while one waits.
IMMEDIAT = 300
MONTRES = 100
T = TypeVar("T")


@admin.register(ImportFamilles)
class ImportFamillesAdmin(PageAdmin):
    list_display = [
        "nom_fichier",
        "etat",
        "lignes",
        "creees",
        "modifiees",
        "refusees",
        "depose_par",
        "depose_le",
    ]
    list_filter = ["etat"]
    list_select_related = ["depose_par"]

    # --- Rights: one permission for the whole gesture ----------------------------------------------------

    def _permis(self, request) -> bool:
        return request.user.has_perm("familles.importer_familles")

    def has_module_permission(self, request):
        return self._permis(request)

    def has_view_permission(self, request, obj=None):
        return self._permis(request)

    def has_add_permission(self, request):
        return self._permis(request)

    def has_change_permission(self, request, obj=None):
        return self._permis(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        vue = self.admin_site.admin_view(self.compte_rendu)
        nom = "familles_importfamilles_compte_rendu"
        return [path("<cle:object_id>/compte-rendu/", vue, name=nom), *super().get_urls()]

    def _demandee(self, request, object_id: str) -> ImportFamilles:
        if not self._permis(request):
            raise PermissionDenied
        importation = self.get_object(request, unquote(object_id)) if est_cle(object_id) else None
        if importation is None:
            raise Http404("Cet import n’existe pas.")
        return importation

    # --- The file ----------------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        if not self._permis(request):
            raise PermissionDenied
        form = DepotForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            importation = actions.deposer(
                feuille=form.feuille, nom=form.cleaned_data["fichier"].name, par=request.user
            )
            return redirect(importation)
        contexte = self.contexte(request, "Importer des familles", form=form)
        statut = 422 if form.errors else 200
        return render(request, "admin/familles/importfamilles/deposer.html", contexte, status=statut)

    # --- Its page, whatever its state --------------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        importation = self._demandee(request, object_id)
        if request.method == "POST":
            return self._agir(request, importation)
        if importation.etat == EtatImport.A_ASSOCIER or self._a_revoir(request, importation):
            return self._colonnes(request, importation)
        return render(
            request,
            "admin/familles/importfamilles/suivre.html",
            self.contexte(request, f"Import de {importation.nom_fichier}", **_suite(importation)),
        )

    @staticmethod
    def _a_revoir(request, importation) -> bool:
        """The columns of a file that was examined already, asked for again."""
        revoir = importation.etat == EtatImport.EXAMINE and "colonnes" in request.GET
        return revoir and bool(importation.fichier_cle)

    def _agir(self, request, importation):
        en_fond = importation.lignes > IMMEDIAT
        try:
            if "importer" in request.POST:
                _lancer(importation, en_fond, request.user)
            elif "abandonner" in request.POST:
                actions.abandonner(import_id=importation.pk, par=request.user)
                messages.info(request, "Le fichier est jeté : rien n’a été importé.")
            elif "relancer" in request.POST:
                taches.relancer(import_id=importation.pk, par=request.user)
                messages.info(request, "Le travail est relancé.")
            else:
                return self._colonnes(request, importation)
        except Refus as refus:
            messages.error(request, refus.message)
        return redirect(importation)

    def _colonnes(self, request, importation):
        feuille = _garde(importation.fichier_cle, Feuille.depuis_octets)
        if feuille is None:
            messages.error(request, PLUS_DE_FICHIER)
            return redirect("admin:familles_importfamilles_add")
        form = ColonnesForm(
            request.POST or None, feuille=feuille, initial=_propose(importation, feuille), label_suffix=""
        )
        if form.is_bound and form.is_valid():
            choix = {"correspondance": form.correspondance, "options": form.options}
            try:
                _associer(importation, importation.lignes > IMMEDIAT, request.user, choix)
            except Refus as refus:
                messages.error(request, refus.message)
            return redirect(importation)
        contexte = self.contexte(
            request,
            f"Colonnes de {importation.nom_fichier}",
            importation=importation,
            separateur=SEPARATEURS[importation.separateur],
            form=form,
        )
        statut = 422 if form.errors else 200
        return render(request, "admin/familles/importfamilles/colonnes.html", contexte, status=statut)

    def compte_rendu(self, request, object_id):
        """Line by line, as a spreadsheet opens it."""
        importation = self._demandee(request, object_id)
        rapport = _garde(importation.rapport_cle, Rapport.depuis_octets)
        if rapport is None:
            raise Http404("Ce compte rendu n’est plus gardé.")
        return envoyer_tableau(rapport.tableau(f"import-{importation.pk}-compte-rendu"), CSV)


def _associer(importation, en_fond: bool, par, choix: dict) -> None:
    if en_fond:
        taches.associer_en_fond(import_id=importation.pk, par=par, **choix)
    else:
        actions.associer(import_id=importation.pk, par=par, **choix)
        taches.examiner_import.call(importation.pk)


def _lancer(importation, en_fond: bool, par) -> None:
    if en_fond:
        taches.lancer_en_fond(import_id=importation.pk, par=par)
    else:
        actions.lancer(import_id=importation.pk, par=par)
        taches.ecrire_import.call(importation.pk)


def _garde(cle: str, depuis_octets: Callable[[bytes], T]) -> T | None:
    """What the file of this key holds; None when it is kept no more."""
    try:
        return depuis_octets(coffre.lire(cle)) if cle else None
    except FileNotFoundError:
        return None


def _propose(importation, feuille: Feuille) -> dict:
    """The choice already made for such a file, else what the headings say."""
    annee = AnneeScolaire.objects.filter(debut__lte=aujourdhui()).order_by("-debut").first()
    proposes = {"du": annee.debut if annee else aujourdhui()}
    modele = ImportFamilles.objects.aux_memes_titres(importation.empreinte_titres).first()
    if modele is None:
        colonnes = {str(rang): cle for rang, cle in deviner(feuille.titres, list(feuille.ecartees)).items()}
    else:
        colonnes = modele.correspondance
        proposes |= {nom: v for nom, v in modele.options.items() if nom != "du"}
        if modele.pk == importation.pk:
            proposes["du"] = modele.options["du"]
    return proposes | {f"colonne_{rang}": cle for rang, cle in colonnes.items()}


def _suite(importation) -> dict:
    """What the page shows of an import whose columns are mapped."""
    contexte = {"importation": importation, "rapport": None, "avancement": None, "arrete": False}
    if importation.en_travail:
        ou = avancement.lire(importation.nom_avancement)
        sans_nouvelles = ou.signe_le is None and instant_reel() - importation.touche_le > SILENCE
        contexte |= {"avancement": ou, "arrete": ou.muet or sans_nouvelles}
    elif (rapport := _garde(importation.rapport_cle, Rapport.depuis_octets)) is not None:
        contexte |= {
            "rapport": rapport,
            "refus": rapport.refus[:MONTRES],
            "remarques": rapport.remarques[:MONTRES],
            "montres": MONTRES,
        }
    laissees = [
        nom_colonne(importation.titres, rang)
        for rang in range(len(importation.titres))
        if str(rang) not in importation.correspondance
    ]
    associees = [
        (lettre(int(rang)), importation.titres[int(rang)], PAR_CLE[cle].libelle_entier)
        for rang, cle in sorted(importation.correspondance.items(), key=lambda couple: int(couple[0]))
    ]
    return contexte | {"laissees": laissees, "associees": associees, "bilan": list(importation.bilan.items())}
