"""The inbox of families: conversations and their messages, what is joined to them, the staff's own notes."""

from django.db import models
from django.db.models import OuterRef, Q
from django.urls import reverse

from familles.chiffrement import CleFichier
from familles.enums import VIE_COMMUNE, Rang
from familles.horloge import maintenant
from familles.models import Famille, Responsable, Utilisateur
from messagerie.enums import Sens


def lisibles_par(acces, prefixe: str = "") -> Q:
    """Conversations that an adult may read: all of them for a couple that lives together.

    Otherwise the titulaire reads his own and those of the account (no responsable), the conjoint her own.
    """
    if acces.responsable is None:
        return Q(pk__in=[])
    de_la_famille = Q(**{f"{prefixe}famille": acces.famille})
    if acces.vie_commune:
        return de_la_famille
    siennes = Q(**{f"{prefixe}responsable": acces.responsable})
    if acces.titulaire:
        siennes |= Q(**{f"{prefixe}responsable": None})
    return de_la_famille & siennes


class ConversationQuerySet(models.QuerySet):
    def pour(self, acces):
        return self.filter(lisibles_par(acces))

    def ouvertes_a(self, compte):
        """For a member of the staff: a notice may ask for a right, until somebody answers it."""
        if compte.is_superuser:
            return self
        return self.filter(Q(avis=False) | Q(droit="") | Q(droit__in=compte.get_all_permissions()))

    def echanges(self):
        """Written by people: the notices of the machine are not the staff's business until answered."""
        return self.filter(avis=False)

    def a_traiter(self):
        """The family wrote last, and nobody of the structure has answered or filed it."""
        return self.filter(traitee_le=None)


# What waits for an answer, then the latest.
A_TRAITER_D_ABORD = [
    models.Case(models.When(traitee_le=None, then=0), default=1).asc(),
    "-active_le",
    "-pk",
]


class Conversation(models.Model):
    """A subject and its messages, between a family (or one of its adults) and the structure."""

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="conversations", verbose_name="famille")
    responsable = models.ForeignKey(
        Responsable,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name="responsable",
        help_text="Vide : le compte de la famille, que lit son titulaire.",
    )
    sujet = models.CharField("sujet", max_length=150)
    assignee = models.ForeignKey(
        Utilisateur,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suivie par",
    )
    avis = models.BooleanField("avis automatique", default=False, editable=False)
    # Of the staff, who may read the notice that opened it; empty: whoever reads messages.
    droit = models.CharField("droit de lire l’avis", max_length=60, blank=True, editable=False)
    creee_le = models.DateTimeField("créée le", default=maintenant, editable=False)
    active_le = models.DateTimeField("dernier message le", default=maintenant, editable=False)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True, editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = "conversation"
        ordering = ["-active_le", "-pk"]
        indexes = [
            models.Index(fields=["famille", "-active_le"]),
            models.Index(fields=["-active_le"], condition=Q(traitee_le=None), name="conversation_a_traiter"),
        ]

    def __str__(self):
        return self.sujet

    @property
    def a_traiter(self) -> bool:
        return self.traitee_le is None

    def avis_cache_a(self, compte) -> bool:
        """Whether this member of the staff reads the answers without the notice that they answer."""
        return bool(self.droit) and not compte.has_perm(self.droit)

    def fil_de(self, compte):
        """Its messages, oldest first, as a member of the staff may read them."""
        fil = self.messages.order_by("envoye_le", "pk")
        if not self.avis_cache_a(compte):
            return fil
        return fil.exclude(pk=self.messages.earliest("pk").pk)


class MessageQuerySet(models.QuerySet):
    def deja_envoye(self, auteur, saisie: dict) -> "Message | None":
        """The message that this very form (its `jeton`) has sent, with the same words."""
        lus = self.filter(auteur=auteur, jeton=saisie["jeton"], corps=saisie["corps"])
        deja = lus.select_related("conversation").first()
        return deja if deja and saisie.get("sujet") in (None, deja.conversation.sujet) else None

    def pour(self, acces):
        return self.filter(lisibles_par(acces, "conversation__"))

    def recus(self):
        return self.filter(sens=Sens.STRUCTURE)

    def envoyes(self):
        return self.filter(sens=Sens.FAMILLE)

    def presents(self):
        return self.filter(supprime_le=None)

    def cherches(self, texte: str):
        """Those whose subject and text hold all these words, with or without their accents."""
        return self.filter(
            *(Q(conversation__sujet__icontains=mot) | Q(corps__icontains=mot) for mot in texte.split())
        )

    def supprimes(self):
        return self.exclude(supprime_le=None)

    def non_lus(self):
        """What the family has received and not opened yet."""
        return self.recus().presents().filter(lu_le=None)

    def vus_par_le_responsable(self):
        """The same rule as `pour`, inside a subquery on Responsable (the counter of the frame)."""
        return self.annotate(
            rang_vu=models.ExpressionWrapper(OuterRef("rang"), models.PositiveSmallIntegerField()),
            situation_vue=models.ExpressionWrapper(OuterRef("famille__situation"), models.CharField()),
        ).filter(
            Q(conversation__responsable=OuterRef("pk"))
            | Q(situation_vue__in=VIE_COMMUNE)
            | Q(rang_vu=Rang.TITULAIRE, conversation__responsable=None),
            conversation__famille=OuterRef("famille"),
        )


class Message(models.Model):
    """One message; `supprime_le` hides it on the family's side alone, and can be undone."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="messages", verbose_name="conversation"
    )
    sens = models.CharField("sens", max_length=9, choices=Sens)
    auteur = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="auteur"
    )
    corps = models.TextField("message", max_length=10_000)
    envoye_le = models.DateTimeField("envoyé le", default=maintenant, editable=False)
    lu_le = models.DateTimeField("lu le", null=True, editable=False)
    supprime_le = models.DateTimeField("supprimé le", null=True, editable=False)
    lien = models.CharField("page concernée", max_length=200, blank=True, editable=False)
    # Names the sending of a form: a second click, or a page sent again, writes nothing more.
    jeton = models.UUIDField(null=True, unique=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-envoye_le", "-pk"]
        indexes = [
            models.Index(fields=["conversation", "-envoye_le"]),
            models.Index(
                fields=["conversation"],
                condition=Q(sens=Sens.STRUCTURE, lu_le=None, supprime_le=None),
                name="message_non_lu",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lien="") | (Q(lien__startswith="/") & ~Q(lien__startswith="//")),
                name="message_lien_du_portail",
                violation_error_message="Un message ne mène qu’à une page du portail.",
            )
        ]

    def __str__(self):
        return f"Message {self.pk or 'nouveau'}"

    @property
    def nouveau(self) -> bool:
        return self.sens == Sens.STRUCTURE and self.lu_le is None

    @property
    def de_la_famille(self) -> bool:
        return self.sens == Sens.FAMILLE


class PieceQuerySet(models.QuerySet):
    def pour(self, acces):
        """Joined to a message that this adult may read and has not thrown away for good."""
        return self.filter(lisibles_par(acces, "message__conversation__"))


class Piece(models.Model):
    """A file joined to a message, encrypted in the coffre, served as a download by a view that checks."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="pieces", verbose_name="message")
    nom = models.CharField("nom", max_length=120)
    cle = CleFichier()
    type_mime = models.CharField("type", max_length=40)
    taille = models.PositiveIntegerField("taille en octets")

    objects = PieceQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("messagerie:piece", args=[self.pk])


class Note(models.Model):
    """What the staff write for each other on a conversation: never shown to families."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="notes", verbose_name="conversation"
    )
    auteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="auteur")
    texte = models.TextField("note", max_length=2_000)
    ecrite_le = models.DateTimeField("écrite le", default=maintenant)

    class Meta:
        verbose_name = "note interne"
        verbose_name_plural = "notes internes"
        ordering = ["ecrite_le", "pk"]

    def __str__(self):
        return f"Note {self.pk or 'nouvelle'}"
