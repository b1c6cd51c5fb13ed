"""Bookings as the staff look them up; they change through requests, the counter,
the register and the waiting list."""

from datetime import timedelta

from django.contrib import admin
from django.utils.html import format_html

from familles.admin.base import Tableau
from familles.horloge import aujourdhui
from planning.admin.guichet import Guichet
from planning.admin.lecture import LectureSeuleAdmin
from planning.enums import ABSENTS, EtatReservation
from planning.models import Mouvement, Reservation

_E = EtatReservation
# Colours of the tags (static/css/admin.css): the word always says it as well.
CLASSES = {
    _E.RESERVEE: "reserve",
    _E.DEMANDEE: "attente",
    _E.LISTE_ATTENTE: "attente",
    _E.ABSENCE_DEMANDEE: "attente",
    _E.REFUSEE: "refus",
}


class PeriodeFilter(admin.SimpleListFilter):
    """Today's unless asked otherwise: the table holds years of bookings."""

    title = "jours"
    parameter_name = "jours"

    def lookups(self, request, model_admin):
        return [
            ("7", "Les 7 prochains jours"),
            ("30", "Les 30 prochains jours"),
            ("-30", "Les 30 derniers jours"),
            ("tous", "Toutes les dates"),
        ]

    def __init__(self, request, *args):
        super().__init__(request, *args)
        self.ailleurs = bool(request.GET.get("q")) or any(cle.startswith("jour__") for cle in request.GET)

    def choices(self, changelist):
        # « Tout » would be a lie: without a choice the list shows today, or all that a search finds.
        premier, *autres = super().choices(changelist)
        yield {**premier, "display": "Celles de la recherche" if self.ailleurs else "Aujourd’hui"}
        yield from autres

    def queryset(self, request, queryset):
        choix = self.value() if self.value() in dict(self.lookup_choices) else None
        if choix == "tous" or (choix is None and self.ailleurs):
            return queryset
        jour, ecart = aujourdhui(), timedelta(days=int(choix or 0))
        return queryset.sur(min(jour, jour + ecart), max(jour, jour + ecart))


class MouvementInline(Tableau):
    model = Mouvement
    extra = 0
    can_delete = False
    verbose_name_plural = "mouvements"

    def get_fields(self, request, obj=None):
        # The reason of an absence may be written there: hidden from those who do not deal with reasons.
        champs = ["le", "de", "vers", "par"]
        return [*champs, "motif"] if request.user.has_perm("planning.view_motifabsence") else champs

    get_readonly_fields = get_fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("par")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        # They are part of the booking's page, and have none of their own.
        return request.user.has_perm("planning.view_reservation")


@admin.register(Reservation)
class ReservationAdmin(Guichet, LectureSeuleAdmin):
    list_display = ["jour", "enfant", "prestation", "etat_affiche", "famille"]
    list_per_page = 50
    list_filter = [PeriodeFilter, "prestation", "etat", "origine"]
    list_select_related = ["enfant", "prestation", "inscription__famille"]
    ordering = ["-jour", "prestation", "enfant__nom", "enfant__prenom", "pk"]
    search_fields = ["enfant__nom", "enfant__prenom", "=inscription__famille__numero"]
    search_help_text = "Nom ou prénom de l’enfant, numéro de famille"
    date_hierarchy = "jour"
    inlines = [MouvementInline]
    fieldsets = [
        (None, {"fields": ["enfant", "prestation", "jour", "etat_affiche", "rang_attente", "famille"]}),
        ("Demande", {"fields": ["origine", "demandee_le", "hors_delai", "tardive"]}),
    ]
    readonly_fields = ["etat_affiche", "famille"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(
            request, object_id, form_url, {"title": "Réservation", **(extra_context or {})}
        )

    @admin.display(description="état", ordering="etat")
    def etat_affiche(self, reservation):
        etat = EtatReservation(reservation.etat)
        classe = "excuse" if etat in ABSENTS else CLASSES.get(etat, "")
        return format_html('<span class="etat {}">{}</span>', classe, etat.label)

    @admin.display(description="n° famille", ordering="inscription__famille__numero")
    def famille(self, reservation):
        return reservation.inscription.famille.numero
