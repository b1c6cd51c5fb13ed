"""Bookings, their movements, and the places of a day."""

from collections import Counter

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from familles.horloge import maintenant
from familles.models import Enfant, Inscription, Prestation, Scolarite, en_vigueur
from planning.enums import ACTIFS, INDECISES, OCCUPANTS, EtatReservation, Origine

# Asked to be excused by a document, and not answered yet: billed until then, and its place left for good.
JUSTIFICATIF_RECU = Q(etat=EtatReservation.ABSENT_FACTURE, absence_excusee=True)


class ReservationQuerySet(models.QuerySet):
    def pour(self, acces):
        """Those that this family asked and pays: the other household's are shown without detail."""
        return self.filter(inscription__famille=acces.famille) if acces.famille else self.none()

    def actives(self):
        return self.filter(etat__in=ACTIFS)

    def occupantes(self):
        """Those that hold one of the day's places."""
        return self.filter(etat__in=OCCUPANTS)

    def en_attente(self):
        """The waiting list, in its order; a place serves nobody whose inscription ended meanwhile."""
        attente = self.filter(etat=EtatReservation.LISTE_ATTENTE).couvertes()
        return attente.order_by("jour", "prestation_id", "rang_attente")

    def couvertes(self):
        """Those whose day is in the dates of their inscription."""
        return self.filter(inscription__du__lte=F("jour"), inscription__au__gte=F("jour"))

    def sans_droit(self, jour):
        """Active ones, from that day on, which are not."""
        couvertes = self.model.objects.couvertes().values("pk")
        return self.actives().filter(jour__gte=jour).exclude(pk__in=couvertes)

    def a_liberer(self, jour):
        """Those of them whose request was answered: they may be cancelled at once."""
        return self.sans_droit(jour).exclude(etat__in=INDECISES)

    def sur(self, du, au):
        return self.filter(jour__range=(du, au))

    def du_jour(self, prestation, jour):
        return self.filter(prestation=prestation, jour=jour)

    def fermees_par(self, fermeture):
        """Those whose day a closure takes away."""
        lignes = self.sur(fermeture.du, fermeture.au)
        if fermeture.prestation_id:
            lignes = lignes.filter(prestation=fermeture.prestation_id)
        if fermeture.structure_id:
            lignes = lignes.filter(prestation__structure=fermeture.structure_id)
        if fermeture.ecole_id:
            eleves = Scolarite.objects.filter(en_vigueur(fermeture.du), ecole=fermeture.ecole_id)
            if fermeture.classe:
                eleves = eleves.filter(classe=fermeture.classe)
            lignes = lignes.filter(enfant__in=eleves.values("enfant"))
        return lignes

    def justifier(self) -> int:
        """Absences still undecided, which a document now excuses: not billed if they are accepted."""
        attendues = self.filter(etat=EtatReservation.ABSENCE_DEMANDEE).order_by("pk")
        cles = list(attendues.select_for_update(of=("self",)).values_list("pk", flat=True))
        return self.filter(pk__in=cles).update(absence_excusee=True)

    def absences_a_decider(self):
        return self.filter(Q(etat=EtatReservation.ABSENCE_DEMANDEE) | JUSTIFICATIF_RECU)

    def indecises(self):
        """Bookings, absences and documents that wait for an answer."""
        return self.filter(Q(etat__in=INDECISES) | JUSTIFICATIF_RECU)

    def laisser_facturees(self) -> int:
        """Their document does not excuse them."""
        return self.filter(JUSTIFICATIF_RECU).update(absence_excusee=False)

    def prises(self, couples, etats=OCCUPANTS) -> Counter:
        """How many bookings stand in these states, by (prestation id, day): one query."""
        couples = set(couples)
        lignes = self.filter(
            prestation__in={p for p, _ in couples}, jour__in={j for _, j in couples}, etat__in=etats
        )
        comptes = lignes.order_by().values_list("prestation", "jour").annotate(n=models.Count("pk"))
        return Counter({(p, j): n for p, j, n in comptes})


class Reservation(models.Model):
    """One child, one prestation, one day: asked by a family, then granted or not."""

    enfant = models.ForeignKey(
        Enfant, models.PROTECT, related_name="reservations", verbose_name="enfant", db_index=False
    )
    prestation = models.ForeignKey(
        Prestation, models.PROTECT, related_name="reservations", verbose_name="prestation", db_index=False
    )
    jour = models.DateField("jour")
    inscription = models.ForeignKey(
        Inscription, models.PROTECT, related_name="reservations", verbose_name="inscription", db_index=False
    )
    etat = models.CharField("état", max_length=16, choices=EtatReservation, default=EtatReservation.DEMANDEE)
    origine = models.CharField("origine", max_length=14, choices=Origine, default=Origine.OCCASIONNELLE)
    # The instant of the deposit: it judges the deadline, whenever the staff decide.
    demandee_le = models.DateTimeField("demandée le", default=maintenant)
    hors_delai = models.BooleanField("hors délai", default=False, help_text="Demandée après la limite.")
    tardive = models.BooleanField("tardive", default=False, help_text="Au prix d’une réservation tardive.")
    # What the règlement says of the absence asked, judged at its deposit; None: no absence was asked.
    # True of a billed one: a document came since, and waits for an answer (`JUSTIFICATIF_RECU`).
    absence_excusee = models.BooleanField("absence excusée", null=True, blank=True)
    rang_attente = models.PositiveIntegerField("rang sur la liste d’attente", null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = "réservation"
        ordering = ["jour", "prestation_id", "pk"]
        indexes = [
            models.Index(fields=["prestation", "jour", "etat"]),
            models.Index(fields=["inscription", "jour"]),
            models.Index(fields=["enfant", "jour"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "prestation", "jour"],
                condition=Q(etat__in=sorted(ACTIFS)),
                name="reservation_active_unique",
                violation_error_message="Ce jour est déjà réservé ou demandé pour cet enfant.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatReservation.LISTE_ATTENTE) | Q(rang_attente__isnull=False),
                name="reservation_rang_attente",
                violation_error_message="Une réservation en liste d’attente a un rang.",
            ),
        ]

    def __str__(self):
        return f"{self.jour:%d/%m/%Y} ({self.get_etat_display()})"


class Mouvement(models.Model):
    """A change of state of a booking: from, to, who, when, why. Never edited."""

    reservation = models.ForeignKey(
        Reservation, models.PROTECT, related_name="mouvements", verbose_name="réservation"
    )
    de = models.CharField("de", max_length=16, choices=EtatReservation, blank=True)
    vers = models.CharField("vers", max_length=16, choices=EtatReservation)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
        db_index=False,
    )
    le = models.DateTimeField("le", default=maintenant)
    motif = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        verbose_name = "mouvement"
        ordering = ["le", "pk"]

    def __str__(self):
        return f"{self.de or 'nouvelle'} → {self.vers}"


class JourneeQuerySet(models.QuerySet):
    def verrouiller(self, couples) -> dict[tuple, "Journee"]:
        """Lock the days of these (prestation_id, jour), in one order; made when missing."""
        voulues = sorted(set(couples), key=lambda c: (c[1], c[0]))
        if not voulues:
            return {}
        self.bulk_create(
            [Journee(prestation_id=prestation, jour=jour) for prestation, jour in voulues],
            ignore_conflicts=True,
        )
        filtre = Q()
        for prestation in {p for p, _ in voulues}:
            filtre |= Q(prestation=prestation, jour__in=[j for p, j in voulues if p == prestation])
        # By the column: « prestation » would order by its name, and lock its row through the join.
        lignes = self.filter(filtre).order_by("jour", "prestation_id").select_for_update(no_key=True)
        return {(ligne.prestation_id, ligne.jour): ligne for ligne in lignes}


class Journee(models.Model):
    """A prestation on a day: what is locked before a place is given, its own capacity, its waiting list."""

    prestation = models.ForeignKey(
        Prestation, models.CASCADE, related_name="journees", verbose_name="prestation", db_index=False
    )
    jour = models.DateField("jour")
    capacite = models.PositiveIntegerField(
        "places ce jour-là",
        null=True,
        blank=True,
        validators=[MaxValueValidator(10_000)],
        help_text="Vide : celles de la prestation.",
    )
    dernier_rang = models.PositiveIntegerField(
        "dernier rang donné sur la liste d’attente", default=0, editable=False
    )

    objects = JourneeQuerySet.as_manager()

    class Meta:
        verbose_name = "journée"
        ordering = ["-jour", "prestation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["prestation", "jour"],
                name="journee_unique",
                violation_error_message="Cette journée existe déjà.",
            )
        ]

    def __str__(self):
        return f"{self.jour:%d/%m/%Y}"
