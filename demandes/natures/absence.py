"""« Absences »: on days already booked, with the reason; billed or not is judged at the deposit."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from demandes.enums import EtatLigne, NatureDemande
from demandes.models import CARENCE, FACTUREE, NON_FACTUREE, Demande, LigneDemande
from demandes.natures.base import Changement
from demandes.natures.jours import NatureJours
from demandes.natures.raison import AbsenceForm
from facturation.cout_absence import couter_absences
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.francais import jour_en_lettres
from familles.horloge import aujourdhui, maintenant
from familles.models import Prestation
from planning.actions import changer_etat, donner_les_places
from planning.enums import Consequence, EtatPointage, EtatReservation, Origine
from planning.examen import reglement_a
from planning.models import Journee, MotifAbsence, Mouvement, Pointage, Reservation

E = EtatReservation
PLUS_RESERVE = "Un de ces jours n’est plus réservé : rien n’a été envoyé."
SUITES = {
    NON_FACTUREE: ", non facturée",
    FACTUREE: ", facturée",
    CARENCE: ", excusée mais facturée (délai de carence)",
}
DEJA_FACTUREE = (
    "Cette absence est déjà acceptée, et facturée ; un justificatif est arrivé depuis. Accepter un jour "
    "l’excuse, le refuser le laisse facturé : la famille en est prévenue."
)
JUSTIFICATIF_ATTENDU = "Joignez le justificatif : sans lui, ces jours restent facturés."


class Absence(NatureJours):
    cle = NatureDemande.ABSENCE
    pieces = "Si vous le souhaitez : un justificatif."
    pieces_apres = True  # the certificate comes the day after the child stayed in bed
    permission = "demandes.voir_raison"
    formulaire_de = AbsenceForm
    provisoire = E.ABSENCE_DEMANDEE
    reserve = "La raison de cette absence n’est lue que par la personne qui l’a déclarée et par les agents."

    def lisible_par(self, acces, demande: Demande) -> bool:
        """It may tell of health: parents who live apart share the days of the child, not the reason.

        `absence.html` says this rule to who writes the reason.
        """
        return demande.est_de(acces)

    def saisie(self, form: AbsenceForm) -> dict:
        return {"motif": str(form.cleaned_data["motif"])}

    def au_depot(self, demande: Demande, form: AbsenceForm, par) -> list[LigneDemande]:
        motif = form.cleaned_data["motif"]
        justifiee = demande.pieces.exists()
        if form.a_justifier and not justifiee:
            raise Invalide(JUSTIFICATIF_ATTENDU)
        excusees = {v.reservation.pk: form.excusee(v, motif, justifiee) for v in form.acceptes}
        # All are locked before the first moves: two calls may follow, by what they cost.
        reservees = list(
            Reservation.objects.filter(pk__in=excusees).select_for_update(of=("self",)).order_by("pk")
        )
        if len(reservees) != len(excusees):
            raise DejaTraite(PLUS_RESERVE)
        laissees = [r for r in reservees if r.etat == E.ABSENT_FACTURE and r.jour >= aujourdhui()]
        self._marquer(laissees, excusees)
        deplacees = self._deplacer(
            [(r, E.ABSENCE_DEMANDEE, excusees[r.pk]) for r in reservees if r not in laissees], demande, par
        )
        prestations = Prestation.objects.in_bulk({r.prestation_id for r in reservees})
        dans_l_ordre = sorted([*laissees, *deplacees], key=lambda r: (r.jour, r.prestation_id))
        return self.ecrire_lignes(demande, form, dans_l_ordre, prestations)

    @staticmethod
    def _marquer(laissees: Iterable[Reservation], excusees: dict[int, bool]) -> None:
        """Days to come whose absence is agreed: nobody waits for the child again because a document came.

        They are locked; a day that became so since it was judged came without its document.
        """
        for reservation in laissees:
            if reservation.absence_excusee or not excusees[reservation.pk]:
                raise DejaTraite(PLUS_RESERVE)
            reservation.absence_excusee = True
        Reservation.objects.bulk_update(laissees, ["absence_excusee"])

    def au_document(self, demande: Demande, par) -> None:
        """The days of a reason that a document excuses, while its time is not over."""
        attente = [ligne for ligne in demande.lignes.select_related("reservation") if ligne.en_attente]
        excusables = self.excusables(demande, attente)
        Reservation.objects.filter(pk__in=[ligne.reservation_id for ligne, _ in excusables]).justifier()

    def eclairer(self, demande: Demande, lignes: Iterable[LigneDemande]) -> None:
        """The first days that the prices bill though they are excused: said as the form said them."""
        excusees = {
            (li.enfant_id, li.prestation_id, li.jour): li for li in lignes if li.precision == NON_FACTUREE
        }
        if not excusees:
            return
        jours = {cle: li.reservation.origine == Origine.OCCASIONNELLE for cle, li in excusees.items()}
        couts = couter_absences(famille_id=demande.famille_id, jours=jours)
        for cle, ligne in excusees.items():
            ligne.carence = couts[cle].carence

    def excusables(
        self, demande: Demande, lignes: Iterable[LigneDemande]
    ) -> list[tuple[LigneDemande, datetime]]:
        """Billed days, asked or granted, that a document still excuses, each with its last moment.

        Once granted the reason is erased: it is given again with the document, as for any billed day.
        """
        facturees = [
            ligne
            for ligne in lignes
            if ligne.precision == FACTUREE
            and not ligne.reservation.absence_excusee
            and (ligne.en_attente or ligne.reservation.etat == E.ABSENT_FACTURE)
        ]
        if not facturees:
            return []
        libelle = demande.apres.get("motif", "")
        motif = MotifAbsence.objects.filter(libelle=libelle, consequence=Consequence.JUSTIFICATIF).first()
        heures = motif and motif.justificatif_heures
        reglement = reglement_a(maintenant())
        return [
            (ligne, limite)
            for ligne in facturees
            if (motif or not ligne.en_attente) and (limite := reglement.justifiable(ligne.jour, heures))
        ]

    def empreinte(self, demande: Demande) -> str:
        """A document that came meanwhile is read before the answer, which throws it away."""
        return ",".join(str(cle) for cle in demande.pieces.values_list("pk", flat=True))

    def _deplacer(
        self, changements: Iterable[tuple[Reservation, str, bool]], demande: Demande, par
    ) -> list[Reservation]:
        """Move bookings by what their absence costs: `changer_etat` takes one state and one consequence."""
        groupes: dict[tuple[str, bool], list[Reservation]] = {}
        for reservation, vers, excusee in changements:
            groupes.setdefault((vers, excusee), []).append(reservation)
        return [
            reservation
            for (vers, excusee), lignes in groupes.items()
            for reservation in changer_etat(
                reservations=lignes, vers=vers, par=par, motif=str(demande), absence_excusee=excusee
            )
        ]

    def annonce(self, ligne: LigneDemande) -> str:
        return f"{ligne.precision}, d’après le règlement intérieur"

    def avertissement(self, demande: Demande) -> str:
        deja = any(
            ligne.en_attente and ligne.reservation and ligne.reservation.etat == E.ABSENT_FACTURE
            for ligne in demande.lignes.all()
        )
        return DEJA_FACTUREE if deja else ""

    def reponse(self, ligne: LigneDemande) -> str:
        if (
            ligne.etat == EtatLigne.REFUSEE
            and ligne.reservation
            and ligne.reservation.etat == E.ABSENT_FACTURE
        ):
            return f"Refusée, l’absence reste facturée ({ligne.motif})"
        suite = SUITES.get(ligne.precision, "")
        return super().reponse(ligne) + (suite if ligne.etat == EtatLigne.ACCEPTEE else "")

    def resume(self, demande: Demande) -> list[Changement]:
        return [Changement("Raison de l’absence", apres=demande.apres["motif"])] if demande.apres else []

    def a_l_acceptation(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self._refuser_les_presents(lignes)
        # The day before its bookings, as everywhere: a place may be given again below.
        Journee.objects.verrouiller((ligne.prestation_id, ligne.jour) for ligne in lignes)
        attendues = list(
            Reservation.objects.filter(pk__in=[ligne.reservation_id for ligne in lignes])
            .absences_a_decider()
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        if len(attendues) != len(lignes):
            raise DejaTraite(
                "Un de ces jours n’attend plus de réponse sur le planning. Refusez ce jour-là, "
                "ou remettez-le en attente."
            )
        decidees = {
            r.pk: r
            for r in self._deplacer(
                [
                    (r, E.ABSENT_EXCUSE if r.absence_excusee else E.ABSENT_FACTURE, bool(r.absence_excusee))
                    for r in attendues
                ],
                demande,
                par,
            )
        }
        for ligne in lignes:
            ligne.reservation, ligne.etat = decidees[ligne.reservation_id], EtatLigne.ACCEPTEE
        donner_les_places(liberees=decidees.values(), par=None)

    @staticmethod
    def _refuser_les_presents(lignes: Sequence[LigneDemande]) -> None:
        absents = {(ligne.enfant_id, ligne.prestation_id, ligne.jour) for ligne in lignes}
        enfants, prestations, jours = (set(colonne) for colonne in zip(*absents, strict=True))
        pointages = Pointage.objects.filter(
            enfant__in=enfants, prestation__in=prestations, jour__in=jours, etat=EtatPointage.PRESENT
        ).select_related("prestation")
        for pointage in pointages.order_by("jour"):
            if (pointage.enfant_id, pointage.prestation_id, pointage.jour) in absents:
                raise Refus(
                    f"{pointage.prestation.nom}, {jour_en_lettres(pointage.jour)} : l’enfant est pointé "
                    "présent. Refusez ce jour-là, ou corrigez le pointage."
                )

    def au_refus(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self._rendre(demande, lignes, par)

    def au_retrait(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self._rendre(demande, lignes, par)

    def _rendre(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        """Booked again; already billed as an absence, it stays so."""
        cles = [ligne.reservation_id for ligne in lignes]
        Reservation.objects.filter(pk__in=cles).laisser_facturees()
        venues = dict(
            Mouvement.objects.filter(reservation__in=cles, vers=E.ABSENCE_DEMANDEE)
            .order_by("pk")
            .values_list("reservation", "de")
        )
        facturees = [ligne for ligne in lignes if venues.get(ligne.reservation_id) == E.ABSENT_FACTURE]
        self.rendre(demande, [ligne for ligne in lignes if ligne not in facturees], E.RESERVEE, par)
        self.rendre(demande, facturees, E.ABSENT_FACTURE, par)
