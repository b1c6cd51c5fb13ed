"""A message to a group: who will get it is shown before it leaves; one message for each family."""

import hashlib

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from familles.admin.base import PageAdmin
from familles.erreurs import Refus
from messagerie import actions
from messagerie.forms import DiffusionForm
from messagerie.models import Diffusion

MONTREES = 200
AUTRES = (
    "Rien n’est encore parti : ce ne sont pas les familles que vous aviez vues. "
    "Les voici : relisez, puis envoyez."
)


def empreinte(familles) -> str:
    """Of those who were shown: nobody writes to others by having changed the group since."""
    return hashlib.sha256(" ".join(str(f.pk) for f in familles).encode()).hexdigest()


@admin.register(Diffusion)
class DiffusionAdmin(PageAdmin):
    libelle_ajout = "Écrire à un groupe"
    list_display = ["sujet", "public", "nombre", "par", "le"]
    list_select_related = ["par"]
    search_fields = ["sujet", "public"]
    date_hierarchy = "le"

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        """First « Voir les destinataires », then « Envoyer »."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = DiffusionForm(request.POST or None)
        familles, statut = [], 200
        envoyer = "envoyer" in request.POST
        if form.is_valid():
            public, valeur, nom = form.groupe
            familles = list(public.familles(valeur).prefetch_related("responsables").order_by("numero"))
            if not familles:
                form.add_error("public", "Ce groupe ne compte aucune famille.")
            elif envoyer and request.POST.get("vues") != empreinte(familles):
                messages.warning(request, AUTRES)
                statut = 409
            elif envoyer and self._envoyer(request, form, familles, public, nom):
                return redirect("admin:messagerie_diffusion_changelist")
        if form.errors:
            familles, statut = [], 422
        contexte = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Écrire à un groupe",
            "form": form,
            "familles": familles[:MONTREES],
            "nombre": len(familles),
            "vues": empreinte(familles),
        }
        return TemplateResponse(request, "admin/messagerie/diffusion/ecrire.html", contexte, status=statut)

    def _envoyer(self, request, form, familles, public, nom) -> bool:
        saisie = form.cleaned_data
        try:
            diffusion = actions.diffuser(
                familles=familles,
                public=nom,
                sujet=saisie["sujet"],
                corps=saisie["corps"],
                jeton=saisie["jeton"],
                compte_seul=public.compte_seul,
                par=request.user,
            )
        except Refus as refus:
            messages.warning(request, refus.message)
            return True
        self.log_addition(request, diffusion, f"Message envoyé à {diffusion.nombre} familles.")
        messages.success(request, f"Votre message est envoyé : {diffusion.nombre} familles.")
        return True
