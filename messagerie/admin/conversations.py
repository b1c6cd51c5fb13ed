"""The shared inbox of the staff: what waits first, a page to read and answer, a page to write to a family."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from familles.admin.base import PageAdmin
from familles.entiers import est_cle
from familles.erreurs import DejaTraite, Refus
from familles.recherche import ChampDeRecherche
from messagerie import actions
from messagerie.enums import Sens
from messagerie.forms import CourrierForm, NoteForm, ReponseDuPersonnelForm
from messagerie.models import A_TRAITER_D_ABORD, Conversation, Message, ReponseType


class TraitementFilter(admin.SimpleListFilter):
    """What people wrote, unless asked for the notices of the portal."""

    title = "réponse"
    parameter_name = "reponse"

    def lookups(self, request, model_admin):
        return [
            ("libres", "À traiter, que personne ne suit"),
            ("miennes", "À traiter, que je suis"),
            ("attendue", "À traiter"),
            ("donnee", "Traitées"),
            ("avis", "Avis automatiques"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "avis":
            return queryset.filter(avis=True)
        if self.value() == "attendue":
            return queryset.a_traiter()
        if self.value() == "libres":
            return queryset.a_traiter().filter(assignee=None)
        if self.value() == "miennes":
            return queryset.a_traiter().filter(assignee=request.user)
        echanges = queryset.echanges()
        return echanges.exclude(traitee_le=None) if self.value() == "donnee" else echanges


@admin.register(Conversation)
class ConversationAdmin(PageAdmin):
    libelle_ajout = "Écrire à une famille"
    titre_liste = "Messages des familles"
    list_display = ["lien", "avec", "dernier", "etat", "assignee"]
    list_display_links = None
    list_filter = [TraitementFilter, ("assignee", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["famille", "responsable", "assignee"]
    list_per_page = 50
    search_fields = [
        "sujet",
        "famille__numero",
        "famille__responsables__nom",
        "famille__responsables__prenom",
    ]
    search_help_text = "Sujet, numéro de famille, nom ou prénom d’un responsable"
    actions = None

    def get_queryset(self, request):
        ouvertes = super().get_queryset(request).ouvertes_a(request.user)
        return ouvertes.prefetch_related("famille__responsables")

    def get_ordering(self, request):
        return A_TRAITER_D_ABORD

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="sujet")
    def lien(self, conversation):
        adresse = reverse("admin:messagerie_conversation_lire", args=[conversation.pk])
        return format_html('<a href="{}">{}</a>', adresse, conversation.sujet)

    @admin.display(description="famille", ordering="famille")
    def avec(self, conversation):
        """Who writes, within the family's name and number."""
        return f"{conversation.responsable or conversation.famille.nom} ({conversation.famille.numero})"

    @admin.display(description="dernier message", ordering="active_le")
    def dernier(self, conversation):
        return f"{localtime(conversation.active_le):%d/%m/%Y %H:%M}"

    @admin.display(description="réponse")
    def etat(self, conversation):
        return "À traiter" if conversation.a_traiter else "Traitée"

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("ecrire/", vue(self.ecrire), name="messagerie_conversation_ecrire"),
            path("<int:pk>/lire/", vue(self.lire), name="messagerie_conversation_lire"),
            *(
                path(
                    f"<int:pk>/{geste.__name__}/",
                    vue(require_POST(geste)),
                    name=f"messagerie_conversation_{geste.__name__}",
                )
                for geste in (self.classer, self.prendre, self.annoter)
            ),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("admin:messagerie_conversation_ecrire")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("admin:messagerie_conversation_lire", object_id)

    def _page(self, request, gabarit, titre, statut=200, **valeurs):
        contexte = {**self.admin_site.each_context(request), "opts": self.opts, "title": titre, **valeurs}
        return TemplateResponse(request, f"admin/messagerie/conversation/{gabarit}", contexte, status=statut)

    def lire(self, request, pk):
        """Read a conversation and answer it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        conversation = get_object_or_404(self.get_queryset(request).select_related("responsable"), pk=pk)
        form = ReponseDuPersonnelForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        statut = 422 if form.is_bound else 200
        if form.is_valid():
            repondre = partial(actions.repondre, conversation=conversation, sens=Sens.STRUCTURE)
            succes = "Votre réponse est envoyée à la famille."
            if self._envoyer(request, form, repondre, self.log_change, "Réponse envoyée.", succes):
                return redirect("admin:messagerie_conversation_changelist")
            statut = 409
        return self._fil(request, conversation, form, NoteForm(), statut)

    def _fil(self, request, conversation, form, note, statut):
        actions.lire(conversation=conversation, sens=Sens.FAMILLE, par=request.user)
        fil = conversation.fil_de(request.user).select_related("auteur").prefetch_related("pieces")
        contexte = {
            "conversation": conversation,
            "fil": list(fil),
            "avis_cache": conversation.avis_cache_a(request.user),
            "notes": conversation.notes.select_related("auteur"),
            "types": ReponseType.objects.all(),
            "form": form,
            "note": note,
        }
        return self._page(request, "lire.html", conversation.sujet, statut, **contexte)

    def _envoyer(self, request, form, envoyer, noter, fait: str, succes: str) -> bool:
        """Whether the message is gone, now or already by a first click; else the form says why."""
        try:
            message = envoyer(**form.cleaned_data, par=request.user)
        except DejaTraite as refus:
            if Message.objects.deja_envoye(request.user, form.cleaned_data) is None:
                form.refuser_une_seconde_fois()
                return False
            messages.info(request, refus.message)
            return True
        except Refus as refus:
            form.add_error(None, refus.message)
            return False
        noter(request, message.conversation, fait)
        messages.success(request, succes)
        return True

    def _suivie(self, request, pk) -> Conversation:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Conversation.objects.ouvertes_a(request.user), pk=pk)

    def prendre(self, request, pk):
        """Follow it oneself: the others see that somebody does."""
        suivie_par = request.POST.get("suivie_par", "")
        try:
            actions.prendre(conversation=self._suivie(request, pk), suivie_par=suivie_par, par=request.user)
        except DejaTraite as refus:
            messages.warning(request, refus.message)
        else:
            messages.success(request, "Vous suivez cette conversation.")
        return redirect("admin:messagerie_conversation_lire", pk)

    def annoter(self, request, pk):
        form = NoteForm(request.POST)
        conversation = self._suivie(request, pk)
        if not form.is_valid():
            return self._fil(request, conversation, ReponseDuPersonnelForm(), form, 422)
        actions.annoter(conversation=conversation, **form.cleaned_data, par=request.user)
        messages.success(request, "Votre note est gardée : les familles ne la voient pas.")
        return redirect("admin:messagerie_conversation_lire", pk)

    def classer(self, request, pk):
        conversation = self._suivie(request, pk)
        lu = request.POST.get("apres", "")
        try:
            actions.classer(conversation=conversation, apres=int(lu) if est_cle(lu) else 0, par=request.user)
        except Refus as refus:
            messages.warning(request, refus.message)
            return redirect("admin:messagerie_conversation_lire", pk)
        self.log_change(request, conversation, "Classée sans réponse.")
        messages.success(request, "La conversation est classée.")
        return redirect("admin:messagerie_conversation_changelist")

    def ecrire(self, request):
        """Write to a family (the address of the page may name it: ?famille=…)."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CourrierForm(
            request.POST or None,
            request.FILES or None,
            initial={"famille": request.GET.get("famille", "")},
            widget_famille=partial(ChampDeRecherche, admin_site=self.admin_site),
        )
        statut = 422 if form.is_bound else 200
        if form.is_valid():
            succes = f"Votre message est envoyé à la famille {form.cleaned_data['famille']}."
            fait = "Message envoyé à la famille."
            if self._envoyer(request, form, actions.ecrire_a_la_famille, self.log_addition, fait, succes):
                return redirect("admin:messagerie_conversation_changelist")
            statut = 409
        return self._page(
            request, "ecrire.html", "Écrire à une famille", statut, form=form, media=self.media + form.media
        )
