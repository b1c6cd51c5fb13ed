"""Families and children, as agents look them up; health and bank data apart, readings traced."""

from django import forms
from django.contrib import admin

from familles import adresse_du_compte
from familles.admin.base import Fiche, PageHistorisee, Tableau
from familles.admin.gardes import avertir
from familles.admin.historique import versions
from familles.admin.pai import PagePai
from familles.enums import VerbeTrace
from familles.horloge import aujourdhui
from familles.importation.rapprochement import numeroter
from familles.models import (
    CoordonneesBancaires,
    Enfant,
    ExceptionGarde,
    Famille,
    FicheSanitaire,
    InformationsCaf,
    InformationsFiscales,
    LienParental,
    PersonneAutorisee,
    QuotientFamilial,
    Rattachement,
    Residence,
    Responsable,
    Scolarite,
    Trace,
)


class ResponsableInline(Fiche):
    model = Responsable
    extra = 0
    max_num = 2
    autocomplete_fields = ["utilisateur"]
    show_change_link = True


class RattachementInline(Tableau):
    model = Rattachement
    extra = 0
    autocomplete_fields = ["enfant", "famille"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("enfant", "famille__responsables")


class QuotientInline(Tableau):
    model = QuotientFamilial
    extra = 0


class ResidenceInline(Tableau):
    model = Residence
    extra = 0


def _suivre_l_adresse(form) -> None:
    """After the save: `form` is that of an adult whose file existed already."""
    if "email" in form.changed_data:
        adresse_du_compte.suivre(form.instance, form.initial.get("email") or "")


@admin.register(Famille)
class FamilleAdmin(PageHistorisee):
    list_display = ["numero", "titulaire", "conjoint", "situation", "nature", "archivee_le"]
    list_filter = ["nature", "situation", ("archivee_le", admin.EmptyFieldListFilter)]
    search_fields = [
        "numero",
        "=ancien_numero",
        "responsables__nom",
        "responsables__prenom",
        "rattachements__enfant__prenom",
    ]
    search_help_text = "Numéro, nom ou prénom d’un responsable, prénom d’un enfant"
    inlines = [ResponsableInline, RattachementInline, QuotientInline, ResidenceInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("responsables")

    def get_changeform_initial_data(self, request):
        """The number that an import would give; the town may write its own."""
        neuve, annee = Famille(), aujourdhui().year
        numeroter([neuve], Famille.objects.dernier_numero(annee), annee)
        return {"numero": neuve.numero, **super().get_changeform_initial_data(request)}

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        avertir(request, form.instance.rattachements.values_list("enfant", flat=True))

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is Responsable:
            for adulte in formset.initial_forms:
                if adulte not in formset.deleted_forms:
                    _suivre_l_adresse(adulte)

    @admin.display(description="responsable")
    def titulaire(self, famille):
        return famille.titulaire or ""

    @admin.display(description="conjoint")
    def conjoint(self, famille):
        return famille.conjoint or ""


@admin.register(Responsable)
class ResponsableAdmin(PageHistorisee):
    list_display = ["nom", "prenom", "rang", "famille_numero", "utilisateur"]
    list_filter = ["rang"]
    list_select_related = ["famille", "utilisateur"]
    search_fields = ["nom", "prenom", "famille__numero", "email"]
    autocomplete_fields = ["famille", "utilisateur"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change:
            _suivre_l_adresse(form)

    @admin.display(description="n° famille", ordering="famille__numero")
    def famille_numero(self, responsable):
        return responsable.famille.numero


class ScolariteInline(Tableau):
    model = Scolarite
    extra = 0
    autocomplete_fields = ["ecole"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("ecole")


class PersonneInline(Tableau):
    model = PersonneAutorisee
    extra = 0


class LienInline(Tableau):
    model = LienParental
    extra = 0
    autocomplete_fields = ["responsable"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("responsable", "enfant")


@admin.register(Enfant)
class EnfantAdmin(PageHistorisee):
    object_history_template = "admin/familles/enfant/historique.html"
    list_display = ["nom", "prenom", "sexe", "date_naissance"]
    list_filter = ["sexe"]
    search_fields = ["nom", "prenom", "rattachements__famille__numero"]
    search_help_text = "Nom, prénom ou numéro de famille"
    inlines = [RattachementInline, ScolariteInline, LienInline, PersonneInline]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        avertir(request, [form.instance.pk])

    def history_view(self, request, object_id, extra_context=None):
        """With what is kept beside the child: health is read there too, by those alone who may."""
        annexes = [(titre, versions(modele, enfant=object_id)) for titre, modele in ANNEXES]
        if request.user.has_perms(["familles.view_fichesanitaire", "familles.voir_sante"]):
            sante = versions(FicheSanitaire, enfant=object_id)
            for fiche in FicheSanitaire.objects.filter(enfant=object_id) if sante else ():
                Trace.objects.inscrire(par=request.user, verbe=VerbeTrace.CONSULTER, objet=fiche)
            annexes.append(("Données sanitaires", sante))
        contexte = {"annexes": [(titre, lignes) for titre, lignes in annexes if lignes]}
        return super().history_view(request, object_id, {**contexte, **(extra_context or {})})


ANNEXES = (
    ("Personnes autorisées et à prévenir", PersonneAutorisee),
    ("Liens avec les responsables", LienParental),
    ("Familles", Rattachement),
    ("Scolarités", Scolarite),
)


class ExceptionInline(Tableau):
    model = ExceptionGarde
    extra = 0


@admin.register(Rattachement)
class RattachementAdmin(PageHistorisee):
    """Custody calendar of a child in a family, with its exceptions."""

    list_display = ["enfant", "famille_numero", "mode_garde", "du", "au"]
    list_filter = ["mode_garde"]
    list_select_related = ["enfant", "famille"]
    search_fields = ["enfant__nom", "enfant__prenom", "famille__numero"]
    autocomplete_fields = ["enfant", "famille"]
    inlines = [ExceptionInline]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        avertir(request, [form.instance.enfant_id])

    @admin.display(description="n° famille", ordering="famille__numero")
    def famille_numero(self, rattachement):
        return rattachement.famille.numero


class LectureTracee(PageHistorisee):
    """A page of health or bank data: reading it leaves a trace; one permission more than the model's."""

    permission_de_lecture: str

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and request.user.has_perm(self.permission_de_lecture)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and request.user.has_perm(
            self.permission_de_lecture
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._tracer(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    # The history shows past values: it is a reading too, and so is each of its versions.
    def history_view(self, request, object_id, extra_context=None):
        self._tracer(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._tracer(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _tracer(self, request, object_id) -> None:
        objet = self.get_object(request, object_id)
        if objet is not None and self.has_view_permission(request, objet):
            Trace.objects.inscrire(par=request.user, verbe=VerbeTrace.CONSULTER, objet=objet)


@admin.register(FicheSanitaire)
class FicheSanitaireAdmin(PagePai, LectureTracee):
    change_list_template = "admin/familles/fichesanitaire/change_list.html"
    permission_de_lecture = "familles.voir_sante"
    list_display = ["enfant"]
    list_select_related = ["enfant"]
    search_fields = ["enfant__nom", "enfant__prenom"]
    autocomplete_fields = ["enfant"]


@admin.register(CoordonneesBancaires)
class CoordonneesBancairesAdmin(LectureTracee):
    permission_de_lecture = "familles.voir_banque"
    list_display = ["famille_numero", "titulaire", "nom_banque"]
    list_select_related = ["famille"]
    search_fields = ["famille__numero", "titulaire"]
    autocomplete_fields = ["famille"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        champ = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in {"iban", "bic"}:
            champ.widget = forms.TextInput()
        return champ

    @admin.display(description="n° famille", ordering="famille__numero")
    def famille_numero(self, coordonnees):
        return coordonnees.famille.numero


@admin.register(InformationsFiscales, InformationsCaf)
class InformationsAdmin(LectureTracee):
    permission_de_lecture = "familles.voir_banque"
    list_display = ["famille_numero"]
    list_select_related = ["famille"]
    search_fields = ["famille__numero", "famille__responsables__nom"]
    autocomplete_fields = ["famille"]

    @admin.display(description="n° famille", ordering="famille__numero")
    def famille_numero(self, infos):
        return infos.famille.numero
