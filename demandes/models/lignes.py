"""The days that a request asks for."""

from django.db import models
from django.db.models import Q

from demandes.enums import EtatLigne
from familles.models import Enfant, Prestation
from planning.enums import EtatReservation, Operation
from planning.models import Reservation


class LigneDemandeQuerySet(models.QuerySet):
    def en_attente(self):
        return self.filter(etat=EtatLigne.EN_ATTENTE)


TARDIVE = "Réservation tardive : prix majoré"
HORS_DELAI = "Demandée hors délai"
NON_FACTUREE, FACTUREE = "Absence non facturée", "Absence facturée"
CARENCE = "Absence excusée, facturée (délai de carence)"


class LigneDemande(models.Model):
    """One day of a request, with an answer of its own."""

    demande = models.ForeignKey(
        "demandes.Demande", models.CASCADE, related_name="lignes", verbose_name="demande"
    )
    enfant = models.ForeignKey(Enfant, models.PROTECT, related_name="+", verbose_name="enfant")
    prestation = models.ForeignKey(Prestation, models.PROTECT, related_name="+", verbose_name="prestation")
    jour = models.DateField("jour")
    operation = models.CharField("opération", max_length=10, choices=Operation, default=Operation.RESERVER)
    reservation = models.ForeignKey(
        Reservation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lignes_demande",
        verbose_name="réservation",
    )
    etat = models.CharField("réponse", max_length=13, choices=EtatLigne, default=EtatLigne.EN_ATTENTE)
    motif = models.CharField("motif du refus", max_length=500, blank=True)

    objects = LigneDemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "jour demandé"
        verbose_name_plural = "jours demandés"
        ordering = ["jour", "pk"]
        indexes = [
            models.Index(fields=["jour"], condition=Q(etat=EtatLigne.EN_ATTENTE), name="ligne_en_attente")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["demande", "enfant", "prestation", "jour", "operation"],
                name="ligne_demande_unique",
                violation_error_message="Ce jour est déjà dans la demande.",
            )
        ]

    # One of the first days of an absence, billed though excused: told by the prices (`Nature.eclairer`).
    carence = False

    def __str__(self):
        return f"{self.jour:%d/%m/%Y} ({self.get_etat_display()})"

    @property
    def en_attente(self) -> bool:
        return self.etat == EtatLigne.EN_ATTENTE

    @property
    def reponse(self) -> EtatLigne:
        """Its answer, as it stands: the waiting list ends when a place comes free."""
        attend = self.reservation is None or self.reservation.etat == EtatReservation.LISTE_ATTENTE
        if self.etat == EtatLigne.LISTE_ATTENTE and not attend:
            return EtatLigne.ACCEPTEE
        return EtatLigne(self.etat)

    @property
    def precision(self) -> str:
        """What the règlement intérieur says of this day, judged at the deposit; empty when usual."""
        reservation = self.reservation
        if reservation is None or self.etat in (EtatLigne.REFUSEE, EtatLigne.ANNULEE):
            return ""
        if self.operation == Operation.RESERVER:
            return TARDIVE if reservation.tardive else HORS_DELAI if reservation.hors_delai else ""
        excusee = reservation.absence_excusee
        if reservation.etat == EtatReservation.ABSENT_EXCUSE:
            excusee = True
        elif reservation.etat == EtatReservation.ABSENT_FACTURE and not self.en_attente:
            excusee = False
        if excusee is None:
            return ""
        return (CARENCE if self.carence else NON_FACTUREE) if excusee else FACTUREE
