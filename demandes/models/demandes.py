"""Requests of the families, and who may read them."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse

from demandes.enums import (
    ACCORDEES,
    DECIDEES,
    DES_ENFANTS,
    LIGNES_ACCORDEES,
    NATURES_PAR_VOLET,
    EtatDemande,
    NatureDemande,
    Reponse,
    ReponseMelee,
    Volet,
    reponse_selon,
)
from demandes.models.lignes import LigneDemande
from familles.chiffrement import JSONChiffre
from familles.enums import VIE_COMMUNE, Rang
from familles.horloge import maintenant
from familles.models import Enfant, Famille, Responsable
from planning.enums import EtatReservation

E = EtatDemande
DEJA_EN_ATTENTE = "Une demande est déjà en attente pour cette rubrique."
# « Liste des demandes »: what waits, then refused, accepted, withdrawn; the latest first in each.
RANGS = {E.EN_ATTENTE: 0, E.REFUSEE: 1, **dict.fromkeys(ACCORDEES, 2), E.ANNULEE: 3}


def _lisibles(moi, du_compte: Q) -> Q:
    """Of the children and one's own for all; of the account for who sees it, hidden adults apart."""
    visibles = Q(concerne=None) | Q(concerne__coordonnees_masquees=False)
    # A request for several children names none.
    des_enfants = Q(enfant__isnull=False) | Q(nature__in=DES_ENFANTS)
    return des_enfants | Q(concerne=moi) | (du_compte & visibles)


class DemandeQuerySet(models.QuerySet):
    def pour(self, acces):
        if acces.responsable is None:
            return self.none()
        du_compte = Q() if acces.complet else Q(pk__in=[])
        return self.filter(_lisibles(acces.responsable, du_compte), famille=acces.famille)

    def vues_par_le_responsable(self):
        """The same rule as `pour`, inside a subquery on Responsable (the counter of the frame)."""
        return self.alias(
            rang_vu=models.ExpressionWrapper(OuterRef("rang"), models.PositiveSmallIntegerField()),
            situation_vue=models.ExpressionWrapper(OuterRef("famille__situation"), models.CharField()),
        ).filter(
            _lisibles(OuterRef("pk"), Q(rang_vu=Rang.TITULAIRE) | Q(situation_vue__in=VIE_COMMUNE)),
            famille=OuterRef("famille"),
        )

    def en_attente(self):
        return self.filter(etat=E.EN_ATTENTE)

    def du_volet(self, volet: str):
        return self.filter(nature__in=NATURES_PAR_VOLET[Volet(volet)])

    def recentes(self, jours: int):
        """Deposited in the last days, and all those that still wait for an answer."""
        return self.filter(Q(etat=E.EN_ATTENTE) | Q(depose_le__gte=maintenant() - timedelta(days=jours)))

    def decidees_depuis(self, jours: int):
        """Answered in the last days; what the portal grants at once is no news."""
        instant = maintenant()
        attendue = Q(decide_par__isnull=False) | Q(decide_le__gt=F("depose_le") + timedelta(minutes=1))
        reponses = self.filter(attendue, etat__in=DECIDEES)
        return reponses.filter(decide_le__gte=instant - timedelta(days=jours))

    def avec_reponse(self):
        """Adds `reponse_lue`: what `Demande.reponse` says, for those whose days are not read."""
        jours = LigneDemande.objects.filter(demande=OuterRef("pk"))
        attend = Exists(jours.filter(reservation__etat=EtatReservation.LISTE_ATTENTE))
        accorde = Exists(
            jours.filter(etat__in=LIGNES_ACCORDEES).exclude(reservation__etat=EtatReservation.LISTE_ATTENTE)
        )
        entiere = Q(etat__in=ACCORDEES - {E.PARTIELLE})
        return self.annotate(
            reponse_lue=Case(
                When(Q(etat=E.PARTIELLE) & attend & accorde, then=Value(ReponseMelee.PARTIELLE_ET_LISTE)),
                When(Q(etat=E.PARTIELLE) & attend, then=Value(ReponseMelee.REFUSEE_ET_LISTE)),
                When(entiere & attend & accorde, then=Value(ReponseMelee.ACCEPTEE_ET_LISTE)),
                When(Q(etat=E.LISTE_ATTENTE) & ~attend, then=Value(E.ACCEPTEE)),
                default=F("etat"),
            )
        )

    def urgentes(self, aujourdhui: date):
        """Still undecided the evening before a day that they ask for."""
        lignes = LigneDemande.objects.en_attente().filter(jour__lte=aujourdhui + timedelta(days=1))
        return self.en_attente().filter(pk__in=lignes.values("demande"))

    def par_reponse(self):
        rang = Case(*(When(etat=etat, then=Value(n)) for etat, n in RANGS.items()))
        return self.order_by(rang, "-depose_le", "-pk")

    def avec_lignes(self):
        lignes = LigneDemande.objects.select_related("enfant", "prestation", "reservation")
        return self.prefetch_related(models.Prefetch("lignes", lignes))

    def avec_lien_personnel(self, compte):
        """Adds `de_sa_famille`: an adult of this family, or of another that holds the child, is `compte`."""
        # Adults without an account are nobody's, and the portal itself has no family.
        des_jours = LigneDemande.objects.filter(demande=OuterRef(OuterRef("pk"))).values("enfant")
        siens = Responsable.objects.filter(utilisateur__isnull=False, utilisateur=compte).filter(
            Q(famille=OuterRef("famille"))
            | Q(famille__rattachements__enfant=OuterRef("enfant"))
            | Q(famille__rattachements__enfant__in=des_jours)
        )
        return self.annotate(de_sa_famille=Exists(siens))


class Demande(models.Model):
    """What a family asks of one nature; decided once, by somebody else than the family itself."""

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="demandes", verbose_name="famille")
    nature = models.CharField("type d’information", max_length=14, choices=NatureDemande)
    etat = models.CharField("état", max_length=13, choices=EtatDemande, default=EtatDemande.EN_ATTENTE)
    # Given by the nature: what may wait only once for a family; empty: as many as one likes.
    cle = models.CharField("rubrique", max_length=40, blank=True, editable=False)
    concerne = models.ForeignKey(
        Responsable,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="demandes",
        verbose_name="responsable concerné",
    )
    enfant = models.ForeignKey(
        Enfant, models.PROTECT, null=True, blank=True, related_name="demandes", verbose_name="enfant"
    )
    saisie = JSONChiffre("saisie", null=True, blank=True, editable=False)
    champs = models.JSONField("champs", default=list, blank=True, editable=False)
    deposant = models.ForeignKey(
        Responsable, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="déposant"
    )
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="déposée par",
    )
    # The instant that judged the deadlines: a family is never late because the staff were.
    depose_le = models.DateTimeField("déposée le", default=maintenant, editable=False)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décidée par",
        help_text="Vide : le portail lui-même.",
    )
    decide_le = models.DateTimeField("décidée le", null=True, blank=True, editable=False)
    motif = models.CharField("motif du refus", max_length=500, blank=True)

    objects = DemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "demande"
        ordering = ["-depose_le", "-pk"]
        permissions = [
            ("voir_raison", "Voir la raison des absences demandées"),
            ("decider_comptes", "Décider les demandes bancaires, CAF et fiscales"),
        ]
        indexes = [
            models.Index(fields=["famille", "-depose_le"]),
            models.Index(fields=["depose_le"], condition=Q(etat=E.EN_ATTENTE), name="demande_en_attente"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["famille", "cle"],
                condition=Q(etat=E.EN_ATTENTE) & ~Q(cle=""),
                name="demande_en_attente_unique",
                violation_error_message=DEJA_EN_ATTENTE,
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[E.REFUSEE, E.PARTIELLE]) | ~Q(motif=""),
                name="demande_refus_motive",
                violation_error_message="Un refus donne son motif.",
            ),
            models.CheckConstraint(
                condition=Q(etat=E.EN_ATTENTE, decide_le=None)
                | (~Q(etat=E.EN_ATTENTE) & Q(decide_le__isnull=False)),
                name="demande_decidee_datee",
                violation_error_message="Une demande décidée porte la date de sa réponse, elle seule.",
            ),
        ]

    def __str__(self):
        return f"Demande n° {self.pk or 'nouvelle'}"

    def get_absolute_url(self):
        return reverse("demandes:detail", args=[self.pk])

    @property
    def reponse(self) -> Reponse:
        """Its answer, as it stands; asks its days when some were granted."""
        jours = [ligne.reponse for ligne in self.lignes.all()] if self.etat in ACCORDEES else []
        return reponse_selon(self.etat, jours)

    @property
    def en_attente(self) -> bool:
        return self.etat == E.EN_ATTENTE

    @property
    def volet(self) -> Volet:
        return next(volet for volet, natures in NATURES_PAR_VOLET.items() if self.nature in natures)

    @property
    def avant(self) -> dict:
        """Values of the file at the deposit; empty once erased."""
        return (self.saisie or {}).get("avant", {})

    @property
    def apres(self) -> dict:
        """Values asked for; empty once erased."""
        return (self.saisie or {}).get("apres", {})

    def est_de(self, acces) -> bool:
        """Deposited by this adult, or by the other of a couple that lives together."""
        if acces.responsable is None or acces.famille.pk != self.famille_id:
            return False
        return acces.vie_commune or self.deposant_id == acces.responsable.pk

    def retrait_permis(self, acces) -> bool:
        """To who deposited it, and to the adult whose own section it would change."""
        sienne = acces.responsable is not None and self.concerne_id == acces.responsable.pk
        return sienne or self.est_de(acces)

    def retirable_par(self, acces) -> bool:
        return self.en_attente and self.retrait_permis(acces)

    def clore(self, etat: str, *, par, le: datetime, motif: str = "", effacer: bool = False) -> None:
        """Write the answer; `effacer`: only the names of the fields remain."""
        self.etat, self.decide_le, self.motif = etat, le, motif
        self.decide_par = par if par is not None and par.pk else None
        if effacer:
            self.saisie = None
        self.save(update_fields=["etat", "decide_par", "decide_le", "motif", "saisie"])
